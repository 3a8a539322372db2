"""Clear days before a meeting, and the executive's two months."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.meetings import clear_days, months_after, papers_due, response_due
from accounting.working_days import is_working_day

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1))


@pytest.mark.parametrize(
    ("published", "meeting", "counted"),
    [
        (date(2023, 12, 4), date(2023, 12, 12), 5),  # Monday to the Tuesday of the next week
        (date(2023, 12, 5), date(2023, 12, 12), 4),
        (
            date(2023, 12, 19),
            date(2024, 1, 2),
            6,
        ),  # Christmas Day, Boxing Day and New Year's Day count as none
        (date(2023, 12, 12), date(2023, 12, 12), 0),
        (date(2023, 12, 13), date(2023, 12, 12), 0),
    ],
)
def test_neither_the_day_of_publication_nor_that_of_the_meeting_counts(published, meeting, counted):
    assert clear_days(published, meeting) == counted


@given(days, st.integers(min_value=0, max_value=15))
def test_papers_published_when_they_are_due_are_open_long_enough_and_a_day_later_are_not(meeting, wanted):
    due = papers_due(meeting, wanted)
    assert is_working_day(due)
    assert clear_days(due, meeting) == wanted
    later = due + timedelta(days=1)
    while not is_working_day(later):
        later += timedelta(days=1)
    assert later >= meeting or clear_days(later, meeting) < wanted


def test_fewer_than_no_clear_days_are_refused():
    with pytest.raises(ValueError, match="nil or more"):
        papers_due(date(2024, 1, 9), -1)


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2024, 1, 9), date(2024, 3, 9)),
        (date(2023, 12, 31), date(2024, 2, 29)),
        (date(2024, 12, 31), date(2025, 2, 28)),
        (date(2024, 11, 30), date(2025, 1, 30)),
    ],
)
def test_an_executive_has_two_months_from_the_day_it_received_a_recommendation(received, due):
    assert response_due(received) == due


@given(days, st.integers(min_value=0, max_value=36))
def test_months_on_never_leave_their_month(day, months):
    later = months_after(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day <= day.day
