"""What has moved each line's budget by one period."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import F, OuterRef, Subquery, Sum, Value

from accounting.money import ZERO
from accounting.position import Budget
from services.models import (
    ApprovalState,
    Council,
    FundingChange,
    MonitoringPeriod,
    ReportedBudget,
    VirementLeg,
)


@dataclass(slots=True)
class BudgetMovements:
    """A line's movements to one period, and its budget as last reported in a return, if it was."""

    virements: Decimal = ZERO
    funding_changes: Decimal = ZERO
    since_reported: Decimal = ZERO
    reported: ReportedBudget | None = None

    def budget(self, original: Decimal | None) -> Budget:
        """The line's budget, given its original budget if one is kept."""
        if self.reported is None:
            return Budget(original=original, virements=self.virements, funding_changes=self.funding_changes)
        virements = self.reported.virements
        return Budget(
            original=self.reported.original,
            virements=None if virements is None else virements + self.since_reported,
            funding_changes=None if virements is None else ZERO,
            reported=self.reported.revised,
            moved_since_reported=self.since_reported,
        )


def budget_movements(council: Council, period: MonitoringPeriod) -> dict[int, BudgetMovements]:
    """Movements of every line of the council up to and including the period, in two queries."""
    found: dict[int, BudgetMovements] = defaultdict(BudgetMovements)
    latest = ReportedBudget.objects.filter(
        service_line=OuterRef("service_line"), period__year=period.year, period__number__lte=period.number
    ).order_by("-period__number")
    reported = ReportedBudget.objects.filter(
        council=council, pk=Subquery(latest.values("pk")[:1])
    ).select_related("period")
    for row in reported:
        found[row.service_line_id].reported = row
    for moved in _moved(council, period):
        amount = moved["moved"]
        virement, funding = (amount, ZERO) if moved["is_virement"] else (ZERO, amount)
        _add(found[moved["line"]], number=moved["number"], virement=virement, funding=funding)
    return found


def _moved(council: Council, period: MonitoringPeriod) -> Iterable[dict[str, Any]]:
    """What posted virements, and approved funding changes, moved on each line in each period so far."""
    legs = VirementLeg.objects.filter(
        council=council,
        virement__state=ApprovalState.POSTED,
        virement__effective_period__year=period.year,
        virement__effective_period__number__lte=period.number,
    ).values(
        line=F("service_line"), number=F("virement__effective_period__number"), is_virement=Value(value=True)
    )
    changes = FundingChange.objects.filter(
        council=council,
        state__in=(ApprovalState.APPROVED, ApprovalState.POSTED),
        effective_period__year=period.year,
        effective_period__number__lte=period.number,
    ).values(line=F("service_line"), number=F("effective_period__number"), is_virement=Value(value=False))
    rows: Iterable[Any] = legs.annotate(moved=Sum("amount")).union(
        changes.annotate(moved=Sum("amount")), all=True
    )
    return rows


def _add(movements: BudgetMovements, *, number: int, virement: Decimal, funding: Decimal) -> None:
    """Count a movement; a reported budget already includes those up to its own period."""
    if movements.reported is not None:
        if number > movements.reported.period.number:
            movements.since_reported += virement + funding
        return
    movements.virements += virement
    movements.funding_changes += funding
