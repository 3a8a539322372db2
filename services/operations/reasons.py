"""The reasons for a line's variance, confirmed afresh each period."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from services import audit
from services.models import (
    Driver,
    Forecast,
    MonitoringPeriod,
    ServiceLine,
    VarianceReason,
)
from services.operations.authority import authorise, fresh_line, open_for_figures, reports_in, same_council
from services.operations.entries import checked_money, checked_words
from services.operations.refusals import (
    InvalidEntryError,
    LineNotReportingError,
    StaleVersionError,
    SubmittedError,
)
from services.operations.staleness import last_saved, theirs
from services.operations.submissions import HANDED_IN, state_of
from services.roles import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonEntry:
    """One driver of a variance before reserves: signed pounds (+ adds to the overspend), `None` if not broken down."""

    driver: str
    amount: Decimal | None = None
    is_recurrent: bool | None = None
    words: str = ""
    action: str = ""


@transaction.atomic
def set_reasons(
    *,
    by: User,
    line: ServiceLine,
    period: MonitoringPeriod,
    reasons: Sequence[ReasonEntry],
    expected_forecast_version: int | None = None,
) -> list[VarianceReason]:
    """Put these reasons in the place of the line's reasons for the period, confirmed by `by` now.

    With `expected_forecast_version` it refuses (`StaleVersionError`) to explain a forecast that has changed since the person looked.
    """
    now = open_for_figures(period)
    line = fresh_line(line)
    same_council(now.council_id, line)
    directorate = line.division.directorate
    authorise(by=by, council=now.council, needs=Permission.ENTER_FORECASTS, directorate_ids=[directorate.pk])
    if not reports_in(line, now):
        raise LineNotReportingError(line.name, now.period)
    if state_of(now, directorate) in HANDED_IN:
        raise SubmittedError(directorate.name, now.period)
    _refuse_stale(line, now, expected_forecast_version)
    held = VarianceReason.objects.filter(service_line=line, period=now).order_by("order")
    before = [_plain(reason) for reason in held]
    rows = [
        _row(by=by, line=line, period=now, order=order, entry=entry) for order, entry in enumerate(reasons)
    ]
    held.delete()
    VarianceReason.objects.bulk_create(rows)
    change = audit.Change(
        action="explain variance",
        subject=line,
        before={"reasons": before},
        after={"reasons": [_plain(row) for row in rows]},
        period=now,
    )
    audit.record(by=by, council=now.council, changes=[change])
    return rows


def _row(
    *, by: User, line: ServiceLine, period: MonitoringPeriod, order: int, entry: ReasonEntry
) -> VarianceReason:
    if entry.driver not in Driver.values:
        raise InvalidEntryError("driver", f"“{entry.driver}” is not one of {', '.join(Driver.values)}.")
    return VarianceReason(
        council=period.council,
        service_line=line,
        period=period,
        order=order,
        driver=entry.driver,
        amount=checked_money("amount", entry.amount, line=line.name, line_id=line.pk),
        is_recurrent=entry.is_recurrent,
        words=checked_words("words", entry.words),
        action=checked_words("action", entry.action),
        confirmed_by=by,
        confirmed_at=timezone.now(),
    )


def _plain(reason: VarianceReason) -> dict[str, Any]:
    return {
        "driver": str(reason.driver),
        "amount": reason.amount,
        "is_recurrent": reason.is_recurrent,
        "words": reason.words,
        "action": reason.action,
    }


def _refuse_stale(line: ServiceLine, period: MonitoringPeriod, expected: int | None) -> None:
    if expected is None:
        return
    held = Forecast.objects.filter(service_line=line, period=period).first()
    version = held.version if held else 0
    if version != expected:
        held_id = held.pk if held else 0
        saved = last_saved(council_id=period.council_id, kind="forecast", ids=[held_id])
        now = theirs(
            subject=line.name,
            record_id=line.pk,
            expected_version=expected,
            version=version,
            values={"forecast_outturn": held.forecast_outturn if held else None},
            entry=saved.get(held_id),
        )
        raise StaleVersionError([now])
