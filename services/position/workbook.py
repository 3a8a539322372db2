"""The lines of a period as a workbook carries them, and as they are held when it comes back: both read off the forecast grid."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.models import Council, MonitoringPeriod
from services.position.grid import ENTERED, GridLine, handed_in
from services.position.grid_live import live_grid


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookLine:
    """One line to be filled in, in exact pounds; `None` is not known."""

    line_id: int
    version: int
    code: str
    name: str
    division: str
    revised_budget: Decimal | None
    last_published_variance: Decimal | None
    last_forecast: Decimal | None
    figures: Mapping[str, Decimal | None]
    variance_before_reserves: Decimal | None
    variance_after_reserves: Decimal | None

    @property
    def line_number(self) -> int:
        """By which the line is found again."""
        return self.line_id


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookLines:
    """The lines that a person may fill in, and the directorates that are left out because they have submitted."""

    lines: tuple[WorkbookLine, ...]
    submitted: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldLine:
    """A line with the figures that are held now."""

    line_id: int
    name: str
    directorate_id: int
    directorate: str
    version: int
    figures: Mapping[str, Decimal | None]
    is_closed: bool
    is_submitted: bool


def workbook_lines(
    council: Council, period: MonitoringPeriod, *, directorate_ids: frozenset[int] | None
) -> WorkbookLines:
    """The lines open for figures in these directorates (`None`: all). The grid's queries, and one."""
    submitted = handed_in(period)
    lines = [
        line
        for line in live_grid(council, period).lines
        if not line.is_closed and (directorate_ids is None or line.directorate_id in directorate_ids)
    ]
    return WorkbookLines(
        lines=tuple(_line(line) for line in lines if line.directorate_id not in submitted),
        submitted=tuple(
            dict.fromkeys(line.directorate for line in lines if line.directorate_id in submitted)
        ),
    )


def _line(line: GridLine) -> WorkbookLine:
    position = line.position
    return WorkbookLine(
        line_id=line.line_id,
        version=line.version,
        code=line.code,
        name=line.name,
        division=line.division,
        revised_budget=position.revised_budget,
        last_published_variance=position.last_published_variance,
        last_forecast=line.last_forecast,
        figures=_figures(line),
        variance_before_reserves=position.variance_before_reserves,
        variance_after_reserves=position.variance_after_reserves,
    )


def held_lines(council: Council, period: MonitoringPeriod) -> dict[int, HeldLine]:
    """Every line of the council in the period, as it is held now. The grid's queries, and one."""
    submitted = handed_in(period)
    return {
        line.line_id: HeldLine(
            line_id=line.line_id,
            name=line.name,
            directorate_id=line.directorate_id,
            directorate=line.directorate,
            version=line.version,
            figures=_figures(line),
            is_closed=line.is_closed,
            is_submitted=line.directorate_id in submitted,
        )
        for line in live_grid(council, period).lines
    }


def _figures(line: GridLine) -> dict[str, Decimal | None]:
    return {name: getattr(line.position, name) for name in ENTERED}
