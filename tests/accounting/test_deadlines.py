"""A month's deadlines: so many working days after it ends, by the council's table."""

from datetime import date

import pytest

from accounting.deadlines import (
    DEFAULT_DEADLINES,
    Deadline,
    DeadlineOrderError,
    DeadlineRule,
    Step,
    Timetable,
    check_deadlines,
    deadlines_of,
)
from accounting.periods import Period


def due(period):
    return [deadline.due for deadline in deadlines_of(Period.parse(period), DEFAULT_DEADLINES)]


def test_a_months_steps_fall_due_one_after_another():
    assert due("2023-24/p7") == [
        date(2023, 11, 7),
        date(2023, 11, 10),
        date(2023, 11, 14),
        date(2023, 11, 21),
    ]


def test_march_is_counted_over_easter_and_the_turn_of_the_year():
    assert due("2023-24/p12")[0] == date(2024, 4, 8)


def test_november_is_published_before_christmas_and_december_after_it():
    assert due("2026-27/p8")[-1] == date(2026, 12, 21)
    assert due("2026-27/p9")[0] == date(2027, 1, 8)


def test_the_outturn_has_a_timetable_of_its_own():
    assert due("2023-24/p13") == [date(2024, 4, 29), date(2024, 5, 14), date(2024, 5, 21), date(2024, 6, 5)]


@pytest.mark.parametrize(
    ("today", "late", "days_late", "soon", "days_left"),
    [
        ("2023-11-02", False, 0, False, 3),
        ("2023-11-03", False, 0, True, 2),
        ("2023-11-05", False, 0, True, 2),
        ("2023-11-07", False, 0, True, 0),
        ("2023-11-08", True, 1, False, 0),
        ("2023-11-13", True, 4, False, 0),
    ],
)
def test_a_step_is_due_soon_then_late(today, late, days_late, soon, days_left):
    deadline, today = Deadline(step=Step.FORECASTS, due=date(2023, 11, 7)), date.fromisoformat(today)
    assert deadline.is_late(today) is late
    assert deadline.days_late(today) == days_late
    assert deadline.is_due_soon(today) is soon
    assert deadline.days_left(today) == days_left


def test_what_was_due_on_friday_is_late_on_saturday_by_no_working_day_yet():
    deadline = Deadline(step=Step.REVIEW, due=date(2023, 11, 10))
    assert deadline.is_late(date(2023, 11, 11))
    assert deadline.days_late(date(2023, 11, 11)) == 0


@pytest.mark.parametrize(
    ("today", "words"),
    [
        ("2023-11-01", "due 10 November 2023"),
        ("2023-11-08", "due in 2 working days"),
        ("2023-11-09", "due in 1 working day"),
        ("2023-11-10", "due today"),
        ("2023-11-12", "late, since the weekend or a bank holiday"),
        ("2023-11-13", "1 working day late"),
        ("2023-11-14", "2 working days late"),
        ("2024-02-07", "60 working days late"),
        ("2024-02-08", "late since 10 November 2023"),
    ],
)
def test_a_deadline_says_how_it_stands(today, words):
    assert Deadline(step=Step.REVIEW, due=date(2023, 11, 10)).words(date.fromisoformat(today)) == words


@pytest.mark.parametrize(
    ("today", "chased"),
    [
        ("2023-11-07", False),
        ("2023-11-08", True),
        ("2023-11-13", True),
        ("2023-12-08", True),
        ("2023-12-11", False),
    ],
)
def test_people_are_reminded_for_a_month_and_then_no_more(today, chased):
    assert Deadline(step=Step.REVIEW, due=date(2023, 11, 10)).is_chased(date.fromisoformat(today)) is chased


def rules(*days, timetable=Timetable.MONTH):
    return tuple(
        DeadlineRule(timetable=timetable, step=step, working_days=number)
        for step, number in zip(Step, days, strict=False)
    )


OUTTURN = rules(20, 30, 35, 45, timetable=Timetable.OUTTURN)


def test_the_default_table_is_in_order():
    check_deadlines(DEFAULT_DEADLINES)
    check_deadlines((*rules(5, 5, 5, 5), *OUTTURN))


@pytest.mark.parametrize(
    "days", [(5, 4, 10, 15), (0, 8, 10, 15), (5, 8, 10, 121), (5, 8, 10), (-1, 8, 10, 15), (5, 8, 10, 9)]
)
def test_a_table_out_of_order_or_without_a_step_is_refused(days):
    with pytest.raises(DeadlineOrderError, match="Months 1 to 12"):
        check_deadlines((*rules(*days), *OUTTURN))


def test_a_table_with_a_step_twice_is_refused():
    with pytest.raises(DeadlineOrderError):
        check_deadlines((*DEFAULT_DEADLINES, *rules(6)))
