"""The lines of a period as a workbook carries them, and as they are held when it comes back."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from services.models import Council, DirectorateSubmission, Forecast, MonitoringPeriod
from services.position.lines import LinePosition, council_position
from services.position.rows import line_rows

FIGURES = ("actual_to_date", "commitments", "forecast_outturn", "best_case", "worst_case")
_State = DirectorateSubmission.State


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
    code: str
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
    """The lines open for figures in these directorates (`None`: all). Eleven queries whatever their number."""
    found = council_position(council, period, directorate_ids=directorate_ids)
    handed_in, before = _handed_in(period), _last_forecasts(period)
    is_open = [line for line in found.lines if not line.is_closed]
    return WorkbookLines(
        lines=tuple(
            _line(line, before.get(line.line_id)) for line in is_open if line.directorate_id not in handed_in
        ),
        submitted=tuple(
            dict.fromkeys(line.directorate for line in is_open if line.directorate_id in handed_in)
        ),
    )


def _line(line: LinePosition, last_forecast: Decimal | None) -> WorkbookLine:
    position = line.position
    return WorkbookLine(
        line_id=line.line_id,
        version=line.forecast_version,
        code=line.code,
        name=line.name,
        division=line.division,
        revised_budget=position.revised_budget,
        last_published_variance=position.last_published_variance,
        last_forecast=last_forecast,
        figures={name: getattr(position, name) for name in FIGURES},
        variance_before_reserves=position.variance_before_reserves,
        variance_after_reserves=position.variance_after_reserves,
    )


def held_lines(council: Council, period: MonitoringPeriod) -> dict[int, HeldLine]:
    """Every line of the council that reports in the period, as it is held now. Two queries."""
    handed_in = _handed_in(period)
    return {
        row.line_id: HeldLine(
            line_id=row.line_id,
            code=row.code,
            name=row.name,
            directorate_id=row.directorate_pk,
            directorate=row.directorate_name,
            version=row.forecast_version or 0,
            figures={name: getattr(row, name) for name in FIGURES},
            is_closed=row.is_closed_at(period),
            is_submitted=row.directorate_pk in handed_in,
        )
        for row in line_rows(council, period, None)
    }


def _handed_in(period: MonitoringPeriod) -> frozenset[int]:
    """The directorates whose figures are with finance."""
    states = (_State.SUBMITTED, _State.APPROVED)
    rows = DirectorateSubmission.objects.filter(period=period, state__in=states)
    return frozenset(rows.values_list("directorate_id", flat=True))


def _last_forecasts(period: MonitoringPeriod) -> dict[int, Decimal | None]:
    """Each line's forecast outturn in the period before this one in the same year, published or not."""
    earlier = MonitoringPeriod.objects.filter(
        council_id=period.council_id, year=period.year, number__lt=period.number
    )
    last = earlier.order_by("-number").first()
    if last is None:
        return {}
    return dict(Forecast.objects.filter(period=last).values_list("service_line_id", "forecast_outturn"))
