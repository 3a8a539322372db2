"""Isle of Wight's published months, imported as they were printed: underspend positive, totals that miss by a unit or two."""

from decimal import Decimal

import pytest

from accounting.funds import Fund
from accounting.money import Unit, parse_money
from accounting.rag import Rag
from services.position import Scope
from tests.services.factories import make_council
from tests.services.imports.support import (
    SHARED,
    case,
    csv_bytes,
    imported,
    position_of,
    remarks_of,
    shared_case,
)

TABLE = case("isle_of_wight.json")
TOTAL = "Children's Services (unlabelled subtotal)"
FIELDS = {
    "label": "service_line", "budget": "revised_budget", "actual_to_date": "actual_to_date", "pct_spent": "percent_spent",
    "remaining": "remaining", "forecast_outturn": "forecast_outturn", "outturn": "forecast_outturn", "variance": "variance",
    "variance_pct": "percent",
}  # fmt: skip
PERIODS = {
    "2002/03 M8": "2002-03/p8", "2002/03 M9": "2002-03/p9", "2002/03 M10": "2002-03/p10", "2002/03 M11": "2002-03/p11",
    "2002/03 M12": "2002-03/p12", "2003/04 M10": "2003-04/p10", "2003/04 provisional outturn": "2003-04/p13",
}  # fmt: skip


def profile_for(columns) -> str:
    lines = [f'"{heading}" = "{FIELDS.get(heading, "ignore")}"' for heading in columns]
    return "\n".join(
        [
            'units = "thousands"',
            'overspend = "negative"',
            f'total_rows = ["{TOTAL}"]',
            "create_missing_lines = true",
            "[columns]",
            *lines,
        ]
    )


def month(name):
    """One month as CSV bytes with its profile."""
    table = TABLE["periods"][name]
    columns = ["label", *table["columns"]]
    return csv_bytes(*table["rows"], table["total"], headings=columns), profile_for(columns)


def import_month(council, name):
    content, toml = month(name)
    return imported(council, content, period=PERIODS[name], toml=toml)


def printed(name, field):
    """A column of one month as printed, in pounds, by line; the total is under its own label."""
    table = TABLE["periods"][name]
    place = 1 + table["columns"].index(field)
    return {row[0]: parse_money(row[place], unit=Unit.THOUSANDS) for row in [*table["rows"], table["total"]]}


@pytest.fixture
def council(db):
    return make_council("isle-of-wight", "Isle of Wight Council")


@pytest.mark.parametrize("name", PERIODS)
def test_every_month_is_imported_and_its_variances_are_the_opposite_of_those_printed(council, name):
    found = import_month(council, name)
    assert found.rows_created == 5
    position = position_of(council, PERIODS[name])
    variances, budgets = printed(name, "variance"), printed(name, "budget")
    outturn = "outturn" if "outturn" in TABLE["periods"][name]["columns"] else "forecast_outturn"
    for line in position.lines:
        assert line.position.revised_budget == budgets[line.name]
        assert line.position.forecast_outturn == printed(name, outturn)[line.name]
        assert abs(line.position.variance_before_reserves + variances[line.name]) <= 1000
    assert [line.name for line in position.lines] == [row[0] for row in TABLE["periods"][name]["rows"]]


@pytest.mark.parametrize("name", PERIODS)
def test_the_printed_total_is_checked_and_its_gap_is_shown_and_not_mended(council, name):
    found = import_month(council, name)
    table = TABLE["periods"][name]
    columns = [
        column
        for column in table["columns"]
        if FIELDS.get(column)
        in ("revised_budget", "actual_to_date", "forecast_outturn", "variance", "remaining")
    ]
    assert len(found.reading.totals) == len(columns)
    for check in found.reading.totals:
        assert check.lines == 5
        assert check.tolerance == Decimal(3000)
        assert check.holds
        assert abs(check.gap) <= 2000
    total = position_of(council, PERIODS[name]).total(Scope.COUNCIL, Fund.GENERAL_FUND)
    lines = [amount for label, amount in printed(name, "budget").items() if label != TOTAL]
    assert total.position.revised_budget == sum(lines), (
        "the total is of the lines, never of the printed total"
    )


def test_most_months_have_totals_that_miss(council):
    gaps = {
        name: [
            check.what.partition(": ")[2] for check in import_month(council, name).reading.totals if check.gap
        ]
        for name in PERIODS
    }
    assert gaps["2002/03 M8"] == ["actual to date", "variance"]
    assert sum(1 for found in gaps.values() if found) >= 5


def test_gaps_within_rows_are_shown(council):
    found = import_month(council, "2002/03 M8")
    told = {(check.row, check.what.partition(" = ")[0]) for check in found.reading.gaps}
    assert (6, "Other Children's and Families Services: variance") in told


def test_month_12_is_not_the_outturn(council):
    for name in ("2002/03 M12",):
        import_month(council, name)
    position = position_of(council, "2002-03/p12")
    total = position.total(Scope.COUNCIL, Fund.GENERAL_FUND).position
    assert total.actual_to_date == Decimal("4721000.00")
    assert total.forecast_outturn == Decimal("6094000.00")
    final = TABLE["final_outturn_2002_03"]
    assert final["printed_total"] == 6047
    by_name = {line.name: line.position for line in position.lines}
    looked_after = by_name["Children Looked After"]
    assert looked_after.variance_before_reserves == Decimal("-49000.00")
    assert Decimal(final["Children Looked After"]) * 1000 - looked_after.revised_budget == Decimal("15000.00")


def test_budgets_may_change_from_month_to_month(council):
    import_month(council, "2002/03 M9")
    import_month(council, "2002/03 M10")
    budgets = [
        next(
            line for line in position_of(council, period).lines if line.name == "Children Looked After"
        ).position.revised_budget
        for period in ("2002-03/p9", "2002-03/p10")
    ]
    assert budgets == [Decimal("3445000.00"), Decimal("3448000.00")]


def test_a_brackets_negative_and_a_minus_negative_stand_in_one_table(council):
    import_month(council, "2002/03 M10")
    other = next(line for line in position_of(council, "2002-03/p10").lines if line.name.startswith("Other"))
    assert other.position.actual_to_date == Decimal("-86000.00")
    assert other.rag is Rag.RED, "18 over on 308 is 5.8%"


def test_the_wrong_sign_convention_is_said_in_one_sentence(council):
    from tests.services.imports.support import problems_of, refused

    content, toml = month("2003/04 M10")
    found = refused(
        council,
        content,
        period="2003-04/p10",
        toml=toml.replace('overspend = "negative"', 'overspend = "positive"'),
    )
    assert 'set overspend = "negative"' in problems_of(found)


def test_a_month_10_column_in_month_11s_paper_is_told_and_not_renamed(council):
    content, toml = month("2002/03 M11")
    content = content.replace(b"pct_spent,remaining", b"MONTH 10 pct_spent,remaining")
    toml = toml.replace('"pct_spent"', '"MONTH 10 pct_spent"')
    found = imported(council, content, period="2002-03/p11", toml=toml)
    assert "it says month 10, and this is month 11" in remarks_of(found)


@pytest.mark.skipif(not SHARED.exists(), reason="the folder of published cases is not beside the repository")
def test_the_copy_kept_here_says_what_the_published_case_says():
    published = shared_case("10_isle_of_wight_2002-04_series.json")
    for name, table in published["periods"].items():
        kept = TABLE["periods"][name]
        assert kept["columns"] == table["columns"]
        assert kept["rows"] == [[row["label"], *row["printed"].values()] for row in table["rows"]]
        assert kept["total"] == [
            table["printed_total_row"]["label"],
            *table["printed_total_row"]["printed"].values(),
        ]


@pytest.mark.skipif(not SHARED.exists(), reason="the folder of published cases is not beside the repository")
def test_the_published_csv_itself_is_imported(council):
    path = SHARED / "10_isle_of_wight_2003-04_M10.csv"
    columns = path.read_text().splitlines()[0].split(",")
    found = imported(
        council, path.read_bytes(), name=path.name, period="2003-04/p10", toml=profile_for(columns)
    )
    assert found.rows_created == 5
    total = position_of(council, "2003-04/p10").total(Scope.COUNCIL, Fund.GENERAL_FUND).position
    assert total.revised_budget == Decimal("7532000.00")
    assert total.variance_before_reserves == Decimal("-204000.00")
