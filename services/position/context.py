"""What stands around the lines at one period: reserves, the DSG, virements and funding changes, risks. At most ten queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Prefetch

from accounting.dsg import DsgBalance
from accounting.funds import Fund
from accounting.money import total
from accounting.periods import Period
from services.models import (
    Council,
    DsgAccount,
    FundingChange,
    MonitoringPeriod,
    RiskOrOpportunity,
    Virement,
    VirementLeg,
)
from services.position.reserves import ReserveLine, ReserveUseEntry, reserve_lines
from services.position.scheme import is_for_approval, scheme_of

__all__ = [
    "BudgetLeg",
    "DsgEntry",
    "PeriodContext",
    "ReserveLine",
    "ReserveUseEntry",
    "RiskEntry",
    "VirementEntry",
    "period_context",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class DsgEntry:
    """One DSG account at this period."""

    account_id: int
    name: str
    fund: Fund
    balance: DsgBalance
    override_ends_on: date | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetLeg:
    """The signed change to one line's budget."""

    service_line: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class VirementEntry:
    """A virement, or a funding change (one leg, from outside), as a log for members has it."""

    virement_id: int
    is_virement: bool
    reference: str
    type_label: str
    reason: str
    is_permanent: bool
    effective: Period
    state: str
    state_label: str
    legs: tuple[BudgetLeg, ...]
    moved: Decimal
    """What leaves the giving lines, without a sign; for a funding change, its signed amount."""
    decided_by: str
    decided_at: datetime | None
    for_approval: bool | None = None
    """Whether the council's scheme lists it for members' approval, not only for their information; `None` for a funding change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskEntry:
    """A risk or an opportunity outside the forecast. `amount` is pounds without a sign."""

    risk_id: int
    kind: str
    kind_label: str
    title: str
    words: str
    service_line: str
    amount: Decimal | None
    likelihood: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodContext:
    """Everything beside the position that a period's report shows."""

    reserves: tuple[ReserveLine, ...] = field(default=())
    dsg: tuple[DsgEntry, ...] = field(default=())
    virements: tuple[VirementEntry, ...] = field(default=())
    risks: tuple[RiskEntry, ...] = field(default=())


def period_context(council: Council, period: MonitoringPeriod) -> PeriodContext:
    """Reserves, DSG, budget movements and risks at one period. Queries: see the module."""
    return PeriodContext(
        reserves=tuple(reserve_lines(council, period)),
        dsg=tuple(_dsg(period)),
        virements=(*_virements(council, period), *_funding_changes(council, period)),
        risks=tuple(_risks(period)),
    )


def _dsg(period: MonitoringPeriod) -> Iterable[DsgEntry]:
    for account in DsgAccount.objects.filter(period=period).order_by("fund", "name"):
        yield DsgEntry(
            account_id=account.pk,
            name=account.name,
            fund=account.money_fund,
            balance=account.balance,
            override_ends_on=account.override_ends_on,
            note=account.note,
        )


def _virements(council: Council, period: MonitoringPeriod) -> Iterable[VirementEntry]:
    scheme = scheme_of(council)
    every = VirementLeg.objects.select_related("service_line__division").order_by("amount", "pk")
    rows = Virement.objects.filter(
        council=council, effective_period__year=period.year, effective_period__number__lte=period.number
    )
    for row in (
        rows.select_related("effective_period", "decided_by")
        .prefetch_related(Prefetch("legs", every))
        .order_by("effective_period__number", "reference")
    ):
        entries = tuple(
            BudgetLeg(service_line=leg.service_line.name, amount=leg.amount) for leg in row.legs.all()
        )
        yield VirementEntry(
            virement_id=row.pk,
            is_virement=True,
            reference=row.reference,
            type_label=row.get_type_display(),
            reason=row.reason,
            is_permanent=row.is_permanent,
            effective=row.effective_period.period,
            state=row.state,
            state_label=row.get_state_display(),
            legs=entries,
            moved=total([leg.amount for leg in entries if leg.amount > 0]),
            decided_by=row.decider,
            decided_at=row.decided_at,
            for_approval=is_for_approval(row, scheme),
        )


def _funding_changes(council: Council, period: MonitoringPeriod) -> Iterable[VirementEntry]:
    rows = FundingChange.objects.filter(
        council=council, effective_period__year=period.year, effective_period__number__lte=period.number
    )
    for row in rows.select_related("effective_period", "decided_by", "service_line").order_by(
        "effective_period__number", "reference"
    ):
        yield VirementEntry(
            virement_id=row.pk,
            is_virement=False,
            reference=row.reference,
            type_label=row.get_type_display(),
            reason=row.reason,
            is_permanent=row.is_permanent,
            effective=row.effective_period.period,
            state=row.state,
            state_label=row.get_state_display(),
            legs=(BudgetLeg(service_line=row.service_line.name, amount=row.amount),),
            moved=row.amount,
            decided_by=row.decider,
            decided_at=row.decided_at,
        )


def _risks(period: MonitoringPeriod) -> Iterable[RiskEntry]:
    for row in (
        RiskOrOpportunity.objects.filter(period=period)
        .select_related("service_line")
        .order_by("-kind", "-amount", "pk")
    ):
        yield RiskEntry(
            risk_id=row.pk,
            kind=row.kind,
            kind_label=row.get_kind_display(),
            title=row.title,
            words=row.words,
            service_line=row.service_line.name if row.service_line else "",
            amount=row.amount,
            likelihood=row.likelihood,
        )
