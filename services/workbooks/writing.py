"""The workbook that goes out: a protected sheet of lines with five open figures each, and a sheet about it.

Variances are values and not formulas: figures are worked out in one place, and a formula in a sheet would be a second arithmetic that takes a
blank for nil and knows nothing of uses of reserves. Their headings say that they are those of the download.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from services.position.workbook import WorkbookLine
from services.workbooks.layout import ABOUT_SHEET, COLUMNS, KEY_LABEL, LINES_SHEET, SheetColumn
from services.workbooks.sealing import Download, SealedLine, seal

_MONEY: Final = "#,##0.00;-#,##0.00"
_KEY_PART: Final = 30_000  # a cell holds 32,767 characters
_UNKNOWN: Final = {
    "revised_budget": "not known",
    "last_published_variance": "not published",
    "last_forecast": "none",
    "code": "none",
}
_ALLOWED: Final = {"format_columns": True, "format_rows": True}
"""What protection still allows: wider columns. Without a password: it guards against slips, and the upload checks everything again."""


def write_workbook(lines: Sequence[WorkbookLine], *, download: Download) -> bytes:
    """The workbook of these lines, as XLSX."""
    import xlsxwriter

    buffer = io.BytesIO()
    as_text = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **as_text}) as book:
        title = f"{download.council}, {download.period}: figures to enter"
        book.set_properties({"title": title, "created": download.at.astimezone(UTC)})
        _write_lines(book, lines)
        _write_about(book, download)
    return buffer.getvalue()


def download_of(
    lines: Sequence[WorkbookLine],
    *,
    council: tuple[int, str],
    period: tuple[int, str],
    by: str,
    at: datetime,
) -> Download:
    """What is remembered, in the workbook itself, of what was downloaded. `council` and `period`: number and name."""
    return Download(
        council_id=council[0],
        council=council[1],
        period_id=period[0],
        period=period[1],
        by=by,
        at=at,
        lines=tuple(
            SealedLine(
                line_id=line.line_id,
                version=line.version,
                code=line.code,
                name=line.name,
                figures=line.figures,
            )
            for line in lines
        ),
    )


def _write_lines(book: Any, lines: Sequence[WorkbookLine]) -> None:
    """The sheet of lines: a frozen row of headings, one row for each line, five open cells in each."""
    sheet = book.add_worksheet(LINES_SHEET)
    heading = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E8EDF2"}
    )
    entered = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#FFF4CC"}
    )
    open_cell = book.add_format(
        {"num_format": _MONEY, "locked": False, "bg_color": "#FFFBEB", "border": 1, "border_color": "#B8B8B8"}
    )
    money, words = book.add_format({"num_format": _MONEY}), book.add_format({"align": "right"})
    text = book.add_format({"text_wrap": True, "valign": "top"})
    for place, column in enumerate(COLUMNS):
        sheet.set_column(place, place, column.width)
        sheet.write_string(0, place, column.heading, entered if column.is_entered else heading)
        if column.is_entered:
            _explain(sheet, place, column, last_row=len(lines))
    for row, line in enumerate(lines, start=1):
        for place, column in enumerate(COLUMNS):
            _write_cell(sheet, (row, place), column, line, formats=(open_cell, money, words, text))
    sheet.freeze_panes(1, 2)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.protect("", _ALLOWED)


def _write_cell(
    sheet: Any,
    place: tuple[int, int],
    column: SheetColumn,
    line: WorkbookLine,
    *,
    formats: tuple[Any, Any, Any, Any],
) -> None:
    """One cell: a figure as a number, an open figure that is not known as a blank to be filled in, a locked one as words."""
    open_cell, money, words, text = formats
    value = line.figures[column.name] if column.is_entered else getattr(line, column.name)
    if column.is_entered and value is None:
        sheet.write_blank(*place, None, open_cell)
    elif isinstance(value, Decimal):
        sheet.write_number(*place, value, open_cell if column.is_entered else money)
    elif isinstance(value, int):
        sheet.write_number(*place, value)
    elif value is None:
        sheet.write_string(*place, _UNKNOWN.get(column.name, "not yet forecast"), words)
    else:
        sheet.write_string(*place, value or _UNKNOWN.get(column.name, ""), text)


def _explain(sheet: Any, place: int, column: SheetColumn, *, last_row: int) -> None:
    """Say what to enter, on the heading and at each cell; let in numbers with at most two decimals."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    sheet.write_comment(
        0, place, column.hint, {"author": "BudgetWatch", "x_scale": 1.6, "y_scale": 1.2, "font_size": 10}
    )
    if not last_row:
        return
    first = xl_rowcol_to_cell(1, place)
    sheet.data_validation(
        1,
        place,
        last_row,
        place,
        {
            "validate": "custom",
            "value": f"=AND(ISNUMBER({first}),ROUND({first},2)={first},ABS({first})<100000000000)",
            "ignore_blank": True,
            "input_title": column.heading[:32],
            "input_message": column.hint,
            "error_title": "Not an amount",
            "error_message": "Enter a number of pounds with at most two decimals, such as 1234.50, without words. "
            "Nil is 0. Leave the cell blank if the figure is not known.",
        },
    )


def _write_about(book: Any, download: Download) -> None:
    """The sheet that says what the workbook is, and holds its key."""
    sheet = book.add_worksheet(ABOUT_SHEET)
    label = book.add_format({"bold": True, "valign": "top"})
    words = book.add_format({"text_wrap": True, "valign": "top"})
    faint = book.add_format({"font_size": 8, "font_color": "#767676", "valign": "top"})
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    key = seal(download)
    parts = [key[start : start + _KEY_PART] for start in range(0, len(key), _KEY_PART)]
    lines = list(_about(download))
    for row, (name, value) in enumerate(lines):
        sheet.write_string(row, 0, name, label)
        sheet.write_string(row, 1, value, words)
    for row, (number, part) in enumerate(enumerate(parts, start=1), start=len(lines)):
        sheet.write_string(row, 0, f"{KEY_LABEL} {number}", label)
        sheet.write_string(row, 1, part, faint)
    sheet.protect("", _ALLOWED)


def _about(download: Download) -> Iterable[tuple[str, str]]:
    at = timezone.localtime(download.at)
    yield "Council", download.council
    yield "Period", download.period
    yield "Downloaded", f"{at:%d %B %Y, %H:%M} by {download.by}".removeprefix("0")
    yield "Lines", str(len(download.lines))
    yield "Unit", "Pounds and pence, whatever unit the pages show."
    yield "Signs", "Expenditure is positive and income negative. A variance above nil is an overspend."
    yield (
        "What to enter",
        "The yellow columns of the sheet “Lines”. Everything else is locked and is not read back.",
    )
    yield "Blank and 0", "A blank cell means that the figure is not known yet. 0 means nil."
    yield (
        "Variances",
        "They are those of the moment of download, as values. They are worked out afresh when the workbook is uploaded.",
    )
    yield (
        "Uploading",
        "Every difference is shown before anything is saved. If somebody else has changed a figure too, you choose.",
    )
    yield "The key below", "By it the upload knows this workbook. Leave it as it is."
