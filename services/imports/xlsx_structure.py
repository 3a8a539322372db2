"""What a workbook's parts say beside its values: sheets and their state, formulas, errors, merged cells, what is hidden."""

import io
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from services.imports.problems import UnreadableFileError
from services.imports.upload import COLUMN_LIMIT, ROW_LIMIT, Parts

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_FAR: Final = 1_000
"""How far below the last allowed line a stray cell may stand."""
_NO_VALUE: Final = (
    "The cell holds a formula without a saved value, so its figure is not in the file. Open the file in Excel, save it, and send it again; or "
    "replace the formula by its value."
)


@dataclass(frozen=True, slots=True)
class SheetName:
    """A sheet as the workbook lists it."""

    name: str
    part: str
    state: str


@dataclass(slots=True)
class SheetStructure:
    """One sheet's structure. Rows are numbered from 1, columns indexed from 0."""

    formulas: set[tuple[int, int]] = field(default_factory=set)
    problems: dict[tuple[int, int], str] = field(default_factory=dict)
    merged: list[tuple[int, int, int, int, str]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_filtered: bool = False
    last_row: int = 0
    last_column: int = 0


def sheet_names(parts: Parts) -> list[SheetName]:
    """The sheets in their order."""
    workbook = _tree(parts, "xl/workbook.xml")
    targets = {}
    for relation in _tree(parts, "xl/_rels/workbook.xml.rels"):
        target = relation.get("Target", "")
        if relation.get("TargetMode") == "External":
            raise UnreadableFileError(
                "The workbook takes figures from other files. Break its links so that it holds the figures themselves."
            )
        targets[relation.get("Id", "")] = (
            target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        )
    found = []
    for sheet in workbook.iter(f"{_MAIN}sheet"):
        part = targets.get(sheet.get(f"{_REL}id", ""), "")
        if part in parts.xml and "worksheets" in part:
            found.append(SheetName(sheet.get("name", ""), part, sheet.get("state", "visible")))
    if not found:
        raise UnreadableFileError("The workbook has no sheet with cells.")
    return found


def is_1904(parts: Parts) -> bool:
    """Whether the workbook counts its days from 1904, as old Macintosh files do."""
    properties = _tree(parts, "xl/workbook.xml").find(f"{_MAIN}workbookPr")
    return properties is not None and properties.get("date1904") in ("1", "true")


def _tree(parts: Parts, name: str) -> Any:
    part = parts.xml.get(name)
    if part is None:
        raise UnreadableFileError(
            "The workbook is damaged: a part that every workbook has is missing. Save it again from Excel."
        )
    try:
        return defusedxml.ElementTree.fromstring(part, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError) as error:
        raise _not_xml() from error


def _not_xml() -> UnreadableFileError:
    return UnreadableFileError(
        "A part of the workbook cannot be read as XML. Open the file in Excel, save it again, and send that."
    )


def structure_of(part: bytes, *, name: str) -> SheetStructure:
    """Walk one sheet's cells, a row at a time."""
    found = SheetStructure()
    try:
        _refuse_dtd(part)
        for event, element in ElementTree.iterparse(io.BytesIO(part), events=("start", "end")):
            if event == "start":
                if element.tag == f"{_MAIN}sheetData":
                    data = element
                continue
            if element.tag == f"{_MAIN}row":
                _row(element, found, name)
                data.clear()
            elif element.tag in _BESIDE:
                _BESIDE[element.tag](element, found)
    except (ElementTree.ParseError, DefusedXmlException, ValueError, UnboundLocalError) as error:
        raise _not_xml() from error
    return found


def _refuse_dtd(part: bytes) -> None:
    """Refuse a part that defines entities: a DTD stands before the first element or nowhere.

    So the careful parser, which is slow, reads as far as that, and the quick one a whole sheet.
    """
    next(defusedxml.ElementTree.iterparse(io.BytesIO(part), events=("start",), forbid_dtd=True), None)


def _row(row: Any, found: SheetStructure, name: str) -> None:
    """Note one row's real cells: those with a value or a formula."""
    number = int(row.get("r") or found.last_row + 1)
    any_cell = False
    for position, cell in enumerate(row):
        if cell.tag != f"{_MAIN}c" or len(cell) == 0:
            continue
        reference = cell.get("r")
        column = column_index(reference) if reference else position
        if _cell(cell, (number, column), found):
            any_cell = True
            if column > found.last_column:
                found.last_column = column
    if any_cell:
        found.last_row = max(found.last_row, number)
        if row.get("hidden") in ("1", "true"):
            found.hidden_rows.add(number)
    if found.last_column >= COLUMN_LIMIT or found.last_row > ROW_LIMIT + _FAR:
        where = (
            f"row {found.last_row:,}"
            if found.last_row > ROW_LIMIT + _FAR
            else f"column {found.last_column + 1:,}"
        )
        raise UnreadableFileError(
            f"The sheet has cells as far as {where}; at most {ROW_LIMIT:,} lines and {COLUMN_LIMIT} columns are "
            "read. Delete stray cells far from the table, or split the return by directorate.",
            sheet=name,
        )


def _cell(cell: Any, place: tuple[int, int], found: SheetStructure) -> bool:
    """Note one cell; whether it is real."""
    value = formula = None
    for child in cell:
        if child.tag == f"{_MAIN}v" or child.tag == f"{_MAIN}is":
            value = child
        elif child.tag == f"{_MAIN}f":
            formula = child
    has_value = value is not None and (bool(value.text) or len(value) > 0)
    if formula is not None:
        found.formulas.add(place)
        if not has_value:
            found.problems[place] = _NO_VALUE
    if cell.get("t") == "e" and value is not None:
        found.problems[place] = (
            f"The cell shows the error {value.text or '#VALUE!'}. Mend the formula, or type the figure."
        )
    return has_value or formula is not None


def _column(element: Any, found: SheetStructure) -> None:
    if element.get("hidden") in ("1", "true"):
        first, last = int(element.get("min", "1")), int(element.get("max", "1"))
        found.hidden_columns.update(range(first - 1, min(last, COLUMN_LIMIT)))


def _merge(element: Any, found: SheetStructure) -> None:
    reference = element.get("ref", "")
    corners = [(int(match[2]), column_index(match[0])) for match in _REFERENCE.finditer(reference)]
    if len(corners) == 2:
        (top, left), (bottom, right) = corners
        found.merged.append((top, bottom, left, right, reference))


def _filter(element: Any, found: SheetStructure) -> None:
    found.is_filtered = True


_BESIDE: Final = {f"{_MAIN}col": _column, f"{_MAIN}mergeCell": _merge, f"{_MAIN}autoFilter": _filter}


def column_index(reference: str) -> int:
    """The index of a cell's column: “B7” is 1."""
    index = 0
    for letter in reference:
        if not letter.isalpha():
            break
        index = index * 26 + ord(letter.upper()) - 64
    return index - 1


def rows_with_cells(part: bytes) -> int:
    """How many rows a sheet that is not read has, for telling."""
    return len(list(_row_marks(part)))


def _row_marks(part: bytes) -> Iterator[re.Match[bytes]]:
    return re.finditer(rb"<row[ >]", part)
