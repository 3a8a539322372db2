"""What a line's figures were at an earlier version of them: what both began from, where two people changed one line."""

from collections.abc import Mapping
from decimal import Decimal

from services.models import AuditEntry, Forecast, MonitoringPeriod
from services.position.grid import ENTERED


def figures_at(period: MonitoringPeriod, line_id: int, version: int) -> Mapping[str, Decimal | None]:
    """The entered figures as they stood at this version, worked back from those held by way of the audit trail. Two queries.

    Empty where the trail does not say: a return or a ledger wrote a version between, which is recorded with the line.
    """
    held = Forecast.objects.filter(period=period, service_line_id=line_id).first()
    if held is None or version < 0:
        return {}
    figures = {name: getattr(held, name) for name in ENTERED}
    entries = AuditEntry.objects.filter(
        council_id=period.council_id, subject_type="forecast", subject_id=held.pk
    ).order_by("-sequence")
    now = held.version
    for entry in entries.iterator():
        if now <= version or entry.after.get("version") != now:
            break
        for name in ENTERED:
            if name in entry.before:
                figures[name] = None if entry.before[name] is None else Decimal(entry.before[name])
        now -= 1
    return figures if now == version else {}
