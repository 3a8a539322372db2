"""Invest to save: when what is saved has paid back what was put in."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.payback import payback, payback_so_far
from accounting.periods import FinancialYear

POUNDS = st.decimals(min_value=0, max_value=10**8, places=2)
PROFILES = st.lists(st.tuples(POUNDS, POUNDS), max_size=12)


def profile(*years, first=2026):
    return [
        (FinancialYear(first + place), Decimal(investment), Decimal(benefit))
        for place, (investment, benefit) in enumerate(years)
    ]


def test_money_put_in_first_is_paid_back_from_later_savings():
    found = payback(profile((300, 0), (100, 150), (0, 200), (0, 200)))
    assert [one.net for one in found.years] == [-300, 50, 200, 200]
    assert [one.cumulative for one in found.years] == [-300, -250, -50, 150]
    assert (str(found.paid_back_in), found.deepest) == ("2029/30", -300)


@pytest.mark.parametrize(
    "years",
    [
        [(300, 100), (0, 100)],  # never paid back
        [(0, 100), (0, 100)],  # nothing was put in
        [],
    ],
)
def test_no_year_is_named_where_nothing_is_paid_back(years):
    assert payback(profile(*years)).paid_back_in is None


def test_a_later_investment_takes_the_payback_back():
    assert str(payback(profile((100, 100), (50, 0), (0, 60))).paid_back_in) == "2028/29"
    assert payback(profile((100, 100), (50, 0))).paid_back_in is None


@given(PROFILES)
def test_the_last_position_is_all_that_came_out_less_all_that_went_in(years):
    found = payback(profile(*years))
    if years:
        put_in = sum(investment for investment, _ in years)
        assert found.years[-1].cumulative == sum(benefit for _, benefit in years) - put_in
    assert found.deepest <= 0 or not any(one.cumulative < 0 for one in found.years)


@given(PROFILES)
def test_from_the_year_of_payback_on_nothing_is_outstanding(years):
    found = payback(profile(*years))
    if found.paid_back_in is not None:
        assert all(one.cumulative >= 0 for one in found.years if one.year >= found.paid_back_in)
        before = [one for one in found.years if one.year < found.paid_back_in]
        assert not before or before[-1].cumulative < 0


def test_evidence_counts_as_far_as_it_goes():
    years = [(FinancialYear(2026), Decimal(300), Decimal(0)), (FinancialYear(2027), Decimal(0), None)]
    found = payback_so_far([*years, (FinancialYear(2028), Decimal(0), Decimal(500))])
    assert [(str(one.year), one.cumulative) for one in found.years] == [("2026/27", -300)]
    assert payback_so_far([]).years == ()


@given(PROFILES)
def test_where_all_is_known_the_evidence_is_the_whole_profile(years):
    assert payback_so_far(profile(*years)) == payback(profile(*years))
