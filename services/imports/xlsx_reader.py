"""XLSX into cells: checked part by part before a parser sees it, values by calamine, everything doubtful told."""

import io
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from services.imports.grid import Cell, FileContents, Grid, column_letter
from services.imports.problems import Confirmation, UnreadableFileError, listed
from services.imports.upload import workbook_parts
from services.imports.xlsx_structure import (
    SheetName,
    SheetStructure,
    is_1904,
    rows_with_cells,
    sheet_names,
    structure_of,
)


def read_xlsx(content: bytes) -> FileContents:
    """Read a workbook's visible sheets. Numbers are the shortest decimals that name the workbook's doubles."""
    parts = workbook_parts(content)
    sheets = sheet_names(parts)
    visible = [sheet for sheet in sheets if sheet.state == "visible"]
    hidden = [sheet for sheet in sheets if sheet.state != "visible"]
    facts = ["XLSX"]
    if is_1904(parts):
        facts.append("its dates count from 1904")
    for sheet in hidden:
        how = "very hidden" if sheet.state == "veryHidden" else "hidden"
        facts.append(
            f"sheet “{sheet.name}” is {how} ({rows_with_cells(parts.xml[sheet.part]):,} rows) and was not read"
        )
    if not visible:
        raise UnreadableFileError("Every sheet of the workbook is hidden. Unhide the one with the table.")
    structures = {sheet.name: structure_of(parts.xml[sheet.part], name=sheet.name) for sheet in visible}
    del parts
    grids = tuple(_grids(content, visible, structures))
    facts += [fact for sheet in visible for fact in _facts(sheet.name, structures[sheet.name])]
    return FileContents(
        grids=grids,
        facts=tuple(facts),
        confirmations=tuple(_hidden(structures)),
        cell_problems={
            (name, row, column): words
            for name, structure in structures.items()
            for (row, column), words in structure.problems.items()
        },
        formulas={
            (name, row, column)
            for name, structure in structures.items()
            for row, column in structure.formulas
        },
        merged={name: tuple(structure.merged) for name, structure in structures.items() if structure.merged},
    )


def _grids(content: bytes, visible: list[SheetName], structures: dict[str, SheetStructure]) -> Iterator[Grid]:
    import python_calamine

    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for sheet in visible:
            values = workbook.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
            yield Grid(sheet.name, tuple(_rows(values, structures[sheet.name])))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise UnreadableFileError(
            "The workbook is damaged and cannot be opened. Open it in Excel, save it again, and send that."
        ) from error


def _rows(values: list[list[Any]], structure: SheetStructure) -> Iterator[tuple[int, list[Cell]]]:
    """Rows that are not blank and not hidden; hidden columns are left blank. A cell with a problem has a mark in its place."""
    bad: dict[int, list[int]] = defaultdict(list)
    for row, column in structure.problems:
        bad[row].append(column)
    for number, raw in enumerate(values, start=1):
        if number in structure.hidden_rows:
            continue
        cells = [_cell(value) for value in raw]
        for column in structure.hidden_columns:
            if column < len(cells):
                cells[column] = ""
        for column in bad.get(number, ()):
            if column < len(cells):
                cells[column] = "?"
        if any(cell != "" for cell in cells):
            yield number, cells


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value
    if isinstance(value, bool | date):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if value is None:
        return ""
    try:
        return Decimal(repr(value))
    except ArithmeticError:
        return str(value)


def _facts(name: str, structure: SheetStructure) -> Iterator[str]:
    if structure.is_filtered:
        yield f"sheet “{name}” has a filter"


def _hidden(structures: dict[str, SheetStructure]) -> Iterator[Confirmation]:
    """Hidden rows and columns are left out, and a person must say that this is right."""
    details = []
    for name, structure in structures.items():
        if structure.hidden_rows:
            rows = listed([str(row) for row in sorted(structure.hidden_rows)])
            details.append(
                f"Sheet “{name}”: {len(structure.hidden_rows)} hidden rows with figures or words ({rows})"
            )
        columns = [column for column in sorted(structure.hidden_columns) if column <= structure.last_column]
        if columns:
            details.append(
                f"Sheet “{name}”: {len(columns)} hidden columns ({listed([column_letter(column) for column in columns])})"
            )
    if details:
        yield Confirmation(
            code="hidden",
            question="Hidden rows and columns are not read. Confirm to import without them, or unhide them in the file.",
            details=tuple(details),
        )
