"""The forecast grid as words: its columns, and the text of each cell, on the page and in the answer to a save."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from accounting.wording import format_money, format_percent
from services.position.grid_rows import GridBlock, GridRow


@dataclass(frozen=True, slots=True, kw_only=True)
class GridColumn:
    """One column: its name in the code, its heading, and what an unknown figure says."""

    key: str
    heading: str
    is_entered: bool = False
    unknown: str = "not known"


COLUMNS = (
    GridColumn(key="revised_budget", heading="Revised budget"),
    GridColumn(key="actual_to_date", heading="Actual to date", is_entered=True),
    GridColumn(key="commitments", heading="Commitments", is_entered=True),
    GridColumn(key="percent_spent", heading="Percent spent", unknown="n/a"),
    GridColumn(key="projection", heading="Straight-line projection"),
    GridColumn(key="last_forecast", heading="Last forecast", unknown="none before"),
    GridColumn(
        key="forecast_outturn", heading="Forecast outturn", is_entered=True, unknown="not yet forecast"
    ),
    GridColumn(key="best_case", heading="Best case", is_entered=True, unknown="not given"),
    GridColumn(key="worst_case", heading="Worst case", is_entered=True, unknown="not given"),
    GridColumn(key="drawdown", heading="Drawdown"),
    GridColumn(key="variance_before_reserves", heading="Variance before reserves"),
    GridColumn(key="variance_after_reserves", heading="Variance after reserves"),
    GridColumn(key="movement", heading="Movement", unknown="first report"),
)
ENTERED = tuple(column for column in COLUMNS if column.is_entered)
BY_KEY = {column.key: column for column in COLUMNS}


def figure_of(row: GridRow, key: str) -> Decimal | None:
    """The figure of one column, exact."""
    if key == "projection":
        return row.projection
    if key == "last_forecast":
        return row.last_forecast
    value: Decimal | None = getattr(row.position, key)
    return value


def exact(amount: Decimal | None) -> str:
    """A figure as it may be typed: pence only where there are any; blank where it is unknown."""
    if amount is None:
        return ""
    return format_money(amount, places=0 if amount == amount.to_integral_value() else 2, symbol=False)


def cell_text(row: GridRow, column: GridColumn) -> str:
    """What a cell says; never blank."""
    amount = figure_of(row, column.key)
    if amount is None:
        return column.unknown
    if column.key == "percent_spent":
        return format_percent(amount)
    return format_money(amount, symbol=False)


def reason_flag(row: GridRow) -> str:
    """Whether a reason is wanted, in words."""
    if row.line is None:
        return "see lines"
    if row.position.forecast_outturn is None:
        return "Forecast wanted"
    if row.needs_reason:
        return "Reason wanted"
    return "Reason given" if row.line.has_reason else "None needed"


def row_words(row: GridRow) -> dict[str, Any]:
    """A row as the answer to a save carries it: its cells in the order of the columns, and the reason's flag last."""
    said: dict[str, Any] = {
        "id": row.row_id,
        "cells": [*(cell_text(row, column) for column in COLUMNS), reason_flag(row)],
    }
    if row.line is not None:
        said["version"] = row.line.version
        said["exact"] = {column.key: exact(figure_of(row, column.key)) for column in ENTERED}
    return said


@dataclass(frozen=True, slots=True, kw_only=True)
class RowEntry:
    """What was typed in a row and not saved, and what was said about it; for the page without script."""

    typed: dict[str, str]
    wrong: frozenset[str]
    messages: tuple[str, ...]
    asks_reason: bool = False
    reason: str = ""
    version: int = 0
    """The version that a second try is made against."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridPage:
    """What every row's markup needs: where its line is, where it is saved, the token and new keys; and what was typed before."""

    line_address: Callable[[int], str]
    row_address: Callable[[int], str]
    token: str
    new_key: Callable[[], str]
    entries: dict[int, RowEntry]


def block_html(block: GridBlock, page: GridPage) -> SafeString:
    """The body's rows as safe HTML, in one pass: a template for each of 4,500 cells would take a second."""
    return mark_safe("\n".join(_row_html(row, page) for row in block.rows))  # every part is escaped


def foot_html(block: GridBlock, page: GridPage) -> SafeString:
    """The total's row, which stays in view."""
    return mark_safe(_row_html(block.foot, page) if block.foot else "")


def _row_html(row: GridRow, page: GridPage) -> str:
    entry = page.entries.get(row.line.line_id) if row.line else None
    attributes = f' data-line="{row.line.line_id}" data-version="{row.line.version}"' if row.line else ""
    if row.line and row.line.code:
        attributes += f' data-code="{escape(row.line.code)}"'
    cells = "".join(_cell_html(row, column, entry) for column in COLUMNS)
    return (
        f'<tr id="{row.row_id}" class="row-{row.row_kind} depth-{row.depth}"{attributes}>{_name_html(row, page)}{cells}'
        f"{_reason_html(row, page)}{_save_html(row, page, entry)}</tr>{_messages_html(row, entry)}"
    )


def _name_html(row: GridRow, page: GridPage) -> str:
    words = escape(row.name)
    if row.line is None:
        return f'<th scope="row" class="col-name">{words}</th>'
    code = f'<span class="grid-code">{escape(row.line.code)}</span> ' if row.line.code else ""
    lock = f'<span class="grid-lock">{escape(row.lock)}</span>' if row.lock else ""
    return f'<th scope="row" class="col-name">{code}<a href="{page.line_address(row.line.line_id)}">{words}</a>{lock}</th>'


def _cell_html(row: GridRow, column: GridColumn, entry: RowEntry | None) -> str:
    words = escape(cell_text(row, column))
    unknown = " unknown" if figure_of(row, column.key) is None else ""
    value = f'<span class="cell-value">{words}</span>'
    if row.line is None or not column.is_entered:
        return f'<td class="col-figure{unknown}">{value}</td>'
    held = exact(figure_of(row, column.key))
    if row.lock and entry is None:
        return f'<td class="col-figure cell-locked{unknown}" data-column="{column.key}" data-exact="{held}">{value}</td>'
    return _open_cell_html(row, column, entry, held=held, value=value, unknown=unknown)


def _open_cell_html(
    row: GridRow, column: GridColumn, entry: RowEntry | None, *, held: str, value: str, unknown: str
) -> str:
    assert row.line is not None
    typed = escape(entry.typed.get(column.key, held)) if entry else held
    is_wrong = entry is not None and column.key in entry.wrong
    invalid = f' aria-invalid="true" aria-describedby="said-{row.line.line_id}"' if is_wrong else ""
    name = f"line-{row.line.line_id}-{column.key}"
    return (
        f'<td class="col-figure cell-open{" cell-failed" if is_wrong else ""}{unknown}" data-column="{column.key}" data-exact="{held}">{value}'
        f'<input type="text" name="{name}" form="form-{row.line.line_id}" value="{typed}" autocomplete="off" maxlength="40"'
        f' aria-label="{column.heading}, {escape(row.name)}"{invalid}></td>'
    )


def _reason_html(row: GridRow, page: GridPage) -> str:
    words = escape(reason_flag(row))
    if row.line is None:
        return f'<td class="col-flag quiet"><span class="cell-value">{words}</span></td>'
    wanted = " flag-wanted" if words.endswith("wanted") else ""
    return f'<td class="col-flag{wanted}"><a class="cell-value" href="{page.line_address(row.line.line_id)}#reasons">{words}</a></td>'


def _save_html(row: GridRow, page: GridPage, entry: RowEntry | None) -> str:
    if row.line is None or (row.lock and entry is None):
        return '<td class="col-save"></td>'
    line_id, version = row.line.line_id, entry.version if entry else row.line.version
    button = (
        ""
        if row.lock
        else f'<button type="submit">Save<span class="visually-hidden"> {escape(row.name)}</span></button>'
    )
    return (
        f'<td class="col-save"><form id="form-{line_id}" method="post" action="{page.row_address(line_id)}#line-{line_id}" novalidate>'
        f'<input type="hidden" name="csrfmiddlewaretoken" value="{page.token}"><input type="hidden" name="version" value="{version}">'
        f'<input type="hidden" name="key" value="{page.new_key()}">{button}</form></td>'
    )


def _messages_html(row: GridRow, entry: RowEntry | None) -> str:
    """What was said about what was typed, under its row, with the reason to be given where one is asked for."""
    if entry is None or row.line is None:
        return ""
    said = "".join(f"<p>{escape(words)}</p>" for words in entry.messages)
    asked = ""
    if entry.asks_reason:
        asked = (
            f'<p><label for="reason-{row.line.line_id}">If it is right, say why, and save again</label>'
            f'<input type="text" id="reason-{row.line.line_id}" name="reason" form="form-{row.line.line_id}" maxlength="500"'
            f' value="{escape(entry.reason)}"></p>'
        )
    width = len(("name", *COLUMNS, "reason", "save"))
    return f'<tr class="row-said"><td colspan="{width}" id="said-{row.line.line_id}"><div class="row-said-words">{said}{asked}</div></td></tr>'
