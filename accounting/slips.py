"""Slips that council papers really print: units that cannot be meant, years that contradict their months, months that are another month's.

Each is told as printed, with why it is doubtful. None is ever corrected: what was meant is for the council to say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from accounting.periods import MONTH_NAMES, FinancialYear, Period, PeriodFormatError


@dataclass(frozen=True, slots=True)
class Slip:
    """Doubtful words: `printed` as they stand, `why` in a sentence."""

    printed: str
    why: str


_AMOUNT: Final = re.compile(
    r"£\s?(?P<number>[0-9][0-9.,]*[0-9]|[0-9])\s?(?P<unit>million\b|m\b|M\b|k\b|K\b|bn\b)?"
)
_THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
_MONTH_NAME: Final = re.compile(r"\b(" + "|".join(MONTH_NAMES) + r")\s+(20\d{2}|19\d{2})\b", re.IGNORECASE)
_MONTH_NUMBER: Final = re.compile(
    r"\b(?:month|period)\s*(?:no\.?\s*)?(\d{1,2})\b|\b[MP](\d{1,2})\b", re.IGNORECASE
)
_YEAR: Final = re.compile(
    r"\b((?:19|20)\d{2})\s?([/\u2010-\u2015-])\s?(\d{4}|\d{2}|\d)\b(?!\s?[/\u2010-\u2015-]\s?\d)"
)
_MILLION, _THOUSAND = ("million", "m"), ("k",)
_HUNDREDS_OF_MILLIONS: Final = 10_000


def find_slips(text: str, *, period: Period | None = None) -> tuple[Slip, ...]:
    """Every doubtful amount, year and month in a text; `period` is the one that the paper is about, if it is known."""
    return (
        *_amounts(text),
        *_years(text),
        *_months_against_years(text),
        *(_months(text, period) if period else ()),
    )


def _amounts(text: str) -> Iterator[Slip]:
    for match in _AMOUNT.finditer(text):
        number, unit = match["number"], (match["unit"] or "").casefold()
        if why := _doubt(number, unit):
            yield Slip(match[0].strip(), why)


def _doubt(number: str, unit: str) -> str:
    """Why an amount's printing is doubtful; empty if it is not."""
    if not _THOUSANDS.fullmatch(number):
        return "its commas and points do not make one number"
    whole, _, decimals = number.partition(".")
    digits = whole.replace(",", "")
    if unit in _MILLION and ("," in whole or len(digits) >= 5):
        return "it says thousands of millions of pounds; a comma may stand where the decimal point should, or the unit may be wrong"
    if unit in _THOUSAND and len(decimals) == 3:
        return (
            "it says thousands of pounds with three decimals; the unit may be millions, or the point a comma"
        )
    if unit in _THOUSAND and len(digits) >= 4 and "," not in whole:
        return "it says more than a thousand thousands without a comma; the unit may be pounds"
    if not unit and len(decimals) == 3:
        return "pounds have two decimals; the point may stand where a comma should"
    return ""


def _years(text: str) -> Iterator[Slip]:
    """Ranges of years that are no financial year."""
    for match in _YEAR.finditer(text):
        try:
            FinancialYear.parse(f"{match[1]}-{match[3]}")
        except PeriodFormatError:
            following = int(match[1]) + 1
            yield Slip(
                match[0],
                f"a financial year that begins in {match[1]} ends in {following}; the digits may be in the wrong order",
            )


@dataclass(frozen=True, slots=True)
class Claims:
    """What a title says about when it is: the years, the month numbers and the calendar months that it names."""

    years: tuple[FinancialYear, ...]
    numbers: tuple[int, ...]
    months: tuple[Period, ...]

    def agreement(self, period: Period) -> tuple[int, int]:
        """How many of its claims agree with a period, and how many do not."""
        said = [year == period.year for year in self.years] + [
            number == period.number for number in self.numbers
        ]
        said += [_is_month(period, month) for month in self.months]
        return said.count(True), said.count(False)


def _is_month(period: Period, month: Period) -> bool:
    """Whether a calendar month is this period's; the provisional outturn is told in any month after March of its year, too."""
    if period.is_outturn:
        return month.year in (period.year, period.year.next)
    return month == period


def claims_of(text: str) -> Claims:
    """The years, months and month numbers that a title states."""
    years = []
    for match in _YEAR.finditer(text):
        try:
            years.append(FinancialYear.parse(f"{match[1]}-{match[3]}"))
        except PeriodFormatError:
            continue
    numbers = [int(match[1] or match[2]) for match in _MONTH_NUMBER.finditer(text)]
    months = [
        Period.containing(date(int(match[2]), _calendar_month(match[1]), 1))
        for match in _MONTH_NAME.finditer(text)
    ]
    return Claims(tuple(years), tuple(number for number in numbers if 1 <= number <= 13), tuple(months))


def _calendar_month(name: str) -> int:
    return (MONTH_NAMES.index(name.capitalize()) + 3) % 12 + 1


def _months_against_years(text: str) -> Iterator[Slip]:
    """A financial year and a calendar month that lies outside it; a month number that is not that month's."""
    claims = claims_of(text)
    for year in claims.years:
        for month in claims.months:
            # March and April are where the old year's outturn is told in the new year.
            if month.year != year and not (month.year == year.next and month.number <= 3):
                yield Slip(
                    text, f"{month.month_name} {month.end_date.year} lies in {month.year}, not in {year}"
                )
    for number in claims.numbers:
        for month in claims.months:
            if month.number != number and number <= 12 and len(claims.numbers) == 1:
                yield Slip(
                    text,
                    f"month {number} is {MONTH_NAMES[number - 1]}, and {month.month_name} is month {month.number}",
                )


def _months(text: str, period: Period) -> Iterator[Slip]:
    """Labels that name another month or year than the paper's own."""
    claims = claims_of(text)
    for number in dict.fromkeys(claims.numbers):
        if number != period.number:
            yield Slip(text, f"it says month {number}, and this is {period.short_label.lower()}")
    for year in dict.fromkeys(claims.years):
        if year != period.year:
            yield Slip(text, f"it says {year}, and this is {period.year}")
