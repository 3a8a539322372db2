"""The table base: one definition gives the text on screen and on paper, and the exact value in exports.

Rows are frozen dataclasses. A row may carry `row_kind` (a key of `ROW_KINDS`), and `marks`, which maps a
column's name to a key of `BASES`. Nothing here adds, subtracts or rounds: figures arrive computed and leave
through the formatter in `accounting.wording`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import django_tables2
from django.core.exceptions import ImproperlyConfigured
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from accounting.money import Unit
from presentation.columns import (
    ExportValue,
    FigureColumn,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    RagColumn,
    RowHeaderColumn,
    TextColumn,
    VarianceColumn,
)

__all__ = [
    "BASES",
    "ROWS_PER_PAGE",
    "ROW_KINDS",
    "ExportValue",
    "FigureColumn",
    "FigureTable",
    "Heading",
    "MoneyColumn",
    "NumberColumn",
    "PercentColumn",
    "RagColumn",
    "RowHeaderColumn",
    "TextColumn",
    "VarianceColumn",
]

ROWS_PER_PAGE: Final = 200

ROW_KINDS: Final[Mapping[str, str]] = {
    "line": "service line",
    "division": "division total",
    "directorate": "directorate total",
    "total": "total",
}
"""What a row is, in the words of an export's last column."""

BASES: Final[Mapping[str, tuple[str, str]]] = {
    "printed": ("p", "printed in the source paper"),
    "derived": ("d", "derived from printed figures"),
    "illustrative": ("i", "illustrative, not in the source paper"),
}
"""Where a figure came from: its letter, and the words of the key under the table."""

_SIGNS: Final = "A variance without a sign is an overspend; one with a minus sign (−) is an underspend."


@dataclass(frozen=True, slots=True)
class Heading:
    """One column heading, ready for the template."""

    text: str
    css_class: str


class FigureTable(django_tables2.Table):  # type: ignore[misc]  # the package is untyped
    """The base of every table: caption, one row of headings, row headers, figures, marks, key.

    `caption` says what, where and when; the unit is added to it. `key` is the table's id on the page and its
    name in files; give one when a page has two tables of the same class. `links=False` leaves links out, for
    paper.
    """

    def __init__(
        self,
        rows: Sequence[Any],
        *,
        caption: str,
        unit: Unit = Unit.THOUSANDS,
        key: str | None = None,
        links: bool = True,
        **options: Any,
    ) -> None:
        self.all_rows: tuple[Any, ...] = tuple(rows)
        options.setdefault("empty_text", "There are no lines to show.")
        super().__init__(self.all_rows, orderable=False, **options)
        self.unit = unit
        self.links = links
        self.key = key or slugify(type(self).__name__.removesuffix("Table")) or "table"
        self._caption = caption
        self._cells = self._bind_columns()

    def _bind_columns(self) -> tuple[FigureColumn, ...]:
        """Tell each column its name and unit; refuse a table without exactly one row header."""
        columns = []
        for bound in self.columns.iterall():
            if bound.name in self.exclude:
                continue
            bound.column.bind(name=bound.name, unit=self.unit)
            columns.append(bound.column)
        headers = [column for column in columns if isinstance(column, RowHeaderColumn)]
        if len(headers) != 1:
            raise ImproperlyConfigured(
                f"{type(self).__name__} needs exactly one RowHeaderColumn, not {len(headers)}."
            )
        return tuple(columns)

    @property
    def figure_columns(self) -> tuple[FigureColumn, ...]:
        """The visible columns in order."""
        return self._cells

    @property
    def title(self) -> str:
        """What, where and when, without the unit."""
        return self._caption

    @property
    def caption(self) -> str:
        """What, where, when and unit."""
        has_money = any(isinstance(column, MoneyColumn) for column in self._cells)
        return f"{self._caption}, {self.unit.label}" if has_money else self._caption

    @property
    def headings(self) -> tuple[Heading, ...]:
        """The one row of headings."""
        return tuple(Heading(str(column.verbose_name), column.css_class) for column in self._cells)

    @cached_property
    def row_count(self) -> int:
        """Rows in the whole table, not on this page of it."""
        return len(self.all_rows)

    @property
    def page_rows(self) -> Sequence[Any]:
        """The rows of the page asked for; all of them when the table has not been paginated."""
        page = getattr(self, "page", None)
        return [bound.record for bound in page.object_list] if page else self.all_rows

    @property
    def html_rows(self) -> SafeString:
        """The body's rows as safe HTML, in one pass: a template for each cell is twenty times slower."""
        return mark_safe("\n".join(self._row_html(row) for row in self.page_rows))  # every part is escaped

    def _row_html(self, row: Any) -> str:
        kind = getattr(row, "row_kind", "line")
        marks = getattr(row, "marks", None) or {}
        cells = "".join(self._cell_html(column, row, marks.get(column.name)) for column in self._cells)
        return f'<tr class="row-{escape(kind)}">{cells}</tr>'

    def _cell_html(self, column: FigureColumn, row: Any, basis: str | None) -> str:
        if isinstance(column, RowHeaderColumn):
            words = column.cell_html(row) if self.links else escape(column.cell_text(row))
            return f'<th scope="row" class="{column.css_class}">{words}{_mark_html(basis)}</th>'
        words = column.cell_html(row)
        unknown = " unknown" if column.figure(row) is None else ""
        return f'<td class="{column.css_class}{unknown}">{words}{_mark_html(basis)}</td>'

    @cached_property
    def bases_used(self) -> tuple[str, ...]:
        """The bases that any figure carries, in the key's order."""
        used = {basis for row in self.all_rows for basis in (getattr(row, "marks", None) or {}).values()}
        return tuple(basis for basis in BASES if basis in used)

    @property
    def key_lines(self) -> tuple[str, ...]:
        """What the table's signs and letters mean."""
        lines = []
        if any(isinstance(column, VarianceColumn) for column in self._cells):
            lines.append(_SIGNS)
        lines.extend(f"{BASES[basis][0]}: {BASES[basis][1]}." for basis in self.bases_used)
        return tuple(lines)


def _mark_html(basis: str | None) -> str:
    """The letter of a figure's basis, with its word for a screen reader."""
    if basis is None:
        return ""
    letter, words = BASES[basis]
    shown = f'<sup class="mark" aria-hidden="true" title="{words}">{letter}</sup>'
    return f'{shown}<span class="visually-hidden"> ({basis})</span>'
