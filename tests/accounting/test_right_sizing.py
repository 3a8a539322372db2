"""Right-sizing: services over, or under, year after year."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from accounting.periods import FinancialYear
from accounting.right_sizing import persistent

POUNDS = st.decimals(min_value=-(10**7), max_value=10**7, places=2)


def variances(*amounts, last=2025):
    """Variances of the years up to `last`, overspend positive."""
    first = last - len(amounts) + 1
    return {
        FinancialYear(first + place): None if amount is None else Decimal(amount)
        for place, amount in enumerate(amounts)
    }


def found(*amounts, years=3, at_least=50_000):
    return persistent(variances(*amounts), last=FinancialYear(2025), years=years, at_least=Decimal(at_least))


def test_a_million_under_in_each_of_three_years_is_found_with_the_cautious_amount():
    run = found(-1_200_000, -1_000_000, -1_050_000)
    assert not run.is_over
    assert (run.typical, run.summed) == (-1_000_000, -3_250_000)
    assert [str(when) for when, _ in run.years] == ["2023/24", "2024/25", "2025/26"]


def test_over_in_every_year_is_found_too():
    assert found(60_000, 70_000, 80_000).is_over


def test_one_year_the_other_way_a_small_year_a_nil_year_or_a_missing_year_breaks_the_run():
    assert found(-90_000, 90_000, -90_000) is None
    assert found(-90_000, -49_999, -90_000) is None
    assert found(-90_000, 0, -90_000, at_least=0) is None
    assert found(-90_000, None, -90_000) is None
    assert found(-90_000, -90_000) is None


def test_exactly_the_least_amount_counts_and_only_the_last_years_are_asked():
    assert found(-50_000, -50_000, -50_000) is not None
    assert found(90_000, -60_000, -60_000, -60_000).summed == -180_000


@given(st.lists(POUNDS, min_size=1, max_size=6), st.decimals(min_value=0, max_value=10**6, places=2))
def test_every_year_of_a_run_is_at_least_the_typical_amount_out_and_the_same_way(amounts, at_least):
    run = found(*amounts, years=len(amounts), at_least=at_least)
    if run is None:
        same_way = all(amount > 0 for amount in amounts) or all(amount < 0 for amount in amounts)
        assert not (same_way and all(abs(amount) >= at_least for amount in amounts))
        return
    assert all(abs(amount) >= abs(run.typical) >= at_least for _, amount in run.years)
    assert run.summed == sum(amounts)
    assert len({amount > 0 for _, amount in run.years}) == 1
