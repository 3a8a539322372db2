"""A saving and the forecast of its line must say the same: looked at from the saving, and from the line."""

import pytest

from accounting.phasing import PhaseKind
from savings.models import SavingsUpdate
from savings.position.updates import savings_position
from services.operations import forecasts
from tests.savings.delivery_factories import cover, make_saving, phase, update
from tests.services.factories import (
    make_council,
    make_forecast,
    make_line,
    make_period,
    pounds,
    the_officer,
)

pytestmark = pytest.mark.django_db

LINE = "Corporate parenting"


@pytest.fixture
def council():
    return make_council()


@pytest.fixture
def line(council):
    return make_line(council, LINE, budget="1000000")


@pytest.fixture
def period(council, line):
    made = make_period(council)
    make_forecast(line, made, "1000000")
    return made


@pytest.fixture
def saving(council, line):
    return make_saving(council, service_line=line)


def line_counts_on(line, period, *amounts):
    """Give the line's forecast reasons that savings fail, by these pounds; `None` is a reason without £."""
    reasons = [
        forecasts.ReasonEntry(driver="savings", amount=pounds(amount), words="Slippage") for amount in amounts
    ]
    forecasts.set_reasons(by=the_officer(line.council), line=line, period=period, reasons=reasons)


def green(saving, period):
    return update(saving, period, "0 250000 0 0", forecast="250000", rag="green")


def short(saving, period, forecast="150000"):
    return update(saving, period, "0 150000 0 100000", forecast=forecast, rag="red", reason="No buyer.")


def said(period):
    return {
        row.entry.proposal.heading: row.entry.disagreement
        for row in savings_position(period.council, period).rows
    }


def only(period):
    (sentence,) = said(period).values()
    return sentence


def test_a_saving_that_agrees_with_its_line_is_not_mentioned(saving, line, period):
    green(saving, period)
    assert only(period) == ""


def test_green_while_the_line_counts_on_its_failing(saving, line, period):
    green(saving, period)
    line_counts_on(line, period, "60000", "40000")
    assert only(period) == (
        "It is green, while the forecast of Corporate parenting already counts on £100,000 of savings not being delivered."
    )


def test_green_while_the_line_counts_on_some_failing_without_an_amount(saving, line, period):
    green(saving, period)
    line_counts_on(line, period, None)
    assert "already counts on some of savings not being delivered" in only(period)


def test_amber_and_forecast_in_full_while_the_line_counts_on_its_failing(saving, line, period):
    update(saving, period, "0 250000 0 0", forecast="250000", rag="amber", reason="Reviewed quarterly.")
    line_counts_on(line, period, "100000")
    assert only(period).startswith("No shortfall is told of it, while the forecast of Corporate parenting")


def test_a_shortfall_that_the_line_says_nothing_of(saving, line, period):
    short(saving, period)
    assert only(period) == (
        "It is forecast to fall £100,000 short, while the forecast of Corporate parenting gives no savings slippage among its reasons."
    )


def test_a_shortfall_of_another_amount_than_the_line_counts_on(saving, line, period):
    short(saving, period)
    line_counts_on(line, period, "70000.50")
    assert only(period) == (
        "It is forecast to fall £100,000 short, while the forecast of Corporate parenting counts on £70,000.50 of savings not being delivered: "
        "a difference of £29,999.50."
    )


def test_a_shortfall_that_the_line_counts_on_in_full_agrees(saving, line, period):
    short(saving, period)
    line_counts_on(line, period, "100000")
    assert only(period) == ""


def test_a_shortfall_of_which_the_line_gives_no_amount_agrees(saving, line, period):
    short(saving, period)
    line_counts_on(line, period, None)
    assert only(period) == ""


def test_what_stands_in_and_is_in_the_forecast_is_taken_off_the_shortfall(saving, line, period):
    cover(short(saving, period), "reserve", "80000", is_in_forecast=True)
    line_counts_on(line, period, "20000")
    assert only(period) == ""
    line_counts_on(line, period, "30000")
    assert "fall £20,000 short after £80,000 by other means" in only(period)


def test_what_stands_in_on_another_line_does_not_mend_this_one(council, saving, line, period):
    other = make_line(council, "Early help", budget="5")
    make_forecast(other, period, "5")
    cover(short(saving, period), "vacancy", "80000", service_line=other, is_in_forecast=True)
    line_counts_on(line, period, "100000")
    assert only(period) == ""


def test_what_stands_in_and_is_not_in_the_forecast_changes_nothing(saving, line, period):
    cover(short(saving, period), "reserve", "80000")
    line_counts_on(line, period, "100000")
    assert only(period) == ""


def test_two_savings_of_one_line_are_looked_at_together(council, saving, line, period):
    second = make_saving(council, "A second saving", service_line=line)
    short(saving, period)
    green(second, period)
    line_counts_on(line, period, "100000")
    assert set(said(period).values()) == {""}
    line_counts_on(line, period, "250000")
    found = said(period)
    assert found["A second saving"] == ""
    assert found["Fewer agency placements"].startswith(
        "The 2 savings of this line are forecast to fall £100,000"
    )


def test_a_line_without_a_forecast_says_nothing_yet(saving, line):
    april = make_period(line.council, "2023-24/p8")
    green(saving, april)
    line_counts_on(line, april, "100000")
    assert only(april) == ""


def test_a_saving_of_no_line_is_compared_with_none(council, line, period):
    short(make_saving(council), period)
    line_counts_on(line, period, "5")
    assert only(period) == ""


def test_a_saving_of_which_nothing_is_said_is_not_blamed(saving, line, period):
    line_counts_on(line, period, "5")
    assert only(period) == ""


def test_while_one_forecast_is_not_known_only_what_is_sure_is_said(council, saving, line, period):
    update(saving, period, "0 150000 0 100000", rag="red", reason="No buyer.")
    line_counts_on(line, period, "5")
    assert only(period) == ""


def test_green_with_a_shortfall_that_nothing_stands_in_for(council, period):
    saving = make_saving(council)
    update(saving, period, "0 150000 100000 0", forecast="150000", rag="green")
    assert only(period) == (
        "It is green, while £100,000 of its target is not forecast to be delivered and nothing stands in for it."
    )
    cover(SavingsUpdate.objects.get(), "one_off", "100000")
    assert only(period) == ""


def test_undeliverable_and_forecast_all_the_same(council, period):
    saving = make_saving(council)
    update(saving, period, "0 150000 0 100000", forecast="200000", rag="red", reason="No buyer.")
    assert only(period) == "£100,000 is said to be undeliverable, while its forecast leaves out £50,000."


def test_a_target_that_was_phased_anew_asks_for_an_update(council, period):
    saving = make_saving(council)
    update(saving, period, "0 250000 0 0", forecast="250000", rag="green")
    phase(saving, (2023, "200000", PhaseKind.RECURRENT))
    assert only(period) == (
        "The target is £200,000 as the saving is now phased, and this update is of £250,000: update it."
    )
