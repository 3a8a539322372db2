"""The position of every line of a council at one period, and its totals.

Eight queries whatever the number of lines: rules, lines with their forecast and original budget, budget movements, uses of reserves and one-off
funding, reasons, sources, and what was last published.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from django.db.models import F, FilteredRelation, Q

from accounting.funds import Fund
from accounting.money import ZERO
from accounting.position import Position, total_position
from accounting.rag import DEFAULT_RULES, Rag, RagRule, rate
from services.models import Council, MonitoringPeriod, RagThreshold, ServiceLine, SourceNote, VarianceReason
from services.position.movements import BudgetMovements, budget_movements
from services.position.published import LastPublished, last_published
from services.position.support import LineSupport, support_by_line


class Scope(StrEnum):
    """What a total is of."""

    COUNCIL = "council"
    DIRECTORATE = "directorate"
    DIVISION = "division"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One driver of a variance before reserves. `amount` is signed pounds, `None` if not broken down."""

    driver: str
    driver_label: str
    amount: Decimal | None
    is_recurrent: bool | None
    words: str
    action: str
    is_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMark:
    """Whether a figure is printed in a source, derived from it, or illustrative; and where."""

    figure: str
    basis: str
    citation: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePosition:
    """One service line at one period."""

    line_id: int
    code: str
    name: str
    kind: str
    division_id: int
    division: str
    directorate_id: int
    directorate: str
    is_statutory: bool
    is_demand_led: bool
    is_controllable: bool
    is_closed: bool
    """Closed earlier this year: shown for its original budget and the virement that emptied it."""
    position: Position
    rag: Rag | None
    reasons: tuple[Reason, ...]
    sources: tuple[SourceMark, ...]
    forecast_version: int
    is_carried_forward: bool
    needs_reasons: bool
    """The variance is material by the council's rule and no confirmed reason explains it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeTotal:
    """The sum of a scope's lines of one fund."""

    scope: Scope
    scope_id: int | None
    name: str
    fund: Fund
    position: Position
    rag: Rag | None
    sources: tuple[SourceMark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CouncilPosition:
    """Everything that the position table shows."""

    council: Council
    period: MonitoringPeriod
    lines: tuple[LinePosition, ...]
    totals: tuple[ScopeTotal, ...]
    last_published: LastPublished

    def total(self, scope: Scope, fund: Fund, name: str | None = None) -> ScopeTotal | None:
        """One total, by scope and fund, and by name where the scope has several."""
        return next(
            (
                t
                for t in self.totals
                if t.scope is scope and t.fund is fund and (name is None or t.name == name)
            ),
            None,
        )


def council_position(
    council: Council, period: MonitoringPeriod, *, directorate_ids: frozenset[int] | None = None
) -> CouncilPosition:
    """The position at one period, for the whole council or for some of its directorates. Queries: see the module."""
    rules = [row.rule for row in RagThreshold.objects.filter(council=council).order_by("order")] or list(
        DEFAULT_RULES
    )
    published = last_published(council, period)
    reasons = _reasons(period)
    sources = _sources(period)
    movements, support = budget_movements(council, period), support_by_line(period)
    lines = tuple(
        _line_position(
            line,
            council=council,
            period=period,
            rules=rules,
            movements=movements,
            support=support,
            published=published,
            reasons=reasons.get(line.pk, ()),
            sources=sources.get((line.pk, ""), ()),
        )
        for line in _lines(council, period, directorate_ids)
    )
    return CouncilPosition(
        council=council,
        period=period,
        lines=lines,
        totals=tuple(_totals(lines, rules=rules, published=published, sources=sources, council=council)),
        last_published=published,
    )


def _lines(
    council: Council, period: MonitoringPeriod, directorate_ids: frozenset[int] | None
) -> Iterable[ServiceLine]:
    """Lines that report in this period, in the council's order, each with its forecast and original budget beside it.

    A line closed in the year keeps its original budget, and the virement that emptied it, in the table until the year ends: without it the
    year's original budgets and virements would no longer add up.
    """
    year, number = period.year, period.number
    opened_later = Q(opened_in__year__gt=year) | Q(opened_in__year=year, opened_in__number__gt=number)
    closed_before_this_year = Q(closed_from__year__lt=year)
    closed_without_budget = Q(
        closed_from__year=year, closed_from__number__lte=number, original__amount__isnull=True
    )
    lines = (
        ServiceLine.objects.filter(council=council)
        .exclude(opened_later)
        .select_related("division__directorate")
        .annotate(
            forecast=FilteredRelation("forecasts", condition=Q(forecasts__period=period)),
            original=FilteredRelation("original_budgets", condition=Q(original_budgets__year=year)),
        )
        .annotate(
            now_actual=F("forecast__actual_to_date"),
            now_commitments=F("forecast__commitments"),
            now_outturn=F("forecast__forecast_outturn"),
            now_best=F("forecast__best_case"),
            now_worst=F("forecast__worst_case"),
            now_version=F("forecast__version"),
            now_carried=F("forecast__is_carried_forward"),
            original_amount=F("original__amount"),
            closed_year=F("closed_from__year"),
            closed_number=F("closed_from__number"),
        )
        .exclude(closed_before_this_year)
        .exclude(closed_without_budget)
        .order_by(
            "division__directorate__order",
            "division__directorate__name",
            "division__order",
            "division__name",
            "order",
            "name",
            "pk",
        )
    )
    return lines if directorate_ids is None else lines.filter(division__directorate_id__in=directorate_ids)


def _line_position(
    line: ServiceLine,
    *,
    council: Council,
    period: MonitoringPeriod,
    rules: Sequence[RagRule],
    movements: Mapping[int, BudgetMovements],
    support: Mapping[int, LineSupport],
    published: LastPublished,
    reasons: tuple[Reason, ...],
    sources: tuple[SourceMark, ...],
) -> LinePosition:
    uses = support.get(line.pk, LineSupport())
    is_closed = line.closed_year == period.year and line.closed_number <= period.number
    position = Position(
        fund=line.money_fund,
        budget=movements.get(line.pk, BudgetMovements()).budget(line.original_amount),
        actual_to_date=ZERO if is_closed and line.now_actual is None else line.now_actual,
        commitments=line.now_commitments,
        # What a closed line spent has gone to its successor with its budget: its forecast is known to be nil.
        forecast_outturn=ZERO if is_closed and line.now_outturn is None else line.now_outturn,
        best_case=line.now_best,
        worst_case=line.now_worst,
        approved=uses.approved,
        pending=uses.pending,
        last_published_variance=published.by_line.get(line.pk),
    )
    is_material = council.materiality.applies_to(
        variance=position.variance_before_reserves, budget=position.revised_budget
    )
    return LinePosition(
        line_id=line.pk,
        code=line.code,
        name=line.name,
        kind=line.kind,
        division_id=line.division_id,
        division=line.division.name,
        directorate_id=line.division.directorate_id,
        directorate=line.division.directorate.name,
        is_statutory=line.is_statutory,
        is_demand_led=line.is_demand_led,
        is_controllable=line.is_controllable,
        is_closed=is_closed,
        position=position,
        rag=rate(rules, variance=position.variance_after_reserves, budget=position.revised_budget),
        reasons=reasons,
        sources=sources,
        forecast_version=line.now_version or 0,
        is_carried_forward=bool(line.now_carried),
        needs_reasons=is_material and not any(reason.is_confirmed and reason.words for reason in reasons),
    )


def _totals(
    lines: Sequence[LinePosition],
    *,
    rules: Sequence[RagRule],
    published: LastPublished,
    sources: Mapping[tuple[int | None, str], tuple[SourceMark, ...]],
    council: Council,
) -> Iterable[ScopeTotal]:
    """Council, directorate and division totals: by fund, and for the DSG as a whole where its blocks are kept apart."""
    groups: dict[tuple[Scope, int | None, str, Fund], list[Position]] = defaultdict(list)
    for line in lines:
        fund = line.position.fund
        for whole in dict.fromkeys((fund.whole, fund)):
            groups[Scope.COUNCIL, None, council.name, whole].append(line.position)
            groups[Scope.DIRECTORATE, line.directorate_id, line.directorate, whole].append(line.position)
            groups[Scope.DIVISION, line.division_id, line.division, whole].append(line.position)
    rank = {Scope.COUNCIL: 0, Scope.DIRECTORATE: 1, Scope.DIVISION: 2}
    for (scope, scope_id, name, fund), positions in sorted(groups.items(), key=lambda item: rank[item[0][0]]):
        position = replace(
            total_position(positions, fund=fund),
            last_published_variance=published.of_scope(scope.value, scope_id, fund),
        )
        yield ScopeTotal(
            scope=scope,
            scope_id=scope_id,
            name=name,
            fund=fund,
            position=position,
            rag=rate(rules, variance=position.variance_after_reserves, budget=position.revised_budget),
            sources=sources.get((None, f"{scope.value}:{name}:{fund.value}"), ()),
        )


def _reasons(period: MonitoringPeriod) -> dict[int, tuple[Reason, ...]]:
    found: dict[int, list[Reason]] = defaultdict(list)
    for row in VarianceReason.objects.filter(period=period).order_by("service_line_id", "order"):
        reason = Reason(
            driver=row.driver,
            driver_label=row.get_driver_display(),
            amount=row.amount,
            is_recurrent=row.is_recurrent,
            words=row.words,
            action=row.action,
            is_confirmed=row.confirmed_at is not None,
        )
        found[row.service_line_id].append(reason)
    return {line_id: tuple(reasons) for line_id, reasons in found.items()}


def _sources(period: MonitoringPeriod) -> dict[tuple[int | None, str], tuple[SourceMark, ...]]:
    """Source marks by line, or by what they are about: "directorate:Hackney Education:general_fund"."""
    found: dict[tuple[int | None, str], list[SourceMark]] = defaultdict(list)
    for row in SourceNote.objects.filter(period=period).order_by("pk"):
        mark = SourceMark(figure=row.figure, basis=row.basis, citation=row.citation, words=row.words)
        found[row.service_line_id, row.subject].append(mark)
    return {key: tuple(marks) for key, marks in found.items()}


__all__ = [
    "CouncilPosition",
    "LinePosition",
    "Reason",
    "Scope",
    "ScopeTotal",
    "SourceMark",
    "council_position",
]
