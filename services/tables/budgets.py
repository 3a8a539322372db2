"""The log of budget movements."""

from collections.abc import Iterable

from presentation.tables import FigureTable, MoneyColumn, RowHeaderColumn, TextColumn
from services.models import Council, MonitoringPeriod
from services.position.budgets import LogEntry


class BudgetLogTable(FigureTable):
    """Every virement and funding change of a year: what, why, how long, who."""

    reference = RowHeaderColumn("Reference")
    what = TextColumn("Kind")
    legs_in_words = TextColumn("Lines", wide=True)
    moved = MoneyColumn("Amount")
    lasts = TextColumn("Permanent")
    effective = TextColumn("Takes effect")
    state_label = TextColumn("State")
    reason = TextColumn("Reason", wide=True)
    requested_by = TextColumn("Requested by")
    decided_by = TextColumn("Decided by", unknown="nobody yet")


def log_table(log: Iterable[LogEntry], *, period: MonitoringPeriod, council: Council) -> BudgetLogTable:
    """The log of the period's year."""
    return BudgetLogTable(
        tuple(log),
        caption=f"{council.name}, {period.period.year}: virements and funding changes",
        empty_text="No budget has been moved this year.",
        unit=council.unit,
        key="budget-log",
    )
