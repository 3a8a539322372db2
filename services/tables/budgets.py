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


def log_tables(
    log: Iterable[LogEntry], *, period: MonitoringPeriod, council: Council
) -> tuple[BudgetLogTable, ...]:
    """The log of the period's year: virements for members' approval, those for information, and funding changes, each apart."""
    every = tuple(log)
    return tuple(
        BudgetLogTable(
            [entry for entry in every if entry.for_approval is for_approval],
            caption=f"{council.name}, {period.period.year}: {what.lower()}",
            empty_text=f"{what}: none this year.",
            unit=council.unit,
            key=key,
        )
        for for_approval, key, what in _LISTS
    )


_LISTS = (
    (True, "virements-for-approval", "Virements for approval"),
    (False, "virements-for-information", "Virements for information"),
    (None, "funding-changes", "Funding changes"),
)
