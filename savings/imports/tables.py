"""The tables of a schedule's preview: printed totals, gaps, what would change, every proposal by year."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from accounting.money import Unit
from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhasedPlan
from accounting.wording import format_money
from presentation.tables import RowHeaderColumn, TextColumn
from savings.imports.matching import Matches
from savings.imports.reading import ScheduleLine, ScheduleReading
from savings.tables import PhasedRow, PhasingTable
from services.imports.problems import Check
from services.tables.imports import (
    ChangeRow,
    ChangesTable,
    CheckRow,
    ControlTotalsTable,
    GapsTable,
    ProblemsTable,
    problems_table,
)

__all__ = [
    "ProblemsTable",
    "ScheduleChangesTable",
    "ScheduleLinesTable",
    "control_totals_table",
    "gaps_table",
    "problems_table",
    "schedule_changes_table",
    "schedule_lines_table",
]


class ScheduleChangesTable(ChangesTable):
    """Amounts held now beside those of the file."""

    line = RowHeaderColumn("Proposal")
    figure = TextColumn("Figure")


class ScheduleLinesTable(PhasingTable):
    """Every proposal of the file by year, as it would stand."""

    name = RowHeaderColumn("Proposal")
    status = TextColumn("Result")

    class Meta:
        orderable = False
        sequence = ("name", "status", "...", "total", "total_as_printed", "gap", "words")


def control_totals_table(reading: ScheduleReading) -> ControlTotalsTable:
    """The schedule's total rows beside the sums of its proposals."""
    return ControlTotalsTable(
        [_check_row(check) for check in reading.totals],
        caption=f"Control totals, {reading.unit.label}",
        key="control-totals",
    )


def gaps_table(reading: ScheduleReading) -> GapsTable:
    """Printed totals that are not the sum of their years."""
    return GapsTable(
        [_check_row(check) for check in reading.gaps],
        caption=f"Printed totals that are not the sum of their years, {reading.unit.label}",
        key="gaps",
    )


def _check_row(check: Check) -> CheckRow:
    return CheckRow(
        what=check.what,
        row=str(check.row or ""),
        printed=check.words(check.printed),
        computed=check.words(check.computed),
        gap=check.words(check.gap),
        tolerance=check.words(check.tolerance),
        verdict="agrees" if check.is_exact else "within rounding" if check.holds else "differs",
    )


def schedule_changes_table(matches: Matches) -> ScheduleChangesTable:
    """What would change of what is held, in pounds and pence, as changes to base."""
    rows = [
        ChangeRow(
            line=str(held.proposal),
            figure=str(item.year) if item.year else "Total as printed",
            before=_words(item.before),
            after=_words(item.after),
        )
        for held in matches.changed
        for item in held.differences
    ]
    return ScheduleChangesTable(rows, caption="What would change, £, a saving negative", key="changes")


def _words(amount: Decimal | None) -> str:
    return "" if amount is None else format_money(amount, places=2, symbol=False)


def schedule_lines_table(reading: ScheduleReading, matches: Matches) -> ScheduleLinesTable:
    """Every proposal of the file that could be read, in its order, as changes to base, whatever the signs of the file."""
    results = {new.line.row: "new" for new in matches.new}
    results |= {held.line.row: "changed" if held.differences else "unchanged" for held in matches.held}
    readable = [line for line in reading.lines if line.is_readable]
    rows = [_row(line, results.get(line.row, "not matched")) for line in readable]
    return ScheduleLinesTable(
        rows,
        caption=f"Proposals of {reading.file_name}, as changes to the budget",
        unit=Unit.POUNDS,
        key="lines",
        exclude=("words",),
    )


def _row(line: ScheduleLine, result: str) -> PhasedRow:
    plan = _plan(line.changes, line.total_as_printed)
    return PhasedRow(
        name=line.name,
        address=None,
        status=result,
        by_year=line.changes or None,
        total=plan.total,
        total_as_printed=line.total_as_printed,
        gap=plan.gap_from_printed,
        has_printed_total=line.total_as_printed is not None,
    )


def _plan(changes: Mapping[FinancialYear, Decimal], printed: Decimal | None) -> PhasedPlan:
    phases: Iterable[PhasedAmount] = (
        PhasedAmount(year=year, amount=amount) for year, amount in changes.items()
    )
    return PhasedPlan(phases=tuple(phases), total_as_printed=printed)
