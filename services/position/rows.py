"""The lines that report in a period, each with its forecast and original budget, read in one query."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from decimal import Decimal

from django.db.models import F, FilteredRelation, Q

from accounting.funds import Fund
from services.models import Council, MonitoringPeriod, ServiceLine


@dataclass(frozen=True, slots=True)
class LineRow:
    """One line as the database holds it. Its fields are named, and stand in the order, in which the query gives them."""

    line_id: int
    code: str
    name: str
    kind: str
    fund_code: str
    is_statutory: bool
    is_demand_led: bool
    is_controllable: bool
    division_pk: int
    division_name: str
    directorate_pk: int
    directorate_name: str
    original: Decimal | None
    closed_year: int | None
    closed_number: int | None
    actual_to_date: Decimal | None
    commitments: Decimal | None
    forecast_outturn: Decimal | None
    best_case: Decimal | None
    worst_case: Decimal | None
    forecast_version: int | None
    is_carried_forward: bool | None

    @property
    def fund(self) -> Fund:
        """The line's fund."""
        return Fund(self.fund_code)

    def is_closed_at(self, period: MonitoringPeriod) -> bool:
        """Whether the line was closed earlier in the period's year, or in the period itself."""
        return self.closed_year == period.year and (self.closed_number or 0) <= period.number


_ORDER = (
    "division__directorate__order",
    "division__directorate__name",
    "division__order",
    "division__name",
    "order",
    "name",
    "pk",
)


def line_rows(
    council: Council, period: MonitoringPeriod, directorate_ids: frozenset[int] | None
) -> Iterator[LineRow]:
    """Lines that report in this period, in the council's order.

    A line closed in the year keeps its original budget, and the virement that emptied it, in the table until the year ends: without it the
    year's original budgets and virements would no longer add up. Plain rows, not records: at 300 lines that halves the time.
    """
    year, number = period.year, period.number
    opened_later = Q(opened_in__year__gt=year) | Q(opened_in__year=year, opened_in__number__gt=number)
    closed_without_budget = Q(
        closed_from__year=year, closed_from__number__lte=number, budget__amount__isnull=True
    )
    lines = (
        ServiceLine.objects.filter(council=council)
        .annotate(
            now=FilteredRelation("forecasts", condition=Q(forecasts__period=period)),
            budget=FilteredRelation("original_budgets", condition=Q(original_budgets__year=year)),
        )
        .exclude(opened_later)
        .exclude(Q(closed_from__year__lt=year))
        .exclude(closed_without_budget)
        .order_by(*_ORDER)
    )
    if directorate_ids is not None:
        lines = lines.filter(division__directorate_id__in=directorate_ids)
    named = lines.annotate(
        line_id=F("pk"),
        fund_code=F("fund"),
        division_pk=F("division_id"),
        division_name=F("division__name"),
        directorate_pk=F("division__directorate_id"),
        directorate_name=F("division__directorate__name"),
        original=F("budget__amount"),
        closed_year=F("closed_from__year"),
        closed_number=F("closed_from__number"),
        actual_to_date=F("now__actual_to_date"),
        commitments=F("now__commitments"),
        forecast_outturn=F("now__forecast_outturn"),
        best_case=F("now__best_case"),
        worst_case=F("now__worst_case"),
        forecast_version=F("now__version"),
        is_carried_forward=F("now__is_carried_forward"),
    )
    for values in named.values_list(*(field.name for field in fields(LineRow))):
        yield LineRow(*values)
