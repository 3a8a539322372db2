"""The rows of a table, typed: lines, totals, and what is neither."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from accounting.funds import Fund, FundFormatError
from accounting.money import MoneyFormatError
from accounting.returns import forecast_outturn, revised_budget
from services.imports.cells import amount_in, decimals_of, example, is_blank, percent_in, text_in
from services.imports.characters import folded, hidden_characters, mixed_alphabets, visible
from services.imports.grid import Cell, FileContents
from services.imports.labels import matches, patterns
from services.imports.problems import Problem, Remark
from services.imports.profile import FLIPPED_FIELDS, MONEY_FIELDS, Field, Profile, parse_fund
from services.imports.table import Column, Table

NAME_LIMIT, CODE_LIMIT, REASON_LIMIT = 200, 40, 5000
PERCENT_FIELDS = (Field.PERCENT, Field.PERCENT_SPENT)
_KINDS = {
    "net": "net",
    "expenditure": "expenditure",
    "gross expenditure": "expenditure",
    "exp": "expenditure",
    "spend": "expenditure",
    "income": "income",
    "gross income": "income",
    "inc": "income",
}


@dataclass(slots=True, kw_only=True)
class ReturnRow:
    """One row with figures. Amounts are pounds, overspend positive, only those that the row prints; percentages are per cent."""

    row: int
    name: str = ""
    code: str = ""
    directorate: str = ""
    division: str = ""
    fund: Fund | None = None
    kind: str = ""
    amounts: dict[Field, Decimal] = field(default_factory=dict)
    percents: dict[Field, Decimal] = field(default_factory=dict)
    percent_decimals: dict[Field, int] = field(default_factory=dict)
    rag: str = ""
    reason: str = ""
    is_total: bool = False
    is_bad: bool = False
    """Whether a figure of it could not be read, so that nothing can be checked with it."""
    row_kind: str = ""

    @property
    def revised(self) -> Decimal | None:
        """The revised budget: as printed, or original + virements, or forecast − variance."""
        return revised_budget(self.amounts)

    @property
    def forecast(self) -> Decimal | None:
        """The forecast outturn: as printed, or budget + variance."""
        return forecast_outturn(self.amounts)


@dataclass(slots=True)
class Rows:
    """Every row with figures, in order, and what was found while reading them."""

    entries: list[ReturnRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    decimals: dict[Field, int] = field(default_factory=dict)
    """The most decimal places that any cell of a column prints."""
    printed: set[Field] = field(default_factory=set)
    """Fields that the file prints, as against those that follow from others."""
    texts: list[tuple[int, str]] = field(default_factory=list)
    """Rows of words without figures: headings within the table, and notes."""

    @property
    def lines(self) -> Iterator[ReturnRow]:
        """The rows that are lines."""
        return (entry for entry in self.entries if not entry.is_total)


class RowReader:
    """Reads the rows of one table by its profile."""

    def __init__(self, table: Table, profile: Profile, contents: FileContents) -> None:
        self.table, self.profile, self.contents = table, profile, contents
        self.money = [
            (column.index, column.field, column) for column in table.columns if column.field in MONEY_FIELDS
        ]
        self.percents = [
            (column.index, column.field, column) for column in table.columns if column.field in PERCENT_FIELDS
        ]
        self.reasons = [column.index for column in table.columns if column.field is Field.REASON]
        self.read_columns = [column for column in table.columns if column.field not in (None, Field.IGNORE)]
        self.row_kind = next((column.index for column in table.columns if column.is_row_kind), None)
        self.headings = [folded(column.heading) for column in table.columns]
        self.places = {
            column.field: column.index for column in reversed(table.columns) if column.field is not None
        }
        self.named = self.places.get(Field.SERVICE_LINE, self.places.get(Field.CODE, 0))
        self.flipped = frozenset(FLIPPED_FIELDS if profile.overspend_is_negative else ())
        self.ignored = patterns(profile.ignore_rows)
        self.found = Rows(printed={column.field for column in table.columns if column.field is not None})

    def read(self) -> Rows:
        """Every row below the headings."""
        for number, cells in self.table.rows:
            self._row(number, cells)
        return self.found

    def _row(self, number: int, cells: list[Cell]) -> None:
        label = self._text(cells, Field.SERVICE_LINE) or self._text(cells, Field.CODE)
        if matches(label, self.ignored):
            return
        if (
            folded(label) == self.headings[self.named]
            and [folded(text_in(cell)) for cell in cells] == self.headings[: len(cells)]
        ):
            self.found.remarks.append(
                Remark(
                    what="The headings are repeated here; the row was passed over.",
                    sheet=self.table.sheet,
                    row=number,
                )
            )
            return
        if all(index >= len(cells) or is_blank(cells[index]) for index, _, _ in self.money):
            words = " ".join(visible(text_in(cell)) for cell in cells if not is_blank(cell))
            self.found.texts.append((number, words))
            return
        self.found.entries.append(self._entry(number, cells))

    def _entry(self, number: int, cells: list[Cell]) -> ReturnRow:
        entry = ReturnRow(
            row=number,
            name=self._name(number, cells, Field.SERVICE_LINE),
            code=self._code(number, cells),
            directorate=self._name(number, cells, Field.DIRECTORATE),
            division=self._name(number, cells, Field.DIVISION),
            rag=self._text(cells, Field.RAG),
            reason=self._reason(number, cells),
        )
        entry.row_kind = self._row_kind(cells)
        self._fund_and_kind(entry, cells)
        if self.contents.cell_problems:
            self._cell_problems(entry)
        self._amounts(entry, cells)
        self._percentages(entry, cells)
        return entry

    def _amounts(self, entry: ReturnRow, cells: list[Cell]) -> None:
        decimals, unit = self.found.decimals, self.table.unit
        for index, name, column in self.money:
            if (
                self.contents.cell_problems
                and (self.table.sheet, entry.row, index) in self.contents.cell_problems
            ):
                continue
            cell = cells[index] if index < len(cells) else ""
            try:
                amount = amount_in(cell, field=name, unit=unit)
            except MoneyFormatError as error:
                entry.is_bad = True
                self._problem(entry.row, column, str(error), found=text_in(cell)[:60], expected=example(unit))
                continue
            if amount is None:
                continue
            entry.amounts[name] = -amount if name in self.flipped and amount else amount
            places = decimals_of(cell)
            if places > decimals.get(name, 0):
                decimals[name] = places

    def _percentages(self, entry: ReturnRow, cells: list[Cell]) -> None:
        for index, name, _ in self.percents:
            cell = cells[index] if index < len(cells) else ""
            percent = percent_in(cell)
            if percent is not None and name is not None:
                entry.percents[name] = -percent if name in self.flipped else percent
                entry.percent_decimals[name] = decimals_of(cell) if isinstance(cell, str) else -1

    def _row_kind(self, cells: list[Cell]) -> str:
        place = self.row_kind
        return "" if place is None or place >= len(cells) else folded(text_in(cells[place]))

    def _fund_and_kind(self, entry: ReturnRow, cells: list[Cell]) -> None:
        if fund := self._text(cells, Field.FUND):
            try:
                entry.fund = parse_fund(fund)
            except FundFormatError as error:
                self._problem(entry.row, self.table.column(Field.FUND), str(error), found=fund[:60])
        if kind := self._text(cells, Field.KIND):
            entry.kind = _KINDS.get(folded(kind), "")
            if not entry.kind:
                self._problem(
                    entry.row,
                    self.table.column(Field.KIND),
                    "This is not a kind of line.",
                    found=kind[:60],
                    expected="net, expenditure or income",
                )

    def _cell_problems(self, entry: ReturnRow) -> None:
        for column in self.read_columns:
            if words := self.contents.cell_problems.get((self.table.sheet, entry.row, column.index)):
                entry.is_bad = True
                self._problem(entry.row, column, words)

    def _text(self, cells: list[Cell], name: Field) -> str:
        place = self.places.get(name)
        return "" if place is None or place >= len(cells) else text_in(cells[place])

    def _name(self, number: int, cells: list[Cell], name: Field) -> str:
        """A name, with what cannot be seen made visible and told."""
        raw = self._text(cells, name)
        if not raw:
            return ""
        shown = visible(raw)
        if shown.isascii() and len(shown) <= NAME_LIMIT:
            return shown
        column = self.table.column(name)
        if len(shown) > NAME_LIMIT:
            self._problem(
                number,
                column,
                f"The name has {len(shown):,} characters; at most {NAME_LIMIT} are kept. Shorten it.",
                found=shown[:60],
            )
            return shown[:NAME_LIMIT]
        if hidden := hidden_characters(raw):
            self._remark(
                number,
                column,
                f"The name holds characters that cannot be seen, shown here by number: {shown} ({', '.join(hidden)}).",
            )
        if mixed_alphabets(shown):
            self._remark(
                number,
                column,
                f"“{shown}” mixes letters of two alphabets that look alike, so it may not match a name typed in one.",
            )
        return shown

    def _code(self, number: int, cells: list[Cell]) -> str:
        code = self._text(cells, Field.CODE)
        if code and (not code.isascii() or not code.isprintable() or len(code) > CODE_LIMIT):
            reason = (
                f"a code has at most {CODE_LIMIT} characters"
                if len(code) > CODE_LIMIT
                else "it has characters that are not plain letters, digits and signs"
            )
            self._problem(
                number,
                self.table.column(Field.CODE),
                f"This is not a code: {reason}.",
                found=visible(code)[:60],
            )
        return code

    def _reason(self, number: int, cells: list[Cell]) -> str:
        words = "\n".join(
            text_in(cells[index])
            for index in self.reasons
            if index < len(cells) and not is_blank(cells[index])
        )
        if not words:
            return ""
        if len(words) > REASON_LIMIT:
            self._problem(
                number,
                self.table.column(Field.REASON),
                f"The reason has {len(words):,} characters; at most {REASON_LIMIT:,} are kept. Shorten it.",
            )
        return "\n".join(visible(line) for line in words.splitlines())

    def _problem(
        self, number: int, column: Column | None, what: str, *, found: str = "", expected: str = ""
    ) -> None:
        self.found.problems.append(
            Problem(
                what=what,
                sheet=self.table.sheet,
                row=number,
                column=column.name if column else "",
                found=found,
                expected=expected,
            )
        )

    def _remark(self, number: int, column: Column | None, what: str) -> None:
        self.found.remarks.append(
            Remark(what=what, sheet=self.table.sheet, row=number, column=column.name if column else "")
        )
