"""Working days in England: Monday to Friday, without bank holidays. Days are London dates.

Bank holidays are those of the Banking and Financial Dealings Act 1971 and of royal proclamations, from the `holidays` package: substitute
days when one falls on a weekend, and single ones (the coronation of 2023), are among them. It knows them to 2100; after that only weekends
count.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

_DAY: Final = timedelta(days=1)
_SATURDAY: Final = 5
_YEARS_KEPT: Final = 64


@lru_cache(maxsize=_YEARS_KEPT)
def bank_holidays(year: int) -> frozenset[date]:
    """England's bank holidays in a calendar year, weekends and their substitute days included."""
    import holidays  # a third of a second, which most pages never need

    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year))


def is_working_day(day: date) -> bool:
    """Whether offices are open in England."""
    return day.weekday() < _SATURDAY and day not in bank_holidays(day.year)


def working_day_after(day: date, number: int) -> date:
    """The `number`-th working day after `day`, which is itself not counted: the first one after a Friday is Monday.

    Raises `ValueError` for a number below 1.
    """
    if number < 1:
        raise ValueError(f"The working day must be the first or a later one, not number {number}.")
    counted = 0
    while counted < number:
        day += _DAY
        counted += is_working_day(day)
    return day


def working_days_between(earlier: date, later: date) -> int:
    """How many working days follow `earlier`, up to and including `later`; nil where `later` is not after it.

    What was due on a Friday and comes on Monday is one working day late; on Saturday, none.
    """
    counted = 0
    while earlier < later:
        earlier += _DAY
        counted += is_working_day(earlier)
    return counted
