"""Virements, reserves, DSG, RAG, materiality and tolerance."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting import tolerance
from accounting.dsg import DsgBalance
from accounting.funds import Fund, FundMismatchError
from accounting.materiality import Materiality
from accounting.money import Unit, from_pence
from accounting.rag import DEFAULT_RULES, Rag, RagRule, Threshold, rate
from accounting.reserves import (
    ReserveBalance,
    ReserveKind,
    ReserveOverdrawnError,
    check_not_overdrawn,
    runway_years,
)
from accounting.virements import VirementNotBalancedError, VirementTooShortError, check_legs

D = Decimal
NOT_NIL = st.integers(-(10**10), 10**10).filter(bool).map(from_pence)


@given(st.lists(NOT_NIL, min_size=1, max_size=8))
def test_legs_that_sum_to_nil_are_a_virement_and_a_penny_more_is_not(amounts):
    closing = -sum(amounts)
    legs = [(Fund.GENERAL_FUND, amount) for amount in amounts]
    if closing:
        check_legs([*legs, (Fund.GENERAL_FUND, closing)])
    off_by_a_penny = closing + D("0.01") or D("0.02")
    with pytest.raises(VirementNotBalancedError) as refusal:
        check_legs([*legs, (Fund.GENERAL_FUND, off_by_a_penny)])
    assert refusal.value.difference == sum(amounts) + off_by_a_penny


def test_budget_cannot_move_between_the_general_fund_and_the_dsg():
    with pytest.raises(FundMismatchError):
        check_legs([(Fund.GENERAL_FUND, D("-5.00")), (Fund.DSG_HIGH_NEEDS, D("5.00"))])
    check_legs([(Fund.DSG_SCHOOLS, D("-5.00")), (Fund.DSG_HIGH_NEEDS, D("5.00"))])


@pytest.mark.parametrize("amounts", [[], ["5.00"], ["5.00", "-5.00", "0.00"]])
def test_too_few_legs_or_a_nil_leg_is_no_virement(amounts):
    with pytest.raises(VirementTooShortError):
        check_legs([(Fund.GENERAL_FUND, D(amount)) for amount in amounts])


@given(
    st.integers(0, 10**11).map(from_pence),
    st.integers(0, 10**11).map(from_pence),
    st.integers(0, 10**11).map(from_pence),
)
def test_a_reserve_rolls_forward(opening, drawdown, contribution):
    balance = ReserveBalance(
        opening=opening, drawdown=drawdown, contribution=contribution, pending_drawdown=D("1.00")
    )
    assert balance.closing == opening + contribution - drawdown
    assert balance.closing_if_all_approved == balance.closing - 1
    if balance.closing < 0:
        with pytest.raises(ReserveOverdrawnError, match="cannot go below nil"):
            check_not_overdrawn("Placements reserve", balance)
    else:
        check_not_overdrawn("Placements reserve", balance)


def test_a_reserve_of_unknown_opening_has_an_unknown_closing():
    balance = ReserveBalance(opening=None, drawdown=D("5.00"))
    assert balance.closing is None
    assert balance.closing_if_all_approved is None
    check_not_overdrawn("Unnamed", balance)


def test_ring_fenced_and_unusable_reserves_do_not_meet_overspends():
    assert [kind for kind in ReserveKind if kind.may_meet_an_overspend] == [
        ReserveKind.GENERAL,
        ReserveKind.EARMARKED,
    ]


def test_the_runway_is_balance_over_a_years_use():
    assert runway_years((D("6.00"), D("3.00")), D("3.00")) == 3
    assert runway_years((D("6.00"),), D("0.00")) is None


@pytest.mark.parametrize(("opening", "in_year", "closing"), [("8.6", "7.8", "16.4"), ("-4.9", "0.4", "-4.5")])
def test_the_dsg_rolls_forward_as_printed(opening, in_year, closing):
    assert DsgBalance(opening=D(opening), in_year=D(in_year)).closing == D(closing)


def test_the_dsgs_four_numbers_are_never_one_another():
    balance = DsgBalance(
        opening=D("10"),
        in_year=D("71.8"),
        budgeted_in_year=D("57.5"),
        planned_closing=D("60"),
        funding_received=D("5"),
    )
    assert balance.closing == D("76.8")
    assert balance.in_year_variance == D("14.3")
    assert balance.variance_from_plan == D("16.8")


def test_a_stated_balance_stands_where_its_parts_are_unknown_and_is_compared_where_they_are():
    assert DsgBalance(opening=None, in_year=None, stated_closing=D("21")).closing == 21
    both = DsgBalance(opening=D("13"), in_year=D("7"), stated_closing=D("21"))
    assert both.closing == 20
    assert both.gap_from_stated == -1
    assert DsgBalance(opening=None, in_year=D("7")).closing is None


@pytest.mark.parametrize(
    ("variance", "budget", "printed"),
    [
        ("6360", "404974", Rag.GREEN),
        ("6360", "106668", Rag.RED),
        ("639", "21680", Rag.AMBER),
        ("-702", "212545", Rag.GREEN),
        ("-673", "70890", Rag.GREEN),
        ("604", "56137", Rag.GREEN),
        ("322", "-48132", Rag.GREEN),
    ],
)
def test_the_default_rules_give_oxfordshires_printed_ratings(variance, budget, printed):
    assert rate(DEFAULT_RULES, variance=D(variance), budget=D(budget)) is printed


def test_rating_edges_and_unknowns():
    assert rate(DEFAULT_RULES, variance=D("2"), budget=D("100")) is Rag.AMBER
    assert rate(DEFAULT_RULES, variance=D("5"), budget=D("100")) is Rag.AMBER
    assert rate(DEFAULT_RULES, variance=D("5.01"), budget=D("100")) is Rag.RED
    assert rate(DEFAULT_RULES, variance=D("-6"), budget=D("100")) is Rag.AMBER, (
        "a large underspend is a question too"
    )
    assert rate(DEFAULT_RULES, variance=D("0"), budget=D("0")) is Rag.GREEN
    assert rate(DEFAULT_RULES, variance=None, budget=D("100")) is None


def test_whichever_is_lower_rates_by_either():
    rule = RagRule(
        rating=Rag.RED,
        overspend=True,
        threshold=Threshold.WHICHEVER_IS_LOWER,
        percent=D("5"),
        amount=D("500000"),
    )
    assert rule.is_met(variance=D("500000"), budget=D("90000000"))
    assert rule.is_met(variance=D("50"), budget=D("1000"))
    assert rule.is_met(variance=D("500000"), budget=None)
    assert not rule.is_met(variance=D("49"), budget=D("1000"))
    assert not rule.is_met(variance=D("-500000"), budget=D("1000"))


def test_a_rule_states_exactly_what_it_compares_with():
    with pytest.raises(ValueError, match="must state"):
        RagRule(rating=Rag.RED, overspend=True, threshold=Threshold.PERCENT, amount=D("5"))


def test_colours_have_words_and_shapes():
    assert [f"{rag.shape} {rag.label}" for rag in Rag] == ["■ Red", "▲ Amber", "● Green"]


def test_a_material_variance_is_by_amount_or_percent():
    rule = Materiality(amount=D("100000"), percent=D("10"))
    assert rule.applies_to(variance=D("-100000"), budget=D("9000000"))
    assert rule.applies_to(variance=D("10"), budget=D("100"))
    assert not rule.applies_to(variance=D("9.99"), budget=D("100"))
    assert not rule.applies_to(variance=None, budget=D("100"))
    assert not Materiality(amount=None, percent=None).applies_to(variance=D("5"), budget=D("1"))


def test_tolerance_is_half_a_step_a_line_and_none_where_pence_are_printed():
    thousands = tolerance.display_unit(Unit.THOUSANDS, 0)
    assert thousands == 1000
    assert tolerance.of_total(thousands, 5) == 3000
    assert tolerance.of_identity(thousands) == 1000
    assert tolerance.display_unit(Unit.MILLIONS, 1) == 100_000
    pence = tolerance.display_unit(Unit.POUNDS, 2)
    assert tolerance.of_total(pence, 5) == 0
    assert tolerance.of_identity(pence) == 0
