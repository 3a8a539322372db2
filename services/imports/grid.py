"""A file's cells before anything is known about their meaning."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from services.imports.problems import Confirmation, Problem

Cell = str | Decimal | bool | date
"""Text as written, or a workbook's own number, truth value or date. An empty cell is the empty text."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet, or one CSV file: `rows` holds each row's number in the file with its cells."""

    sheet: str
    rows: tuple[tuple[int, list[Cell]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContents:
    """What was read: the sheets that count, how the file is made, and what was found on the way."""

    grids: tuple[Grid, ...]
    facts: tuple[str, ...]
    """For the preview: “CSV, UTF-8, separated by commas”."""
    confirmations: tuple[Confirmation, ...] = ()
    problems: tuple[Problem, ...] = ()
    cell_problems: dict[tuple[str, int, int], str] = field(default_factory=dict)
    """What is wrong with single cells, by sheet, row and column index; a problem only if the cell is read."""
    formulas: set[tuple[str, int, int]] = field(default_factory=set)
    """Cells whose value a formula gave, by sheet, row and column index."""
    merged: dict[str, tuple[tuple[int, int, int, int, str], ...]] = field(default_factory=dict)
    """Merged ranges by sheet: first row, last row, first and last column index, and the range's name."""


def column_letter(index: int) -> str:
    """A column's letters as a spreadsheet shows them: 0 is A, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
