"""The rows of a ledger's table, typed: codes with their amounts, totals, and what is neither."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from accounting.money import ZERO, MoneyFormatError, total
from services.imports.cells import amount_in, decimals_of, example, is_blank, text_in
from services.imports.characters import folded, hidden_characters, mixed_alphabets, visible
from services.imports.grid import Cell, FileContents
from services.imports.labels import matches, patterns
from services.imports.ledger_totals import LOOKS_TOTAL, TotalRow
from services.imports.problems import Problem, Remark, listed
from services.imports.profile import Field, Profile
from services.imports.table import Column, Table

CODE_LIMIT = 40
EVERY = 2_500
"""After so many rows the reader says how far it is."""
_MONEY: Final = (Field.ACTUAL_TO_DATE, Field.COMMITMENTS, Field.EARLIER_ACTUAL, Field.MONTH_ACTUAL)
Told = Callable[[int, int], None]
"""Told how many rows of how many are done."""


@dataclass(slots=True)
class LedgerRow:
    """One code's figures in exact pounds, income negative. `earlier` is the actual up to the end of the previous period, if the file says it."""

    row: int
    cost_centre: str
    subjective: str
    description: str
    actual: Decimal
    commitments: Decimal | None
    earlier: Decimal | None

    @property
    def key(self) -> tuple[str, str]:
        """What the mapping table is asked for."""
        return self.cost_centre, self.subjective


class LedgerReader:
    """Reads the rows of one ledger table."""

    def __init__(self, table: Table, profile: Profile, contents: FileContents) -> None:
        self.table, self.contents = table, contents
        self.rows: list[LedgerRow] = []
        self.problems: list[Problem] = []
        self.remarks: list[Remark] = []
        self.places = {column.field: column for column in reversed(table.columns) if column.field is not None}
        self.ignored = patterns(profile.ignore_rows)
        self.named_totals = patterns(profile.total_rows)
        self.total_rows: list[TotalRow] = []
        self.unnamed_totals: list[str] = []
        self.decimals = 0
        self.blank_commitments = 0
        self.is_bad = False

    def read(self, told: Told) -> None:
        """Every row below the headings."""
        count = len(self.table.rows)
        for done, (number, cells) in enumerate(self.table.rows):
            if done % EVERY == 0:
                told(done, count)
            self._row(number, cells)
        if self.blank_commitments:
            self.remarks.append(
                Remark(
                    what=f"{self.blank_commitments:,} blank commitments are read as nil.",
                    sheet=self.table.sheet,
                )
            )
        told(count, count)

    def _row(self, number: int, cells: list[Cell]) -> None:
        cost_centre, subjective = (
            self._text(cells, Field.CODE),
            self._text(cells, Field.SUBJECTIVE),
        )
        description = self._text(cells, Field.SERVICE_LINE)
        label = cost_centre if not subjective and not description else description
        if matches(label, self.ignored) or self._is_heading(cells, cost_centre):
            return
        if all(self._is_blank(cells, name) for name in _MONEY):
            if cost_centre and subjective:
                self._problem(
                    number, Field.ACTUAL_TO_DATE, "There is no amount. Write 0 for nil.", found="blank"
                )
            return
        amounts = self._amounts(number, cells)
        if not subjective and (
            matches(label, self.named_totals) or LOOKS_TOTAL.search(folded(label or cost_centre))
        ):
            if not matches(label, self.named_totals):
                self.unnamed_totals.append(f"Row {number}, “{visible(label or cost_centre)}”")
            self.total_rows.append(TotalRow(number, visible(label or cost_centre), amounts))
            return
        codes_are_good = self._code(number, Field.CODE, cost_centre) and self._code(
            number, Field.SUBJECTIVE, subjective
        )
        actual = amounts.get(Field.ACTUAL_TO_DATE)
        if not codes_are_good or actual is None:
            self.is_bad = True
            return
        self.rows.append(
            LedgerRow(
                number,
                cost_centre,
                subjective,
                visible(description)[:200],
                actual,
                amounts.get(Field.COMMITMENTS),
                _earlier(amounts, actual),
            )
        )

    def _is_heading(self, cells: list[Cell], cost_centre: str) -> bool:
        """The headings repeated further down, as a printed extract repeats them on each page."""
        column = self.places[Field.CODE]
        money = self.places[Field.ACTUAL_TO_DATE]
        return folded(cost_centre) == folded(column.heading) and folded(
            self._text(cells, Field.ACTUAL_TO_DATE)
        ) == folded(money.heading)

    def _amounts(self, number: int, cells: list[Cell]) -> dict[Field, Decimal]:
        amounts = {}
        for name in _MONEY:
            column = self.places.get(name)
            if column is None:
                continue
            cell = cells[column.index] if column.index < len(cells) else ""
            wrong = (
                self.contents.cell_problems.get((self.table.sheet, number, column.index))
                if self.contents.cell_problems
                else None
            )
            try:
                if wrong:
                    self._problem(number, name, wrong)
                    continue
                amount = amount_in(cell, field=name, unit=self.table.unit)
            except MoneyFormatError as error:
                self._problem(
                    number, name, str(error), found=text_in(cell)[:60], expected=example(self.table.unit)
                )
                continue
            if amount is None and name is Field.COMMITMENTS:
                self.blank_commitments += 1
                amount = ZERO
            if amount is None:
                self._problem(number, name, "There is no amount. Write 0 for nil.", found="blank")
                continue
            amounts[name] = amount
            if name is Field.ACTUAL_TO_DATE:
                self.decimals = max(self.decimals, decimals_of(cell))
        return amounts

    def _code(self, number: int, name: Field, code: str) -> bool:
        """Whether a code can be one: there, short enough, and without characters that look like others."""
        what = ""
        if not code:
            what = "The row has an amount and this code is blank. Fill it in, or name the row in the profile's total_rows or ignore_rows."
        elif not (code.isascii() and code.isprintable()):
            if hidden := hidden_characters(code):
                what = f"The code holds an invisible character ({listed(hidden)}). Type it again without."
            elif mixed_alphabets(code):
                what = "The code mixes letters of different alphabets that look alike. Type it again."
        if not what and len(code) > CODE_LIMIT:
            what = f"The code has {len(code)} characters; at most {CODE_LIMIT} are kept."
        if what:
            self._problem(number, name, what, found=visible(code)[:60] or "blank")
        return not what

    def _text(self, cells: list[Cell], name: Field) -> str:
        column = self.places.get(name)
        if column is None or column.index >= len(cells):
            return ""
        cell = cells[column.index]
        return cell.strip() if isinstance(cell, str) else text_in(cell)

    def _is_blank(self, cells: list[Cell], name: Field) -> bool:
        column: Column | None = self.places.get(name)
        return column is None or column.index >= len(cells) or is_blank(cells[column.index])

    def _problem(self, number: int, name: Field, what: str, *, found: str = "", expected: str = "") -> None:
        self.is_bad = True
        column = self.places.get(name)
        self.problems.append(
            Problem(
                what=what,
                sheet=self.table.sheet,
                row=number,
                column=column.name if column else name.label,
                found=found,
                expected=expected,
            )
        )


def _earlier(amounts: dict[Field, Decimal], actual: Decimal) -> Decimal | None:
    """The actual up to the end of the previous period: as the file prints it, or what remains without this period's."""
    if Field.EARLIER_ACTUAL in amounts:
        return amounts[Field.EARLIER_ACTUAL]
    if Field.MONTH_ACTUAL in amounts:
        return total([actual, -amounts[Field.MONTH_ACTUAL]])
    return None
