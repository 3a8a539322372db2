"""Recovery within the year: the actions and projections of a council's real paper, and what must hold for any."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.position import percent_of
from accounting.recovery import (
    Bridge,
    BridgeStep,
    CaseCost,
    Progress,
    ProjectionStage,
    conversion_saving,
    total_progress,
)
from accounting.wording import format_percent
from tests.services.factories import pounds

amounts = st.integers(-(10**11), 10**11).map(lambda pence: Decimal(pence).scaleb(-2))
unsigned = amounts.map(abs)
steps = st.lists(st.builds(BridgeStep, label=st.just("A step"), amount=amounts), max_size=6).map(tuple)

ACTIONS = ("50000", "20000", "50000", "60000", "340000", "200000", "150000", "250000")


def test_the_eight_actions_of_the_paper_make_its_printed_total():
    whole = total_progress([Progress(target=pounds(target)) for target in ACTIONS])
    assert whole.target == pounds("1120000")
    assert (whole.identified, whole.recouped) == (None, None)


def test_224537_of_250000_is_89_8_percent_identified_and_nothing_is_said_to_be_in():
    health = Progress(target=pounds("250000"), identified=pounds("224537"))
    assert format_percent(health.identified_percent) == "89.8%"
    assert health.to_identify == pounds("25463")
    assert (health.recouped, health.to_recoup, health.remaining) == (None, None, None)


@given(st.lists(st.tuples(unsigned, unsigned, unsigned), min_size=1, max_size=8))
def test_totals_of_actions_are_the_sums_of_their_figures(rows):
    actions = [Progress(target=a, identified=b, recouped=c) for a, b, c in rows]
    whole = total_progress(actions)
    assert whole.to_identify == sum(one.to_identify for one in actions)
    assert whole.to_recoup == sum(one.to_recoup for one in actions)
    assert whole.remaining == sum(one.remaining for one in actions)
    assert whole.to_identify + whole.to_recoup == whole.remaining


@pytest.mark.parametrize(
    ("start", "end", "change"),
    [("5466000", "4681000", "-785000"), ("4652000", "3751000", "-901000"), ("4681000", "3751000", "-930000")],
)
def test_the_projections_of_the_paper_bridge_by_the_change_they_print(start, end, change):
    bridge = Bridge(start=pounds(start), end=pounds(end))
    assert bridge.change == pounds(change)
    assert bridge.unexplained == bridge.change


def test_what_steps_explain_is_taken_off_what_is_unexplained():
    bridge = Bridge(
        start=pounds("5466000"),
        end=pounds("4681000"),
        steps=(BridgeStep(label="Health contributions", amount=pounds("-224537")),),
    )
    assert bridge.unexplained == pounds("-560463")


@given(amounts, amounts, steps)
def test_steps_and_what_is_unexplained_always_make_the_change(start, end, moved):
    bridge = Bridge(start=start, end=end, steps=moved)
    assert sum((step.amount for step in moved), Decimal(0)) + bridge.unexplained == bridge.change
    assert bridge.start + bridge.change == bridge.end


def test_four_posts_made_permanent_save_40000_to_80000_a_year():
    assert conversion_saving(4, pounds("10000"), pounds("20000")) == (pounds("40000"), pounds("80000"))


def test_ten_and_ninety_are_the_hundred_thousand_of_the_fostering_saving():
    parts = [Progress(target=pounds("10000")), Progress(target=pounds("90000"))]
    assert total_progress(parts).target == pounds("100000")


def test_a_business_case_saves_cost_now_less_cost_after_and_pays_for_the_change_first():
    case = CaseCost(now=pounds("500000"), after=pounds("350000"), one_off=pounds("60000"))
    assert (case.saving, case.net_of_first_year) == (pounds("150000"), pounds("90000"))
    assert CaseCost(now=pounds("1"), after=None).saving is None
    assert CaseCost(now=None, after=pounds("1")).net_of_first_year is None
    assert CaseCost(now=pounds("5"), after=pounds("2")).net_of_first_year == pounds("3")


@given(unsigned, unsigned.filter(bool))
def test_a_percentage_identified_is_of_the_target(identified, target):
    assert Progress(target=target, identified=identified).identified_percent == percent_of(identified, target)


def test_the_stages_of_a_projection_are_named_in_words():
    assert ProjectionStage("after_reserves").label == "After reserves and other savings"
    assert len({stage.label for stage in ProjectionStage}) == 4
