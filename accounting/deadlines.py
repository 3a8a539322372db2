"""When the steps of a month are due: so many working days after the period's last day, by the council's own table."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from accounting.periods import Period
from accounting.working_days import working_day_after, working_days_between

LATEST_WORKING_DAY: Final = 120
"""A deadline further off than this is taken for a slip: half a year."""
DUE_SOON: Final = 2
"""A step due within this many working days is due soon."""

CHASED_FOR: Final = 20
"""Reminders of a step stop so many working days after it was due: by then a month has gone, and it is for people to settle."""
COUNTED_TO: Final = 60
"""Beyond so many working days, the day since when it is late says more than their number."""


class Step(StrEnum):
    """What must be done in a month, in this order."""

    FORECASTS = "forecasts"
    REVIEW = "review"
    APPROVAL = "approval"
    PUBLICATION = "publication"

    @property
    def label(self) -> str:
        """As pages name it."""
        return {
            "forecasts": "Forecasts submitted",
            "review": "Finance review",
            "approval": "Approval",
            "publication": "Publication",
        }[self.value]


class Timetable(StrEnum):
    """Which periods a deadline is for. The outturn waits for the accounts to be closed."""

    MONTH = "month"
    OUTTURN = "outturn"

    @property
    def label(self) -> str:
        """As pages name it."""
        return {"month": "Months 1 to 12", "outturn": "Provisional outturn"}[self.value]

    @classmethod
    def of(cls, period: Period) -> "Timetable":
        """The timetable that a period keeps."""
        return cls.OUTTURN if period.is_outturn else cls.MONTH


class DeadlineOrderError(ValueError):
    """A timetable lacks a step, has one twice, or lets a later step be due before an earlier one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRule:
    """One step is due on the `working_days`-th working day after the period's last day."""

    timetable: Timetable
    step: Step
    working_days: int


DEFAULT_DEADLINES: Final = (
    DeadlineRule(timetable=Timetable.MONTH, step=Step.FORECASTS, working_days=5),
    DeadlineRule(timetable=Timetable.MONTH, step=Step.REVIEW, working_days=8),
    DeadlineRule(timetable=Timetable.MONTH, step=Step.APPROVAL, working_days=10),
    DeadlineRule(timetable=Timetable.MONTH, step=Step.PUBLICATION, working_days=15),
    DeadlineRule(timetable=Timetable.OUTTURN, step=Step.FORECASTS, working_days=20),
    DeadlineRule(timetable=Timetable.OUTTURN, step=Step.REVIEW, working_days=30),
    DeadlineRule(timetable=Timetable.OUTTURN, step=Step.APPROVAL, working_days=35),
    DeadlineRule(timetable=Timetable.OUTTURN, step=Step.PUBLICATION, working_days=45),
)
"""A start for a council that has not entered its own. A month's forecasts come in within a week; an outturn is reported by early June."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One step of one period, and the London date by whose end it is due."""

    step: Step
    due: date

    def days_late(self, today: date) -> int:
        """Working days gone since it was due; nil on the day itself and before."""
        return working_days_between(self.due, today)

    def days_left(self, today: date) -> int:
        """Working days until it is due, that day included; nil on the day itself and after."""
        return working_days_between(today, self.due)

    def is_late(self, today: date) -> bool:
        """Whether the day it was due has gone, be it only by a weekend."""
        return today > self.due

    def is_due_soon(self, today: date) -> bool:
        """Whether it is due today or within two working days."""
        return not self.is_late(today) and self.days_left(today) <= DUE_SOON

    def is_chased(self, today: date) -> bool:
        """Whether people are reminded of it: due soon, or late by no more than a month of working days."""
        return self.is_due_soon(today) or (self.is_late(today) and self.days_late(today) <= CHASED_FOR)

    def words(self, today: date) -> str:
        """“3 working days late”, “late since 9 May 2011”, “due today”, “due in 2 working days”, “due 7 November 2023”."""
        if self.is_late(today):
            days = self.days_late(today)
            if days > COUNTED_TO:
                return f"late since {self.due.day} {self.due:%B %Y}"
            return f"{_working_days(days)} late" if days else "late, since the weekend or a bank holiday"
        if self.is_due_soon(today):
            days = self.days_left(today)
            return f"due in {_working_days(days)}" if days else "due today"
        return f"due {self.due.day} {self.due:%B %Y}"


def _working_days(number: int) -> str:
    return f"{number} working day{'' if number == 1 else 's'}"


def deadlines_of(period: Period, rules: Iterable[DeadlineRule]) -> tuple[Deadline, ...]:
    """When each step of a period is due, in the order of the steps."""
    wanted = {rule.step: rule.working_days for rule in rules if rule.timetable is Timetable.of(period)}
    return tuple(
        Deadline(step=step, due=working_day_after(period.end_date, wanted[step]))
        for step in Step
        if step in wanted
    )


def check_deadlines(rules: Iterable[DeadlineRule]) -> None:
    """Raise `DeadlineOrderError` unless each timetable has each step once, in order, from the first working day to the 120th."""
    rules = tuple(rules)
    for timetable in Timetable:
        steps = [rule.step for rule in rules if rule.timetable is timetable]
        if sorted(steps) != sorted(Step):
            raise DeadlineOrderError(
                f"{timetable.label}: each of {', '.join(s.label for s in Step)} needs one deadline."
            )
        days = {rule.step: rule.working_days for rule in rules if rule.timetable is timetable}
        before = 1
        for step in Step:
            if not before <= days[step] <= LATEST_WORKING_DAY:
                raise DeadlineOrderError(
                    f"{timetable.label}: {step.label} is due on working day {days[step]}. "
                    f"It must be from {before}, when the step before it is due, to {LATEST_WORKING_DAY}."
                )
            before = days[step]
