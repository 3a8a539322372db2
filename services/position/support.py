"""Uses of reserves and one-off funding by line, counted by their state."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import CharField, F, Value

from accounting.money import ZERO
from accounting.position import Support
from services.models import COUNTED_STATES, PENDING_STATES, MonitoringPeriod, OneOffFunding, ReserveUse

_ONE_OFF = "one_off"


@dataclass(slots=True)
class _Sums:
    drawdown: Decimal = ZERO
    contribution: Decimal = ZERO
    other_one_off_funding: Decimal = ZERO
    recurrent_funding: Decimal = ZERO
    one_off_inside_forecast: Decimal = ZERO

    def support(self) -> Support:
        return Support(
            drawdown=self.drawdown,
            contribution=self.contribution,
            other_one_off_funding=self.other_one_off_funding,
            recurrent_funding=self.recurrent_funding,
            one_off_inside_forecast=self.one_off_inside_forecast,
        )


@dataclass(frozen=True, slots=True)
class LineSupport:
    """A line's support: approved or applied, and still to be approved."""

    approved: Support = field(default=Support())
    pending: Support = field(default=Support())


def support_by_line(period: MonitoringPeriod) -> dict[int, LineSupport]:
    """Support of every line at one period, in one query.

    A use already in the budget is no mitigation, and one already in the forecast is not deducted again; inside the forecast it is still
    one-off, which the underlying variance must know.
    """
    approved: dict[int, _Sums] = defaultdict(_Sums)
    pending: dict[int, _Sums] = defaultdict(_Sums)
    for row in _rows(period):
        if row["state"] in COUNTED_STATES:
            _count(approved[row["service_line_id"]], row)
        elif row["state"] in PENDING_STATES:
            _count(pending[row["service_line_id"]], row)
    return {
        line_id: LineSupport(approved=approved[line_id].support(), pending=pending[line_id].support())
        for line_id in {*approved, *pending}
    }


def _rows(period: MonitoringPeriod) -> Iterable[dict[str, Any]]:
    shared = ("service_line_id", "state", "amount", "included_in_budget", "included_in_forecast")
    uses = ReserveUse.objects.filter(period=period).values(
        *shared, what=F("kind"), lasting=Value(value=False)
    )
    funding = OneOffFunding.objects.filter(period=period).values(
        *shared, what=Value(_ONE_OFF, output_field=CharField()), lasting=F("is_recurrent")
    )
    rows: Iterable[dict[str, Any]] = uses.union(funding, all=True)
    return rows


def _count(sums: _Sums, row: dict[str, Any]) -> None:
    amount = row["amount"]
    if row["included_in_budget"]:
        return
    if row["included_in_forecast"]:
        if row["what"] == ReserveUse.Kind.CONTRIBUTION:
            sums.one_off_inside_forecast -= amount
        elif not row["lasting"]:
            sums.one_off_inside_forecast += amount
        return
    if row["what"] == ReserveUse.Kind.DRAWDOWN:
        sums.drawdown += amount
    elif row["what"] == ReserveUse.Kind.CONTRIBUTION:
        sums.contribution += amount
    else:
        sums.other_one_off_funding += amount
        sums.recurrent_funding += amount if row["lasting"] else ZERO
