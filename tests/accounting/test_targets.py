"""What a saving is to bring in one year, from its phasing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhasedPlan, PhaseKind
from accounting.targets import OurShare, target_of
from tests.services.factories import pounds

FIRST, SECOND, THIRD = FinancialYear(2023), FinancialYear(2024), FinancialYear(2025)
amounts = st.integers(-(10**11), 10**11).map(lambda pence: Decimal(pence).scaleb(-2))
phases = st.lists(
    st.builds(
        PhasedAmount,
        year=st.sampled_from([FIRST, SECOND, THIRD]),
        amount=amounts,
        kind=st.sampled_from([kind for kind in PhaseKind if kind is not PhaseKind.REVERSAL]),
    ),
    min_size=1,
    max_size=9,
    unique_by=lambda phase: (phase.year, phase.kind),
).map(tuple)


def phase(year, amount, kind=PhaseKind.RECURRENT):
    return PhasedAmount(year=year, amount=pounds(amount), kind=kind)


def test_a_target_is_the_change_to_base_without_its_sign():
    plan = [phase(FIRST, "-350000"), phase(SECOND, "-650000")]
    assert [target_of(plan, year).amount for year in (FIRST, SECOND, THIRD)] == [
        pounds("350000"),
        pounds("650000"),
        0,
    ]


def test_no_amount_at_all_is_a_target_that_is_not_known():
    assert target_of([], FIRST).amount is None
    assert not target_of([], FIRST).is_set


def test_the_rest_of_a_full_year_is_part_of_the_second_years_target():
    plan = [phase(FIRST, "-40"), phase(SECOND, "-60", PhaseKind.FULL_YEAR_EFFECT), phase(SECOND, "-5")]
    assert target_of(plan, SECOND).amount == pounds("65")


def test_a_one_off_goes_back_out_without_making_next_years_target_negative():
    plan = [phase(FIRST, "-742032", PhaseKind.ONE_OFF)]
    assert (target_of(plan, FIRST).amount, target_of(plan, FIRST).returns) == (pounds("742032"),) * 2
    assert target_of(plan, SECOND).amount == 0
    written = [phase(FIRST, "-742032"), phase(SECOND, "645032", PhaseKind.REVERSAL)]
    assert target_of(written, SECOND).amount == 0


@given(phases)
def test_targets_and_what_returns_make_the_changes_to_base(plan):
    whole = PhasedPlan(phases=plan)
    for year in (FIRST, SECOND, THIRD, THIRD.next):
        assert -target_of(plan, year).amount + whole.returned(year) == whole.change(year)


def test_our_share_of_a_shared_saving_is_our_target():
    plan = [phase(FIRST, "-240000")]
    ours = [OurShare(year=FIRST, amount=pounds("-80000"))]
    assert target_of(plan, FIRST, shares=ours).amount == pounds("80000")


def test_a_split_that_is_not_agreed_leaves_our_target_unknown():
    plan = [phase(FIRST, "-125000")]
    assert target_of(plan, FIRST, shares=[OurShare(year=FIRST, amount=None)]).amount is None


def test_our_part_of_a_shared_one_off_returns_in_the_proportion_we_had():
    plan = [phase(FIRST, "-90", PhaseKind.ONE_OFF), phase(SECOND, "-30")]
    shares = [OurShare(year=FIRST, amount=pounds("-60")), OurShare(year=SECOND, amount=pounds("40"))]
    first, second = (target_of(plan, year, shares=shares) for year in (FIRST, SECOND))
    assert (first.amount, first.returns) == (pounds("60"), pounds("60"))
    # The second year's change is 60 back and 30 saved; our 40 is our 60 back less what we are to save.
    assert second.amount == pounds("20")


def test_the_return_of_a_one_off_whose_split_was_never_agreed_leaves_our_target_unknown():
    plan = (phase(FIRST, "-90", PhaseKind.ONE_OFF), phase(SECOND, "-30"))
    ours = [OurShare(year=FIRST, amount=None), OurShare(year=SECOND, amount=pounds("20"))]
    assert target_of(plan, SECOND, shares=ours).amount is None


@pytest.mark.parametrize(("amount", "is_set"), [("-1", True), ("0", False), ("5", False)])
def test_a_year_that_only_adds_to_the_budget_has_nothing_to_save(amount, is_set):
    assert target_of([phase(FIRST, amount)], FIRST).is_set is is_set
