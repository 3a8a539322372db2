"""Figures as words."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.money import Unit, from_pence
from accounting.wording import (
    better_worse,
    direction,
    export_money,
    format_money,
    format_percent,
    format_short,
    over_under,
)

D = Decimal


@pytest.mark.parametrize(
    ("amount", "printed"),
    [("1234.50", "£1,235"), ("-1234.50", "−£1,235"), ("-0.40", "£0"), ("0.00", "£0"), ("0.50", "£1")],
)
def test_an_amount_is_rounded_once_and_nil_has_no_sign(amount, printed):
    assert format_money(D(amount)) == printed


def test_units_places_and_signs():
    assert format_money(D("1445000"), unit=Unit.THOUSANDS, symbol=False) == "1,445"
    assert format_money(D("-1445000"), unit=Unit.MILLIONS, places=1) == "−£1.4"
    assert format_money(D("25.00"), plus=True) == "+£25"
    assert format_money(D("0.00"), plus=True) == "£0"


def test_the_unknown_is_words():
    assert format_money(None) == "not yet forecast"
    assert format_short(None) == "not yet forecast"
    assert over_under(None) == "not yet forecast"
    assert direction(None) == "not yet forecast"
    assert better_worse(None) == "first report"
    assert format_percent(None) == "n/a"
    assert export_money(None) == ""


@pytest.mark.parametrize(
    ("amount", "printed"),
    [
        ("3800000", "£3.8m"),
        ("943000", "£943k"),
        ("999499.99", "£999k"),
        ("999500", "£1.0m"),
        ("999.49", "£999"),
        ("999.50", "£1k"),
        ("-152000", "−£152k"),
        ("0", "£0"),
        ("1445000", "£1.4m"),
        ("1450000", "£1.5m"),
    ],
)
def test_the_short_form_picks_its_unit_after_rounding(amount, printed):
    assert format_short(D(amount)) == printed


@given(st.integers(-(10**12), 10**12).map(from_pence))
def test_the_short_form_never_prints_a_thousand_of_a_smaller_unit(amount):
    printed = format_short(amount)
    assert "1,000k" not in printed
    assert printed not in {"£1,000", "−£1,000", "−£0"}


def test_a_variance_carries_its_word():
    assert over_under(D("3800000")) == "£3.8m over"
    assert over_under(D("-152000")) == "£152k under"
    assert over_under(D("0")) == "on budget"
    assert better_worse(D("400000")) == "£400k worse"
    assert better_worse(D("-25000")) == "£25k better"
    assert better_worse(D("0")) == "no change"


def test_percentages_round_half_away():
    assert format_percent(D("20.05")) == "20.1%"
    assert format_percent(D("-2.05")) == "−2.1%"
    assert format_percent(D("-0.04")) == "0.0%"
