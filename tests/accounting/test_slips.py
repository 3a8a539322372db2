"""The slips that council papers really printed are told, and nothing is ever corrected."""

import json
from pathlib import Path

import pytest

from accounting.periods import FinancialYear, Period
from accounting.slips import claims_of, find_slips

CASES = json.loads((Path(__file__).resolve().parents[1] / "data" / "cases" / "slips.json").read_text())[
    "records"
]
MONTH_11 = Period(FinancialYear(2002), 11)


@pytest.mark.parametrize("record", CASES, ids=lambda record: record["printed"][:40])
def test_every_published_slip_is_told_as_printed(record):
    slips = find_slips(record["printed"], period=MONTH_11 if "MONTH" in record["printed"] else None)
    assert slips
    for slip in slips:
        assert slip.printed in record["printed"]


def test_both_amounts_of_a_pair_are_told():
    assert [slip.printed for slip in find_slips("£8,023.000 / £7.047,000")] == ["£8,023.000", "£7.047,000"]


def test_a_year_that_contradicts_its_month_is_told():
    (slip,) = find_slips("2022/23 (month 7, October 2023)")
    assert slip.why == "October 2023 lies in 2023/24, not in 2022/23"


def test_a_month_number_that_is_another_months_is_told():
    assert "month 6 is September" in find_slips("month 6, October 2023")[0].why


@pytest.mark.parametrize(
    "words",
    [
        "£1.445m", "£943k", "£4,170", "£8,023.00", "£1,250k", "£145.368m v £4.924m", "£0.43m", "£28k a week", "£712 to £820", "£3m–£4m", "£120",
        "2023/24 month 7, October 2023", "2017-2018", "2016/7", "FY24", "Provisional outturn 2003/04, June 2004", "month 11, February 2003, 2002/03",
        "12 April 2023", "a budget of 1,234", "",
    ],
)  # fmt: skip
def test_what_is_printed_rightly_is_not_doubted(words):
    assert find_slips(words) == ()


def test_a_title_is_compared_with_the_period_it_is_for():
    claims = claims_of("2022/23 (month 7, October 2023)")
    assert claims.agreement(Period(FinancialYear(2023), 7)) == (2, 1)
    assert claims.agreement(Period(FinancialYear(2021), 3)) == (0, 3)
