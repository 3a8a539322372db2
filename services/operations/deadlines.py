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
from services.roles import Permission


@transaction.atomic
def set_deadlines(*, by: User, council: Council, rules: Sequence[Rule]) -> None:
    """Put this timetable in the place of the council's. Periods that are open follow it from now on; nothing past is rewritten.

    Raises `BrokenRuleError` unless each step of months and of the outturn is there once, and none is due before the step before it.
    """
    authorise(by=by, council=council, needs=Permission.KEEP_STRUCTURE)
    try:
        check_deadlines(rules)
    except DeadlineOrderError as error:
        raise BrokenRuleError(error) from error
    held = DeadlineRule.objects.filter(council=council)
    before = [_words(row.rule) for row in held.order_by("timetable", "working_days", "pk")]
    held.delete()
    write_deadlines(council, rules)
    change = audit.Change(
        action="set deadlines",
        subject=council,
        before={"rules": before},
        after={"rules": [_words(rule) for rule in rules]},
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


def _words(rule: Rule) -> dict[str, object]:
    return {
        "timetable": str(rule.timetable),
        "step": str(rule.step),
        "working_days": rule.working_days,
    }
