"""The position of every line of a council at one period, and its totals.

Eight queries whatever the number of lines: rules, lines with their forecast and original budget, budget movements, uses of reserves and one-off
funding, reasons, sources, and what was last published.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from accounting.funds import Fund
from accounting.money import ZERO
from accounting.position import Budget, Position, total_position
from accounting.rag import DEFAULT_RULES, Rag, RagRule, rate
from services.models import Council, MonitoringPeriod, RagThreshold, SourceNote, VarianceReason
from services.position.movements import BudgetMovements, budget_movements
from services.position.published import LastPublished, last_published
from services.position.rows import LineRow, line_rows
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
    must_be_explained: bool
    """`needs_reasons`, for a line whose budget is kept here. A line known only from a council's return may be published as the return has it:
    its reasons are in the council's own paper, and readers are told that none was given."""


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
    """The position at one period, for the whole council or for some of its directorates. Queries: see the module.

    Some directorates have no council total: the sum of a part is not the council's, and its movement would be from another figure.
    """
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
            reasons=reasons.get(line.line_id, ()),
            sources=sources.get((line.line_id, ""), ()),
        )
        for line in line_rows(council, period, directorate_ids)
    )
    totals = _totals(lines, rules=rules, published=published, sources=sources, council=council)
    return CouncilPosition(
        council=council,
        period=period,
        lines=lines,
        totals=tuple(
            total for total in totals if directorate_ids is None or total.scope is not Scope.COUNCIL
        ),
        last_published=published,
    )


def _line_position(
    line: LineRow,
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
    position = _position(
        line,
        is_closed=line.is_closed_at(period),
        budget=movements.get(line.line_id, BudgetMovements()).budget(line.original),
        uses=support.get(line.line_id, LineSupport()),
        last_published_variance=published.by_line.get(line.line_id),
    )
    is_material = council.materiality.applies_to(
        variance=position.variance_before_reserves, budget=position.revised_budget
    )
    needs_reasons = is_material and not any(reason.is_confirmed and reason.words for reason in reasons)
    return LinePosition(
        line_id=line.line_id,
        code=line.code,
        name=line.name,
        kind=line.kind,
        division_id=line.division_pk,
        division=line.division_name,
        directorate_id=line.directorate_pk,
        directorate=line.directorate_name,
        is_statutory=line.is_statutory,
        is_demand_led=line.is_demand_led,
        is_controllable=line.is_controllable,
        is_closed=line.is_closed_at(period),
        position=position,
        rag=rate(rules, variance=position.variance_after_reserves, budget=position.revised_budget),
        reasons=reasons,
        sources=sources,
        forecast_version=line.forecast_version or 0,
        is_carried_forward=bool(line.is_carried_forward),
        needs_reasons=needs_reasons,
        must_be_explained=needs_reasons and position.budget.reported is None,
    )


def _position(
    line: LineRow,
    *,
    is_closed: bool,
    budget: Budget,
    uses: LineSupport,
    last_published_variance: Decimal | None,
) -> Position:
    """The line's figures. What a closed line spent has gone to its successor with its budget: its forecast is known to be nil."""
    return Position(
        fund=line.fund,
        budget=budget,
        actual_to_date=ZERO if is_closed and line.actual_to_date is None else line.actual_to_date,
        commitments=line.commitments,
        forecast_outturn=ZERO if is_closed and line.forecast_outturn is None else line.forecast_outturn,
        best_case=line.best_case,
        worst_case=line.worst_case,
        approved=uses.approved,
        pending=uses.pending,
        last_published_variance=last_published_variance,
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
