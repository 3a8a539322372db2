"""Members ask about published figures; officers answer; what became of the figure since stands beside the question."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from accounting.funds import Fund
from scrutiny import rendering
from scrutiny.committees.operations import actions, questions
from scrutiny.models import CommitteeAction, Publication, Question
from scrutiny.position import hierarchy
from scrutiny.published import content_from
from services.models import AuditEntry, Forecast
from services.roles import Role
from tests.scrutiny.council import make_person, open_month
from tests.scrutiny.meeting_records import in_days, make_committee, make_exempt, make_item, make_meeting
from tests.scrutiny.pages import publish_period
from tests.scrutiny.question_records import make_action, make_question, make_recommendation, pin_of

ASK = "/thorney/2023-24/p7/v1/ask/"


@pytest.fixture(autouse=True)
def _nothing_rendered_before():
    rendering.kept_pages.clear()


@pytest.fixture
def month(thorney):
    """A council that has published month 7."""
    publish_period(thorney)
    return thorney


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def words_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).replace("&#x27;", "'").split())


def the_publication(number=7):
    return Publication.objects.get(period_number=number)


def ask_address(name="Corporate parenting", figure="variance_after_reserves"):
    pin = pin_of(the_publication(), name)
    return f"{ASK}?scope={pin.scope}&key={pin.key}&fund={pin.fund}&figure={figure}"


def ask(thorney, words="Is it one-off?", **fields):
    publication = the_publication()
    pin = pin_of(publication, "Corporate parenting")
    return questions.ask(by=thorney.member, publication=publication, pin=pin, words=words, **fields)


def test_every_line_and_total_of_the_position_leads_to_a_page_that_asks_about_it(month):
    page = client_of(month.member).get("/thorney/2023-24/p7/v1/").content.decode()
    addresses = {found.replace("&amp;", "&") for found in re.findall(r'href="([^"]+/ask/\?[^"]+)"', page)}
    content = content_from(the_publication().content)
    assert len(addresses) == sum(len(hierarchy(content, fund)) for fund in (Fund.GENERAL_FUND, Fund.DSG))
    for address in addresses:
        assert client_of(month.member).get(address).status_code == 200, address


def test_a_member_asks_from_a_figure_and_the_question_keeps_it_as_published(month):
    client, address = client_of(month.member), ask_address()
    page = words_of(client.get(address))
    assert "Ask about Corporate parenting" in page
    assert "Variance after reserves: £3.1m over" in page
    sent = {
        "figure": "variance_before_reserves",
        "words": "Why has it grown?",
        "parts": "- Is it one-off?\n• Will it recur?",
        "topic": "Placements",
    }
    assert client.post(address, sent).status_code == 302
    question = Question.objects.get()
    assert question.asked_by == "Scrutiny member"
    assert question.subject.startswith("Corporate parenting: variance before reserves, £4.4m over (Month 7")
    assert [part.words for part in question.parts.all()] == ["Is it one-off?", "Will it recur?"]
    listed = words_of(client.get("/thorney/questions/?topic=Placements"))
    assert "Why has it grown?" in listed
    assert "No question fits" in words_of(client.get("/thorney/questions/?state=answered"))


def test_later_values_stand_beside_the_question(month):
    question = ask(month)
    page = words_of(client_of(month.member).get(f"/thorney/questions/{question.pk}/"))
    assert "Was £3.1m over in month 7, October 2023 of 2023/24 (version 1). Nothing later" in page
    later = open_month(month, 9)
    Forecast.objects.filter(period=later, service_line=month.lines["Corporate parenting"]).update(
        forecast_outturn=Decimal("24400000.00")
    )
    publish_period(month, later)
    page = words_of(client_of(month.member).get(f"/thorney/questions/{question.pk}/"))
    assert (
        "Was £3.1m over in month 7, October 2023 of 2023/24 (version 1); now £3.5m over in month 9, December 2023"
        in page
    )


def test_a_figure_that_was_not_published_cannot_be_asked_about(month):
    client = client_of(month.member)
    for query in ("", "?scope=line&key=999999&fund=general_fund", "?scope=line&key=&fund=x&figure=colour"):
        assert client.get(f"{ASK}{query}").status_code == 404
    assert client.get(ask_address(figure="pk")).status_code == 404


def test_who_may_not_ask_reads_the_page_and_is_refused_the_form(month):
    client = client_of(month.officer)
    assert "Your role reads questions and answers" in words_of(client.get(ask_address()))
    sent = {"figure": "variance_after_reserves", "words": "Why?"}
    assert client.post(ask_address(), sent).status_code == 403
    assert client_of(month.stranger).get(ask_address()).status_code == 404
    assert not Question.objects.exists()


def test_words_that_may_tell_who_a_child_is_are_asked_about_before_they_are_public(month):
    sent = {"figure": "variance_after_reserves", "words": "Is it due to three siblings in Wick?"}
    response = client_of(month.member).post(ask_address(), sent)
    assert response.status_code == 422
    assert "may tell who a child is" in words_of(response)
    assert not Question.objects.exists()


def test_a_form_sent_twice_asks_once(month):
    sent = {"figure": "variance_after_reserves", "words": "Why?", "key": "k" * 20}
    client = client_of(month.member)
    assert [client.post(ask_address(), sent).status_code for _ in range(2)] == [302, 302]
    assert Question.objects.count() == 1


def test_an_officer_answers_in_several_points_and_undertakes_to_write(month):
    question = ask(month)
    address = f"/thorney/questions/{question.pk}/answer/"
    assert client_of(month.member).get(address).status_code == 403
    sent = {
        "by_role": "Head of Finance",
        "points": "It is one-off.\nA letter follows.",
        "given_on": "2023-12-01",
        "will_write": "on",
    }
    assert client_of(month.officer).post(address, sent).status_code == 302
    page = words_of(client_of(month.member).get(f"/thorney/questions/{question.pk}/"))
    assert (
        "Head of Finance, 1 December 2023 Undertook to give more information. It is one-off. A letter follows."
        in page
    )
    question.refresh_from_db()
    assert question.state == Question.State.TO_WRITE


def test_what_was_said_at_a_meeting_is_public_with_its_minutes_and_an_exempt_item_never(month):
    committee = make_committee(month.council)
    meeting = make_meeting(committee, state="held", day=in_days(-9))
    said = make_question(make_item(meeting, "5"), "What is the canary?", number="5.3")
    secret = make_question(make_exempt(meeting), "What is the hidden canary?")
    make_action(committee, "Bring the canary.", raised_at=meeting)
    make_action(committee, "Bring the hidden canary.", raised_at=meeting, item=secret.item)
    make_recommendation(committee, words="Keep the canary.", meeting=meeting)
    make_recommendation(
        committee, words="Keep the hidden canary.", meeting=meeting, item=secret.item, number="2"
    )
    pages = ("questions/", "actions/", "recommendations/")
    client = client_of(month.member)
    before = "".join(words_of(client.get(f"/thorney/{page}")) for page in pages)
    assert "canary" not in before
    assert client.get(f"/thorney/questions/{said.pk}/").status_code == 404
    meeting.minutes_published_at, meeting.state = meeting.agenda_published_at, "minuted"
    meeting.save()
    after = "".join(words_of(client.get(f"/thorney/{page}")) for page in pages)
    assert after.count("canary") == 3
    assert "hidden" not in after
    assert client.get(f"/thorney/questions/{secret.pk}/").status_code == 404
    hidden = CommitteeAction.objects.get(words__contains="hidden")
    assert client.get(f"/thorney/actions/{hidden.pk}/").status_code == 404


def test_an_overdue_action_says_so_and_a_response_waits_for_the_committee(month):
    committee = make_committee(month.council)
    meeting = make_meeting(committee, state="minuted", day=in_days(-40))
    meeting.minutes_published_at = meeting.agenda_published_at
    meeting.save()
    action = make_action(committee, raised_at=meeting, reference="(a)", due_on=in_days(-2))
    client, officer = client_of(month.member), client_of(month.officer)
    assert "1 overdue." in words_of(client.get("/thorney/actions/"))
    address = f"/thorney/actions/{action.pk}/respond/"
    assert client.get(address).status_code == 403
    sent = {"response": "The list is in the library.", "expected_version": action.version}
    assert officer.post(address, sent).status_code == 302
    page = words_of(client.get("/thorney/actions/"))
    assert "overdue" not in page
    assert "Response received" in page
    stale = officer.post(address, sent | {"response": "Another."})
    assert stale.status_code == 422
    assert "Changed by somebody else" in words_of(stale)
    clerk = make_person("clerk", month.council, Role.CLERK)
    to_come = make_meeting(committee, state="published")
    with pytest.raises(actions.NotHeldError):
        actions.close_action(by=clerk, action=action, expected_version=2, meeting=to_come)
    assert AuditEntry.objects.filter(action="respond to action").count() == 1
