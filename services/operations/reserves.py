"""Reserves: what they are, what they opened the year with, and transfers between them. Uses and one-off funding are beside this."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.db import transaction

from accounting.periods import FinancialYear
from accounting.reserves import ReserveKind
from accounts.models import User
from services import audit
from services.models import Council, MonitoringPeriod, Reserve, ReserveOpening, ReserveTransfer
from services.operations.authority import (
    authorise,
    open_for_figures,
    refuse_behind_closed_period,
    same_council,
)
from services.operations.balances import refuse_overdrawn
from services.operations.entries import checked_name, checked_words, required_money
from services.operations.one_off_funding import (
    add_one_off_funding,
    apply_one_off_funding,
    approve_one_off_funding,
    change_one_off_funding,
    refuse_one_off_funding,
)
from services.operations.refusals import AlreadyDoneError, InvalidEntryError
from services.operations.uses import (
    apply_use,
    approve_use,
    change_use,
    plan_use,
    refuse_use,
    request_use,
)
from services.roles import Permission

__all__ = [
    "add_one_off_funding",
    "add_reserve",
    "apply_one_off_funding",
    "apply_use",
    "approve_one_off_funding",
    "approve_use",
    "change_one_off_funding",
    "change_use",
    "plan_use",
    "refuse_one_off_funding",
    "refuse_use",
    "request_use",
    "set_reserve_opening",
    "transfer_between_reserves",
]


@transaction.atomic
def add_reserve(
    *,
    by: User,
    council: Council,
    name: str,
    kind: ReserveKind,
    purpose: str,
    review_date: date | None = None,
    order: int = 0,
) -> Reserve:
    """Add a reserve; its kind says what it may meet. Raises `AlreadyDoneError` if the council has one of that name."""
    authorise(by=by, council=council, needs=Permission.KEEP_BUDGETS)
    name = checked_name("name", name)
    audit.hold(council.pk)
    if Reserve.objects.filter(council=council, name=name).exists():
        raise AlreadyDoneError(f"{council} already has a reserve named “{name}”.")
    reserve = Reserve.objects.create(
        council=council,
        name=name,
        kind=ReserveKind(kind),
        purpose=checked_words("purpose", purpose, required=True),
        review_date=review_date,
        order=order,
    )
    after = {"name": name, "kind": str(reserve.kind), "purpose": reserve.purpose, "review_date": review_date}
    audit.record(
        by=by, council=council, changes=[audit.Change(action="add reserve", subject=reserve, after=after)]
    )
    return reserve


@transaction.atomic
def set_reserve_opening(
    *, by: User, reserve: Reserve, year: FinancialYear, amount: Decimal
) -> ReserveOpening:
    """State a reserve's balance at 1 April, in pounds, from last year's accounts. It never changes after.

    The same amount again has no effect; another is refused (`AlreadyDoneError`). A usable reserve does not open below nil.
    """
    authorise(by=by, council=reserve.council, needs=Permission.KEEP_BUDGETS)
    pounds = required_money("opening", amount)
    if pounds < 0 and ReserveKind(reserve.kind) is not ReserveKind.UNUSABLE:
        raise InvalidEntryError("opening", "only an unusable reserve can open below nil.")
    audit.hold(reserve.council_id)
    held = ReserveOpening.objects.filter(reserve=reserve, year=year.first_year).first()
    if held is not None:
        if held.amount == pounds:
            return held
        raise AlreadyDoneError(f"{reserve}: the opening balance for {year} is set and never changes.")
    opening = ReserveOpening.objects.create(
        council=reserve.council, reserve=reserve, year=year.first_year, amount=pounds
    )
    change = audit.Change(
        action="set reserve opening", subject=reserve, after={"year": str(year), "amount": pounds}
    )
    audit.record(by=by, council=reserve.council, changes=[change])
    return opening


@transaction.atomic
def transfer_between_reserves(
    *,
    by: User,
    period: MonitoringPeriod,
    from_reserve: Reserve,
    to_reserve: Reserve,
    amount: Decimal,
    decision_reference: str,
) -> ReserveTransfer:
    """Move money between two reserves, as decided; `amount` is pounds without a sign. Ring-fenced and unusable money stays what it is."""
    now = open_for_figures(period)
    same_council(now.council_id, from_reserve, to_reserve)
    authorise(by=by, council=now.council, needs=Permission.APPROVE_CHANGES)
    pounds = required_money("amount", amount, positive=True)
    refuse_behind_closed_period(now)
    _check_kinds(from_reserve, to_reserve)
    transfer = ReserveTransfer.objects.create(
        council=now.council,
        period=now,
        from_reserve=from_reserve,
        to_reserve=to_reserve,
        amount=pounds,
        decision_reference=checked_name("decision_reference", decision_reference, limit=120),
    )
    for later in MonitoringPeriod.objects.filter(
        council=now.council, year=now.year, number__gte=now.number
    ).order_by("number"):
        refuse_overdrawn(from_reserve, later)
    after = {
        "from": from_reserve.name,
        "to": to_reserve.name,
        "amount": pounds,
        "decision_reference": transfer.decision_reference,
    }
    change = audit.Change(action="transfer between reserves", subject=transfer, after=after, period=now)
    audit.record(by=by, council=now.council, changes=[change])
    return transfer


def _check_kinds(from_reserve: Reserve, to_reserve: Reserve) -> None:
    if from_reserve.pk == to_reserve.pk:
        raise InvalidEntryError("to_reserve", "must be another reserve.")
    for one, other in _pairs(from_reserve, to_reserve):
        if not one.reserve_kind.may_meet_an_overspend and one.kind != other.kind:
            raise InvalidEntryError(
                "to_reserve",
                f"{one} is {one.reserve_kind.label.lower()}: its money cannot be mixed with {other}'s.",
            )


def _pairs(first: Reserve, second: Reserve) -> Iterable[tuple[Reserve, Reserve]]:
    return ((first, second), (second, first))
