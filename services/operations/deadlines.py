"""A council's timetable: how many working days after a period's last day each step is due."""

from collections.abc import Sequence

from django.db import transaction

from accounting.deadlines import DEFAULT_DEADLINES, DeadlineOrderError, check_deadlines
from accounting.deadlines import DeadlineRule as Rule
from accounts.models import User
from services import audit
from services.models import Council, DeadlineRule
from services.operations.authority import authorise
from services.operations.refusals import BrokenRuleError
from services.operations.rule_tables import refuse_other_rules, rules_mark
from services.roles import Permission

DEADLINES = "set deadlines"
"""What the audit trail calls a change of the timetable."""


@transaction.atomic
def set_deadlines(*, by: User, council: Council, rules: Sequence[Rule], expected: str | None = None) -> None:
    """Put this timetable in the place of the council's. Periods that are open follow it from now on; nothing past is rewritten.

    Raises `BrokenRuleError` unless each step of months and of the outturn is there once, and none is due before the step before it, and
    `StaleVersionError` if the timetable is no longer the one of the mark `expected`.
    """
    authorise(by=by, council=council, needs=Permission.KEEP_RULES)
    try:
        check_deadlines(rules)
    except DeadlineOrderError as error:
        raise BrokenRuleError(error) from error
    audit.hold(council.pk)
    before = _held(council)
    refuse_other_rules(council, DEADLINES, before, expected)
    DeadlineRule.objects.filter(council=council).delete()
    write_deadlines(council, rules)
    change = audit.Change(
        action=DEADLINES,
        subject=council,
        before={"rules": before},
        after={"rules": [deadline_words(rule) for rule in rules]},
    )
    audit.record(by=by, council=council, changes=[change])


def write_deadlines(council: Council, rules: Sequence[Rule] = DEFAULT_DEADLINES) -> None:
    """Write a timetable for a council that has none. One query."""
    DeadlineRule.objects.bulk_create(
        DeadlineRule(
            council=council, timetable=rule.timetable, step=rule.step, working_days=rule.working_days
        )
        for rule in rules
    )


def deadline_words(rule: Rule) -> dict[str, object]:
    """A row as the audit trail keeps it."""
    return {
        "timetable": str(rule.timetable),
        "step": str(rule.step),
        "working_days": rule.working_days,
    }


def mark_of_deadlines(council: Council) -> str:
    """The mark of the council's timetable as it is. One query."""
    return rules_mark(_held(council))


def _held(council: Council) -> list[dict[str, object]]:
    rows = DeadlineRule.objects.filter(council=council).order_by("timetable", "working_days", "pk")
    return [deadline_words(row.rule) for row in rows]
