"""Uses of reserves: drawdowns and contributions, planned, requested, approved by another person, applied."""

from decimal import Decimal

from django.db import transaction

from accounts.models import User
from services.models import MonitoringPeriod, Reserve, ReserveUse, ServiceLine, UseState
from services.operations import decisions
from services.operations.authority import authorise, fresh_line, open_for_figures, reports_in, same_council
from services.operations.balances import refuse_overdrawn, refuse_wrong_reserve
from services.operations.entries import UNCHANGED, Unchanged, checked_name, checked_words, required_money
from services.operations.refusals import InvalidEntryError, LineNotReportingError
from services.position.pending import CHANGED_AFTER_APPROVAL
from services.roles import Permission


@transaction.atomic
def plan_use(
    *,
    by: User,
    period: MonitoringPeriod,
    line: ServiceLine,
    kind: str,
    amount: Decimal,
    reserve: Reserve | None = None,
    included_in_budget: bool = False,
    included_in_forecast: bool = False,
    purpose: str = "",
    override_reason: str = "",
) -> ReserveUse:
    """Plan a drawdown or a contribution on a line: the whole year's amount as seen at this period, in pounds without a sign.

    `reserve=None` where a return does not say which. A use already counted in the budget or in the forecast is not deducted again.
    `override_reason`: why it is planned although the reserve holds less; the audit trail keeps it, and approval refuses an overdrawn reserve.
    """
    override = checked_words("override_reason", override_reason)
    now = open_for_figures(period)
    line = fresh_line(line)
    same_council(now.council_id, line, reserve)
    authorise(
        by=by,
        council=now.council,
        needs=Permission.KEEP_BUDGETS,
        directorate_ids=[line.division.directorate_id],
    )
    if kind not in ReserveUse.Kind.values:
        raise InvalidEntryError("kind", f"“{kind}” is not one of {', '.join(ReserveUse.Kind.values)}.")
    if not reports_in(line, now):
        raise LineNotReportingError(line.name, now.period)
    refuse_wrong_reserve(reserve=reserve, line=line, kind=kind)
    use = ReserveUse.objects.create(
        council=now.council,
        period=now,
        service_line=line,
        reserve=reserve,
        kind=kind,
        amount=required_money("amount", amount, positive=True),
        included_in_budget=included_in_budget,
        included_in_forecast=included_in_forecast,
        purpose=checked_words("purpose", purpose),
    )
    after = {
        "kind": str(kind),
        "amount": use.amount,
        "reserve": reserve.name if reserve else None,
        "included_in_budget": included_in_budget,
        "included_in_forecast": included_in_forecast,
        "purpose": use.purpose,
    }
    decisions.record(by=by, money=use, action="plan use of reserve", after=after, period=now, reason=override)
    return use


@transaction.atomic
def request_use(*, by: User, use: ReserveUse, expected_version: int | None = None) -> ReserveUse:
    """Ask for a planned use to be approved."""
    now = decisions.fresh(by=by, money=use, needs=Permission.KEEP_BUDGETS, seen=expected_version)
    decisions.refuse_unless(now, UseState.PLANNED)
    return decisions.move_on(
        by=by, money=now, state=UseState.REQUESTED, action="request use of reserve", decided=False
    )


@transaction.atomic
def approve_use(
    *, by: User, use: ReserveUse, decision_reference: str, expected_version: int | None = None
) -> ReserveUse:
    """Approve a requested use; it counts in the headline from then on. `decision_reference` is the decision by which.

    Not by anybody who planned, requested or changed it. Raises `BrokenRuleError` if it would overdraw the reserve.
    """
    now = decisions.fresh(by=by, money=use, needs=Permission.APPROVE_CHANGES, seen=expected_version)
    decisions.refuse_unless(now, UseState.REQUESTED)
    decisions.refuse_self_approval(by=by, money=now)
    reference = checked_name("decision_reference", decision_reference, limit=120)
    refuse_wrong_reserve(reserve=now.reserve, line=now.service_line, kind=now.kind)
    decisions.move_on(
        by=by,
        money=now,
        state=UseState.APPROVED,
        action="approve use of reserve",
        decided=True,
        set_to={"decision_reference": reference},
    )
    refuse_overdrawn(now.reserve, now.period)
    return now


@transaction.atomic
def apply_use(*, by: User, use: ReserveUse, expected_version: int | None = None) -> ReserveUse:
    """Note that an approved use has been made in the ledger."""
    now = decisions.fresh(by=by, money=use, needs=Permission.KEEP_BUDGETS, seen=expected_version)
    decisions.refuse_unless(now, UseState.APPROVED)
    return decisions.move_on(
        by=by, money=now, state=UseState.APPLIED, action="apply use of reserve", decided=False
    )


@transaction.atomic
def refuse_use(*, by: User, use: ReserveUse, reason: str, expected_version: int | None = None) -> ReserveUse:
    """Refuse a use that has not been applied, with a reason. It counts nowhere from then on."""
    reason = checked_words("reason", reason, required=True)
    now = decisions.fresh(by=by, money=use, needs=Permission.APPROVE_CHANGES, seen=expected_version)
    decisions.refuse_unless(now, UseState.PLANNED, UseState.REQUESTED, UseState.APPROVED)
    decisions.move_on(
        by=by, money=now, state=UseState.REFUSED, action="refuse use of reserve", decided=True, reason=reason
    )
    refuse_overdrawn(now.reserve, now.period)
    return now


@transaction.atomic
def change_use(
    *,
    by: User,
    use: ReserveUse,
    expected_version: int,
    amount: Decimal | Unchanged = UNCHANGED,
    reserve: Reserve | Unchanged | None = UNCHANGED,
    included_in_budget: bool | Unchanged = UNCHANGED,
    included_in_forecast: bool | Unchanged = UNCHANGED,
    purpose: str | Unchanged = UNCHANGED,
    override_reason: str = "",
) -> ReserveUse:
    """Change a use; one that was approved must then be approved again. Raises `StaleVersionError` if it changed meanwhile.

    `override_reason` as in `plan_use`. Where everything is as it was, nothing is done.
    """
    override = checked_words("override_reason", override_reason)
    now = decisions.fresh(by=by, money=use, needs=Permission.KEEP_BUDGETS)
    decisions.refuse_stale(now, expected_version)
    decisions.refuse_unless(now, UseState.PLANNED, UseState.REQUESTED, UseState.APPROVED, UseState.APPLIED)
    before_reserve, before_state = now.reserve, now.state
    set_to: dict[str, object] = {}
    if not isinstance(amount, Unchanged):
        set_to["amount"] = required_money("amount", amount, positive=True)
    if not isinstance(reserve, Unchanged):
        same_council(now.council_id, reserve)
        refuse_wrong_reserve(reserve=reserve, line=now.service_line, kind=now.kind)
        set_to["reserve"] = reserve
    if not isinstance(included_in_budget, Unchanged):
        set_to["included_in_budget"] = included_in_budget
    if not isinstance(included_in_forecast, Unchanged):
        set_to["included_in_forecast"] = included_in_forecast
    if not isinstance(purpose, Unchanged):
        set_to["purpose"] = checked_words("purpose", purpose)
    if all(getattr(now, name) == value for name, value in set_to.items()):
        return now
    now = decisions.unapproved(now)
    reason = CHANGED_AFTER_APPROVAL if now.state != before_state else ""
    reason = " ".join(part for part in (override, reason) if part)
    decisions.move_on(
        by=by,
        money=now,
        state=now.state,
        action="change use of reserve",
        decided=False,
        set_to=set_to,
        reason=reason,
    )
    refuse_overdrawn(before_reserve, now.period)
    return now
