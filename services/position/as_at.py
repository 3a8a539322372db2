"""The lines' figures as they stood at a past moment, from what is held now and every change recorded since."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounting.money import total
from accounting.periods import Period
from services.models import AuditEntry, Council, Forecast, MonitoringPeriod, ServiceLine

FIGURES = ("forecast_outturn", "best_case", "worst_case", "actual_to_date", "commitments")
TAKEN_OUT = "restructure service line"
OPENED = "open period"
_READ = ("sequence", "at", "by", "action", "subject_type", "subject_id", "subject", "before", "after")
Figures = dict[str, Decimal | None]


@dataclass(frozen=True, slots=True)
class Author:
    """Who gave a figure, and when."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureAsAt:
    """One figure of a line, in exact pounds; `None` is not known."""

    then: Decimal | None
    now: Decimal | None
    change: Decimal | None
    """Now − then; `None` where either is not known."""
    given: Author | None
    """Who gave it as it stood then; `None` where nobody did: it was carried forward, or was not there."""
    changed: Author | None
    """Who changed it last since then; `None` if it stands as it stood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAsAt:
    """A line with its figures, by name."""

    line_id: int
    name: str
    code: str
    directorate: str
    figures: Mapping[str, FigureAsAt]
    reports_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionAsAt:
    """Every line of a period as it stood at a moment."""

    moment: datetime
    was_open: bool
    lines: tuple[LineAsAt, ...]


def position_as_at(
    council: Council,
    period: MonitoringPeriod,
    *,
    moment: datetime,
    directorate_ids: frozenset[int] | None = None,
) -> PositionAsAt:
    """The figures at the end of that moment, of the directorates given or of all. Three queries, however many lines.

    What is held now is taken back change by change to the last entry not later than the moment; entries are in the order of their sequence,
    so a clock that was put back puts nothing out of order. A line whose forecasts a restructure took out has the figures that were kept of it.
    """
    lines = ServiceLine.objects.filter(council=council)
    if directorate_ids is not None:
        lines = lines.filter(division__directorate_id__in=directorate_ids)
    found = {
        line.pk: _Story(line)
        for line in lines.select_related("division__directorate", "opened_in", "closed_from").order_by(
            "division__directorate__order", "division__order", "division__name", "order", "name"
        )
    }
    forecasts: dict[int, int] = {}
    for row in Forecast.objects.filter(period=period):
        if row.service_line_id in found:
            forecasts[row.pk] = row.service_line_id
            found[row.service_line_id].now = {name: getattr(row, name) for name in FIGURES}
    entries = list(
        AuditEntry.objects.filter(
            council_id=council.pk,
            period=period.period.slug,
            subject_type__in=("forecast", "serviceline", "monitoringperiod"),
        )
        .order_by("sequence")
        .only(*_READ)
    )
    cut = max((entry.sequence for entry in entries if entry.at <= moment), default=0)
    was_open = any(entry.action == OPENED and entry.sequence <= cut for entry in entries)
    _tell(found, entries, forecasts, period=period)
    told = [story.at(cut, period=period.period, was_open=was_open) for story in found.values()]
    return PositionAsAt(
        moment=moment, was_open=was_open, lines=tuple(line for line in told if line is not None)
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """One recorded change of a line's figures: those that it set, and what they were."""

    sequence: int
    author: Author
    before: Figures
    after: Figures
    takes_out: bool


@dataclass(slots=True)
class _Story:
    """A line, what is held of it now, and every change of it in order."""

    line: ServiceLine
    now: Figures = field(default_factory=lambda: dict.fromkeys(FIGURES))
    steps: list[_Step] = field(default_factory=list)

    def at(self, cut: int, *, period: Period, was_open: bool) -> LineAsAt | None:
        """The line as it stood after the entry of that sequence; `None` if it had no place in the period, then or now."""
        then = self._then(cut) if was_open else dict.fromkeys(FIGURES)
        reports_now = _reports(self.line, period)
        if not reports_now and all(then[name] is None for name in FIGURES):
            return None
        return LineAsAt(
            line_id=self.line.pk,
            name=self.line.name,
            code=self.line.code,
            directorate=self.line.division.directorate.name,
            figures={name: self._figure(name, then[name], cut) for name in FIGURES},
            reports_now=reports_now,
        )

    def _then(self, cut: int) -> Figures:
        """What is held now, with every later change taken back, the newest first."""
        figures = dict(self.now)
        for place in reversed(range(len(self.steps))):
            step = self.steps[place]
            if step.sequence <= cut:
                break
            if step.takes_out:
                for earlier in self.steps[:place]:
                    figures |= earlier.after
            figures |= step.before
        return figures

    def _figure(self, name: str, then: Decimal | None, cut: int) -> FigureAsAt:
        now = self.now[name]
        authors = [(step.sequence, step.author) for step in self.steps if name in step.after]
        return FigureAsAt(
            then=then,
            now=now,
            change=None if then is None or now is None else total([now, -then]),
            given=next((author for sequence, author in reversed(authors) if sequence <= cut), None),
            changed=next((author for sequence, author in reversed(authors) if sequence > cut), None),
        )


def _tell(
    found: Mapping[int, _Story],
    entries: Sequence[AuditEntry],
    forecasts: Mapping[int, int],
    *,
    period: MonitoringPeriod,
) -> None:
    """Give each entry to the line that it is about."""
    by_name = {f"{story.line}, {period}"[:300]: pk for pk, story in found.items()}
    for entry in entries:
        line_id = entry.subject_id if entry.subject_type == "serviceline" else None
        if entry.subject_type == "forecast":
            line_id = forecasts.get(entry.subject_id or 0)
            if line_id is None:  # the forecast was taken out since: its entries still name the line
                line_id = by_name.get(entry.subject)
        if (
            line_id is not None
            and line_id in found
            and (step := _step(entry, slug=period.period.slug)) is not None
        ):
            found[line_id].steps.append(step)


def _step(entry: AuditEntry, *, slug: str) -> _Step | None:
    """The figures of an entry; `None` if it is about something else."""
    author = Author(entry.by, entry.at)
    if entry.action == TAKEN_OUT:
        kept = next((one for one in entry.before.get("forecasts", []) if one["period"] == slug), None)
        if kept is None:
            return None
        before = _figures(kept)
        return _Step(entry.sequence, author, before, dict.fromkeys(FIGURES), takes_out=True)
    after = _figures(entry.after)
    if not after:
        return None
    before = dict.fromkeys(after) | _figures(entry.before)
    return _Step(entry.sequence, author, before, after, takes_out=False)


def _figures(values: Mapping[str, Any]) -> Figures:
    return {
        name: None if values[name] is None else Decimal(values[name]) for name in FIGURES if name in values
    }


def _reports(line: ServiceLine, period: Period) -> bool:
    """Whether the line has a place in the period now."""
    here = (period.year.first_year, period.number)
    if line.opened_in is not None and (line.opened_in.year, line.opened_in.number) > here:
        return False
    return line.closed_from is None or (line.closed_from.year, line.closed_from.number) > here
