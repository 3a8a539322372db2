"""How a saving is getting on: what sums to what, whatever the figures."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.savings import (
    Confidence,
    Delivery,
    MitigationKind,
    NegativePartError,
    PartsDoNotSumError,
    Stage,
    check_parts,
    is_undivided,
    parts_agree,
    saving_figures,
    total_delivery,
    total_figures,
)
from tests.services.factories import pounds

amounts = st.integers(0, 10**11).map(lambda pence: Decimal(pence).scaleb(-2))
known_or_not = st.none() | amounts


@st.composite
def divided(draw):
    """A saving whose four parts sum to its target, with any forecast and any cover."""
    parts = [draw(amounts) for _ in range(4)]
    mitigation = draw(amounts)
    return Delivery(
        target=sum(parts, Decimal(0)),
        delivered=parts[0],
        on_track=parts[1],
        at_risk=parts[2],
        undeliverable=parts[3],
        forecast=draw(amounts),
        mitigation=mitigation,
        lasting_mitigation=min(mitigation, draw(amounts)),
    )


@given(divided())
def test_parts_that_sum_to_the_target_are_taken(delivery):
    check_parts(delivery)
    assert sum(delivery.parts) == delivery.target


@given(divided(), st.integers(-(10**9), 10**9).filter(bool))
def test_parts_that_miss_the_target_by_a_penny_or_more_are_refused_with_the_difference(delivery, pence):
    gap = Decimal(pence).scaleb(-2)
    moved = Delivery(
        target=delivery.target + gap,
        **{name: getattr(delivery, name) for name in ("delivered", "on_track", "at_risk", "undeliverable")},
    )
    with pytest.raises(PartsDoNotSumError) as refusal:
        check_parts(moved)
    assert refusal.value.difference == -gap
    assert ("more than the target" in str(refusal.value)) == (gap < 0)


def test_the_refusal_says_by_how_much_and_what_must_sum():
    delivery = Delivery(
        target=pounds("250000"),
        delivered=pounds("100000"),
        on_track=pounds("100000"),
        at_risk=pounds("0"),
        undeliverable=pounds("25000"),
    )
    with pytest.raises(PartsDoNotSumError, match=r"£25,000\.00 less than the target of £250,000\.00"):
        check_parts(delivery)


def test_a_target_that_nobody_has_divided_yet_is_no_fault():
    check_parts(Delivery(target=pounds("500000")))
    check_parts(Delivery(target=None))


@pytest.mark.parametrize("missing", ["delivered", "on_track", "at_risk", "undeliverable"])
def test_three_parts_of_four_are_refused(missing):
    parts = dict.fromkeys(("delivered", "on_track", "at_risk", "undeliverable"), pounds("10"))
    with pytest.raises(NegativePartError, match="Give all four parts"):
        check_parts(Delivery(target=pounds("30"), **{**parts, missing: None}))


def test_parts_without_a_target_and_parts_below_nil_are_refused():
    parts = dict.fromkeys(("delivered", "on_track", "at_risk", "undeliverable"), pounds("10"))
    with pytest.raises(NegativePartError):
        check_parts(Delivery(target=None, **parts))
    with pytest.raises(NegativePartError, match="below nil"):
        check_parts(Delivery(target=pounds("20"), **{**parts, "at_risk": pounds("-10")}))


@given(divided())
def test_forecast_and_shortfall_always_make_the_target(delivery):
    assert delivery.forecast + delivery.shortfall == delivery.target


@given(divided())
def test_what_is_met_and_what_is_not_met_always_make_the_target(delivery):
    assert delivery.net_delivery + delivery.unmitigated == delivery.target


@given(st.builds(Delivery, target=known_or_not, forecast=known_or_not))
def test_a_shortfall_is_known_only_where_both_its_sides_are(delivery):
    known = delivery.target is not None and delivery.forecast is not None
    assert (delivery.shortfall is not None) == known


@given(divided())
def test_only_what_is_not_met_for_good_reopens_next_year(delivery):
    reopens = delivery.reopens_next_year
    assert 0 <= reopens <= max(delivery.shortfall, 0)
    assert reopens == max(delivery.shortfall - delivery.lasting_mitigation, 0)


def test_a_saving_met_by_a_one_off_reopens_in_full():
    short = Delivery(target=pounds("650000"), forecast=pounds("500000"), mitigation=pounds("150000"))
    assert (short.unmitigated, short.reopens_next_year) == (0, pounds("150000"))


def test_a_saving_met_by_another_recurrent_one_does_not_reopen():
    short = Delivery(
        target=pounds("650000"),
        forecast=pounds("500000"),
        mitigation=pounds("150000"),
        lasting_mitigation=pounds("150000"),
    )
    assert short.reopens_next_year == 0


def test_a_one_off_target_that_was_missed_reopens_nothing_because_it_ends_anyway():
    short = Delivery(target=pounds("100"), forecast=pounds("40"), target_returns=pounds("100"))
    assert short.reopens_next_year == 0
    part = Delivery(target=pounds("100"), forecast=pounds("20"), target_returns=pounds("30"))
    assert part.reopens_next_year == pounds("50")


@given(st.lists(divided(), min_size=1, max_size=8))
def test_a_total_is_the_sum_of_its_savings_in_every_figure(deliveries):
    whole = total_delivery(deliveries)
    for name in ("target", "delivered", "on_track", "at_risk", "undeliverable", "forecast", "mitigation"):
        assert getattr(whole, name) == sum(getattr(one, name) for one in deliveries)
    assert sum(whole.parts) == whole.target
    assert whole.forecast + whole.shortfall == whole.target


def test_what_one_saving_does_not_know_is_left_out_and_what_none_knows_is_unknown():
    known, unknown = Delivery(target=pounds("5"), forecast=pounds("3")), Delivery(target=None)
    assert total_delivery([known, unknown]).forecast == pounds("3")
    assert total_delivery([unknown]).target is None
    assert total_delivery([]).target is None


@given(divided())
def test_figures_as_values_are_those_of_the_arithmetic(delivery):
    figures = saving_figures(delivery)
    for name in figures.__slots__:
        assert getattr(figures, name) == getattr(delivery, name)


def test_the_share_delivered_is_of_the_target_and_nothing_of_no_target():
    assert Delivery(target=pounds("20"), delivered=pounds("15.8")).delivered_percent == 79
    assert Delivery(target=pounds("0"), delivered=pounds("0")).delivered_percent is None
    assert Delivery(target=None, delivered=pounds("1")).delivered_percent is None


def test_the_sum_of_savings_falls_short_by_an_unknown_amount_while_one_forecast_is_unknown():
    told = Delivery(target=pounds("900000"), forecast=pounds("900000"))
    not_told = Delivery(target=pounds("650000"))
    whole = total_figures([told, not_told])
    assert (whole.target, whole.forecast) == (pounds("1550000"), pounds("900000"))
    assert whole.shortfall is whole.unmitigated is whole.reopens_next_year is None
    assert total_figures([told, Delivery(target=None)]).shortfall == 0, "no £ was given, so none falls short"


def test_a_one_off_of_one_saving_that_comes_back_does_not_take_away_what_reopens_of_another():
    vacancies = Delivery(target=pounds("650"), forecast=pounds("625"), target_returns=pounds("650"))
    step_down = Delivery(target=pounds("700"), forecast=pounds("420"))
    assert total_figures([vacancies, step_down]).reopens_next_year == pounds("280")


@given(st.lists(divided(), min_size=1, max_size=6))
def test_forecast_and_shortfall_of_a_sum_are_its_target(deliveries):
    whole = total_figures(deliveries)
    assert whole.forecast + whole.shortfall == whole.target


# --- Stages, confidence, what stands in -------------------------------------------------------------------------------


def test_every_stage_can_be_reached_and_what_has_ended_has_ended():
    reached = {stage for one in Stage for stage in one.follows}
    assert reached == set(Stage)
    assert {stage for stage in Stage if not stage.follows} == {stage for stage in Stage if stage.is_closed}


def test_nothing_counts_before_it_is_agreed_nor_after_it_was_given_up():
    counting = {stage for stage in Stage if stage.counts}
    assert counting == {
        Stage.AGREED, Stage.IN_DELIVERY, Stage.DELIVERED, Stage.PART_DELIVERED, Stage.SLIPPED
    }  # fmt: skip


def test_an_idea_and_what_was_given_up_before_anybody_saw_it_are_not_public_by_themselves():
    assert {stage for stage in Stage if not stage.is_public_by_itself} == {
        Stage.IDEA, Stage.PROPOSAL, Stage.REPLACED, Stage.WITHDRAWN
    }  # fmt: skip


def test_only_another_recurrent_saving_still_stands_next_year():
    assert [kind for kind in MitigationKind if kind.lasts] == [MitigationKind.RECURRENT]


def test_words_on_pages_are_plain():
    assert Stage.PART_DELIVERED.label == "Part delivered"
    assert Confidence.NOT_JUDGED.label == "Not judged"
    assert MitigationKind.VACANCY.label == "Vacant posts"


# --- Sums and checks of what is shown ---------------------------------------------------------------------------------


@given(st.lists(divided(), min_size=1, max_size=6))
def test_parts_that_sum_saving_by_saving_sum_in_a_total_too(deliveries):
    figures = total_figures(deliveries)
    assert parts_agree(figures)
    assert not is_undivided(figures)


def test_parts_that_are_not_all_known_are_undivided_and_say_nothing_of_their_sum():
    figures = saving_figures(Delivery(target=pounds("10"), delivered=pounds("4")))
    assert is_undivided(figures)
    assert parts_agree(figures)
    assert not is_undivided(saving_figures(Delivery(target=None)))


@given(divided(), st.integers(1, 10**9))
def test_parts_that_miss_their_target_are_noticed_wherever_they_came_from(delivery, pence):
    figures = saving_figures(delivery)
    assert not parts_agree(replace(figures, target=figures.target + Decimal(pence).scaleb(-2)))
