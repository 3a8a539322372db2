"""Money: the parser's grammar both ways, the one rounding rule, pounds and pence."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounting.money import (
    MoneyFormatError,
    MoneyRangeError,
    Unit,
    from_pence,
    money_from_number,
    parse_money,
    printed_decimals,
    round_half_away,
    to_pence,
    total,
    total_or_unknown,
)
from accounting.wording import export_money, format_money

PENCE = st.integers(-(10**13) + 1, 10**13 - 1)


@pytest.mark.parametrize(
    ("printed", "pounds"),
    [
        ("£1,234.50", "1234.50"),
        ("1234", "1234.00"),
        ("0012", "12.00"),
        ("(1,234)", "-1234.00"),
        ("(£1,234.00)", "-1234.00"),
        ("1,234-", "-1234.00"),
        ("1,234CR", "-1234.00"),
        ("1234 CR", "-1234.00"),
        ("12.30 DR", "12.30"),
        ("−5", "-5.00"),
        ("–5", "-5.00"),
        ("-£5", "-5.00"),
        ("£-5", "-5.00"),
        (" 5 ", "5.00"),
        (".5", "0.50"),
        ("-0", "0.00"),
    ],
)
def test_what_finance_staff_write_is_read(printed, pounds):
    """M22, I16: figures as people paste them."""
    assert parse_money(printed) == Decimal(pounds)
    assert str(parse_money(printed)) == pounds


@pytest.mark.parametrize(
    ("printed", "why"),
    [
        ("", "blank"),
        ("1.234,50", "comma"),
        ("1 234", "space"),
        ("1e5", "scientific"),
        ("1E05", "scientific"),
        ("NaN", "not a number"),
        ("inf", "not a number"),
        ("0x10", "not a number"),
        ("1_000", "not a number"),
        ("１２３", "digits"),
        ("٣", "digits"),
        ("1,23,456", "commas"),
        ("12.345", "finer than a penny"),
        ("--5", "more than one sign"),
        ("-5-", "more than one sign"),
        ("(5", "not a number"),
        ("5)", "not a number"),
        ("5 CR DR", "not a number"),
        ("=1+1", "not a number"),
    ],
)
def test_what_nobody_means_is_refused_with_the_reason(printed, why):
    """M22, I17."""
    with pytest.raises(MoneyFormatError, match=why) as refusal:
        parse_money(printed)
    assert "1,234.50" in str(refusal.value), "the message shows how to write it"


@pytest.mark.parametrize(
    "printed", ["999,999,999,999.99", "-999,999,999,999.99", "100,000,000,000.00", "9" * 40]
)
def test_a_figure_beyond_any_council_is_a_range_error(printed):
    with pytest.raises(MoneyRangeError):
        parse_money(printed)


@given(PENCE)
def test_pence_and_pounds_are_the_same_money(pence):
    assert to_pence(from_pence(pence)) == pence


@given(PENCE)
def test_every_printed_form_is_read_back_as_the_same_money(pence):
    pounds = from_pence(pence)
    assert parse_money(format_money(pounds, places=2)) == pounds
    assert parse_money(export_money(pounds)) == pounds
    assert parse_money(f"({abs(pounds):,.2f})") == -abs(pounds)
    assert parse_money(f"{abs(pounds):,.2f} CR") == -abs(pounds)


@given(st.text(alphabet="0123456789.,()-−–£ CRDReE_xN١３\t", max_size=14))
def test_the_parser_returns_exact_money_or_refuses(text):
    try:
        pounds = parse_money(text)
    except MoneyFormatError:
        return
    assert from_pence(to_pence(pounds)) == pounds
    assert text.strip().isprintable()
    assert all(character.isascii() or character in "£−–" for character in text.strip())


@pytest.mark.parametrize(
    ("text", "unit", "pounds"),
    [
        ("1.445", Unit.MILLIONS, "1445000.00"),
        ("943", Unit.THOUSANDS, "943000.00"),
        ("(0.152)", Unit.MILLIONS, "-152000.00"),
    ],
)
def test_the_unit_belongs_to_the_table(text, unit, pounds):
    assert parse_money(text, unit=unit) == Decimal(pounds)


@given(PENCE)
def test_a_spreadsheets_number_is_read_to_the_penny(pence):
    pounds = from_pence(pence)
    assert money_from_number(float(pounds)) == pounds


@pytest.mark.parametrize(
    ("value", "pounds"), [(0.1 + 0.2, "0.30"), (7, "7.00"), (-0.0, "0.00"), (Decimal("1.50"), "1.50")]
)
def test_binary_noise_is_dropped(value, pounds):
    assert str(money_from_number(value)) == pounds


@pytest.mark.parametrize("value", [12.345, float("nan"), float("inf"), True, 1e15])
def test_a_spreadsheets_number_that_is_not_money_is_refused(value):
    with pytest.raises(MoneyFormatError):
        money_from_number(value)


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("0.5", 0, "1"),
        ("-0.4", 0, "0"),
        ("1.005", 2, "1.01"),
        ("-1.005", 2, "-1.01"),
    ],
)
def test_halves_round_away_from_zero(value, places, rounded):
    assert str(round_half_away(Decimal(value), places)) == rounded


@given(PENCE)
def test_rounding_is_the_same_for_over_and_under(pence):
    pounds = from_pence(pence)
    assert round_half_away(-pounds, 0) == -round_half_away(pounds, 0)
    assert abs(round_half_away(pounds, 0) - pounds) <= Decimal("0.5")


@pytest.mark.parametrize("wrong", [1.5, "1.50", None])
def test_only_decimals_become_pence(wrong):
    with pytest.raises(TypeError):
        to_pence(wrong)


def test_a_figure_finer_than_a_penny_has_no_pence():
    with pytest.raises(MoneyFormatError):
        to_pence(Decimal("0.005"))


def test_decimals_are_counted_as_printed():
    assert printed_decimals("£1,234.50") == 2
    assert printed_decimals("(1,234)") == 0


@given(st.lists(PENCE, max_size=30))
def test_sums_are_exact(pence):
    """M1: in Python; in the database, tests/services/test_faults_grid.py."""
    amounts = [from_pence(each) for each in pence]
    assert to_pence(total(amounts)) == sum(pence)


def test_a_sum_with_an_unknown_is_unknown():
    assert total_or_unknown([Decimal("1.00"), None]) is None
    assert total_or_unknown([]) == 0
