"""What other parts of the system copy into a period when it opens as a copy of the one before.

This package knows nothing of the parts that build on it, such as savings: they give their copying here as they start.
"""

from collections.abc import Callable, Mapping

from services.models import MonitoringPeriod

Carrier = Callable[[MonitoringPeriod, MonitoringPeriod], Mapping[str, int]]
"""Copies records from the first period into the second, which has just opened, and says how many of each. Called in the transaction that opens
the period, which also authorises and records it; the number of its queries must not grow with the records."""

_carriers: dict[str, Carrier] = {}


def carry_too(name: str, carrier: Carrier) -> None:
    """Have a carrier called for every period that opens with a copy of the one before. The same name again replaces it."""
    _carriers[name] = carrier


def carried_by_others(source: MonitoringPeriod, period: MonitoringPeriod) -> dict[str, int]:
    """Call every carrier; how many of each record were copied."""
    counts: dict[str, int] = {}
    for name in sorted(_carriers):
        counts |= _carriers[name](source, period)
    return counts
