"""Working days of England: weekends, Easter, Christmas and its substitute days, proclaimed days, and the turn of the financial year."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.working_days import bank_holidays, is_working_day, working_day_after, working_days_between

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2099, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2024-03-28", True),  # Maundy Thursday
        ("2024-03-29", False),  # Good Friday
        ("2024-03-31", False),  # Easter Sunday, the year's last day
        ("2024-04-01", False),  # Easter Monday, the next year's first
        ("2024-04-02", True),
        ("2021-12-27", False),  # in the place of Christmas Day, a Saturday
        ("2021-12-28", False),  # in the place of Boxing Day, a Sunday
        ("2021-12-29", True),
        ("2026-12-28", False),  # in the place of Boxing Day, a Saturday
        ("2028-01-03", False),  # in the place of New Year's Day, a Saturday
        ("2023-05-08", False),  # the coronation
        ("2022-09-19", False),  # the state funeral
        ("2020-05-08", False),  # May Day moved to the anniversary of VE Day
        ("2020-05-04", True),  # ... and so an ordinary Monday
        ("2023-11-30", True),  # St Andrew's Day is Scotland's
        ("2023-03-17", True),  # St Patrick's Day is Northern Ireland's
        ("2023-08-28", False),
        ("2023-11-04", False),
    ],
)
def test_offices_are_open_on_working_days_only(day, works):
    assert is_working_day(date.fromisoformat(day)) is works


def test_england_has_eight_bank_holidays_in_a_year_without_a_proclamation():
    weekdays = [day for day in bank_holidays(2024) if day.weekday() < 5]
    assert len(weekdays) == 8


@pytest.mark.parametrize(
    ("day", "number", "found"),
    [
        ("2023-10-31", 1, "2023-11-01"),
        ("2023-10-31", 5, "2023-11-07"),
        ("2023-11-03", 1, "2023-11-06"),  # Friday to Monday
        ("2024-03-28", 1, "2024-04-02"),  # over the whole of Easter
        ("2024-03-31", 1, "2024-04-02"),  # the year ends on Easter Sunday
        ("2025-03-31", 1, "2025-04-01"),
        ("2021-12-24", 1, "2021-12-29"),  # Christmas at a weekend costs Monday and Tuesday
        ("2026-12-31", 1, "2027-01-04"),
        ("2026-11-30", 20, "2026-12-30"),
    ],
)
def test_a_deadline_falls_on_a_working_day_counted_from_the_next_one(day, number, found):
    assert working_day_after(date.fromisoformat(day), number) == date.fromisoformat(found)


@pytest.mark.parametrize(
    ("earlier", "later", "days"),
    [
        ("2023-11-07", "2023-11-07", 0),
        ("2023-11-07", "2023-11-08", 1),
        ("2023-11-10", "2023-11-12", 0),  # due on Friday: on Sunday no working day has gone
        ("2023-11-10", "2023-11-13", 1),
        ("2024-03-28", "2024-04-01", 0),
        ("2023-11-08", "2023-11-07", 0),
    ],
)
def test_lateness_counts_working_days_gone(earlier, later, days):
    assert working_days_between(date.fromisoformat(earlier), date.fromisoformat(later)) == days


@pytest.mark.parametrize("number", [0, -1])
def test_there_is_no_working_day_before_the_first(number):
    with pytest.raises(ValueError, match="first or a later one"):
        working_day_after(date(2023, 10, 31), number)


@given(day=DAYS, number=st.integers(min_value=1, max_value=30))
def test_counting_forward_and_back_agree(day, number):
    found = working_day_after(day, number)
    assert is_working_day(found)
    assert working_days_between(day, found) == number
