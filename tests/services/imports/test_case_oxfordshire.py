"""Oxfordshire's December 2016 table: gross expenditure, income with negative budgets, net, and a column of budget movements."""

from decimal import Decimal

import pytest

from accounting.funds import Fund
from accounting.money import Unit, parse_money
from accounting.rag import DEFAULT_RULES, Rag, rate
from services.position import Scope
from tests.services.factories import make_council
from tests.services.imports.support import (
    SHARED,
    case,
    csv_bytes,
    imported,
    position_of,
    problems_of,
    refused,
    remarks_of,
    shared_case,
)

TABLE = case("oxfordshire.json")
PERIOD = "2016-17/p8"
COLUMNS = (
    "Directorate",
    "Line",
    "Kind",
    "Original",
    "Movement to date",
    "Latest",
    "Projected year-end",
    "Variation",
    "Traffic light",
)
PROFILE = """
units = "thousands"
total_rows = ["Net", "Directorate * Total", "Directorate Total Net"]
create_missing_lines = true
[columns]
"Directorate" = "directorate"
"Line" = "service_line"
"Kind" = "kind"
"Original" = "original_budget"
"Movement to date" = "virements"
"Latest" = "revised_budget"
"Projected year-end" = "forecast_outturn"
"Variation" = "variance"
"Traffic light" = "rag"
"""


def rows():
    for block in TABLE["blocks"]:
        for label, *figures in block["rows"]:
            yield [block["directorate"], label, "income" if "Income" in label else "expenditure", *figures]
        label, *figures = block["total"]
        yield [block["directorate"], label, "net", *figures]
    # The gross totals include the Public Health block, which is nil in net and whose lines are not in the case; their variances are not affected.
    for (label, figures), kind in zip(TABLE["totals"].items(), ("expenditure", "income", ""), strict=True):
        latest, forecast, variance = figures if not kind else ("", "", figures[2])
        yield ["", label.partition(" (")[0], kind, "", "", latest, forecast, variance, ""]


@pytest.fixture
def council(db):
    return make_council("oxfordshire", "Oxfordshire County Council")


@pytest.fixture
def found(council):
    return imported(council, csv_bytes(*rows(), headings=COLUMNS), period=PERIOD, toml=PROFILE)


def pounds(text):
    return parse_money(text, unit=Unit.THOUSANDS)


def test_the_table_is_imported_with_income_negative_and_movements_as_virements(council, found):
    assert (found.rows_read, found.rows_created) == (8, 8)
    lines = {(line.directorate, line.name): line for line in position_of(council, PERIOD).lines}
    for block in TABLE["blocks"]:
        for label, original, movement, latest, forecast, variance, rag in block["rows"]:
            line = lines[block["directorate"], label]
            assert line.position.original_budget == pounds(original)
            assert line.position.virements == pounds(movement)
            assert line.position.revised_budget == pounds(latest)
            assert line.position.forecast_outturn == pounds(forecast)
            assert line.position.variance_before_reserves == pounds(variance)
            assert line.kind == ("income" if "Income" in label else "expenditure")
            assert line.rag.label[0] == rag


def test_the_net_of_every_directorate_comes_out_as_printed_with_its_rating(council, found):
    position = position_of(council, PERIOD)
    for block in TABLE["blocks"]:
        _, original, movement, latest, forecast, variance, rag = block["total"]
        total = position.total(Scope.DIRECTORATE, Fund.GENERAL_FUND, block["directorate"])
        assert total.position.original_budget == pounds(original)
        assert total.position.virements == pounds(movement)
        assert total.position.revised_budget == pounds(latest)
        assert total.position.forecast_outturn == pounds(forecast)
        assert total.position.variance_before_reserves == pounds(variance)
        assert total.rag.label[0] == rag


def test_the_same_6360_is_green_on_gross_and_red_on_net():
    gross, net = pounds("404,974"), pounds("106,668")
    assert rate(DEFAULT_RULES, variance=pounds("6,360"), budget=gross) is Rag.GREEN
    assert rate(DEFAULT_RULES, variance=pounds("6,360"), budget=net) is Rag.RED


def test_every_printed_total_is_a_control_total(council, found):
    names = {check.what.partition(":")[0] for check in found.reading.totals}
    assert names == {
        "Net",
        "Directorate Expenditure Total",
        "Directorate Income Total",
        "Directorate Total Net",
    }
    assert all(check.gap == 0 for check in found.reading.totals)
    assert len(found.reading.totals) == 4 * 5 + 2 + 3
    assert position_of(council, PERIOD).total(
        Scope.COUNCIL, Fund.GENERAL_FUND
    ).position.variance_before_reserves == Decimal("5624000.00")


def test_a_shortfall_of_income_is_adverse(council, found):
    line = next(
        line
        for line in position_of(council, PERIOD).lines
        if line.directorate == "Environment & Economy" and line.kind == "income"
    )
    assert line.position.revised_budget == Decimal("-48132000.00")
    assert line.position.variance_before_reserves == Decimal("322000.00")


def test_a_total_beyond_rounding_is_refused_with_both_figures(council):
    changed = [
        row if row[:2] != ["Corporate Services", "Net"] else [*row[:5], "21,690", *row[6:]] for row in rows()
    ]
    told = problems_of(refused(council, csv_bytes(*changed, headings=COLUMNS), period=PERIOD, toml=PROFILE))
    assert "21,690" in told
    assert "21,680" in told


def test_a_printed_rating_that_the_councils_rules_would_not_give_is_told(council):
    changed = [row if row[:2] != ["Corporate Services", "Net"] else [*row[:8], "G"] for row in rows()]
    found = imported(council, csv_bytes(*changed, headings=COLUMNS), period=PERIOD, toml=PROFILE)
    assert "printed Green, and by the council's rules it is Amber" in remarks_of(found)


@pytest.mark.skipif(not SHARED.exists(), reason="the folder of published cases is not beside the repository")
def test_the_copy_kept_here_says_what_the_published_case_says():
    published = shared_case("14_oxfordshire_2016-17_dec_cabinet.json")
    assert TABLE["totals"] == published["totals_as_printed"]
    for kept, block in zip(TABLE["blocks"], published["blocks"], strict=True):
        assert kept["directorate"] == block["directorate"]
        assert kept["rows"] == [[row["label"], *row["printed"].values()] for row in block["rows"]]
        assert kept["total"] == [
            block["printed_total_row"]["label"],
            *block["printed_total_row"]["printed"].values(),
        ]
