"""The grid kept up to date from the audit trail: one query while nobody else changes anything, two while only forecasts change.

Every change at a council stands in its audit chain, in the order in which it was made. So a grid that was right at one entry is made right again
by the entries since: entries of forecasts hold the figures themselves, and after anything else the grid is read anew. What is kept belongs to this
process, is a copy, and is never believed without its entry's hash: losing it costs time and nothing else.
"""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from threading import Lock
from typing import Any, Final

from django.db.models import OuterRef, Subquery

from accounting.periods import Period
from services import audit
from services.audit import Head
from services.models import AuditEntry, Council, Forecast, MonitoringPeriod
from services.position.grid import ENTERED, Grid, GridLine, read_grid

KEPT: Final = 24
"""Grids kept by one process; at 300 lines each takes about a megabyte."""
TOO_MANY: Final = 2_000
"""After this many entries reading anew is quicker."""

_kept: OrderedDict[tuple[int, int], Grid] = OrderedDict()
_lock = Lock()


def live_grid(council: Council, period: MonitoringPeriod) -> Grid:
    """The grid as it now is. Ask inside the transaction that writes: then nobody else changes it meanwhile.

    One query if nothing changed since this process last saved or asked, two if only forecasts of this period did; otherwise eleven.
    """
    # The head is asked for before the grid is read: what comes between is then only counted twice, and never missed.
    head = audit.head(council.pk)
    with _lock:
        held = _kept.get((council.pk, period.pk))
    grid = held
    if held is not None and held.through != head:
        grid = _brought_up(held, council, period)
    if grid is None:
        grid = read_grid(council, period, through=head)
    keep(grid)
    return replace(grid, period=period, materiality=council.materiality)  # its state may have changed


def keep(grid: Grid) -> None:
    """Keep a grid for the next who asks. After a save, keep it only once that is committed."""
    key = (grid.period.council_id, grid.period.pk)
    with _lock:
        _kept[key] = grid
        _kept.move_to_end(key)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)


def _brought_up(held: Grid, council: Council, period: MonitoringPeriod) -> Grid | None:
    """The grid with the entries since applied; `None` if it cannot be told from them."""
    sequence, known_hash = held.through
    forecast = Forecast.objects.filter(pk=OuterRef("subject_id"))
    entries = list(
        AuditEntry.objects.filter(council_id=council.pk, sequence__gte=sequence)
        .order_by("sequence")
        .annotate(
            of_line=Subquery(forecast.values("service_line_id")[:1]),
            of_period=Subquery(forecast.values("period_id")[:1]),
        )
        .values("sequence", "hash", "action", "period", "after", "of_line", "of_period")[:TOO_MANY]
    )
    if not entries or entries[0]["hash"] != known_hash or len(entries) == TOO_MANY:
        return None
    changed = _replayed(held, entries[1:], period)
    if changed is None:
        return None
    last = entries[-1]
    return replace(held.with_lines(changed), through=Head(last["sequence"], last["hash"]))


def _replayed(
    held: Grid, entries: Sequence[Mapping[str, Any]], period: MonitoringPeriod
) -> dict[int, GridLine] | None:
    """The lines that the entries changed; `None` for an entry that is not of this period's forecasts."""
    changed: dict[int, GridLine] = {}
    for entry in entries:
        if entry["action"] != "enter forecast":
            return None
        if entry["of_period"] != period.pk:
            if Period.parse(entry["period"]) > period.period:
                continue  # a later period changes nothing of this one
            return None
        line = changed.get(entry["of_line"]) or held.by_id.get(entry["of_line"])
        after = entry["after"]
        if line is None or line.is_closed or "version" not in after:
            return None
        if after["version"] <= line.version:
            continue
        figures = {name: _amount(after[name]) for name in ENTERED if name in after}
        changed[entry["of_line"]] = line.entered(figures, version=after["version"])
    return changed


def _amount(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
