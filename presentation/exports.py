"""Exports: the tables of the screen as CSV and XLSX, every row, with exact figures.

In XLSX a number is a binary double, which holds every amount of whole pence exactly as far as its two printed
decimals up to £10,000bn; CSV holds the decimal digits themselves. Text can never run: see `inert`.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from accounting.money import Unit, round_half_away
from accounting.wording import export_money
from presentation.tables import (
    BASES,
    ROW_KINDS,
    ExportValue,
    FigureColumn,
    FigureTable,
    MoneyColumn,
    PercentColumn,
)

CSV_TYPE: Final = "text/csv; charset=utf-8"
XLSX_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_STARTS_A_FORMULA: Final = re.compile(r"\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|[\t\r\n]")
_NOT_IN_SHEET_NAMES: Final = re.compile(r"[\[\]:*?/\\']")
_SHEET_NAME_LENGTH: Final = 31  # Excel's limit
_CELL_LENGTH: Final = 32_767  # Excel's limit
_NUMBER_FORMATS: Final = {MoneyColumn: "#,##0.00;-#,##0.00", PercentColumn: "0.0;-0.0"}


class CellTooLongError(ValueError):
    """A text is longer than a spreadsheet cell can hold; it is refused rather than cut."""

    def __init__(self, heading: str, text: str) -> None:
        super().__init__(
            f"The text in “{heading}” that begins “{text[:40]}…” has {len(text):,} characters; "
            f"a spreadsheet cell holds {_CELL_LENGTH:,}. Shorten it, or use the CSV."
        )


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """One column of an export: its heading with unit, its kind, and its values row by row."""

    heading: str
    source: FigureColumn | None
    values: tuple[ExportValue, ...]


def export_columns(table: FigureTable) -> tuple[ExportColumn, ...]:
    """The table's columns in their order, then what an export adds.

    That is the kind of row, where rows differ in kind, and the basis of each column that has a mark.
    """
    rows = table.all_rows
    columns = [
        ExportColumn(column.export_heading, column, tuple(column.export_value(row) for row in rows))
        for column in table.figure_columns
    ]
    kinds = tuple(ROW_KINDS[getattr(row, "row_kind", "line")] for row in rows)
    if set(kinds) - {ROW_KINDS["line"]}:
        columns.append(ExportColumn("Kind of row", None, kinds))
    for column in table.figure_columns:
        marks = tuple((getattr(row, "marks", None) or {}).get(column.name) for row in rows)
        if any(marks):
            words = tuple("not marked" if mark is None else BASES[mark][1] for mark in marks)
            columns.append(ExportColumn(f"{column.verbose_name} basis", None, words))
    return tuple(columns)


def inert(text: str) -> str:
    """Text that a spreadsheet will not run: an apostrophe goes before what starts like a formula, as `=1+1`.

    Only for text. A number keeps its minus sign and stays a number.
    """
    return f"'{text}" if _STARTS_A_FORMULA.match(text) else text


def _csv_cell(column: ExportColumn, value: ExportValue) -> str:
    """A number as plain digits with an ASCII minus, money with two decimals; text made inert."""
    if not isinstance(value, Decimal):
        return inert(value)
    if isinstance(column.source, MoneyColumn):
        return export_money(round_half_away(value, 2))
    return f"{value:f}"


def table_csv(table: FigureTable) -> bytes:
    """The whole table as CSV: UTF-8 with a byte-order mark, CRLF, one row of headings, exact pounds."""
    columns = export_columns(table)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([inert(column.heading) for column in columns])
    for index in range(table.row_count):
        writer.writerow([_csv_cell(column, column.values[index]) for column in columns])
    return text.getvalue().encode("utf-8-sig")


def sheet_names(tables: Iterable[FigureTable]) -> tuple[str, ...]:
    """A short, allowed and different name for each table's sheet, from its key."""
    names: list[str] = []
    for table in tables:
        base = _NOT_IN_SHEET_NAMES.sub(" ", table.key.replace("-", " ")).strip().capitalize()
        base = base[:_SHEET_NAME_LENGTH] or "Table"
        name, number = base, 2
        while name.casefold() in {taken.casefold() for taken in names} | {"about"}:
            suffix = f" {number}"
            name, number = base[: _SHEET_NAME_LENGTH - len(suffix)] + suffix, number + 1
        names.append(name)
    return tuple(names)


def tables_xlsx(
    tables: Sequence[FigureTable], *, title: str, properties: Mapping[str, str | datetime] | None = None
) -> bytes:
    """One workbook: a sheet for each table, then “About” with the title, the captions and the properties.

    `properties` are lines for “About” (such as “Published”); `created`, a `datetime`, also becomes the
    document's date, without which it is 1 January 2000, so that the same figures always give the same bytes.
    Raises `CellTooLongError`.
    """
    import xlsxwriter

    given = dict(properties or {})
    created = _moment(given.pop("created", datetime(2000, 1, 1, tzinfo=UTC)))
    buffer = io.BytesIO()
    as_text = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **as_text}) as book:
        book.set_properties({"title": title, "created": created})
        for name, table in zip(sheet_names(tables), tables, strict=True):
            _write_table(book, book.add_worksheet(name), table)
        _write_about(book, title=title, tables=tables, properties=given)
    return buffer.getvalue()


def _moment(value: str | datetime) -> datetime:
    """The document's date in UTC, which is what the file format calls for."""
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError(
            "The property “created” is a datetime with a time zone, so that it means the same everywhere."
        )
    return value.astimezone(UTC)


def _write_table(book: Any, sheet: Any, table: FigureTable) -> None:
    """Write one table: headings in the first, frozen row; figures as numbers; everything else as text."""
    heading_format = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {kind: book.add_format({"num_format": code}) for kind, code in _NUMBER_FORMATS.items()}
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    for position, column in enumerate(export_columns(table)):
        sheet.set_column(position, position, _width(column))
        _write_text(sheet, 0, position, column.heading, heading_format, column.heading)
        number_format = next((formats[kind] for kind in formats if isinstance(column.source, kind)), None)
        for index, value in enumerate(column.values, start=1):
            if isinstance(value, Decimal):
                exact = round_half_away(value, 2) if isinstance(column.source, MoneyColumn) else value
                # XLSX knows no decimal type; the nearest double prints the same two decimals.
                sheet.write_number(index, position, float(exact), number_format)
            else:
                _write_text(sheet, index, position, value, wrapped, column.heading)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _write_text(sheet: Any, row: int, position: int, text: str, cell_format: Any, heading: str) -> None:
    """Write text as text.

    Refuse what XlsxWriter would leave out without a word, text beyond Excel's limit.
    """
    if len(text) > _CELL_LENGTH:
        raise CellTooLongError(heading, text)
    sheet.write_string(row, position, text, cell_format)


def _width(column: ExportColumn) -> int:
    """Column width in characters: room for names and reasons, the same for every figure."""
    css_class = column.source.css_class if column.source else ""
    return {"col-name": 40, "col-reason": 60, "col-figure": 16}.get(css_class, 22)


def _write_about(
    book: Any, *, title: str, tables: Sequence[FigureTable], properties: Mapping[str, str | datetime]
) -> None:
    """Write what the workbook holds, so that a figure taken from it can be traced."""
    sheet = book.add_worksheet("About")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    lines = [("Title", title), *((name, str(value)) for name, value in properties.items())]
    lines += [(name, table.title) for name, table in zip(sheet_names(tables), tables, strict=True)]
    lines += [
        ("Unit", f"Money is in {Unit.POUNDS.value} and pence, whatever unit the page shows."),
        ("Signs", "Expenditure is positive and income negative. A variance above nil is an overspend."),
        (
            "Rounding",
            "Figures are exact here. On pages and paper each is rounded separately and may not sum.",
        ),
    ]
    for index, (name, value) in enumerate(lines):
        _write_text(sheet, index, 0, name, None, "About")
        _write_text(sheet, index, 1, value, None, name)
