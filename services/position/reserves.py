"""Reserves as seen at one period: opened, used, transferred, and what they would close at."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from accounting.money import ZERO, total
from accounting.reserves import ReserveBalance, ReserveKind, runway_years
from services.models import (
    COUNTED_STATES,
    PENDING_STATES,
    Council,
    MonitoringPeriod,
    Reserve,
    ReserveOpening,
    ReserveTransfer,
    ReserveUse,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveUseEntry:
    """One use of a reserve on a line: pounds without a sign."""

    use_id: int
    reserve: str
    kind: str
    service_line: str
    amount: Decimal
    state: str
    state_label: str
    included_in_budget: bool
    included_in_forecast: bool
    purpose: str
    decision_reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveLine:
    """One reserve's year as seen at this period. `reserve_id` is `None` for uses whose reserve a return did not name."""

    reserve_id: int | None
    name: str
    kind: ReserveKind | None
    purpose: str
    balance: ReserveBalance
    runway_years: Decimal | None
    """Years that the closing balance lasts at this year's net use; `None` if it is not being used up, or is unknown."""
    uses: tuple[ReserveUseEntry, ...]


def reserve_lines(council: Council, period: MonitoringPeriod) -> Iterable[ReserveLine]:
    """Every reserve of the council as seen at one period, in its order, then uses whose reserve is not named. Four queries."""
    openings = dict(
        ReserveOpening.objects.filter(council=council, year=period.year).values_list("reserve_id", "amount")
    )
    transfers = _transfers(council.pk, period)
    uses: dict[int | None, list[ReserveUse]] = defaultdict(list)
    for use in (
        ReserveUse.objects.filter(period=period).select_related("service_line", "reserve").order_by("pk")
    ):
        uses[use.reserve_id].append(use)
    for reserve in Reserve.objects.filter(council=council).order_by("order", "name"):
        yield _reserve_line(
            reserve, opening=openings.get(reserve.pk), transfers=transfers[reserve.pk], uses=uses[reserve.pk]
        )
    if uses[None]:
        yield _reserve_line(None, opening=None, transfers=ZERO, uses=uses[None])


def reserve_balance(
    reserve: Reserve, period: MonitoringPeriod, *, without: int | None = None
) -> ReserveBalance:
    """One reserve's balance at one period. Three queries. `without`: a use not to be counted, because it is being changed."""
    opening = ReserveOpening.objects.filter(reserve=reserve, year=period.year).first()
    transfers = _transfers(reserve.council_id, period)
    uses = [use for use in ReserveUse.objects.filter(period=period, reserve=reserve) if use.pk != without]
    return _balance(opening=opening.amount if opening else None, transfers=transfers[reserve.pk], uses=uses)


def _transfers(council_id: int, period: MonitoringPeriod) -> dict[int, Decimal]:
    """What each reserve received less what it gave, this year so far. One query."""
    transfers: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for row in ReserveTransfer.objects.filter(
        council=council_id, period__year=period.year, period__number__lte=period.number
    ):
        transfers[row.from_reserve_id] -= row.amount
        transfers[row.to_reserve_id] += row.amount
    return transfers


def _balance(*, opening: Decimal | None, transfers: Decimal, uses: list[ReserveUse]) -> ReserveBalance:
    return ReserveBalance(
        opening=opening,
        drawdown=_sum(uses, ReserveUse.Kind.DRAWDOWN, COUNTED_STATES),
        contribution=_sum(uses, ReserveUse.Kind.CONTRIBUTION, COUNTED_STATES),
        transfers=transfers,
        pending_drawdown=_sum(uses, ReserveUse.Kind.DRAWDOWN, PENDING_STATES),
        pending_contribution=_sum(uses, ReserveUse.Kind.CONTRIBUTION, PENDING_STATES),
    )


def _reserve_line(
    reserve: Reserve | None, *, opening: Decimal | None, transfers: Decimal, uses: list[ReserveUse]
) -> ReserveLine:
    balance = _balance(opening=opening, transfers=transfers, uses=uses)
    closing = balance.closing
    return ReserveLine(
        reserve_id=reserve.pk if reserve else None,
        name=reserve.name if reserve else "Reserve not named in the return",
        kind=reserve.reserve_kind if reserve else None,
        purpose=reserve.purpose if reserve else "",
        balance=balance,
        runway_years=None
        if closing is None
        else runway_years((closing,), balance.drawdown - balance.contribution),
        uses=tuple(_use_entry(use) for use in uses),
    )


def _use_entry(use: ReserveUse) -> ReserveUseEntry:
    return ReserveUseEntry(
        use_id=use.pk,
        reserve=use.reserve.name if use.reserve else "",
        kind=use.kind,
        service_line=use.service_line.name,
        amount=use.amount,
        state=use.state,
        state_label=use.get_state_display(),
        included_in_budget=use.included_in_budget,
        included_in_forecast=use.included_in_forecast,
        purpose=use.purpose,
        decision_reference=use.decision_reference,
    )


def _sum(uses: list[ReserveUse], kind: str, states: tuple[str, ...]) -> Decimal:
    return total([use.amount for use in uses if use.kind == kind and use.state in states])
