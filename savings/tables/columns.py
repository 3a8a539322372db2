"""Columns that only tables of savings have."""

from datetime import date
from decimal import Decimal
from typing import Any

from accounting.periods import FinancialYear
from presentation.tables import ExportValue, MoneyColumn, NumberColumn, RagColumn, TextColumn

NO_AMOUNT = "no £ given"
NOT_DIVIDED = "not yet divided"
NOT_KNOWN = "not known"
NIL = Decimal(0)


class DateColumn(TextColumn):
    """A day, as “1 April 2024”."""

    def text(self, value: date) -> str:
        """The day in words."""
        return f"{value:%-d %B %Y}"


class YesNoColumn(TextColumn):
    """Yes, no, or not stated."""

    def text(self, value: bool) -> str:
        """The answer."""
        return "Yes" if value else "No"


class YearColumn(MoneyColumn):
    """One financial year's change to base, from a row's `by_year`. A year without a change is nil; a row without any £ says so."""

    def __init__(self, year: FinancialYear) -> None:
        super().__init__(str(year), accessor="by_year", unknown=NO_AMOUNT)
        self.year = year

    def figure(self, row: Any) -> Decimal | None:
        """The year's amount."""
        return None if row.by_year is None else row.by_year.get(self.year, NIL)


class PrintedColumn(MoneyColumn):
    """A total as its paper prints it, or its difference from the sum of the years; a row of which nothing is printed says so."""

    def cell_text(self, row: Any) -> str:
        """The amount, or that there is no printed total."""
        return super().cell_text(row) if row.has_printed_total else "none printed"

    def export_value(self, row: Any) -> Decimal | str:
        """The exact amount, or the same words."""
        return super().export_value(row) if row.has_printed_total else "none printed"


class RatingColumn(RagColumn):
    """A saving's rating; a total has none of its own."""

    EACH = "each its own"

    def cell_text(self, row: Any) -> str:
        """The rating, or that a total has none."""
        return self.EACH if row.row_kind == "total" else super().cell_text(row)

    def cell_html(self, row: Any) -> str:
        """The same for the page."""
        return self.EACH if row.row_kind == "total" else super().cell_html(row)

    def export_value(self, row: Any) -> ExportValue:
        """The same for a file."""
        return self.EACH if row.row_kind == "total" else super().export_value(row)


class PostsColumn(NumberColumn):
    """Full-time equivalent posts, without decimals that say nothing."""

    def text(self, value: int | Decimal) -> str:
        """“2”, “2.4” or “0.75”."""
        whole, _, part = super().text(value).partition(".")
        part = part.rstrip("0")
        return f"{whole}.{part}" if part else whole
