"""A saving over several years as changes to base: what one-offs take back out, levels, printed totals, spans and shares."""

from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.periods import FinancialYear
from accounting.phasing import (
    PhasedAmount,
    PhasedPlan,
    PhaseKind,
    SharesDoNotSumError,
    SpanMeaning,
    SpanReading,
    changes_by_year,
    check_shares,
    spread,
    totals_by_year,
)
from accounting.shares import implied_whole, own_changes, part_of, percent_from_hundredths

PENCE = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
YEARS = st.integers(2015, 2035).map(FinancialYear)
PHASES = st.lists(
    st.builds(PhasedAmount, year=YEARS, amount=PENCE, kind=st.sampled_from(PhaseKind)), max_size=12
)


def year(first):
    return FinancialYear(first)


def phased(first, amount, kind=PhaseKind.RECURRENT):
    return PhasedAmount(year=year(first), amount=Decimal(amount), kind=kind)


def plan(*phases, **fields):
    return PhasedPlan(phases=phases, **fields)


def shown(by_year):
    return {str(when): amount for when, amount in by_year.items()}


def test_walsalls_care_leavers_housing_comes_back_as_printed():
    printed = plan(
        phased(2026, -742032), phased(2027, 645032, PhaseKind.REVERSAL), total_as_printed=Decimal(-97000)
    )
    assert shown(printed.by_year) == {"2026/27": -742032, "2027/28": 645032}
    assert (printed.total, printed.gap_from_printed) == (-97000, 0)
    assert (printed.level(year(2026)), printed.level(year(2029))) == (-742032, -97000)
    assert printed.before_reversals == -742032


def test_the_same_saving_as_a_one_off_and_what_lasts_needs_no_row_for_the_return():
    by_nature = plan(phased(2026, -97000), phased(2026, -645032, PhaseKind.ONE_OFF))
    assert shown(by_nature.by_year) == {"2026/27": -742032, "2027/28": 645032}
    assert (by_nature.returned(year(2027)), by_nature.returned(year(2026))) == (645032, 0)


def test_a_printed_total_that_differs_is_shown_and_not_mended():
    op16 = plan(
        *(phased(first, -1480219) for first in (2026, 2027, 2028)), total_as_printed=Decimal(-4440656)
    )
    assert (op16.total, op16.gap_from_printed) == (-4440657, -1)


def test_a_plan_without_amounts_has_no_total_which_is_not_nil():
    assert (plan().total, plan().before_reversals, plan(total_as_printed=Decimal(-7)).gap_from_printed) == (
        None,
        None,
        None,
    )
    assert plan(phased(2026, 0)).total == 0


def test_a_full_years_effect_is_more_than_its_first_part_year():
    part_year = plan(phased(2026, -40000), phased(2027, -60000, PhaseKind.FULL_YEAR_EFFECT))
    assert (part_year.change(year(2026)), part_year.change(year(2028))) == (-40000, 0)
    assert (part_year.level(year(2026)), part_year.level(year(2027))) == (-40000, -100000)


@given(PHASES)
def test_the_years_sum_to_the_total_and_the_last_level_is_that_total(phases):
    whole = plan(*phases)
    amounts = whole.by_year
    if not phases:
        assert amounts == {}
        return
    assert sum(amounts.values()) == whole.total == whole.level(max(amounts))
    assert list(amounts) == sorted(amounts)


@given(PHASES)
def test_a_one_off_leaves_nothing_behind(phases):
    one_offs = [PhasedAmount(year=one.year, amount=one.amount, kind=PhaseKind.ONE_OFF) for one in phases]
    assert sum(changes_by_year(one_offs).values()) == 0


@given(PHASES)
def test_a_years_change_is_what_is_phased_in_it_and_what_comes_back(phases):
    whole = plan(*phases)
    for when in whole.by_year:
        new = [one.amount for one in phases if one.year == when and one.kind is not PhaseKind.REVERSAL]
        assert whole.change(when) == sum(new) + whole.returned(when)


@given(PHASES, st.randoms(use_true_random=False))
def test_the_order_in_which_amounts_are_given_changes_nothing(phases, random: Random):
    shuffled = list(phases)
    random.shuffle(shuffled)
    assert changes_by_year(shuffled) == changes_by_year(phases)


@given(st.lists(PHASES, max_size=5))
def test_the_sum_of_plans_is_the_sum_of_their_years(several):
    plans = [plan(*phases) for phases in several]
    together = totals_by_year(plans)
    assert together == changes_by_year(phase for phases in several for phase in phases)


@given(PENCE, st.integers(1, 40))
def test_an_amount_spread_over_years_sums_to_it_to_the_penny(amount, years):
    parts = spread(amount, years)
    assert sum(parts) == amount
    assert len(parts) == years
    assert max(parts) - min(parts) <= Decimal("0.01")
    assert all(part == 0 or (part < 0) == (amount < 0) for part in parts)


@pytest.mark.parametrize(
    ("amount", "years", "parts"),
    [
        ("-100", 3, ["-33.34", "-33.33", "-33.33"]),
        ("-250000", 2, ["-125000", "-125000"]),
        ("0.01", 2, ["0.01", "0"]),
    ],
)
def test_the_odd_pence_go_to_the_first_years(amount, years, parts):
    assert spread(Decimal(amount), years) == tuple(map(Decimal, parts))


def test_an_amount_for_two_years_has_two_readings():
    span = SpanReading(
        first=year(2013),
        last=year(2014),
        amount=Decimal(-250000),
        meaning=SpanMeaning.NOT_STATED,
        words="£250,000 in 2013/14 and 2014/15",
    )
    assert (span.years, span.if_each_year, span.if_in_total) == (2, -500000, -250000)


THIRDS = {"A": Decimal("-41666.67"), "B": Decimal("-41666.67"), "C": Decimal("-41666.66")}


def test_shares_sum_to_the_shared_saving_or_the_difference_is_told():
    check_shares(year(2012), Decimal(-125000), THIRDS)
    with pytest.raises(SharesDoNotSumError, match="2012/13") as told:
        check_shares(year(2012), Decimal(-125000), THIRDS | {"C": Decimal("-41666.67")})
    assert told.value.difference == Decimal("-0.01")


def test_a_share_that_is_not_agreed_leaves_the_others_unchecked():
    check_shares(year(2012), Decimal(-125000), {"A": Decimal(-1), "B": None})
    check_shares(year(2012), Decimal(-125000), {})


@given(PHASES)
def test_without_shares_all_of_a_change_is_ours(phases):
    assert own_changes(phases, {}) == changes_by_year(phases)


@given(st.lists(PENCE, min_size=1, max_size=4), YEARS)
def test_councils_parts_of_a_shared_one_off_come_back_as_they_were_made(shares, when):
    """Each council's part of the return is its own saving with the opposite sign, so the parts still sum to the whole."""
    phases = [PhasedAmount(year=when, amount=sum(shares), kind=PhaseKind.ONE_OFF)]
    parts = [own_changes(phases, {when: share}) for share in shares]
    if sum(shares):
        assert [part[when.next] for part in parts] == [-share for share in shares]
    assert [part[when] for part in parts] == shares


def test_our_part_is_our_share_and_unknown_while_the_split_is_not_agreed():
    phases = [phased(2012, -125000), phased(2013, -250000), phased(2014, -10000)]
    assert shown(own_changes(phases, {year(2012): Decimal(-41667), year(2013): None})) == {
        "2012/13": -41667,
        "2013/14": None,
        "2014/15": -10000,
    }


def test_the_return_of_a_one_off_that_is_not_split_is_not_known_either():
    phases = [phased(2012, -90, PhaseKind.ONE_OFF)]
    assert shown(own_changes(phases, {year(2012): None})) == {"2012/13": None, "2013/14": None}
    assert shown(own_changes(phases, {year(2012): Decimal(-30)})) == {"2012/13": -30, "2013/14": 30}


def test_a_part_in_proportion_is_rounded_to_the_penny_half_away_from_nil():
    assert part_of(Decimal(-100), Decimal(-1), Decimal(-3)) == Decimal("-33.33")
    assert part_of(Decimal(-100), Decimal(-5), Decimal(0)) == -100


def test_a_percentage_implies_the_whole():
    assert implied_whole(Decimal(1_700_000), Decimal("3.5")) == 48_571_429
    assert implied_whole(Decimal(170_000), Decimal(1)) == 17_000_000
    assert implied_whole(Decimal(1), Decimal(0)) is None
    assert percent_from_hundredths(350) == Decimal("3.5")
