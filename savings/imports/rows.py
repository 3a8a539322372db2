"""The rows of a schedule, typed: proposals, totals, and what is neither."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from accounting.money import ZERO, MoneyFormatError, money_from_number, parse_money
from accounting.periods import FinancialYear
from savings.imports.columns import Field
from savings.imports.profile import ScheduleProfile
from savings.imports.table import Column, ScheduleTable
from services.imports.cells import decimals_of, example, is_blank, text_in
from services.imports.characters import folded, hidden_characters, mixed_alphabets, visible
from services.imports.grid import Cell, FileContents
from services.imports.labels import matches, patterns
from services.imports.problems import Problem, Remark

LIMITS: Final = {
    Field.REFERENCE: 40, Field.TITLE: 200, Field.DIRECTORATE: 200, Field.PRIORITY: 200, Field.SERVICE: 200, Field.TYPE: 60,
    Field.LEAD_ROLE: 200, Field.DESCRIPTION: 4_000,
}  # fmt: skip
_DASHES: Final = frozenset("-–—−")
_CODE: Final = re.compile(
    r"(?P<code>(?=[^\s:]*\d)[A-Z][A-Za-z0-9]*(?:[/._-][A-Za-z0-9]+)*)[:.)]?\s+(?:[-–—:]\s+)?\S"
)
"""A leading code has a capital first and a digit somewhere: “OP12 …”, “CHS/SAV/34: …”."""


@dataclass(slots=True, kw_only=True)
class ScheduleRow:
    """One row with a name. Amounts are pounds as the file prints them, before any sign is turned; a year without a figure has none."""

    row: int
    texts: dict[Field, str] = field(default_factory=dict)
    amounts: dict[FinancialYear, Decimal] = field(default_factory=dict)
    printed_total: Decimal | None = None
    is_total: bool = False
    is_bad: bool = False
    """Whether a figure of it could not be read, so that nothing can be checked with it."""

    @property
    def title(self) -> str:
        """The title as printed, or the reference where the file has no title for it."""
        return self.texts.get(Field.TITLE, "")

    @property
    def reference(self) -> str:
        """The reference, or blank."""
        return self.texts.get(Field.REFERENCE, "")

    @property
    def name(self) -> str:
        """For a message."""
        if self.reference and not self.title.startswith(self.reference):
            return f"{self.reference} {self.title}".strip()
        return self.title

    @property
    def has_figures(self) -> bool:
        """Whether any amount is printed in it."""
        return bool(self.amounts) or self.printed_total is not None or self.is_bad


@dataclass(slots=True)
class ScheduleRows:
    """Every row with a name or a figure, in order, and what was found while reading them."""

    entries: list[ScheduleRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    decimals: int = 0
    """The most decimal places that any figure prints."""
    passed_over: list[tuple[int, str]] = field(default_factory=list)
    """Rows of words without figures and without a reference: headings within the schedule, and notes."""

    @property
    def lines(self) -> list[ScheduleRow]:
        """The rows that are proposals."""
        return [entry for entry in self.entries if not entry.is_total]


class RowReader:
    """Reads the rows of one schedule by its profile."""

    def __init__(self, table: ScheduleTable, profile: ScheduleProfile, contents: FileContents) -> None:
        self.table, self.profile, self.contents = table, profile, contents
        self.words = [column for column in table.columns if column.is_read and not column.is_money]
        self.money = [column for column in table.columns if column.is_money]
        self.ignored = patterns(profile.ignore_rows)
        self.headings = [folded(column.heading) for column in table.columns]
        self.found = ScheduleRows()

    def read(self) -> ScheduleRows:
        """Every row below the headings."""
        for number, cells in self.table.rows:
            self._row(number, cells)
        self._references()
        self._sort_out()
        return self.found

    def _row(self, number: int, cells: list[Cell]) -> None:
        label = next(
            (
                text_in(cells[one.index])
                for one in self.words
                if one.index < len(cells) and not is_blank(cells[one.index])
            ),
            "",
        )
        if matches(label, self.ignored):
            return
        if [folded(text_in(cell)) for cell in cells] == self.headings[: len(cells)]:
            what = "The headings are repeated here; the row was passed over."
            self.found.remarks.append(Remark(what=what, sheet=self.table.sheet, row=number))
            return
        entry = ScheduleRow(row=number)
        for column in self.words:
            self._text(entry, column, cells)
        self._cell_problems(entry)
        for column in self.money:
            self._amount(entry, column, cells)
        if entry.texts or entry.has_figures:
            self.found.entries.append(entry)

    def _text(self, entry: ScheduleRow, column: Column, cells: list[Cell]) -> None:
        """A row's words in one column, with what cannot be seen made visible and told."""
        assert column.meaning is not None
        name = column.meaning.field
        raw = text_in(cells[column.index]) if column.index < len(cells) else ""
        shown = visible(raw)
        if not shown:
            return
        if len(shown) > LIMITS[name]:
            what = f"The {name.label.lower()} has {len(shown):,} characters; at most {LIMITS[name]:,} are kept. Shorten it."
            self._problem(entry.row, column, what, found=shown[:60])
            shown = shown[: LIMITS[name]]
        if hidden := hidden_characters(raw):
            what = f"It holds characters that cannot be seen, shown here by number: {shown} ({', '.join(hidden)})."
            if name is Field.REFERENCE:
                self._problem(entry.row, column, what, found=shown[:60])
            else:
                self._remark(entry.row, column, what)
        if name in (Field.TITLE, Field.REFERENCE) and mixed_alphabets(shown):
            what = f"“{shown}” mixes letters of two alphabets that look alike, so it may not match one typed in one."
            self._remark(entry.row, column, what)
        held = entry.texts.get(name)
        entry.texts[name] = f"{held}\n{shown}" if held else shown

    def _cell_problems(self, entry: ScheduleRow) -> None:
        for column in (*self.words, *self.money):
            if words := self.contents.cell_problems.get((self.table.sheet, entry.row, column.index)):
                entry.is_bad = True
                self._problem(entry.row, column, words)

    def _amount(self, entry: ScheduleRow, column: Column, cells: list[Cell]) -> None:
        assert column.meaning is not None
        if (self.table.sheet, entry.row, column.index) in self.contents.cell_problems:
            return
        cell = cells[column.index] if column.index < len(cells) else ""
        try:
            amount = _amount_in(cell, self.table)
        except MoneyFormatError as error:
            entry.is_bad = True
            self._problem(
                entry.row, column, str(error), found=text_in(cell)[:60], expected=example(self.table.unit)
            )
            return
        if amount is None:
            return
        self.found.decimals = max(self.found.decimals, decimals_of(cell))
        if column.meaning.year is None:
            entry.printed_total = amount
        else:
            entry.amounts[column.meaning.year] = amount

    def _references(self) -> None:
        """Where the schedule has no column of references, a title's leading code is one if most titles begin with one.

        Where it has a reference and no title, what stands under the reference is the title too.
        """
        entries = self.found.entries
        if self.table.column(Field.TITLE) is None:
            for entry in entries:
                entry.texts[Field.TITLE] = entry.texts.get(Field.REFERENCE, "")
        elif self.table.column(Field.REFERENCE) is not None:
            return
        codes = {entry.row: match["code"] for entry in entries if (match := _CODE.match(entry.title))}
        named = [entry for entry in entries if entry.title and entry.amounts]
        if sum(entry.row in codes for entry in named) * 2 < len(named):
            codes = {}
        for entry in entries:
            if entry.row in codes and len(codes[entry.row]) <= LIMITS[Field.REFERENCE]:
                entry.texts[Field.REFERENCE] = codes[entry.row]
            elif entry.texts.get(Field.REFERENCE) == entry.title:
                entry.texts.pop(Field.REFERENCE, None)

    def _sort_out(self) -> None:
        """Set aside rows of words alone."""
        kept = []
        for entry in self.found.entries:
            if not entry.has_figures and not entry.reference:
                self.found.passed_over.append((entry.row, " ".join(entry.texts.values())))
                continue
            kept.append(entry)
        self.found.entries = kept

    def _problem(self, row: int, column: Column, what: str, *, found: str = "", expected: str = "") -> None:
        self.found.problems.append(
            Problem(
                what=what, sheet=self.table.sheet, row=row, column=column.name, found=found, expected=expected
            )
        )

    def _remark(self, row: int, column: Column, what: str) -> None:
        self.found.remarks.append(Remark(what=what, sheet=self.table.sheet, row=row, column=column.name))


def _amount_in(cell: Cell, table: ScheduleTable) -> Decimal | None:
    """A cell as exact pounds, `None` where it is blank. A dash is nil. Raises `MoneyFormatError`."""
    if isinstance(cell, Decimal):
        return money_from_number(cell, unit=table.unit)
    if isinstance(cell, bool):
        raise MoneyFormatError(str(cell), "it is true or false, not a number")
    if not isinstance(cell, str):
        raise MoneyFormatError(
            cell.isoformat()[:10], "the cell is formatted as a date; format it as a number"
        )
    text = cell.strip()
    if not text:
        return None
    return ZERO if text in _DASHES else parse_money(cell, unit=table.unit)
