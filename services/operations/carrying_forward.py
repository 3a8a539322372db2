"""Starts a period with a copy of the one before: a start, marked as such, never a forecast that somebody made."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from services.models import (
    DsgAccount,
    Forecast,
    MonitoringPeriod,
    OneOffFunding,
    ReserveUse,
    RiskOrOpportunity,
    ServiceLine,
    UseState,
)
from services.operations.authority import not_reporting
from services.operations.on_opening import carried_by_others


def carry_forward_into(period: MonitoringPeriod) -> dict[str, object]:
    """Copy forecasts (marked as carried), uses of reserves, one-off funding, DSG accounts, risks and what other parts of the system
    hold at a period; return how many of each.

    From the last period opened before in the same year; nothing in the first. Actuals and commitments are not copied: last month's are not this
    month's. Lines that no longer report are left behind, and so are refused uses. Reasons are not copied: they are given afresh each period.
    """
    source = (
        MonitoringPeriod.objects.filter(council=period.council, year=period.year, number__lt=period.number)
        .order_by("-number")
        .first()
    )
    if source is None:
        return {}
    left_behind = ServiceLine.objects.filter(not_reporting(period), council=period.council)
    forecasts = Forecast.objects.filter(period=source).exclude(service_line__in=left_behind)
    return {
        "from": source.period.slug,
        "forecasts": _copy(
            forecasts.filter(forecast_outturn__isnull=False),
            period,
            actual_to_date=None,
            commitments=None,
            is_carried_forward=True,
        ),
        "reserve_uses": _copy_uses(
            ReserveUse.objects.filter(period=source).exclude(service_line__in=left_behind), period
        ),
        "one_off_funding": _copy_uses(
            OneOffFunding.objects.filter(period=source).exclude(service_line__in=left_behind), period
        ),
        "dsg_accounts": _copy(DsgAccount.objects.filter(period=source), period),
        "risks": _copy(
            RiskOrOpportunity.objects.filter(period=source).exclude(service_line__in=left_behind), period
        ),
        **carried_by_others(source, period),
    }


def _copy_uses(uses: QuerySet[ReserveUse] | QuerySet[OneOffFunding], period: MonitoringPeriod) -> int:
    copies: list[Any] = list(uses.exclude(state=UseState.REFUSED).order_by("pk"))
    for use in copies:
        use.carried_from_id = use.pk
    return _save_copies(copies, period)


def _copy(rows: QuerySet[Any], period: MonitoringPeriod, **set_to: object) -> int:
    copies = list(rows.order_by("pk"))
    for row in copies:
        for name, value in set_to.items():
            setattr(row, name, value)
    return _save_copies(copies, period)


def _save_copies(copies: Sequence[Any], period: MonitoringPeriod) -> int:
    """Save rows of one kind, each with a period and a version, as new rows of this period. One query, but for batches."""
    for row in copies:
        row.pk = None
        row._state.adding = True
        row.period = period
        row.version = 1
    if copies:
        type(copies[0])._default_manager.bulk_create(copies)
    return len(copies)
