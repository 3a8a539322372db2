"""What each period of a council still waits for. Five queries whatever the number of periods and lines."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from accounting.periods import PROVISIONAL_OUTTURN, FinancialYear, Period
from services.models import (
    Council,
    Directorate,
    DirectorateSubmission,
    Forecast,
    MonitoringPeriod,
    ServiceLine,
)

DONE_STATES = (DirectorateSubmission.State.SUBMITTED, DirectorateSubmission.State.APPROVED)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectorateProgress:
    """How far one directorate has got in one period."""

    directorate_id: int
    name: str
    state: str
    state_label: str
    note: str
    """Why it was returned, if it was."""
    lines: int
    lines_without_forecast: int

    @property
    def is_done(self) -> bool:
        """Whether it has been submitted."""
        return self.state in DONE_STATES


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodProgress:
    """How far a period has got. A period whose figures are locked waits for nothing."""

    period: MonitoringPeriod
    directorates: tuple[DirectorateProgress, ...] = field(default=())

    @property
    def lines(self) -> int:
        """Lines that report in this period."""
        return sum(directorate.lines for directorate in self.directorates)

    @property
    def lines_without_forecast(self) -> int:
        """Lines of which no forecast outturn is known."""
        return sum(directorate.lines_without_forecast for directorate in self.directorates)

    @property
    def not_submitted(self) -> tuple[DirectorateProgress, ...]:
        """Directorates that have not submitted, or were returned."""
        return tuple(directorate for directorate in self.directorates if not directorate.is_done)


def progress_of(
    council: Council,
    periods: Iterable[MonitoringPeriod],
    *,
    directorate_ids: frozenset[int] | None = None,
) -> tuple[PeriodProgress, ...]:
    """What each of these periods waits for, in the order given; only some directorates, if they are named."""
    periods = tuple(periods)
    unlocked = tuple(period for period in periods if not period.is_locked)
    if not unlocked:
        return tuple(PeriodProgress(period=period) for period in periods)
    directorates = Directorate.objects.filter(council=council).order_by("order", "name")
    if directorate_ids is not None:
        directorates = directorates.filter(pk__in=directorate_ids)
    named = list(directorates)
    reporting = _reporting_lines(council, unlocked)
    forecast = set(
        Forecast.objects.filter(period__in=unlocked, forecast_outturn__isnull=False).values_list(
            "period_id", "service_line_id"
        )
    )
    submissions = {
        (row.period_id, row.directorate_id): row
        for row in DirectorateSubmission.objects.filter(period__in=unlocked)
    }
    return tuple(
        PeriodProgress(
            period=period,
            directorates=()
            if period.is_locked
            else tuple(
                _directorate_progress(
                    directorate,
                    submission=submissions.get((period.pk, directorate.pk)),
                    missing=[(period.pk, line) in forecast for line in reporting[period.pk, directorate.pk]],
                )
                for directorate in named
            ),
        )
        for period in periods
    )


def _directorate_progress(
    directorate: Directorate, *, submission: DirectorateSubmission | None, missing: list[bool]
) -> DirectorateProgress:
    state = submission.state if submission else DirectorateSubmission.State.NOT_STARTED
    return DirectorateProgress(
        directorate_id=directorate.pk,
        name=directorate.name,
        state=state,
        state_label=DirectorateSubmission.State(state).label,
        note=submission.note if submission else "",
        lines=len(missing),
        lines_without_forecast=missing.count(False),
    )


def _reporting_lines(
    council: Council, periods: Iterable[MonitoringPeriod]
) -> dict[tuple[int, int], list[int]]:
    """The lines that report in each period, by period and directorate."""
    found: dict[tuple[int, int], list[int]] = defaultdict(list)
    lines = ServiceLine.objects.filter(council=council).values_list(
        "pk",
        "division__directorate_id",
        "opened_in__year",
        "opened_in__number",
        "closed_from__year",
        "closed_from__number",
    )
    for pk, directorate_id, opened_year, opened_number, closed_year, closed_number in lines:
        for period in periods:
            now = (period.year, period.number)
            has_opened = opened_year is None or (opened_year, opened_number) <= now
            is_closed = closed_year is not None and (closed_year, closed_number) <= now
            if has_opened and not is_closed:
                found[period.pk, directorate_id].append(pk)
    return found


def next_period(latest: Period | None, *, today: Period) -> Period:
    """The period to open next: the one after the latest, or today's month at a council that has none. Month 12 leads to the outturn."""
    if latest is None:
        return today
    if latest.number < PROVISIONAL_OUTTURN:
        return Period(latest.year, latest.number + 1)
    return Period(FinancialYear(latest.year.first_year + 1), 1)
