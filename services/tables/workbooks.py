"""The table of a workbook's differences, cell by cell."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.core.paginator import Page

from accounting.wording import format_money
from presentation.tables import FigureTable, RowHeaderColumn, TextColumn
from services.imports.problems import Problem
from services.operations.workbooks import Difference, Standing
from services.tables.imports import FigureWords, ProblemRow, ProblemsTable
from services.workbooks.layout import LABELS

_RESULTS: Final = {
    Standing.CHANGE: "would be saved",
    Standing.CONFLICT: "changed by somebody else too: choose below",
    Standing.ALREADY: "held already",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferenceRow:
    """One figure: as downloaded, as held now, and as the workbook has it."""

    line: str
    figure: str
    where: str
    base: str
    theirs: str
    yours: str
    result: str


class DifferencesTable(FigureTable):
    """Every figure that differs from the download."""

    line = RowHeaderColumn("Service line")
    figure = TextColumn("Figure")
    where = TextColumn("Where")
    base = FigureWords("When downloaded")
    theirs = FigureWords("Held now")
    yours = FigureWords("In the file")
    result = TextColumn("Result")

    class Meta:
        empty_text = "Every figure is as it was downloaded."


def workbook_problems_table(problems: Sequence[Problem], *, file_name: str) -> ProblemsTable:
    """The problems of a workbook: what was found and expected stands in the words."""
    rows = [ProblemRow(where=problem.where, what=problem.what, found="", expected="") for problem in problems]
    return ProblemsTable(
        rows, caption=f"Problems in {file_name}", key="problems", exclude=("found", "expected")
    )


def differences_table(shown: Page[Difference], *, file_name: str) -> DifferencesTable:
    """One page of a workbook's differences, in the order of its rows."""
    caption = f"Differences in {file_name}, £"
    if shown.paginator.num_pages > 1:
        caption += f": {shown.start_index()} to {shown.end_index()} of {shown.paginator.count}"
    return DifferencesTable(rows_of(list(shown)), caption=caption, key="differences")


def rows_of(differences: Sequence[Difference]) -> list[DifferenceRow]:
    """Each difference in words."""
    return [
        DifferenceRow(
            line=one.line.name,
            figure=LABELS[one.cell.figure],
            where=one.cell.place,
            base=_words(one.cell.base),
            theirs="unchanged" if one.theirs == one.cell.base else _words(one.theirs),
            yours=_words(one.cell.yours),
            result=", ".join((_RESULTS[one.standing], *one.cell.marks)),
        )
        for one in differences
    ]


def _words(amount: Decimal | None) -> str:
    return format_money(amount, places=2, symbol=False, unknown="blank, not known")
