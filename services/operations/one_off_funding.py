"""One-off funding from outside a line's budget: grants, capital receipts, contingency."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from accounts.models import User
from services.models import MonitoringPeriod, OneOffFunding, ServiceLine, UseState
from services.operations import decisions
from services.operations.authority import authorise, fresh_line, open_for_figures, reports_in, same_council
from services.operations.entries import UNCHANGED, Unchanged, checked_words, required_money
from services.operations.refusals import InvalidEntryError, LineNotReportingError
from services.roles import Permission


@transaction.atomic
def add_one_off_funding(
    *,
    by: User,
    period: MonitoringPeriod,
    line: ServiceLine,
    source: str,
    amount: Decimal,
    is_recurrent: bool = False,
    included_in_budget: bool = False,
    included_in_forecast: bool = False,
    ends_on: date | None = None,
    purpose: str = "",
) -> OneOffFunding:
    """Plan funding for a line: the whole year's amount as seen at this period, in pounds without a sign. It counts once approved."""
    now = open_for_figures(period)
    line = fresh_line(line)
    same_council(now.council_id, line)
    authorise(
        by=by,
        council=now.council,
        needs=Permission.KEEP_BUDGETS,
        directorate_ids=[line.division.directorate_id],
    )
    if source not in OneOffFunding.Source.values:
        raise InvalidEntryError(
            "source", f"“{source}” is not one of {', '.join(OneOffFunding.Source.values)}."
        )
    if not reports_in(line, now):
        raise LineNotReportingError(line.name, now.period)
    funding = OneOffFunding.objects.create(
        council=now.council,
        period=now,
        service_line=line,
        source=source,
        amount=required_money("amount", amount, positive=True),
        is_recurrent=is_recurrent,
        included_in_budget=included_in_budget,
        included_in_forecast=included_in_forecast,
        ends_on=ends_on,
        purpose=checked_words("purpose", purpose),
    )
    after = {
        "source": str(source),
        "amount": funding.amount,
        "is_recurrent": is_recurrent,
        "included_in_budget": included_in_budget,
        "included_in_forecast": included_in_forecast,
        "ends_on": ends_on,
        "purpose": funding.purpose,
    }
    decisions.record(by=by, money=funding, action="plan one-off funding", after=after, period=now)
    return funding


@transaction.atomic
def approve_one_off_funding(
    *, by: User, funding: OneOffFunding, expected_version: int | None = None
) -> OneOffFunding:
    """Approve funding; it counts in the headline from then on. Not by anybody who planned or changed it."""
    now = decisions.fresh(by=by, money=funding, needs=Permission.APPROVE_CHANGES, seen=expected_version)
    decisions.refuse_unless(now, UseState.PLANNED, UseState.REQUESTED)
    decisions.refuse_self_approval(by=by, money=now)
    return decisions.move_on(
        by=by, money=now, state=UseState.APPROVED, action="approve one-off funding", decided=True
    )


@transaction.atomic
def apply_one_off_funding(
    *, by: User, funding: OneOffFunding, expected_version: int | None = None
) -> OneOffFunding:
    """Note that approved funding has been applied in the ledger."""
    now = decisions.fresh(by=by, money=funding, needs=Permission.KEEP_BUDGETS, seen=expected_version)
    decisions.refuse_unless(now, UseState.APPROVED)
    return decisions.move_on(
        by=by, money=now, state=UseState.APPLIED, action="apply one-off funding", decided=False
    )


@transaction.atomic
def refuse_one_off_funding(
    *, by: User, funding: OneOffFunding, reason: str, expected_version: int | None = None
) -> OneOffFunding:
    """Refuse funding that has not been applied, with a reason. It counts nowhere from then on."""
    reason = checked_words("reason", reason, required=True)
    now = decisions.fresh(by=by, money=funding, needs=Permission.APPROVE_CHANGES, seen=expected_version)
    decisions.refuse_unless(now, UseState.PLANNED, UseState.REQUESTED, UseState.APPROVED)
    return decisions.move_on(
        by=by,
        money=now,
        state=UseState.REFUSED,
        action="refuse one-off funding",
        decided=True,
        reason=reason,
    )


@transaction.atomic
def change_one_off_funding(
    *,
    by: User,
    funding: OneOffFunding,
    expected_version: int,
    amount: Decimal | Unchanged = UNCHANGED,
    is_recurrent: bool | Unchanged = UNCHANGED,
    included_in_budget: bool | Unchanged = UNCHANGED,
    included_in_forecast: bool | Unchanged = UNCHANGED,
    ends_on: date | Unchanged | None = UNCHANGED,
    purpose: str | Unchanged = UNCHANGED,
) -> OneOffFunding:
    """Change funding; if it was approved it must be approved again. Raises `StaleVersionError` if it changed meanwhile."""
    now = decisions.fresh(by=by, money=funding, needs=Permission.KEEP_BUDGETS)
    decisions.refuse_stale(now, expected_version)
    decisions.refuse_unless(now, UseState.PLANNED, UseState.REQUESTED, UseState.APPROVED, UseState.APPLIED)
    entered = {
        "amount": amount
        if isinstance(amount, Unchanged)
        else required_money("amount", amount, positive=True),
        "is_recurrent": is_recurrent,
        "included_in_budget": included_in_budget,
        "included_in_forecast": included_in_forecast,
        "ends_on": ends_on,
        "purpose": purpose if isinstance(purpose, Unchanged) else checked_words("purpose", purpose),
    }
    set_to = {name: value for name, value in entered.items() if value is not UNCHANGED}
    if all(getattr(now, name) == value for name, value in set_to.items()):
        return now
    now = decisions.unapproved(now)
    return decisions.move_on(
        by=by, money=now, state=now.state, action="change one-off funding", decided=False, set_to=set_to
    )
