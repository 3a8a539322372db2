"""When papers must be public before a meeting, and when an executive must answer: dates are London dates.

Papers are open for a number of clear days before a meeting: neither the day of publication nor that of the meeting counts (Local Government Act
1972, s100B; five since SI 2002/715). Whether weekends count is local practice; here a clear day is a working day in England.
"""

import calendar
from datetime import date, timedelta

from accounting.working_days import is_working_day

RESPONSE_MONTHS = 2
"""Within how many months of receiving a recommendation the executive must respond (Local Government Act 2000, s9FE)."""
_DAY = timedelta(days=1)


def clear_days(published: date, meeting: date) -> int:
    """How many working days lie between publication and meeting, neither counted; nil if there are none."""
    counted, day = 0, published + _DAY
    while day < meeting:
        counted += is_working_day(day)
        day += _DAY
    return counted


def papers_due(meeting: date, days: int) -> date:
    """The last working day on which papers may be published so that `days` clear days remain. Raises `ValueError` below nil days."""
    if days < 0:
        raise ValueError(f"The number of clear days is nil or more, not {days}.")
    day, left = meeting - _DAY, days
    while left or not is_working_day(day):
        left -= is_working_day(day)
        day -= _DAY
    return day


def months_after(day: date, months: int) -> date:
    """The same day so many months on; the last day of a month that has no such day: two months after 31 December is 28 or 29 February."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def response_due(received: date) -> date:
    """When the executive's response to a recommendation received that day is due."""
    return months_after(received, RESPONSE_MONTHS)
