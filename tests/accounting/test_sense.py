"""Odd figures are asked about, and what officers really enter is not."""

from dataclasses import replace
from decimal import Decimal

import pytest

from accounting.materiality import Materiality
from accounting.reserves import ReserveBalance
from accounting.sense import LineSense, Sense, judge_drawdown
from tests.accounting.keying import false_prompts, keying_errors

LINE = LineSense(
    months=7,
    revised_budget=Decimal(1_000_000),
    last_forecast=Decimal(1_050_000),
    actual_to_date=Decimal(600_000),
    commitments=Decimal(100_000),
    forecast_outturn=Decimal(1_050_000),
    has_reason=True,
    materiality=Materiality(amount=Decimal(100_000), percent=Decimal(10)),
)


def codes(column, amount, line=LINE):
    return {finding.code for finding in line.judge(column, Decimal(amount))}


def words(column, amount, line=LINE):
    return " ".join(finding.words for finding in line.judge(column, Decimal(amount)))


@pytest.mark.parametrize("column", ["forecast_outturn", "best_case", "worst_case"])
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("10600000", "about ten times the last forecast, £1,050,000"),
        ("106000000", "about a hundred times the last forecast"),
        ("1060", "about a thousandth of the last forecast"),
        ("10600", "about a hundredth of"),
        ("106000", "about a tenth of"),
    ],
)
def test_noughts_added_or_lost_are_noticed(column, typed, said):
    assert said in words(column, typed)


def test_a_turned_sign_is_noticed_but_not_that_of_an_income_line():
    assert Sense.SIGN in codes("forecast_outturn", "-1050000")
    income = replace(
        LINE,
        revised_budget=Decimal(-500_000),
        last_forecast=Decimal(-480_000),
        forecast_outturn=Decimal(-480_000),
        actual_to_date=Decimal(-290_000),
        commitments=Decimal(0),
    )
    assert codes("forecast_outturn", "-490000", income) == set()
    assert Sense.SIGN in codes("forecast_outturn", "490000", income)


def test_a_forecast_below_what_is_spent_and_promised_is_noticed_to_the_pound():
    assert Sense.BELOW_SPENT in codes("forecast_outturn", "690000")
    assert "less than actual to date plus commitments, £700,000" in words("forecast_outturn", "690000")
    assert Sense.BELOW_SPENT not in codes("forecast_outturn", "700000")


def test_an_income_forecast_is_below_what_has_come_in_when_it_is_nearer_nil():
    income = LineSense(months=7, actual_to_date=Decimal(-290_000), revised_budget=Decimal(-500_000))
    assert Sense.BELOW_SPENT in codes("forecast_outturn", "-200000", income)
    assert Sense.BELOW_SPENT not in codes("forecast_outturn", "-480000", income)


def test_an_actual_or_a_commitment_above_the_forecast_is_noticed():
    assert Sense.BELOW_SPENT in codes("actual_to_date", "1200000")
    assert Sense.BELOW_SPENT in codes("commitments", "500000")
    assert codes("commitments", "200000") == set()


def test_a_forecast_far_from_the_run_rate_is_noticed_less_readily_in_the_first_months():
    assert Sense.RUN_RATE in codes("forecast_outturn", "1300000")
    early = LineSense(months=1, actual_to_date=Decimal(64_000))
    assert codes("forecast_outturn", "1000000", early) == set()


def test_a_material_change_without_a_reason_is_noticed_until_one_is_given():
    assert codes("forecast_outturn", "1160000") == set()
    assert codes("forecast_outturn", "1160000", replace(LINE, has_reason=False)) == {Sense.NO_REASON}
    assert codes("forecast_outturn", "1060000", replace(LINE, has_reason=False)) == set()


def test_a_drawdown_above_what_the_reserve_has_left_is_noticed():
    balance = ReserveBalance(
        opening=Decimal(100_000), drawdown=Decimal(30_000), pending_drawdown=Decimal(20_000)
    )
    assert judge_drawdown(Decimal(50_000), balance) == ()
    (finding,) = judge_drawdown(Decimal(50_001), balance)
    assert (finding.code, "£50,000" in finding.words) == (Sense.OVERDRAWN, True)
    assert judge_drawdown(Decimal(50_001), ReserveBalance(opening=None)) == ()


@pytest.mark.parametrize(
    "column", ["actual_to_date", "commitments", "forecast_outturn", "best_case", "worst_case"]
)
def test_a_line_of_which_nothing_is_known_takes_any_figure_and_a_blank_is_never_odd(column):
    assert LineSense(months=7).judge(column, Decimal(5_000_000)) == ()
    assert LINE.judge(column, None) == ()


def test_a_figure_that_is_held_already_is_not_asked_about_again():
    odd = replace(LINE, forecast_outturn=Decimal(9_000_000))
    assert odd.judge("forecast_outturn", Decimal(9_000_000)) == ()


def test_small_sums_are_left_alone():
    small = LineSense(
        months=7, revised_budget=Decimal(90), last_forecast=Decimal(90), forecast_outturn=Decimal(90)
    )
    assert codes("forecast_outturn", "900", small) == set()


@pytest.mark.parametrize("seed", [20231017, 1, 2, 3])
def test_of_a_hundred_slips_of_the_keys_ninety_five_prompt(seed):
    errors = keying_errors(seed=seed)
    assert len(errors) == 100
    missed = [
        (kind, entry.line.name, typed)
        for kind, entry, typed in errors
        if not entry.sense.judge(entry.column, typed)
    ]
    assert len(missed) <= 5, missed


def test_what_the_demonstration_councils_officers_entered_prompts_in_at_most_one_of_twenty():
    prompts, entries = false_prompts()
    assert entries > 5_000
    assert prompts <= entries * 5 // 100
