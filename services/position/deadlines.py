"""A council's timetable, as rules and in words."""

from accounting.deadlines import DEFAULT_DEADLINES, DeadlineRule, Timetable
from services.models import Council
from services.models import DeadlineRule as HeldRule


def deadline_rules(council: Council) -> tuple[DeadlineRule, ...]:
    """The council's timetable, or the one that every council starts with. One query."""
    held = HeldRule.objects.filter(council=council).order_by("timetable", "working_days", "pk")
    return tuple(row.rule for row in held) or DEFAULT_DEADLINES


def deadlines_in_words(rules: tuple[DeadlineRule, ...]) -> tuple[tuple[str, str], ...]:
    """Each timetable with its steps: “forecasts submitted by working day 5, …”."""
    return tuple(
        (
            timetable.label,
            ", ".join(
                f"{rule.step.label.lower()} by working day {rule.working_days}"
                for rule in rules
                if rule.timetable is timetable
            ),
        )
        for timetable in Timetable
    )
