"""The chasing board: how far everybody has got, who is late and by how much, and whom to ask."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from accounting.deadlines import DEFAULT_DEADLINES, DeadlineRule, Step
from services.models import AuditEntry
from services.models import DeadlineRule as HeldRule
from services.operations import councils, periods
from services.operations.refusals import BrokenRuleError
from services.position.board import board_of
from services.roles import Role
from tests.services.factories import (
    explain,
    make_forecast,
    make_member_of,
    make_period,
    make_published,
    the_head,
    the_officer,
)
from tests.services.pages import BASE, make_office, words

pytestmark = pytest.mark.django_db
DUE = date(2023, 11, 7)


@pytest.fixture
def office(db):
    return make_office()


def board(office, today=DUE, period=None, **options):
    return board_of(office.council, period or office.period, today=today, **options)


def directorate(found, name="Children and Families"):
    return next(row for row in found.directorates if row.whole.name == name)


def submit(office, *names):
    for row in board(office).directorates:
        if not names or row.whole.name in names:
            periods.submit_directorate(
                by=the_officer(office.council),
                period=office.period,
                directorate=office.council.directorates.get(pk=row.directorate_id),
            )


def ready(office):
    make_forecast(office.fostering, office.period, "500000")
    explain(office.placements, office.period)


def test_a_new_council_has_a_timetable(office):
    rules = [row.rule for row in HeldRule.objects.filter(council=office.council).order_by("pk")]
    assert rules == list(DEFAULT_DEADLINES)


def test_a_council_sets_its_own_timetable_and_it_is_recorded(office):
    rules = [
        DeadlineRule(timetable=rule.timetable, step=rule.step, working_days=rule.working_days + 1)
        for rule in DEFAULT_DEADLINES
    ]
    councils.set_deadlines(by=the_head(office.council), council=office.council, rules=rules)
    assert board(office).steps[0].deadline.due == date(2023, 11, 8)
    entry = AuditEntry.objects.get(action="set deadlines")
    assert (entry.before["rules"][0]["working_days"], entry.after["rules"][0]["working_days"]) == (5, 6)


def test_a_timetable_in_which_a_step_comes_before_the_one_before_it_is_refused(office):
    with pytest.raises(BrokenRuleError, match="each of"):
        councils.set_deadlines(
            by=the_head(office.council), council=office.council, rules=DEFAULT_DEADLINES[1:]
        )
    assert HeldRule.objects.count() == 2 * len(DEFAULT_DEADLINES)


def test_directorates_and_divisions_are_counted(office):
    found = board(office)
    families, education = directorate(found), directorate(found, "Education")
    assert (families.whole.lines, families.whole.lines_forecast, families.whole.lines_without_reasons) == (
        2,
        1,
        1,
    )
    assert families.whole.state_label == "In progress"
    assert [(row.name, row.state_label) for row in families.divisions] == [("Social Care", "In progress")]
    assert (education.whole.lines, education.whole.lines_forecast) == (1, 1)


def test_a_period_carried_forward_has_not_been_started(office):
    later = make_period(office.council, "2023-24/p8", carry_forward=True)
    families = directorate(board(office, period=later))
    assert (families.whole.state_label, families.divisions[0].state_label) == ("Not started", "Not started")
    assert (families.whole.lines_forecast, families.whole.lines_carried) == (0, 1)


@pytest.mark.parametrize(
    ("today", "late", "timing"),
    [
        (date(2023, 11, 1), False, "due 7 November 2023"),
        (DUE, False, "due today"),
        (date(2023, 11, 8), True, "1 working day late"),
        (date(2023, 11, 13), True, "4 working days late"),
    ],
)
def test_a_directorate_is_late_by_working_days(office, today, late, timing):
    families = directorate(board(office, today))
    assert (families.is_late, families.timing) == (late, timing)
    assert [person.post for person in families.chase] == ["Budget holder"]
    assert directorate(board(office, today), "Education").chase == ()


def test_the_budget_holder_of_the_whole_council_is_asked_for_every_directorate(office):
    make_member_of(office.council, Role.BUDGET_HOLDER, username="deputy")
    assert [person.user_id for person in directorate(board(office), "Education").chase]


def test_a_submitted_directorate_is_on_time_until_midnight_in_london(office, monkeypatch):
    """T02: one second before midnight in London is in time, one second after it is late."""
    ready(office)
    # In British Summer Time until 29 October; by 7 November London keeps Greenwich time.
    for moment, timing in (
        (datetime(2023, 11, 7, 23, 59, 59, tzinfo=UTC), "submitted on time"),
        (datetime(2023, 11, 8, 0, 0, 1, tzinfo=UTC), "submitted 1 working day late"),
    ):
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        submit(office, "Children and Families")
        assert directorate(board(office, date(2023, 11, 20))).timing == timing
        monkeypatch.undo()
        periods.return_directorate(
            by=the_officer(office.council),
            period=office.period,
            directorate=office.placements.division.directorate,
            note="Once more",
        )


def test_in_summer_the_day_ends_an_hour_before_greenwich(office, monkeypatch):
    """T02: the day of the deadline is London's, not Greenwich's."""
    june = make_period(office.council, "2023-24/p2")  # May; due on Wednesday 7 June
    moment = datetime(2023, 6, 7, 23, 0, 1, tzinfo=UTC)  # one second past midnight in London
    monkeypatch.setattr(timezone, "now", lambda: moment)
    periods.submit_directorate(
        by=the_officer(office.council), period=june, directorate=office.placements.division.directorate
    )
    assert directorate(board(office, date(2023, 6, 20), june)).timing == "submitted 1 working day late"


def test_a_returned_directorate_is_awaited_again_with_its_note(office):
    ready(office)
    submit(office)
    assert board(office).steps[0].is_done
    periods.return_directorate(
        by=the_officer(office.council),
        period=office.period,
        directorate=office.placements.division.directorate,
        note="The agency line is last month’s.",
    )
    families = directorate(board(office, date(2023, 11, 8)))
    assert (families.whole.state_label, families.is_late) == ("Returned", True)
    assert families.note == "The agency line is last month’s."
    assert not board(office).steps[0].is_done


def test_steps_are_done_one_after_another(office):
    ready(office)
    done = []
    done.append([step.is_done for step in board(office).steps])
    periods.submit_period(by=the_officer(office.council), period=office.period)
    office.period.refresh_from_db()
    done.append([step.is_done for step in board(office).steps])
    periods.approve_period(by=the_head(office.council), period=office.period)
    office.period.refresh_from_db()
    done.append([step.is_done for step in board(office).steps])
    assert done == [[False] * 4, [True, True, False, False], [True, True, True, False]]


def test_a_published_period_is_done_and_a_correction_of_it_is_never_late(office):
    ready(office)
    make_published(office.period)
    office.period.refresh_from_db()
    found = board(office, date(2024, 3, 1))
    assert all(step.is_done for step in found.steps)
    assert {row.whole.state_label for row in found.directorates} == {"Published"}
    assert found.late == ()
    periods.reopen_period(
        by=the_head(office.council),
        asked_by=the_officer(office.council),
        period=office.period,
        reason="A wrong accrual",
    )
    office.period.refresh_from_db()
    found = board(office, date(2024, 3, 1))
    assert found.is_correction
    assert found.late == ()
    assert [step.words for step in found.steps if step.deadline.step is Step.PUBLICATION] == [
        "again, for the correction"
    ]


def test_the_board_asks_the_same_number_of_questions_however_many_lines_there_are(
    office, django_assert_max_num_queries
):
    with django_assert_max_num_queries(14):
        board(office)


@pytest.mark.parametrize(
    ("who", "seen"), [("officer", True), ("head", True), ("auditor", True), ("holder", False)]
)
def test_a_budget_holder_sees_only_their_own_directorate(office, who, seen):
    said = words(office.client(who).get(f"{BASE}board/"))
    assert "Children and Families" in said
    assert ("Education" in said) is seen


def test_the_board_says_who_is_late_and_that_no_reminder_can_be_sent(office):
    said = words(office.client("head").get(f"{BASE}board/"))
    assert "Forecasts are late from 2 of 2 directorates" in said
    assert "Ask Budget holder" in said
    assert "no e-mail address is held" in said
    assert "Nobody is its budget holder" in said


@pytest.mark.parametrize("who", ["member", "clerk", "neighbour", "stranger", "administrator"])
def test_nobody_else_finds_the_board(office, who):
    assert office.client(who).get(f"{BASE}board/").status_code == 404
