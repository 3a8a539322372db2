"""The tables of a ledger: control totals, lines that change, months restated, and the mapping table."""

from collections.abc import Sequence
from typing import Any

from accounting.money import Unit
from presentation.tables import FigureTable, MoneyColumn, RowHeaderColumn, TextColumn, VarianceColumn
from services.models import LedgerBatch
from services.position.ledger import LedgerLine, MappedCode, RestatedLine
from services.tables.imports import CheckRow, FigureWords


class LedgerTotalsTable(FigureTable):
    """What the ledger must add to, beside what it does."""

    what = RowHeaderColumn("Control total")
    row = FigureWords("Row", unknown="given apart")
    printed = FigureWords("Printed")
    computed = FigureWords("Sum of rows")
    gap = FigureWords("Gap")
    verdict = TextColumn("Result")


class LedgerLinesTable(FigureTable):
    """Lines of which a figure changes."""

    line = RowHeaderColumn("Service line")
    actual_before = MoneyColumn("Actual held now", places=2, unknown="none")
    actual_after = MoneyColumn("Actual in the ledger", places=2)
    actual_change = MoneyColumn("Change in actual", places=2, unknown="new")
    commitments_before = MoneyColumn("Commitments held now", places=2, unknown="none")
    commitments_after = MoneyColumn("Commitments in the ledger", places=2, unknown="none")


class RestatedTable(FigureTable):
    """Lines of which the ledger changed an earlier month."""

    line = RowHeaderColumn("Service line")
    then = MoneyColumn("As applied then", places=2)
    now = MoneyColumn("As the ledger says now", places=2)
    difference = VarianceColumn("Restated by", places=2)


class CodesTable(FigureTable):
    """The mapping table."""

    cost_centre = RowHeaderColumn("Cost centre")
    subjective = TextColumn("Subjective code", unknown="any other")
    line = TextColumn("Service line")
    closed_from = TextColumn("Closed from", unknown="open")


def totals_table(batch: LedgerBatch) -> LedgerTotalsTable:
    """The control totals as they were checked."""
    rows = [_total(kept) for kept in batch.outcome.get("totals", [])]
    return LedgerTotalsTable(
        rows, caption=f"Control totals, {batch.outcome.get('unit', '£')}", key="control-totals"
    )


def _total(kept: dict[str, Any]) -> CheckRow:
    return CheckRow(
        what=kept["what"],
        row=str(kept["row"] or ""),
        printed=kept["printed"],
        computed=kept["sum"],
        gap=kept["gap"],
        tolerance="",
        verdict=kept["verdict"],
    )


def lines_table(rows: Sequence[LedgerLine], *, is_applied: bool) -> LedgerLinesTable:
    """The lines that change."""
    caption = "Lines that changed" if is_applied else "Lines that would change"
    return LedgerLinesTable(rows, caption=caption, unit=Unit.POUNDS, key="lines")


def restated_table(rows: Sequence[RestatedLine], *, earlier: str) -> RestatedTable:
    """What changed of the period before."""
    return RestatedTable(
        rows,
        caption=f"Actual to the end of {earlier}, restated by the ledger",
        unit=Unit.POUNDS,
        key="restated",
    )


def codes_table(rows: Sequence[MappedCode], *, council: str) -> CodesTable:
    """The mapping table."""
    return CodesTable(
        rows, caption=f"Ledger codes of {council}", key="codes", empty_text="There is no such code."
    )
