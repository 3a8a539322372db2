"""The clerk records what a meeting said and agreed; actions come back until the committee closes them; the executive has two months."""

import re
from datetime import date

import pytest
from django.test import Client

from scrutiny.committees.desk import questions as desk
from scrutiny.committees.entries.pins import Pin
from scrutiny.committees.operations import actions, answers, minutes, questions, recommendations
from scrutiny.committees.public import actions as public
from scrutiny.models import CommitteeAction, MinuteParagraph, Question, Recommendation
from services.operations.refusals import AlreadyDoneError, InvalidEntryError, StaleVersionError
from services.roles import Role
from tests.scrutiny.meeting_records import in_days, make_committee, make_item, make_meeting, the_clerk
from tests.scrutiny.question_records import (
    make_action,
    make_answer,
    make_held_item,
    make_question,
    make_recommendation,
)
from tests.services.factories import make_council, make_member_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def item(council):
    return make_held_item(council, day=in_days(-20))


@pytest.fixture
def clerk(council):
    return the_clerk(council)


@pytest.fixture
def client(clerk):
    made = Client()
    made.force_login(clerk)
    return made


def record_of(item):
    return f"/{item.council.slug}/desk/meetings/{item.meeting_id}/record/"


def words_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


# --- Questions and answers


def test_numbers_are_text_as_minuted_and_each_stands_once_in_an_item(item, clerk):
    for number in ("6.22", "6.33"):
        questions.record_question(by=clerk, item=item, number=number, words="Why?", asked_by="the Chair")
    assert [question.number for question in item.questions.all()] == ["6.22", "6.33"]
    with pytest.raises(AlreadyDoneError, match=r"has a question 6\.22 already"):
        questions.record_question(by=clerk, item=item, number="6.22", words="Again?", asked_by="the Chair")


def test_paragraphs_and_questions_share_one_order(item, clerk, client):
    minutes.record_paragraph(by=clerk, item=item, number="5.1", words="The first thing.")
    questions.record_question(by=clerk, item=item, number="5.2", words="The second?", asked_by="the Chair")
    minutes.record_paragraph(by=clerk, item=item, number="5.3", words="The third thing.")
    page = words_of(client.get(record_of(item)))
    assert page.index("The first") < page.index("The second") < page.index("The third")


def test_an_officer_who_declines_and_will_write_leaves_the_question_open_until_an_answer_comes(item, clerk):
    question = make_question(item)
    answers.record_answer(
        by=clerk,
        question=question,
        by_role="Director",
        is_declined=True,
        will_write=True,
        points=["Not here."],
    )
    question.refresh_from_db()
    assert question.state == Question.State.TO_WRITE
    answers.record_answer(by=clerk, question=question, by_role="Director", points=["£1.2m."])
    question.refresh_from_db()
    assert question.state == Question.State.ANSWERED


def test_an_answer_says_something_or_promises_to(item, clerk):
    with pytest.raises(InvalidEntryError, match="says something"):
        answers.record_answer(by=clerk, question=make_question(item), by_role="Director", points=[])


def test_a_members_own_words_are_not_the_clerks_to_change(council, clerk):
    member = make_member_of(council, Role.SCRUTINY_MEMBER, username="asker")
    asked = Question.objects.create(
        council=council,
        words="Mine?",
        asked_by="Scrutiny member",
        asked_at="2026-01-01T00:00Z",
        recorded_by=member,
    )
    with pytest.raises(AlreadyDoneError, match="their own words"):
        questions.change_question(by=clerk, question=asked, expected_version=1, words="Theirs?")
    changed = questions.change_question(by=clerk, question=asked, expected_version=1, topic="Savings")
    assert (changed.words, changed.topic) == ("Mine?", "Savings")


def test_the_asker_takes_back_a_question_that_nobody_has_answered(council, item, clerk):
    member = make_member_of(council, Role.SCRUTINY_MEMBER, username="asker")
    asked = Question.objects.create(
        council=council,
        words="Mine?",
        asked_by="Scrutiny member",
        asked_at="2026-01-01T00:00Z",
        recorded_by=member,
    )
    questions.withdraw_question(by=member, question=asked, expected_version=1, reason="Answered elsewhere")
    with pytest.raises(AlreadyDoneError):
        questions.put_to_meeting(by=clerk, question=asked, item=item, expected_version=2)
    answered = make_question(item)
    make_answer(answered, "Yes.")
    with pytest.raises(AlreadyDoneError):
        questions.withdraw_question(by=clerk, question=answered, expected_version=1, reason="No")


def test_a_pin_comes_with_its_publication_or_not_at_all(item, clerk):
    pin = Pin(scope="line", key="1", fund="general_fund", figure="drawdown")
    with pytest.raises(InvalidEntryError, match="publication"):
        questions.record_question(by=clerk, item=item, words="Why?", asked_by="the Chair", pin=pin)


# --- The clerk's pages


def test_a_clerk_records_question_answer_action_and_outcome_in_the_browser(item, client):
    base = record_of(item)
    sent = {
        "item": item.pk,
        "number": "5.8",
        "asked_by": "the Chair",
        "words": "Will it go on?",
        "parts": "How?\nWho pays?",
    }
    assert client.post(f"{base}questions/new/", sent).status_code == 302
    question = Question.objects.get()
    assert [part.words for part in question.parts.all()] == ["How?", "Who pays?"]
    answer = {"by_role": "Director", "code": "DCSC", "is_declined": "on", "will_write": "on"}
    assert client.post(f"{base}questions/{question.pk}/answers/new/", answer).status_code == 302
    agreed = {"words": "Tell the Commission.", "owners": "Director\nHead of Finance", "type": "information"}
    assert client.post(f"{base}questions/{question.pk}/agree/", agreed).status_code == 302
    action = CommitteeAction.objects.get()
    assert (action.owners, action.question, action.raised_at) == (
        ["Director", "Head of Finance"], question, item.meeting,
    )  # fmt: skip
    outcome = {"number": "1", "kind": "recommend", "words": "Do it.", "addressee": "Cabinet"}
    assert client.post(f"{base}recommendations/new/", outcome).status_code == 302
    assert client.post(f"{base}paragraphs/new/", {"item": item.pk, "words": "Thanks."}).status_code == 302
    page = words_of(client.get(base))
    for words in (
        "Declined to answer there and undertook",
        "Agreed: Tell the Commission.",
        "Recommends: Do it.",
        "Thanks.",
    ):
        assert words in page


def test_two_clerks_who_change_one_paragraph_are_shown_each_others_words(item, clerk, client):
    paragraph = minutes.record_paragraph(by=clerk, item=item, number="5.1", words="As said.")
    address = f"{record_of(item)}paragraphs/{paragraph.pk}/"
    begun = {
        f"initial-{name}": value
        for name, value in (("number", "5.1"), ("heading", ""), ("words", "As said."))
    }
    sent = {"number": "5.1", "heading": "", "expected_version": "0", **begun}
    assert client.post(address, sent | {"words": "As was said."}).status_code == 302
    late = client.post(address, sent | {"words": "As I said."})
    assert late.status_code == 409
    assert "As was said." in words_of(late)
    assert MinuteParagraph.objects.get().words == "As was said."


def test_only_a_clerk_comes_to_the_desk(item, council):
    for role in (Role.SCRUTINY_MEMBER, Role.FINANCE_OFFICER, Role.AUDITOR):
        other = Client()
        other.force_login(make_member_of(council, role, username=role.value))
        assert other.get(record_of(item)).status_code in (403, 404)


def test_a_question_of_another_council_is_not_there(item, client):
    other = make_question(make_held_item(make_council("elsewhere", "Elsewhere")))
    assert client.get(f"{record_of(item)}questions/{other.pk}/").status_code == 404


# --- Actions


def test_an_action_stands_on_every_next_agenda_until_the_committee_closes_it(council, clerk):
    committee = make_committee(council)
    first, second, third, fourth = (
        make_meeting(committee, state="minuted", day=in_days(days), minutes_published_at=None)
        for days in (-30, -20, -10, 10)
    )
    first.minutes_published_at = first.agenda_published_at
    first.save()
    action = make_action(committee, raised_at=first, is_due_next_meeting=True)

    def carried():
        return [bool(public.actions_carried_to(council.pk, one.pk)) for one in (first, second, third, fourth)]

    assert carried() == [False, True, True, True]
    found = public.action_entry(council.pk, action.pk)
    assert (found.due_on, found.is_overdue) == (in_days(-20), True)
    actions.record_response(by=clerk, action=action, expected_version=1, response="Here.")
    assert carried() == [False, True, True, True]
    actions.close_action(by=clerk, action=action, expected_version=2, meeting=third)
    assert carried() == [False, True, True, False]
    assert [step.get_status_display() for step in action.steps.all()] == [
        "Open", "Response received", "Closed by the committee",
    ]  # fmt: skip
    assert desk.actions_carried_to(fourth) == ()


def test_only_the_committee_closes_an_action_at_a_meeting_that_it_held(council, clerk):
    committee = make_committee(council)
    raised = make_meeting(committee, state="held", day=in_days(-5))
    action = make_action(committee, raised_at=raised)
    elsewhere = make_meeting(make_committee(council, "Another"), state="held", day=in_days(-1))
    before = make_meeting(committee, state="held", day=in_days(-9))
    to_come = make_meeting(committee, state="published", day=in_days(9))
    for meeting in (elsewhere, before, to_come):
        with pytest.raises(actions.NotHeldError):
            actions.close_action(by=clerk, action=action, expected_version=1, meeting=meeting)
    actions.close_action(by=clerk, action=action, expected_version=1, meeting=raised)
    with pytest.raises(AlreadyDoneError, match="closed this action"):
        actions.record_response(by=clerk, action=action, expected_version=2, response="Late.")


def test_a_task_groups_action_may_be_closed_by_the_committee_that_set_it_up(council, clerk):
    parent = make_committee(council)
    group = make_committee(council, "Task group", kind="task_group", parent=parent)
    action = make_action(group, raised_at=make_meeting(group, state="held", day=in_days(-9)))
    meeting = make_meeting(parent, state="held", day=in_days(-1))
    closed = actions.close_action(by=clerk, action=action, expected_version=1, meeting=meeting)
    assert closed.status == CommitteeAction.Status.CLOSED


def test_an_action_has_an_owner_and_is_due_one_way(council):
    committee = make_committee(council)
    with pytest.raises(InvalidEntryError, match="at least one role"):
        make_action(committee, owners=[])
    with pytest.raises(InvalidEntryError, match="not both"):
        make_action(committee, due_on=in_days(3), is_due_next_meeting=True)


def test_a_committee_that_wants_more_sends_an_answered_action_back(council, clerk):
    meeting = make_meeting(make_committee(council), state="held", day=in_days(-5))
    action = make_action(meeting.committee, raised_at=meeting)
    actions.record_response(by=clerk, action=action, expected_version=1, response="In part.")
    kept = actions.keep_open(
        by=clerk, action=action, expected_version=2, meeting=meeting, words="The costs too."
    )
    assert kept.status == CommitteeAction.Status.IN_PROGRESS


# --- Recommendations


@pytest.mark.parametrize(
    ("received", "due"),
    [(date(2023, 12, 31), date(2024, 2, 29)), (date(2024, 1, 8), date(2024, 3, 8))],
)
def test_a_response_is_due_two_months_after_receipt(council, clerk, received, due):
    made = make_recommendation(make_committee(council))
    recommendations.note_receipt(by=clerk, recommendation=made, expected_version=1, received_on=received)
    (found,) = desk.recommendations_waiting(council.pk)
    assert found.due_on == due
    assert found.is_overdue
    assert f"overdue since {due:%-d %B %Y}" in found.state_words


def test_what_is_not_accepted_says_why_and_what_is_noted_asks_for_nothing(council, clerk):
    committee = make_committee(council)
    made = make_recommendation(committee)
    for response in ("part", "rejected"):
        with pytest.raises(InvalidEntryError, match="blank"):
            recommendations.record_executive_response(
                by=clerk,
                recommendation=made,
                expected_version=1,
                response=response,
                responded_on=date(2024, 1, 8),
            )
    noted = make_recommendation(committee, kind="note", number="2")
    assert noted.response == Recommendation.Response.NOT_NEEDED
    with pytest.raises(recommendations.NothingAskedError):
        recommendations.note_receipt(
            by=clerk, recommendation=noted, expected_version=1, received_on=date(2024, 1, 8)
        )


def test_implementation_is_followed_once_something_was_accepted(council, clerk):
    made = make_recommendation(make_committee(council))
    with pytest.raises(recommendations.NothingAskedError, match="not accepted"):
        recommendations.report_implementation(
            by=clerk, recommendation=made, expected_version=1, implementation="done", words="Done."
        )
    noted = recommendations.note_receipt(
        by=clerk, recommendation=made, expected_version=1, received_on=date(2024, 2, 1)
    )
    early = {"response": "accepted", "responded_on": date(2024, 1, 8)}
    with pytest.raises(InvalidEntryError, match="before the executive received"):
        recommendations.record_executive_response(by=clerk, recommendation=noted, expected_version=2, **early)


def test_a_paragraph_is_removed_from_draft_minutes_only(item, clerk):
    first = minutes.record_paragraph(by=clerk, item=item, words="Wrong.")
    second = minutes.record_paragraph(by=clerk, item=item, words="Right.")
    minutes.remove_paragraph(by=clerk, paragraph=first, seen={"words": "Wrong."}, reason="Not said")
    with pytest.raises(StaleVersionError):
        minutes.remove_paragraph(by=clerk, paragraph=second, seen={"words": "Otherwise."}, reason="Not said")
    meeting = item.meeting
    meeting.minutes_published_at, meeting.state = meeting.agenda_published_at, "minuted"
    meeting.save()
    with pytest.raises(AlreadyDoneError, match="published"):
        minutes.remove_paragraph(by=clerk, paragraph=second, seen={"words": "Right."}, reason="Not said")
    make_item(meeting, "9")
