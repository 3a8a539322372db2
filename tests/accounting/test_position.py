"""The position's equations, on printed examples and as properties."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.figures import Figures, figures_of
from accounting.funds import Fund, FundFormatError, FundMismatchError, common_fund
from accounting.money import from_pence
from accounting.position import Budget, Position, Support, percent_of, straight_line, total_position

MONEY = st.integers(-(10**11), 10**11).map(from_pence)
AMOUNT = st.integers(0, 10**11).map(from_pence)
SUPPORT = st.builds(Support, drawdown=AMOUNT, contribution=AMOUNT, other_one_off_funding=AMOUNT)
POSITION = st.builds(
    Position,
    fund=st.just(Fund.GENERAL_FUND),
    budget=st.builds(Budget, original=MONEY, virements=MONEY, funding_changes=MONEY),
    forecast_outturn=MONEY,
    actual_to_date=MONEY,
    approved=SUPPORT,
    pending=SUPPORT,
    last_published_variance=MONEY | st.none(),
)


def pounds(text):
    return Decimal(text)


def position(*, budget, forecast, **rest):
    return Position(
        fund=Fund.GENERAL_FUND,
        budget=Budget(original=pounds(budget)),
        forecast_outturn=None if forecast is None else pounds(forecast),
        **rest,
    )


@given(POSITION)
def test_the_overspend_after_reserves_is_what_the_field_says_it_is(each):
    expected = (
        each.forecast_outturn
        - each.revised_budget
        - each.drawdown
        + each.contribution
        - each.other_one_off_funding
    )
    assert each.variance_after_reserves == expected
    assert each.revised_budget == each.original_budget + each.virements + each.budget.funding_changes
    assert each.variance_before_reserves - each.approved.net == each.variance_after_reserves
    assert each.underlying_variance == each.variance_before_reserves


@given(st.lists(POSITION, min_size=1, max_size=12))
def test_parts_sum_to_their_whole(parts):
    whole = total_position(parts)
    for figure in (
        "revised_budget",
        "forecast_outturn",
        "variance_before_reserves",
        "drawdown",
        "contribution",
        "variance_after_reserves",
        "underlying_variance",
        "variance_if_all_approved",
    ):
        assert getattr(whole, figure) == sum(getattr(part, figure) for part in parts), figure
    assert whole.lines == len(parts)


@given(st.lists(POSITION, min_size=2, max_size=8), st.randoms())
def test_the_order_of_lines_does_not_matter(parts, random):
    shuffled = list(parts)
    random.shuffle(shuffled)
    assert figures_of(total_position(parts)) == figures_of(total_position(shuffled))


@given(POSITION)
def test_movement_is_from_the_last_published_figure(each):
    if each.last_published_variance is None:
        assert each.movement is None
    else:
        assert each.last_published_variance + each.movement == each.variance_after_reserves


@given(POSITION)
def test_figures_survive_being_written_down(each):
    figures = figures_of(each)
    written = Figures.from_strings(figures.as_strings())
    assert replace(written, variance_percent=None) == replace(figures, variance_percent=None)


def test_hackneys_month_7_before_and_after_reserves():
    line = position(
        budget="60000000.00", forecast="67400000.00", approved=Support(drawdown=pounds("3600000.00"))
    )
    assert line.variance_before_reserves == pounds("7400000.00")
    assert line.variance_after_reserves == pounds("3800000.00")
    assert line.underlying_variance == pounds("7400000.00"), (
        "reserves are one-off, so next year starts with all of it"
    )


def test_warwickshires_net_variation_is_what_it_represents():
    """Printed: net variation 501 = 0 investment + 0 grant + 522 from reserves − 21 remaining service variance."""
    line = position(budget="0.00", forecast="501000.00", approved=Support(drawdown=pounds("522000.00")))
    assert line.variance_after_reserves == pounds("-21000.00")


def test_a_contribution_adds_to_the_variance():
    line = position(budget="100.00", forecast="90.00", approved=Support(contribution=pounds("10.00")))
    assert line.variance_after_reserves == 0


def test_recurrent_funding_stays_next_year_and_a_drawdown_inside_the_forecast_does_not():
    support = Support(
        other_one_off_funding=pounds("30.00"),
        recurrent_funding=pounds("20.00"),
        one_off_inside_forecast=pounds("5.00"),
    )
    line = position(budget="100.00", forecast="150.00", approved=support)
    assert line.variance_after_reserves == pounds("20.00")
    assert line.underlying_variance == pounds("35.00")


def test_planned_uses_are_shown_beside_and_never_in_the_headline():
    line = position(budget="100.00", forecast="150.00", pending=Support(drawdown=pounds("40.00")))
    assert line.variance_after_reserves == pounds("50.00")
    assert line.variance_if_all_approved == pounds("10.00")


def test_oxfordshires_income_shortfall_is_adverse():
    """Printed: income forecast −47,810 against −48,132 is +322, 0.7% of the budget without its sign."""
    line = position(budget="-48132000.00", forecast="-47810000.00")
    assert line.variance_before_reserves == pounds("322000.00")
    assert round(line.variance_percent, 1) == pounds("0.7")


def test_percentages_are_of_the_budget_without_its_sign():
    assert percent_of(pounds("1278"), pounds("-3870")).quantize(pounds("0.1")) == pounds("33.0")
    assert percent_of(pounds("5"), pounds("0")) is None
    assert percent_of(None, pounds("5")) is None


def test_an_unknown_forecast_is_never_nil():
    line = position(budget="100.00", forecast=None)
    assert line.variance_before_reserves is None
    assert line.variance_after_reserves is None
    whole = total_position([line, position(budget="1.00", forecast="2.00")])
    assert whole.forecast_outturn is None
    assert whole.lines_without_forecast == 1
    assert total_position([whole, line]).lines_without_forecast == 2
    assert whole.revised_budget == pounds("101.00")


def test_a_budget_reported_in_a_return_stands_for_its_parts():
    budget = Budget(
        original=None,
        virements=None,
        funding_changes=None,
        reported=pounds("3448000.00"),
        moved_since_reported=pounds("-3000.00"),
    )
    assert budget.revised == pounds("3445000.00")
    assert budget.original is None


@pytest.mark.parametrize("figure", ["drawdown", "contribution", "other_one_off_funding"])
def test_an_amount_with_a_sign_is_refused(figure):
    with pytest.raises(ValueError, match=figure):
        Support(**{figure: pounds("-1.00")})


def dsg(fund):
    return Position(fund=fund, budget=Budget(original=pounds("10.00")), forecast_outturn=pounds("12.00"))


@pytest.mark.parametrize("other", [fund for fund in Fund if fund is not Fund.GENERAL_FUND])
def test_funds_refuse_to_add(other):
    with pytest.raises(FundMismatchError, match="cannot be added"):
        dsg(Fund.GENERAL_FUND) + dsg(other)
    with pytest.raises(FundMismatchError):
        total_position([dsg(other)], fund=Fund.GENERAL_FUND)


def test_blocks_of_the_dsg_add_only_into_the_dsg():
    blocks = [dsg(Fund.DSG_HIGH_NEEDS), dsg(Fund.DSG_EARLY_YEARS), dsg(Fund.DSG)]
    assert total_position(blocks, fund=Fund.DSG).variance_before_reserves == pounds("6.00")
    with pytest.raises(FundMismatchError):
        total_position(blocks)
    with pytest.raises(FundMismatchError):
        total_position([dsg(Fund.RING_FENCED_GRANT)], fund=Fund.DSG)


def test_a_total_of_nothing_has_no_fund():
    with pytest.raises(ValueError, match="at least one"):
        common_fund([])


@pytest.mark.parametrize(
    ("text", "fund"),
    [
        ("General Fund", Fund.GENERAL_FUND),
        ("GF", Fund.GENERAL_FUND),
        ("DSG", Fund.DSG),
        ("DSG – High Needs Block", Fund.DSG_HIGH_NEEDS),
        ("early years block", Fund.DSG_EARLY_YEARS),
        ("general_fund", Fund.GENERAL_FUND),
    ],
)
def test_funds_are_read_as_papers_write_them(text, fund):
    assert Fund.parse(text) is fund


@pytest.mark.parametrize("fund", list(Fund))
def test_every_funds_code_and_label_lead_back_to_it(fund):
    assert Fund.parse(fund.value) is fund
    assert Fund.parse(fund.label) is fund


def test_an_unknown_fund_is_refused_by_name():
    with pytest.raises(FundFormatError, match="Housing Revenue Account"):
        Fund.parse("Housing Revenue Account")


def test_the_straight_line_carries_the_rate_on():
    assert straight_line(pounds("700.00"), 7) == pounds("1200.00")
    assert straight_line(pounds("100.00"), 7) == pounds("171.43")
    assert straight_line(pounds("1200.00"), 13) == pounds("1200.00")
    assert straight_line(None, 7) is None


def test_spending_is_a_share_of_the_budget_and_income_of_the_income_budget():
    spent = Position(
        fund=Fund.GENERAL_FUND, budget=Budget(original=pounds("200.00")), actual_to_date=pounds("50.00")
    )
    earned = Position(
        fund=Fund.GENERAL_FUND, budget=Budget(original=pounds("-200.00")), actual_to_date=pounds("-50.00")
    )
    credit = Position(
        fund=Fund.GENERAL_FUND,
        budget=Budget(original=pounds("311000.00")),
        actual_to_date=pounds("-80000.00"),
    )
    assert (spent.percent_spent, earned.percent_spent) == (25, 25)
    assert round(credit.percent_spent) == -26
    assert spent.remaining == pounds("150.00")
