"""Restructures: a line closes in the middle of a year and another takes its place."""

from django.db import transaction

from accounts.models import User
from services import audit
from services.models import (
    Forecast,
    MonitoringPeriod,
    OneOffFunding,
    ReserveUse,
    ServiceLine,
    VarianceReason,
)
from services.operations.authority import (
    authorise,
    fresh_line,
    open_for_figures,
    refuse_behind_closed_period,
    reports_in,
    same_council,
)
from services.operations.entries import checked_words
from services.operations.refusals import (
    AlreadyDoneError,
    InvalidEntryError,
    LineNotReportingError,
)
from services.roles import Permission


@transaction.atomic
def restructure_line(
    *,
    by: User,
    line: ServiceLine,
    successor: ServiceLine | None,
    from_period: MonitoringPeriod,
    reason: str,
) -> ServiceLine:
    """Close a line from a period, and name the line that takes its place. What was published before stays as it was.

    Uses of reserves and one-off funding from then on move to the successor; forecasts and reasons of the closed line from then on are taken
    out, their figures kept in the audit trail. Its budget moves by a virement that takes effect in the same period.
    """
    reason = checked_words("reason", reason, required=True)
    period = open_for_figures(from_period)
    line = fresh_line(line)
    successor = fresh_line(successor) if successor else None
    same_council(period.council_id, line, successor)
    touched = {one.division.directorate_id for one in (line, successor) if one}
    authorise(by=by, council=period.council, needs=Permission.KEEP_STRUCTURE, directorate_ids=touched)
    _check(line=line, successor=successor, period=period)
    line.closed_from, line.successor = period, successor
    line.save(update_fields=["closed_from", "successor"])
    taken_out = _move_figures(line=line, successor=successor, period=period)
    change = audit.Change(
        action="restructure service line",
        subject=line,
        before={"closed_from": None, "forecasts": taken_out},
        after={"closed_from": period.period.slug, "successor": str(successor) if successor else None},
        period=period,
        reason=reason,
    )
    audit.record(by=by, council=period.council, changes=[change])
    return line


def _check(*, line: ServiceLine, successor: ServiceLine | None, period: MonitoringPeriod) -> None:
    if line.closed_from is not None:
        raise AlreadyDoneError(f"{line} already closed, from {line.closed_from.period.label}.")
    refuse_behind_closed_period(period)
    if successor is None:
        return
    if successor.pk == line.pk:
        raise InvalidEntryError("successor", "a line cannot take its own place.")
    if successor.money_fund.whole is not line.money_fund.whole:
        raise InvalidEntryError(
            "successor", f"{line} is {line.money_fund.label} and {successor} is {successor.money_fund.label}."
        )
    if not reports_in(successor, period):
        raise LineNotReportingError(successor.name, period.period)


def _move_figures(
    *, line: ServiceLine, successor: ServiceLine | None, period: MonitoringPeriod
) -> list[dict[str, object]]:
    """Move or take out what the closed line holds from the period on; return the forecasts taken out."""
    later = {"service_line": line, "period__year": period.year, "period__number__gte": period.number}
    uses = ReserveUse.objects.filter(**later), OneOffFunding.objects.filter(**later)
    if successor is None and any(rows.exists() for rows in uses):
        raise InvalidEntryError(
            "successor",
            f"{line} has reserves or one-off funding in {period.period.label}; name the line they go to.",
        )
    for rows in uses:
        rows.update(service_line=successor)
    forecasts = Forecast.objects.filter(**later).select_related("period").order_by("period__number")
    taken_out: list[dict[str, object]] = [
        {
            "period": forecast.period.period.slug,
            "forecast_outturn": forecast.forecast_outturn,
            "actual_to_date": forecast.actual_to_date,
        }
        for forecast in forecasts
    ]
    VarianceReason.objects.filter(**later).delete()
    forecasts.delete()
    return taken_out
