"""Financial years and periods, as papers write them and as the calendar decides them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.periods import FinancialYear, Period, PeriodFormatError


@pytest.mark.parametrize(
    "text",
    ["2016/17", "2016-17", "2016/7", "2016-2017", "2016–17", "2016/2017", "FY17", "201617", " 2016 / 17 "],
)
def test_every_way_of_writing_a_year_is_the_same_year(text):
    assert FinancialYear.parse(text) == FinancialYear(2016)


@pytest.mark.parametrize("text", ["2017-2108", "2017 – 2108", "2016/18", "16/17", "2016", "", "next year"])
def test_a_year_that_does_not_follow_is_refused(text):
    with pytest.raises(PeriodFormatError):
        FinancialYear.parse(text)


def test_a_year_prints_as_councils_print_it():
    assert str(FinancialYear(2023)) == "2023/24"
    assert str(FinancialYear(1999)) == "1999/00"
    assert FinancialYear(2023).slug == "2023-24"


@pytest.mark.parametrize(
    ("number", "end"),
    [
        (1, date(2023, 4, 30)),
        (7, date(2023, 10, 31)),
        (9, date(2023, 12, 31)),
        (11, date(2024, 2, 29)),
        (12, date(2024, 3, 31)),
        (13, date(2024, 3, 31)),
    ],
)
def test_a_period_ends_with_its_month(number, end):
    assert Period(FinancialYear(2023), number).end_date == end


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_every_day_is_in_one_period_of_its_year(day):
    period = Period.containing(day)
    assert period.year.start <= day <= period.year.end
    assert period.end_date >= day
    assert (period.end_date.year, period.end_date.month) == (day.year, day.month)


def test_the_year_turns_between_31_march_and_1_april():
    """T02: the last second of 31 March is in one year, the first of 1 April in the next."""
    assert Period.containing(date(2024, 3, 31)) == Period(FinancialYear(2023), 12)
    assert Period.containing(date(2024, 4, 1)) == Period(FinancialYear(2024), 1)


@given(st.integers(1900, 2198), st.integers(1, 13))
def test_a_periods_address_leads_back_to_it(year, number):
    period = Period(FinancialYear(year), number)
    assert Period.parse(period.slug) == period
    assert Period.parse(str(period)) == period
    assert FinancialYear.parse(str(period.year)) == period.year


@pytest.mark.parametrize("number", [0, 14, -1])
def test_there_is_no_such_period(number):
    """T04: a fourteenth period is refused, and where its figures belong is said."""
    with pytest.raises(PeriodFormatError, match="1 \\(April\\) to 12 \\(March\\)"):
        Period(FinancialYear(2023), number)


@pytest.mark.parametrize("text", ["2023-24", "p7", "2023-24/p", "2023-24/q3", "7/2023-24", "2023-24/p77"])
def test_what_names_no_period_is_refused(text):
    with pytest.raises(PeriodFormatError):
        Period.parse(text)


def test_labels_say_month_and_year():
    assert Period.parse("2023-24/p7").label == "Month 7, October 2023"
    assert Period.parse("2023-24/p10").label == "Month 10, January 2024"
    assert Period.parse("2023-24/p13").label == "Provisional outturn 2023/24"


def test_periods_are_in_order_and_march_is_not_outturn():
    year = FinancialYear(2023)
    assert Period(year, 12) < Period(year, 13) < Period(year.next, 1)
    assert not Period(year, 12).is_outturn
    assert Period(year, 13).is_outturn
    assert Period(year, 1).previous is None
    assert Period(year, 8).previous == Period(year, 7)
