"""Services over, or under, in each of the last years are found and offered as proposals."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounting.funds import Fund
from accounting.periods import FinancialYear
from accounting.savings import Stage
from savings.position.right_sizing import right_sizing
from services.operations import budgets, councils
from tests.savings.factories import make_proposal
from tests.services.factories import (
    make_council,
    make_forecast,
    make_line,
    make_period,
    make_published,
    make_use,
    pounds,
    the_officer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def council(db):
    return make_council()


def outturn(council, year, variances, *, draw=None, number=13):
    """The year's outturn as published: each line's budget is 1m, and its forecast that plus the variance."""
    budgets.set_original_budgets(
        by=the_officer(council),
        council=council,
        year=FinancialYear(year),
        amounts={line: pounds("1000000") for line in variances},
    )
    period = make_period(council, f"{FinancialYear(year).slug}/p{number}")
    for line, variance in variances.items():
        make_forecast(line, period, str(1_000_000 + variance))
    for line, amount in (draw or {}).items():
        make_use(line, period, amount)
    make_published(period)
    return period


def test_a_million_under_in_each_of_three_years_is_offered_as_a_saving(council):
    care = make_line(council, "Mental health care support")
    steady = make_line(council, "Fostering")
    for year, variance in ((2013, -1_200_000 + 200_000), (2014, -1_000_000), (2015, -999_000)):
        outturn(council, year, {care: variance, steady: 100})
    (found,) = right_sizing(council)
    assert (found.service, found.is_over, found.kind) == ("Mental health care support", False, "saving")
    assert (found.typical, found.change_to_base, found.summed) == (-999_000, -999_000, -2_999_000)
    assert [(str(one.year), one.variance) for one in found.years] == [
        ("2013/14", -1_000_000),
        ("2014/15", -1_000_000),
        ("2015/16", -999_000),
    ]
    assert {one.period.number for one in found.years} == {13}


def test_an_overspend_that_reserves_covered_every_year_is_found_as_growth(council):
    line = make_line(council, "Placements")
    for year in (2013, 2014, 2015):
        outturn(council, year, {line: 90_000}, draw={line: "90000"})
    (found,) = right_sizing(council)
    assert (found.is_over, found.kind, found.typical) == (True, "growth", 90_000)


def test_a_year_the_other_way_or_too_small_or_not_published_finds_nothing(council):
    swings, small = make_line(council, "Swings"), make_line(council, "Small")
    for year, way in ((2013, 1), (2014, -1), (2015, 1)):
        outturn(council, year, {swings: way * 90_000, small: 40_000})
    assert right_sizing(council) == ()
    assert [one.service for one in right_sizing(council, at_least=Decimal(40_000))] == ["Small"]
    assert right_sizing(council, years=4, at_least=Decimal(1)) == ()


def test_a_year_that_is_not_over_or_is_missing_breaks_the_row(council):
    line = make_line(council, "Placements")
    outturn(council, 2012, {line: 90_000})
    outturn(council, 2014, {line: 90_000})
    assert right_sizing(council, years=2) == ()
    outturn(council, 2015, {line: 90_000}, number=7)
    assert right_sizing(council, years=2) == ()
    make_period(council, "2016-17/p1")
    (found,) = right_sizing(council, years=2)
    assert [str(one.period) for one in found.years] == ["2014/15 P13", "2015/16 P7"]


def test_one_year_is_no_pattern(council):
    with pytest.raises(ValueError, match="two years"):
        right_sizing(council, years=1)


def test_ring_fenced_money_is_no_saving(council):
    line = make_line(council, "High needs", fund=Fund.DSG_HIGH_NEEDS)
    for year in (2014, 2015):
        outturn(council, year, {line: -90_000})
    assert right_sizing(council, years=2) == ()


def test_a_line_that_has_gone_into_another_is_told_with_it(council):
    old, new = make_line(council, "Telecare"), make_line(council, "Care at home")
    outturn(council, 2014, {old: -60_000, new: -30_000})
    outturn(council, 2015, {old: -50_000, new: -45_000})
    councils.restructure_line(
        by=the_officer(council),
        line=old,
        successor=new,
        from_period=make_period(council, "2016-17/p1"),
        reason="Merged",
    )
    (found,) = right_sizing(council, years=2)
    assert (found.service, found.with_predecessors) == ("Care at home", ("Telecare",))
    assert [one.variance for one in found.years] == [-90_000, -95_000]


def test_a_service_that_has_its_proposal_already_says_so(council):
    line = make_line(council, "Placements")
    for year in (2014, 2015):
        outturn(council, year, {line: -90_000})
    make_proposal(council, "Placements budget", type="right_sizing", service_line=line, reference="RS1")
    make_proposal(
        council, "Given up", type="right_sizing", service_line=line, stage=Stage.WITHDRAWN, stage_reason="No"
    )
    (found,) = right_sizing(council, years=2)
    assert found.proposed_as == ("RS1 Placements budget",)


def test_the_number_of_queries_does_not_grow_with_the_lines(council):
    counts = []
    lines = []
    for year in (2013, 2014, 2015):
        lines.append(make_line(council, f"Line {year}"))
        outturn(council, year, dict.fromkeys(lines, 90_000))
        if year > 2013:
            with CaptureQueriesContext(connection) as captured:
                assert len(right_sizing(council, years=2)) == len(lines) - 1
            counts.append(len(captured))
    assert counts[0] == counts[1]
