"""The forecast grid: every line of a period as it is entered, with its totals.

Read whole it takes nine queries whatever the number of lines; `services.position.grid_live` keeps it up to date with one or two.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from accounting.funds import Fund
from accounting.materiality import Materiality
from accounting.money import total_or_unknown
from accounting.position import Position, straight_line, total_position
from accounting.sense import LineSense
from services.audit import Head
from services.models import Council, DirectorateSubmission, Forecast, MonitoringPeriod
from services.position.lines import LinePosition, Scope, council_position
from services.position.published import LastPublished

Part = tuple[Scope, int | None, Fund]
"""A scope of one fund that has a total: a division, a directorate or the council, which has no number."""
ENTERED = ("actual_to_date", "commitments", "forecast_outturn", "best_case", "worst_case")
"""The figures that people enter, in the grid's order."""
HANDED_IN = (DirectorateSubmission.State.SUBMITTED, DirectorateSubmission.State.APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridLine:
    """One line as it is entered."""

    line_id: int
    code: str
    name: str
    division_id: int
    division: str
    directorate_id: int
    directorate: str
    is_closed: bool
    position: Position
    last_forecast: Decimal | None
    """The forecast outturn of the period before; `None` if there was none."""
    version: int
    """The forecast's version; 0 where nothing has been entered."""
    is_carried_forward: bool
    has_reason: bool
    """A reason in words is confirmed for this period."""

    def entered(self, figures: Mapping[str, Decimal | None], *, version: int) -> "GridLine":
        """This line with other figures entered."""
        position = replace(self.position, **figures)  # type: ignore[arg-type]
        return replace(self, position=position, version=version, is_carried_forward=False)


def parts_over(line: GridLine) -> tuple[Part, Part, Part]:
    """The totals that contain a line: its division, its directorate, the council."""
    fund = line.position.fund.whole
    return (
        (Scope.DIVISION, line.division_id, fund),
        (Scope.DIRECTORATE, line.directorate_id, fund),
        (Scope.COUNCIL, None, fund),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GridOutline:
    """How a grid's lines stand in its totals, which no entry changes: read once, kept while figures change."""

    lines: Mapping[Part, tuple[int, ...]]
    """A division's lines."""
    within: Mapping[Part, tuple[Part, ...]]
    """A directorate's divisions, and the council's directorates."""
    last_forecasts: Mapping[Part, Decimal | None]

    @classmethod
    def of(cls, lines: Sequence[GridLine]) -> "GridOutline":
        """From every line of the grid."""
        held: dict[Part, list[GridLine]] = {}
        within: dict[Part, dict[Part, None]] = {}
        for line in lines:
            parts = parts_over(line)
            for part in parts:
                held.setdefault(part, []).append(line)
            for part, whole in pairwise(parts):
                within.setdefault(whole, {})[part] = None
        return cls(
            lines={
                part: tuple(line.line_id for line in its)
                for part, its in held.items()
                if part[0] is Scope.DIVISION
            },
            within={whole: tuple(parts) for whole, parts in within.items()},
            last_forecasts={
                part: total_or_unknown([line.last_forecast for line in its]) for part, its in held.items()
            },
        )


@dataclass(frozen=True, kw_only=True)
class Grid:
    """Every line of one council at one period. `through` is the last audit entry that it takes account of."""

    period: MonitoringPeriod
    materiality: Materiality
    lines: tuple[GridLine, ...]
    published: LastPublished
    through: Head
    outline: GridOutline
    _sums: dict[Part, Position] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def by_id(self) -> dict[int, GridLine]:
        """Lines by their number."""
        return {line.line_id: line for line in self.lines}

    def with_lines(self, changed: Mapping[int, GridLine]) -> "Grid":
        """This grid with figures of some of its lines changed; sums that do not contain them are kept."""
        touched = {part for line in changed.values() for part in parts_over(line)}
        for part in touched:
            self._sum(part)  # so that the sums beside it are there to be kept, and the next change finds them
        kept = {part: total for part, total in self._sums.items() if part not in touched}
        lines = tuple(changed.get(line.line_id, line) for line in self.lines)
        return replace(self, lines=lines, _sums=kept)

    def projection(self, position: Position) -> Decimal | None:
        """Actual to date carried on at the same rate to March."""
        return straight_line(position.actual_to_date, self.period.number)

    def needs_reason(self, line: GridLine) -> bool:
        """Whether the line's variance must be explained by the council's rule, and is not."""
        position = line.position
        return not line.has_reason and self.materiality.applies_to(
            variance=position.variance_before_reserves, budget=position.revised_budget
        )

    def total(self, scope: Scope, scope_id: int | None, fund: Fund) -> Position:
        """The sum of a scope's lines of one fund."""
        return replace(
            self._sum((scope, scope_id, fund)),
            last_published_variance=self.published.of_scope(scope.value, scope_id, fund),
        )

    def _sum(self, part: Part) -> Position:
        """A division is the sum of its lines, a directorate of its divisions, the council of its directorates; each is worked out once."""
        if part not in self._sums:
            if part[0] is Scope.DIVISION:
                positions = [self.by_id[line_id].position for line_id in self.outline.lines[part]]
            else:
                positions = [self._sum(one) for one in self.outline.within[part]]
            self._sums[part] = total_position(positions, fund=part[2])
        return self._sums[part]

    def last_forecast(self, scope: Scope, scope_id: int | None, fund: Fund) -> Decimal | None:
        """The sum of a scope's last forecasts; `None` where a line had none."""
        return self.outline.last_forecasts[scope, scope_id, fund]

    def sense(self, line: GridLine) -> LineSense:
        """What an entry on the line is judged against."""
        position = line.position
        return LineSense(
            months=min(self.period.number, 12),
            revised_budget=position.revised_budget,
            last_forecast=line.last_forecast,
            actual_to_date=position.actual_to_date,
            commitments=position.commitments,
            forecast_outturn=position.forecast_outturn,
            has_reason=line.has_reason,
            materiality=self.materiality,
        )


def read_grid(council: Council, period: MonitoringPeriod, *, through: Head) -> Grid:
    """The grid of the whole council, read afresh. Nine queries."""
    position = council_position(council, period)
    earlier = _last_forecasts(period)
    lines = tuple(_line(line, earlier.get(line.line_id)) for line in position.lines)
    return Grid(
        period=period,
        materiality=council.materiality,
        lines=lines,
        outline=GridOutline.of(lines),
        published=position.last_published,
        through=through,
    )


def _line(line: LinePosition, last_forecast: Decimal | None) -> GridLine:
    return GridLine(
        line_id=line.line_id,
        code=line.code,
        name=line.name,
        division_id=line.division_id,
        division=line.division,
        directorate_id=line.directorate_id,
        directorate=line.directorate,
        is_closed=line.is_closed,
        position=line.position,
        last_forecast=last_forecast,
        version=line.forecast_version,
        is_carried_forward=line.is_carried_forward,
        has_reason=any(reason.is_confirmed and reason.words for reason in line.reasons),
    )


def _last_forecasts(period: MonitoringPeriod) -> dict[int, Decimal | None]:
    """Each line's forecast outturn in the period opened before this one, in the same year. One query."""
    earlier = Forecast.objects.filter(
        council_id=period.council_id, period__year=period.year, period__number__lt=period.number
    ).order_by("period__number")
    return dict(earlier.values_list("service_line_id", "forecast_outturn"))


def handed_in(period: MonitoringPeriod) -> frozenset[int]:
    """The directorates that have submitted the period, whose figures change only when they are returned. One query."""
    rows = DirectorateSubmission.objects.filter(period=period, state__in=HANDED_IN)
    return frozenset(rows.values_list("directorate_id", flat=True))
