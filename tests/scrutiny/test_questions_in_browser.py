"""Questions, actions, outcomes and minutes as people meet them: accessible, within 320 px, and asked without a script."""

import pytest

from scrutiny import rendering
from scrutiny.committees.operations import minutes, questions
from scrutiny.models import Publication, Question
from services.roles import Role
from tests.scrutiny.council import make_person, make_thorney
from tests.scrutiny.meeting_records import in_days, make_committee, make_item, make_meeting
from tests.scrutiny.pages import publish_period
from tests.scrutiny.question_records import (
    make_action,
    make_answer,
    make_question,
    make_recommendation,
    pin_of,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def thorney(transactional_db):
    """A council with a published month and a minuted meeting that has something of everything."""
    rendering.kept_pages.clear()
    made = make_thorney()
    publish_period(made)
    publication = Publication.objects.get()
    meeting = make_meeting(make_committee(made.council), state="minuted", day=in_days(-9), place="Room 1")
    meeting.minutes_published_at = meeting.agenda_published_at
    meeting.save()
    item = make_item(meeting, "5", start_time="20.05")
    clerk = make_person("clerk-of-thorney", made.council, Role.CLERK)
    minutes.record_paragraph(by=clerk, item=item, number="5.1", heading="Introduction", words="As reported.")
    pin = pin_of(publication, "Corporate parenting")
    asked = questions.record_question(
        by=clerk,
        item=item,
        number="5.2",
        words="Why so?",
        asked_by="the Chair",
        publication=publication,
        pin=pin,
    )
    make_answer(asked, "Prices rose.", "Fewer places.", will_write=True)
    make_action(meeting.committee, raised_at=meeting, item=item, question=asked, due_on=in_days(-2))
    make_recommendation(meeting.committee, meeting=meeting, item=item)
    make_question(item, "Is there more?", number="5.3", order=9)
    return made


def places(thorney):
    question = Question.objects.get(number="5.2")
    action, meeting = question.actions.get(), question.item.meeting
    pin = question
    here = "/thorney/"
    record = f"{here}desk/meetings/{meeting.pk}/record/"
    return {
        "member": [
            f"{here}2023-24/p7/v1/ask/?scope=line&key={pin.key}&fund={pin.fund}&figure={pin.figure}",
            f"{here}questions/",
            f"{here}questions/{question.pk}/",
            f"{here}actions/",
            f"{here}actions/{action.pk}/",
            f"{here}recommendations/",
            f"{here}meetings/{meeting.pk}/minutes/",
            f"{here}meetings/{meeting.pk}/minutes.pdf",
        ],
        "officer": [f"{here}actions/{action.pk}/respond/", f"{here}actions/{action.pk}/progress/"],
        "clerk-of-thorney": [
            record,
            f"{record}questions/{question.pk}/",
            f"{record}questions/{question.pk}/answers/new/",
            f"{record}questions/{question.pk}/agree/",
            f"{record}actions/{action.pk}/close/",
            f"{record}recommendations/new/",
        ],
    }


@pytest.mark.parametrize("who", ["member", "officer", "clerk-of-thorney"])
def test_every_page_is_accessible_and_does_not_scroll_sideways_at_320_pixels(
    browser_page, sign_in, thorney, assert_accessible, who
):
    from accounts.models import User

    sign_in(User.objects.get(username=who))
    for address in places(thorney)[who]:
        browser_page.set_viewport_size({"width": 1280, "height": 900})
        browser_page.goto(address)
        assert_accessible(browser_page)
        browser_page.set_viewport_size({"width": 320, "height": 640})
        width = browser_page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, f"{address} is {width} px wide"


def test_a_member_goes_from_a_line_of_the_position_to_a_question_about_it(browser_page, sign_in, thorney):
    sign_in(thorney.member)
    browser_page.goto("/thorney/2023-24/p7/")
    browser_page.get_by_role("link", name="Ask about this (Corporate parenting)").click()
    browser_page.get_by_label("Your question").fill("Will it recur?")
    browser_page.get_by_label("Which figure").select_option("variance_before_reserves")
    browser_page.get_by_role("button", name="Ask", exact=True).click()
    assert "Your question is asked" in browser_page.locator("main").inner_text()
    browser_page.get_by_role("link", name="Will it recur?").click()
    assert "£4.4m over" in browser_page.locator("main").inner_text()
