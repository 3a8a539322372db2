"""One service line: its position, what remains to be explained, its year so far, and who changed it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from accounting.figures import Figures, figures_of
from accounting.money import total_or_unknown
from accounting.periods import Period
from services.models import (
    AuditEntry,
    Council,
    Forecast,
    MonitoringPeriod,
    OneOffFunding,
    PublishedVariance,
    ReserveUse,
    ServiceLine,
    VarianceReason,
)
from services.position.lines import LinePosition, Reason, council_position
from services.position.published import LastPublished
from services.position.trail import ChangeEntry, entry_of

AUDIT_ENTRIES_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfLine:
    """One period of a line's year. `None` is unknown; `published_variance` is after reserves, as last published for that period."""

    period: Period
    state_label: str
    actual_to_date: Decimal | None
    forecast_outturn: Decimal | None
    best_case: Decimal | None
    worst_case: Decimal | None
    published_variance: Decimal | None
    is_published: bool
    is_this_period: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportEntry:
    """A use of a reserve, or one-off funding, on this line: pounds without a sign."""

    record_id: int
    what: str
    source: str
    amount: Decimal
    state: str
    state_label: str
    purpose: str
    decision_reference: str
    decided_by: str
    counted: str
    """Whether it changes the variance, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineDetail:
    """Everything on a line's page."""

    line: LinePosition
    figures: Figures
    last_published: LastPublished
    explained: Decimal | None
    """Sum of the reasons' amounts; `None` where a reason gives none."""
    unexplained: Decimal | None
    """Variance before reserves − explained; `None` where either is unknown."""
    earlier_reasons: tuple[Reason, ...]
    earlier_period: Period | None
    """The latest period before this one that gave reasons, and what they were: to be confirmed afresh or rewritten."""
    months: tuple[MonthOfLine, ...]
    support: tuple[SupportEntry, ...]
    changes: tuple[ChangeEntry, ...]
    """The newest changes made for this period."""
    earlier_changes: tuple[ChangeEntry, ...]
    """The newest made for other periods, or for none: the line's own facts."""


def line_detail(council: Council, period: MonitoringPeriod, line: ServiceLine) -> LineDetail | None:
    """One line at one period; `None` where the line does not report in it. Fourteen queries."""
    position = council_position(council, period, directorate_ids=frozenset({line.division.directorate_id}))
    found = next((row for row in position.lines if row.line_id == line.pk), None)
    if found is None:
        return None
    explained = total_or_unknown([reason.amount for reason in found.reasons])
    variance = found.position.variance_before_reserves
    earlier, earlier_period = _earlier_reasons(period, line)
    changes = tuple(_changes(council, period, line))
    return LineDetail(
        line=found,
        figures=figures_of(found.position),
        last_published=position.last_published,
        explained=explained,
        unexplained=None if variance is None or explained is None else variance - explained,
        earlier_reasons=earlier,
        earlier_period=earlier_period,
        months=tuple(_months(period, line)),
        support=(*_uses(period, line), *_funding(period, line)),
        changes=tuple(change for change in changes if change.period == period.period.slug),
        earlier_changes=tuple(change for change in changes if change.period != period.period.slug),
    )


def _earlier_reasons(period: MonitoringPeriod, line: ServiceLine) -> tuple[tuple[Reason, ...], Period | None]:
    rows = list(
        VarianceReason.objects.filter(
            service_line=line, period__year=period.year, period__number__lt=period.number
        )
        .select_related("period")
        .order_by("-period__number", "order")
    )
    latest = [row for row in rows if row.period_id == rows[0].period_id]
    reasons = tuple(
        Reason(
            driver=row.driver,
            driver_label=row.get_driver_display(),
            amount=row.amount,
            is_recurrent=row.is_recurrent,
            words=row.words,
            action=row.action,
            is_confirmed=row.confirmed_at is not None,
        )
        for row in latest
    )
    return reasons, latest[0].period.period if latest else None


def _months(period: MonitoringPeriod, line: ServiceLine) -> Iterable[MonthOfLine]:
    """Every period of the year that has been opened, in order."""
    forecasts = {
        row.period_id: row for row in Forecast.objects.filter(service_line=line, period__year=period.year)
    }
    published: dict[int, Decimal | None] = {}
    for variance in PublishedVariance.objects.filter(service_line=line, period__year=period.year).order_by(
        "publication_version"
    ):
        published[variance.period_id] = variance.variance_after_reserves
    for row in MonitoringPeriod.objects.filter(council=line.council, year=period.year).order_by("number"):
        forecast = forecasts.get(row.pk, Forecast())
        yield MonthOfLine(
            period=row.period,
            state_label=row.get_state_display(),
            actual_to_date=forecast.actual_to_date,
            forecast_outturn=forecast.forecast_outturn,
            best_case=forecast.best_case,
            worst_case=forecast.worst_case,
            published_variance=published.get(row.pk),
            is_published=row.pk in published,
            is_this_period=row.pk == period.pk,
        )


def _counted(row: ReserveUse | OneOffFunding) -> str:
    """Whether a use changes the variance, and if not, why not."""
    if row.included_in_budget:
        return "No: already in the budget"
    if row.included_in_forecast:
        return "No: already taken off the forecast"
    return {"approved": "Yes", "applied": "Yes", "refused": "No: refused"}.get(
        row.state, "Not until approved"
    )


def _uses(period: MonitoringPeriod, line: ServiceLine) -> Iterable[SupportEntry]:
    rows = ReserveUse.objects.filter(period=period, service_line=line)
    for row in rows.select_related("reserve", "decided_by").order_by("pk"):
        yield SupportEntry(
            record_id=row.pk,
            what=row.get_kind_display(),
            source=row.reserve.name if row.reserve else "Reserve not named in the return",
            amount=row.amount,
            state=row.state,
            state_label=row.get_state_display(),
            purpose=row.purpose,
            decision_reference=row.decision_reference,
            decided_by=row.decider,
            counted=_counted(row),
        )


def _funding(period: MonitoringPeriod, line: ServiceLine) -> Iterable[SupportEntry]:
    rows = OneOffFunding.objects.filter(period=period, service_line=line)
    for row in rows.select_related("decided_by").order_by("pk"):
        yield SupportEntry(
            record_id=row.pk,
            what="Other one-off funding",
            source=row.get_source_display(),
            amount=row.amount,
            state=row.state,
            state_label=row.get_state_display(),
            purpose=row.purpose,
            decision_reference="",
            decided_by=row.decider,
            counted=_counted(row),
        )


def _changes(council: Council, period: MonitoringPeriod, line: ServiceLine) -> Iterable[ChangeEntry]:
    """The newest audit entries about this line or its forecasts."""
    forecast_ids = Forecast.objects.filter(service_line=line).values("pk")
    entries = AuditEntry.objects.filter(council_id=council.pk)
    about_line = entries.filter(subject_type="serviceline", subject_id=line.pk)
    about_forecasts = entries.filter(subject_type="forecast", subject_id__in=forecast_ids)
    for entry in about_line.union(about_forecasts).order_by("-sequence")[:AUDIT_ENTRIES_SHOWN]:
        yield entry_of(entry)
