"""What the commands `position` and `publish` print, and how they refuse."""

import csv
import io
import json
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command

from accounting.funds import Fund
from scrutiny.models import Publication
from scrutiny.published import content_from
from services.models import Forecast
from services.operations.periods import reopen_period
from services.position import council_position
from tests.scrutiny.council import make_person, open_month
from tests.scrutiny.test_publishing import change_forecast, publish_now

FIGURES = [
    "original_budget",
    "virements",
    "revised_budget",
    "actual_to_date",
    "forecast_outturn",
    "variance_before_reserves",
    "drawdown",
    "contribution",
    "other_one_off_funding",
    "variance_after_reserves",
    "underlying_variance",
    "movement",
    "rag",
    "funding_changes",
]


def printed(*options: str, period: str = "2023-24/p7") -> str:
    out = io.StringIO()
    call_command("position", "--council", "thorney", "--period", period, *options, stdout=out)
    return out.getvalue()


def as_json(*options: str) -> dict:
    return json.loads(printed("--format", "json", *options))


def line_of(position: dict, name: str) -> dict:
    return next(line for line in position["lines"] if line["service_line"] == name)


def refused(command: str, *options: str) -> str:
    with pytest.raises(CommandError) as refusal:
        call_command(command, *options, stdout=io.StringIO())
    return str(refusal.value)


# JSON --------------------------------------------------------------------------------------------------------------------------------


def test_json_has_its_keys_in_their_order(thorney):
    position = as_json()
    assert list(position) == ["council", "period", "published", "lines", "totals"]
    assert (position["council"], position["period"], position["published"]) == ("thorney", "2023-24/p7", None)
    for line in position["lines"]:
        assert list(line) == ["directorate", "division", "service_line", "fund", *FIGURES]
    for total in position["totals"]:
        assert list(total) == ["scope", "name", "fund", *FIGURES]


def test_json_money_is_decimal_strings_and_unknown_is_null(thorney):
    line = line_of(as_json(), "Clinical services")
    assert line == {
        "directorate": "Children and Families",
        "division": "Health",
        "service_line": "Clinical services",
        "fund": "general_fund",
        "original_budget": "1500000.33",
        "virements": "0.00",
        "revised_budget": "1510001.00",
        "actual_to_date": None,
        "forecast_outturn": "1348000.00",
        "variance_before_reserves": "-162001.00",
        "drawdown": "0.00",
        "contribution": "0.00",
        "other_one_off_funding": "0.00",
        "variance_after_reserves": "-162001.00",
        "underlying_variance": "-162001.00",
        "movement": None,
        "rag": "amber",
        "funding_changes": "10000.67",
    }


def test_json_totals_are_by_scope_and_fund_and_sum_their_lines(thorney):
    position = as_json()
    found = {(total["scope"], total["name"], total["fund"]): total for total in position["totals"]}
    assert set(found) == {
        ("council", "Thorney Borough Council", "general_fund"),
        ("council", "Thorney Borough Council", "dsg"),
        ("council", "Thorney Borough Council", "dsg_high_needs"),
        ("council", "Thorney Borough Council", "dsg_early_years"),
        ("directorate", "Children and Families", "general_fund"),
        ("directorate", "Education", "general_fund"),
        ("directorate", "Education", "dsg"),
        ("directorate", "Education", "dsg_high_needs"),
        ("directorate", "Education", "dsg_early_years"),
        ("division", "Social care", "general_fund"),
        ("division", "Health", "general_fund"),
        ("division", "Schools", "general_fund"),
        ("division", "Schools", "dsg"),
        ("division", "Schools", "dsg_high_needs"),
        ("division", "Schools", "dsg_early_years"),
    }
    general = [line for line in position["lines"] if line["fund"] == "general_fund"]
    whole = found["council", "Thorney Borough Council", "general_fund"]
    for figure in set(FIGURES) - {"rag", "movement", "actual_to_date"}:
        assert Decimal(whole[figure]) == sum(Decimal(line[figure]) for line in general)
    assert whole["actual_to_date"] is None
    assert whole["rag"] == "red"


def test_json_says_the_newest_published_version_beside_working_figures(thorney):
    publish_now(thorney)
    reopen_period(by=thorney.head, asked_by=thorney.officer, period=thorney.period, reason="A late invoice.")
    change_forecast(thorney, "Family support", "8680000.01")
    working, published = as_json(), as_json("--published")
    assert (working["published"], published["published"]) == (1, 1)
    assert line_of(working, "Family support")["forecast_outturn"] == "8680000.01"
    assert line_of(published, "Family support")["forecast_outturn"] == "8670000.01"
    publish_now(thorney)
    assert as_json("--published")["published"] == 2
    assert line_of(as_json("--published"), "Family support")["forecast_outturn"] == "8680000.01"


def test_json_movement_is_from_the_last_published_period(thorney):
    publish_now(thorney)
    november = open_month(thorney, 8)
    change_forecast(thorney, "Family support", "8700000.01", period=november)
    position = json.loads(printed("--format", "json", period="2023-24/p8"))
    assert line_of(position, "Family support")["movement"] == "30000.00"
    assert line_of(position, "Early years centres")["movement"] == "0.00"


def test_working_and_published_figures_of_one_state_are_the_same(thorney):
    working = as_json()
    publish_now(thorney)
    published = as_json("--published")
    assert (working["lines"], working["totals"]) == (published["lines"], published["totals"])


# CSV and table -----------------------------------------------------------------------------------------------------------------------


def test_csv_has_exact_pounds_of_every_line_and_total(thorney):
    rows = list(csv.DictReader(io.StringIO(printed("--format", "csv"))))
    position = council_position(thorney.council, thorney.period)
    assert len(rows) == len(position.lines) + len(position.totals)
    row = next(row for row in rows if row["service_line"] == "Corporate parenting")
    assert row["variance_after_reserves"] == "3094000.09"
    assert (row["scope"], row["directorate"], row["fund"], row["rag"]) == (
        "line",
        "Children and Families",
        "general_fund",
        "red",
    )
    assert next(row for row in rows if row["service_line"] == "Clinical services")["actual_to_date"] == ""


def test_csv_text_that_looks_like_a_formula_does_not_run(thorney):
    line = thorney.lines["Family support"]
    line.name = "=1+1"
    line.save()
    assert "'=1+1" in printed("--format", "csv")


def test_the_table_is_aligned_with_totals_and_says_its_unit(thorney):
    lines = printed().splitlines()
    assert (
        lines[0]
        == "Thorney Borough Council, Month 7, October 2023, working figures, £000, overspend positive"
    )
    rows = [line for line in lines if line.endswith(("Red", "Amber", "Green"))]
    assert len({len(row.rpartition("  ")[0]) for row in rows if row.endswith("Green")}) == 1
    [corporate] = [row for row in rows if "Corporate parenting" in row]
    assert corporate.split()[2:8] == ["19,606", "1,235", "24,000", "4,394", "1,300", "0"]
    assert corporate.split()[8:] == ["0", "3,094", "first", "report", "Red"]
    assert any(line.startswith("Total Thorney Borough Council, General Fund") for line in lines)
    assert any("Total Thorney Borough Council, Dedicated Schools Grant" in line for line in lines)
    assert lines[-1] == "Figures are rounded separately and may not sum."


def test_the_table_carries_the_cautions(thorney):
    Forecast.objects.filter(service_line=thorney.lines["Family support"]).update(forecast_outturn=None)
    assert "Note: 1 service line is not yet forecast: Family support." in printed()


def test_the_published_table_says_which_version_it_is(thorney):
    publish_now(thorney)
    assert "published, version 1" in printed("--published").splitlines()[0]


# Refusals ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("council", "period", "options", "words"),
    [
        ("nowhere", "2023-24/p7", [], "There is no council “nowhere”. Councils here: thorney."),
        ("thorney", "2023-24/p8", [], "(2023-24/p8) has not been opened for Thorney Borough Council."),
        ("thorney", "2023-24/p8", [], "The latest that have: 2023-24/p7."),
        ("thorney", "2023-25/p7", [], "is not a financial year"),
        ("thorney", "2023-24/p14", [], "There is no period 14"),
        ("thorney", "October", [], "Write it like 2023-24/p7."),
        ("thorney", "2023-24/p7", ["--published"], "has not been published. Leave out --published"),
    ],
)
def test_what_is_not_there_is_refused_with_a_hint(thorney, council, period, options, words):
    assert words in refused("position", "--council", council, "--period", period, *options)


# The publish command -----------------------------------------------------------------------------------------------------------------


def publish_command(by: str, approved_by: str) -> list[str]:
    named = ["--council", "thorney", "--period", "2023-24/p7", "--by", by, "--approved-by", approved_by]
    return ["publish", *named]


def test_publish_prints_version_digest_and_the_pair_of_variances(thorney):
    out = io.StringIO()
    call_command(*publish_command("officer", "head"), stdout=out)
    publication = Publication.objects.get()
    assert out.getvalue().splitlines() == [
        "Published: Thorney Borough Council, Month 7, October 2023, version 1",
        f"Digest: {publication.digest}",
        "By Officer, approved by Head",
        "General Fund variance before reserves: £5,948,999.13 (£5.9m over)",
        "General Fund variance after reserves: £4,582,999.10 (£4.6m over)",
    ]
    total = content_from(publication.content).total("council", Fund.GENERAL_FUND)
    assert total.figures.variance_after_reserves == Decimal("4582999.10")


def test_publish_of_a_correction_prints_what_changed(thorney):
    publish_now(thorney)
    reopen_period(by=thorney.head, asked_by=thorney.officer, period=thorney.period, reason="A late invoice.")
    change_forecast(thorney, "Family support", "8680000.01")
    out = io.StringIO()
    call_command(*publish_command("officer", "head"), stdout=out)
    assert "version 2" in out.getvalue()
    assert "Changed: Family support: forecast outturn from £8,670,000 to £8,680,000" in out.getvalue()


@pytest.mark.parametrize(
    ("by", "approved_by", "words"),
    [
        ("head", "head", "another person must approve it"),
        ("member", "head", "Your role does not let you submit a period"),
        ("officer", "member", "Your role does not let you approve a publication"),
        ("officer", "officer_two", "Your role does not let you approve a publication"),
        ("nobody", "head", "There is no user “nobody”."),
        ("officer", "gone", "“gone” can no longer sign in"),
    ],
)
def test_publish_refuses_and_leaves_the_period_as_it_was(thorney, by, approved_by, words):
    make_person("officer_two", thorney.council, "finance_officer")
    gone = make_person("gone", thorney.council, "head_of_finance")
    gone.is_active = False
    gone.save()
    assert words in refused(*publish_command(by, approved_by))
    thorney.period.refresh_from_db()
    assert (thorney.period.state, Publication.objects.count()) == ("open", 0)


def test_publish_again_says_who_published_and_when(thorney):
    publish_now(thorney)
    assert "was published by Officer and approved by Head" in refused(*publish_command("officer", "head"))
