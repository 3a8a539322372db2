"""Financial years and monitoring periods.

A financial year runs from 1 April (inclusive) to 31 March (inclusive) and is named by its first calendar year. Period 1 is
April, 12 is March, and 13 is the provisional outturn, after the accounts have been closed. Dates are London dates.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

PROVISIONAL_OUTTURN: Final = 13
MONTH_NAMES: Final = (
    "April", "May", "June", "July", "August", "September", "October", "November", "December", "January", "February", "March",
)  # fmt: skip
_DASHES: Final = re.compile(r"\s*[\u2010-\u2015\u2212]\s*")


class PeriodFormatError(ValueError):
    """The text names no financial year or period."""


@dataclass(frozen=True, order=True, slots=True)
class FinancialYear:
    """A financial year, named by the calendar year in which it begins: `FinancialYear(2023)` is 2023/24."""

    first_year: int

    def __post_init__(self) -> None:
        if not 1900 <= self.first_year <= 2199:
            raise PeriodFormatError(f"{self.first_year} is not a year from 1900 to 2199.")

    def __str__(self) -> str:
        return f"{self.first_year}/{(self.first_year + 1) % 100:02d}"

    @property
    def slug(self) -> str:
        """As addresses write it: 2023-24."""
        return f"{self.first_year}-{(self.first_year + 1) % 100:02d}"

    @property
    def start(self) -> date:
        """1 April, inclusive."""
        return date(self.first_year, 4, 1)

    @property
    def end(self) -> date:
        """31 March, inclusive."""
        return date(self.first_year + 1, 3, 31)

    @property
    def next(self) -> "FinancialYear":
        """The year after."""
        return FinancialYear(self.first_year + 1)

    @property
    def previous(self) -> "FinancialYear":
        """The year before."""
        return FinancialYear(self.first_year - 1)

    @classmethod
    def containing(cls, day: date) -> "FinancialYear":
        """The financial year of a London date."""
        return cls(day.year if day >= date(day.year, 4, 1) else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> "FinancialYear":
        """Read 2023/24, 2016/7, 2017-2018, 2017–18, FY24 (which is 2023/24) or 202425 (which is 2024/25)."""
        cleaned = _DASHES.sub("-", text.strip()).replace(" ", "")
        if match := re.fullmatch(r"(?:FY|fy)(\d{2}|\d{4})", cleaned):
            end = int(match[1])
            return cls((end if end > 99 else 2000 + end) - 1)
        match = re.fullmatch(r"(\d{4})[/-](\d{4}|\d{2}|\d)", cleaned) or re.fullmatch(
            r"(\d{4})(\d{2})", cleaned
        )
        if match is None:
            raise PeriodFormatError(f"“{text}” is not a financial year. Write it like 2023/24.")
        first, second = int(match[1]), match[2]
        expected = str(first + 1)
        if not expected.endswith(second):
            raise PeriodFormatError(
                f"“{text}” is not a financial year: the year after {first} is {expected}."
            )
        return cls(first)


@dataclass(frozen=True, order=True, slots=True)
class Period:
    """One month of one financial year (1 April … 12 March), or 13, the provisional outturn."""

    year: FinancialYear
    number: int

    def __post_init__(self) -> None:
        if not 1 <= self.number <= PROVISIONAL_OUTTURN:
            raise PeriodFormatError(
                f"There is no period {self.number}: periods are 1 (April) to 12 (March) and 13 (provisional outturn). "
                "Later closing adjustments belong in a new version of period 13."
            )

    def __str__(self) -> str:
        return f"{self.year} P{self.number}"

    @property
    def slug(self) -> str:
        """As addresses and commands write it: 2023-24/p7."""
        return f"{self.year.slug}/p{self.number}"

    @property
    def is_outturn(self) -> bool:
        """Whether this is the provisional outturn and no longer a forecast."""
        return self.number == PROVISIONAL_OUTTURN

    @property
    def month_name(self) -> str:
        """The calendar month in which the period ends."""
        return MONTH_NAMES[min(self.number, 12) - 1]

    @property
    def end_date(self) -> date:
        """The last day of the period: 31 October 2023 for 2023/24 P7; 31 March for 12 and 13."""
        month = (min(self.number, 12) + 2) % 12 + 1
        calendar_year = self.year.first_year + (1 if month <= 3 else 0)
        first_of_next = date(calendar_year + (month == 12), month % 12 + 1, 1)
        return first_of_next - timedelta(days=1)

    @property
    def short_label(self) -> str:
        """“Month 7”, or “Provisional outturn”."""
        return "Provisional outturn" if self.is_outturn else f"Month {self.number}"

    @property
    def label(self) -> str:
        """“Month 7, October 2023”, or “Provisional outturn 2023/24”."""
        if self.is_outturn:
            return f"Provisional outturn {self.year}"
        return f"Month {self.number}, {self.month_name} {self.end_date.year}"

    @property
    def previous(self) -> "Period | None":
        """The period before in the same year; none before April."""
        return Period(self.year, self.number - 1) if self.number > 1 else None

    @classmethod
    def containing(cls, day: date) -> "Period":
        """The month of a London date: 31 March is period 12 of one year, 1 April period 1 of the next."""
        return cls(FinancialYear.containing(day), (day.month - 4) % 12 + 1)

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read 2023-24/p7, 2023/24 P07 or 2023-24 month 7."""
        match = re.fullmatch(r"(.+?)[\s/,]+(?:p|P|month\s|Month\s|M|m)\s?(\d{1,2})", text.strip())
        if match is None:
            raise PeriodFormatError(
                f"“{text}” is not a period. Write it like 2023-24/p7. Periods are calendar months; weeks and 4-4-5 quarters are not kept."
            )
        return cls(FinancialYear.parse(match[1]), int(match[2]))
