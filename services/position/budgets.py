"""Where budgets stand at one period, and every virement and funding change of the year in one log."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from accounting.funds import Fund
from accounting.money import total, total_or_unknown
from accounting.wording import format_money
from accounts.models import User
from services.models import (
    ApprovalState,
    Council,
    FundingChange,
    MonitoringPeriod,
    OriginalBudget,
    ServiceLine,
    Virement,
)
from services.position.lines import council_position
from services.position.scheme import rule_of, scheme_of
from services.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class FundBudget:
    """One fund's budgets. `None` where a line's is not known."""

    fund: Fund
    original: Decimal | None
    virements: Decimal | None
    funding_changes: Decimal | None
    revised: Decimal | None
    lines_without_original: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """One virement or funding change. `moved` is what leaves the giving lines, or a funding change's signed amount."""

    record_id: int
    is_virement: bool
    reference: str
    what: str
    reason: str
    lasts: str
    effective: str
    state: str
    state_label: str
    legs: tuple[tuple[str, Decimal], ...]
    directorate_ids: frozenset[int]
    moved: Decimal
    requested_by: str
    is_own: bool
    """Whether the reader asked for it: then they may not approve it."""
    decided_by: str
    decided_at: datetime | None
    note: str
    for_approval: bool | None = None
    """Whether the council's scheme lists it for members' approval, or only for information; `None` for a funding change."""
    decided_by_role: str = ""
    """Who decides it by the scheme, in words."""

    @property
    def is_waiting(self) -> bool:
        """Whether somebody has still to decide or to post it; an approved funding change counts already."""
        if self.state == ApprovalState.REQUESTED:
            return True
        return self.is_virement and self.state == ApprovalState.APPROVED

    @property
    def in_words(self) -> str:
        """“V2023-1, £394,000.00: requested by Finance officer”."""
        who = f"by {self.decided_by}" if self.decided_by else f"asked for by {self.requested_by}"
        return f"{self.reference}, {format_money(self.moved, places=2)}: {self.state_label.lower()}, {who}"

    @property
    def legs_in_words(self) -> str:
        """“Domestic abuse +£394,000.00; Commissioning −£394,000.00”."""
        return "; ".join(f"{name} {format_money(amount, places=2, plus=True)}" for name, amount in self.legs)


def budget_overview(
    council: Council, period: MonitoringPeriod, *, directorate_ids: frozenset[int] | None = None
) -> tuple[FundBudget, ...]:
    """Each fund's budget at the period, of the whole council or of some directorates. The position's eight queries."""
    by_fund: dict[Fund, list[tuple[Decimal | None, Decimal | None, Decimal | None, Decimal | None]]] = {}
    for line in council_position(council, period, directorate_ids=directorate_ids).lines:
        position = line.position
        by_fund.setdefault(position.fund.whole, []).append(
            (
                position.original_budget,
                position.virements,
                position.budget.funding_changes,
                position.revised_budget,
            )
        )
    return tuple(
        FundBudget(
            fund=fund,
            original=total_or_unknown([row[0] for row in rows]),
            virements=total_or_unknown([row[1] for row in rows]),
            funding_changes=total_or_unknown([row[2] for row in rows]),
            revised=total_or_unknown([row[3] for row in rows]),
            lines_without_original=sum(row[0] is None for row in rows),
        )
        for fund, rows in by_fund.items()
    )


def budget_log(
    council: Council,
    period: MonitoringPeriod,
    *,
    viewer: User,
    directorate_ids: frozenset[int] | None = None,
) -> tuple[LogEntry, ...]:
    """Every virement and funding change of the period's year, whatever its state, newest first. Six queries.

    With `directorate_ids`, those that touch a line of these directorates.
    """
    entries = [
        entry
        for entry in (*_virements(council, period, viewer), *_changes(council, period, viewer))
        if directorate_ids is None or directorate_ids & entry.directorate_ids
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.effective, entry.record_id), reverse=True))


def _virements(council: Council, period: MonitoringPeriod, viewer: User) -> Iterable[LogEntry]:
    rows = (
        Virement.objects.filter(council=council, effective_period__year=period.year)
        .select_related("effective_period", "requested_by", "decided_by")
        .prefetch_related("legs__service_line__division")
    )
    scheme = scheme_of(council)
    for row in rows:
        rule = rule_of(row, scheme)
        legs = tuple((leg.service_line.name, leg.amount) for leg in row.legs.all())
        yield LogEntry(
            record_id=row.pk,
            is_virement=True,
            reference=row.reference,
            what=row.get_type_display(),
            reason=row.reason,
            lasts="Permanent" if row.is_permanent else "This year only",
            effective=row.effective_period.period.label,
            state=row.state,
            state_label=row.get_state_display(),
            legs=legs,
            directorate_ids=frozenset(leg.service_line.division.directorate_id for leg in row.legs.all()),
            moved=total([amount for _, amount in legs if amount > 0]),
            requested_by=row.requester,
            is_own=row.requested_by_id == viewer.pk,
            decided_by=row.decider,
            decided_at=row.decided_at,
            note=row.decision_note,
            for_approval=rule is not None and rule.for_approval,
            decided_by_role=Role(rule.approver).label if rule else Role.HEAD_OF_FINANCE.label,
        )


def _changes(council: Council, period: MonitoringPeriod, viewer: User) -> Iterable[LogEntry]:
    rows = FundingChange.objects.filter(council=council, effective_period__year=period.year).select_related(
        "effective_period", "requested_by", "decided_by", "service_line__division"
    )
    for row in rows:
        yield LogEntry(
            record_id=row.pk,
            is_virement=False,
            reference=row.reference,
            what=row.get_type_display(),
            reason=row.reason,
            lasts="Permanent" if row.is_permanent else "This year only",
            effective=row.effective_period.period.label,
            state=row.state,
            state_label=row.get_state_display(),
            legs=((row.service_line.name, row.amount),),
            directorate_ids=frozenset({row.service_line.division.directorate_id}),
            moved=row.amount,
            requested_by=row.requester,
            is_own=row.requested_by_id == viewer.pk,
            decided_by=row.decider,
            decided_at=row.decided_at,
            note="",
        )


def lines_of(
    council: Council, period: MonitoringPeriod, *, directorate_ids: frozenset[int] | None = None
) -> QuerySet[ServiceLine]:
    """Lines that report in the period, in the council's order; of some directorates, if they are named."""
    year, number = period.year, period.number
    opened_later = Q(opened_in__year__gt=year) | Q(opened_in__year=year, opened_in__number__gt=number)
    closed = Q(closed_from__year__lt=year) | Q(closed_from__year=year, closed_from__number__lte=number)
    lines = ServiceLine.objects.filter(council=council)
    if directorate_ids is not None:
        lines = lines.filter(division__directorate_id__in=directorate_ids)
    return (
        lines.exclude(opened_later)
        .exclude(closed)
        .select_related("division__directorate")
        .order_by("division__directorate__order", "division__order", "division__name", "order", "name")
    )


def lines_without_original(
    council: Council, period: MonitoringPeriod, *, directorate_ids: frozenset[int] | None = None
) -> tuple[ServiceLine, ...]:
    """Lines that have no original budget for the period's year."""
    has_one = OriginalBudget.objects.filter(council=council, year=period.year).values("service_line")
    return tuple(lines_of(council, period, directorate_ids=directorate_ids).exclude(pk__in=has_one))
