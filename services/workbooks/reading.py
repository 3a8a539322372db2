"""The workbook that comes back: which figures a person changed, and everything in it that must be put right first.

Lines are found by their number, or by their code where the number is gone, never by their place: a workbook sorted another way is the same
workbook. Only the five open figures are read. A blank says that a figure is not known; a column or a row that is missing or hidden says nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final

from accounting.money import MoneyFormatError, money_from_number, parse_money
from services.imports.cells import is_blank, text_in
from services.imports.grid import Cell, FileContents, Grid, column_letter
from services.imports.problems import Problem, UnreadableFileError, listed
from services.imports.upload import Kind, sniff
from services.imports.xlsx_reader import read_xlsx
from services.workbooks.layout import ABOUT_SHEET, COLUMNS, ENTERED, KEY_LABEL, LABELS, LINES_SHEET
from services.workbooks.sealing import BrokenSealError, Download, ProposedCell, SealedLine, unseal

_AGAIN: Final = "Download the workbook again and copy your figures into it."
_IDENTITY: Final = ("line_number", "code", "name")
_HEADING_WITHIN: Final = 20
FROM_FORMULA: Final = "from a formula"
TYPED_AS_TEXT: Final = "typed as text"


@dataclass(slots=True)
class UploadedWorkbook:
    """What was read. `cells` are the figures that differ from the download; with `problems` nothing of them may be written."""

    file_name: str
    download: Download
    cells: list[ProposedCell] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    rows_read: int = 0


def read_workbook(content: bytes, *, file_name: str) -> UploadedWorkbook:
    """Read a workbook that was downloaded here. Raises `UnreadableFileError` for any other file, and for one whose key is gone or changed."""
    if sniff(content, file_name=file_name) is Kind.CSV:
        raise UnreadableFileError(
            "The file is a CSV. This page reads the workbook that was downloaded from it; send that (.xlsx)."
        )
    contents = read_xlsx(content)
    sheets = {grid.sheet: grid for grid in contents.grids}
    found = UploadedWorkbook(file_name=file_name, download=_download(sheets.get(ABOUT_SHEET)))
    if LINES_SHEET not in sheets:
        raise UnreadableFileError(
            f"The sheet “{LINES_SHEET}” is missing or hidden. Unhide it, or give it its name back. {_AGAIN}"
        )
    found.remarks += _about_the_file(contents)
    _Lines(found, contents, sheets[LINES_SHEET]).read()
    return found


def _download(about: Grid | None) -> Download:
    """What the key says was downloaded."""
    if about is None:
        raise UnreadableFileError(
            f"The sheet “{ABOUT_SHEET}” is missing or hidden, and with it the key that says what was downloaded. {_AGAIN}"
        )
    parts = [
        text_in(cells[1])
        for _, cells in about.rows
        if len(cells) > 1 and text_in(cells[0]).startswith(f"{KEY_LABEL} ")
    ]
    if not parts:
        raise UnreadableFileError(
            f"The key on the sheet “{ABOUT_SHEET}” is missing, so it cannot be known what was downloaded. {_AGAIN}"
        )
    try:
        return unseal("".join(parts))
    except BrokenSealError as error:
        raise UnreadableFileError(
            f"The key on the sheet “{ABOUT_SHEET}” has been changed, or was made elsewhere, so it is not known what was downloaded. {_AGAIN}"
        ) from error


def _about_the_file(contents: FileContents) -> Iterator[str]:
    """What is hidden, filtered or beside the two sheets, and was not read."""
    yield from (fact[:1].upper() + fact[1:] + "." for fact in contents.facts if fact.startswith("sheet "))
    for grid in contents.grids:
        if grid.sheet not in (LINES_SHEET, ABOUT_SHEET):
            yield f"Sheet “{grid.sheet}” is not part of the workbook and was not read."
    for finding in contents.confirmations:
        yield from (f"{detail}. They were not read." for detail in finding.details)


class _Lines:
    """Reading the sheet of lines into `found`."""

    def __init__(self, found: UploadedWorkbook, contents: FileContents, grid: Grid) -> None:
        self.found = found
        self.contents = contents
        self.grid = grid
        self.by_id = {line.line_id: line for line in found.download.lines}
        codes = [line.code for line in found.download.lines]
        self.by_code = {
            line.code: line for line in found.download.lines if line.code and codes.count(line.code) == 1
        }
        self.columns: dict[str, int] = {}
        self.seen: dict[int, int] = {}

    def read(self) -> None:
        """Headings, then every row below them, then what is not there."""
        heading_row = self._headings()
        if heading_row is None:
            return
        self._merged(heading_row)
        for number, cells in self.grid.rows:
            if number > heading_row:
                self._row(number, cells)
        self.found.rows_read = len(self.seen)
        self._missing()

    def _problem(self, what: str, *, row: int | None = None, column: str = "") -> None:
        self.found.problems.append(Problem(what=what, sheet=LINES_SHEET, row=row, column=column))

    def _headings(self) -> int | None:
        """The row of headings; every column's place by its name. A heading missing is a problem, for its column is not blank but gone."""
        wanted = {column.heading: column.name for column in COLUMNS}
        for number, cells in self.grid.rows[:_HEADING_WITHIN]:
            texts = [text_in(cell) for cell in cells]
            if not set(texts) & {column.heading for column in ENTERED}:
                continue
            for column in COLUMNS:
                if texts.count(column.heading) > 1:
                    self._problem(
                        f"The heading “{column.heading}” is there twice. Remove one of the columns."
                    )
            self.columns = {wanted[text]: place for place, text in enumerate(texts) if text in wanted}
            for column in COLUMNS:
                if column.name not in self.columns and (column.is_entered or column.name == "line_number"):
                    self._problem(
                        f"The column “{column.heading}” is missing or hidden. Unhide it or put it back: it is not read as blanks."
                    )
            return number
        self._problem(f"The row of headings is missing. {_AGAIN}")
        return None

    def _merged(self, heading_row: int) -> None:
        """A merged range over figures holds one of them and hides the others."""
        entered = {self.columns[column.name] for column in ENTERED if column.name in self.columns}
        for _, bottom, left, right, reference in self.contents.merged.get(LINES_SHEET, ()):
            if bottom > heading_row and entered & set(range(left, right + 1)):
                self._problem(
                    f"The cells {reference} are merged, so they hold one figure for several. Unmerge them and enter each figure."
                )

    def _row(self, number: int, cells: list[Cell]) -> None:
        if all(is_blank(self._cell(cells, name)) for name in (*_IDENTITY, *LABELS)):
            self.found.remarks.append(
                f"Row {number} of “{LINES_SHEET}” holds nothing in the columns that are read, and was passed over."
            )
            return
        line = self._line(number, cells)
        if line is None:
            return
        if line.line_id in self.seen:
            self._problem(
                f"{line.name} is there twice, in rows {self.seen[line.line_id]} and {number}. Remove one.",
                row=number,
            )
            return
        self.seen[line.line_id] = number
        for name in LABELS:
            if name in self.columns:
                self._figure(number, cells, line, name)

    def _cell(self, cells: list[Cell], name: str) -> Cell:
        place = self.columns.get(name)
        return cells[place] if place is not None and place < len(cells) else ""

    def _line(self, number: int, cells: list[Cell]) -> SealedLine | None:
        """The line of a row, by its number or else by its code; its name and code must still be those that belong together."""
        said = {name: text_in(self._cell(cells, name)) for name in _IDENTITY}
        by_number = self.by_id.get(int(said["line_number"])) if _is_number(said["line_number"]) else None
        line = by_number if said["line_number"] else self.by_code.get(said["code"])
        if line is None:
            shown = said["name"] or said["code"] or said["line_number"]
            self._problem(
                f"{f'“{shown}”' if shown else 'The row'} is not a line of this workbook. Remove the row: lines are added on the structure "
                "page, not here.",
                row=number,
            )
            return None
        for name, expected in (("name", line.name), ("code", line.code or "none")):
            if name in self.columns and _plain(said[name]) != _plain(expected):
                self._problem(
                    f"Line number {line.line_id} is {line.name} ({line.code or 'no code'}), but the row says “{said[name] or 'nothing'}”. Rows "
                    f"have been mixed, and it is not known whose the figures are. {_AGAIN}",
                    row=number,
                )
                return None
        return line

    def _figure(self, number: int, cells: list[Cell], line: SealedLine, name: str) -> None:
        """One figure: nothing where it is as it was downloaded, a proposed change, or a problem."""
        place = (LINES_SHEET, number, self.columns[name])
        cell, where = self._cell(cells, name), f"{column_letter(place[2])}{number}"
        if place in self.contents.cell_problems:
            words = f"{line.name}: {self.contents.cell_problems[place]}"
            self._problem(words, row=number, column=LABELS[name])
            return
        try:
            yours = figure_in(cell)
        except MoneyFormatError as error:
            words = f"{line.name}: {error} Leave it blank if it is not known."
            self._problem(words, row=number, column=LABELS[name])
            return
        if yours == line.figures[name]:
            return
        marks = []
        if place in self.contents.formulas:
            marks.append(FROM_FORMULA)
        if isinstance(cell, str) and yours is not None:
            marks.append(TYPED_AS_TEXT)
        self.found.cells.append(
            ProposedCell(
                line_id=line.line_id,
                figure=name,
                base=line.figures[name],
                yours=yours,
                place=where,
                marks=tuple(marks),
            )
        )

    def _missing(self) -> None:
        """Say which lines are not in the file, and whether their order is another."""
        gone = [line.name for line in self.found.download.lines if line.line_id not in self.seen]
        if gone:
            self.found.remarks.append(
                f"{len(gone)} of {len(self.by_id)} lines that were downloaded are not in the file, and stay as they are: {listed(gone)}."
            )
        downloaded = [line.line_id for line in self.found.download.lines if line.line_id in self.seen]
        if downloaded != list(self.seen):
            self.found.remarks.append(
                "The lines stand in another order than they were downloaded in. Each was found by its number."
            )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _plain(text: str) -> str:
    return " ".join(text.split())


def figure_in(cell: Cell) -> Decimal | None:
    """A cell as exact pounds; `None` where it is blank. A dash or words are neither nil nor blank: `MoneyFormatError`."""
    if is_blank(cell):
        return None
    if isinstance(cell, Decimal):
        return money_from_number(cell)
    if isinstance(cell, str):
        return parse_money(cell)
    if isinstance(cell, bool):
        raise MoneyFormatError(str(cell), "it is true or false, not a number")
    if isinstance(cell, date):
        raise MoneyFormatError(
            cell.isoformat()[:10], "the cell is formatted as a date; format it as a number"
        )
    raise MoneyFormatError(str(cell), "it is not a number")
