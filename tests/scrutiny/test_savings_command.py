"""What the command `savings` prints of working and of published figures, and how it refuses."""

import csv
import io
import json

import pytest
from django.core.management import CommandError, call_command

from accounting.savings import Stage
from tests.savings.delivery_factories import cover, make_saving, update
from tests.scrutiny.test_publishing import change_forecast, publish_now
from tests.services.factories import make_council

KEYS = [
    "reference", "title", "directorate", "status", "target", "delivered", "on_track", "at_risk", "undeliverable", "forecast", "shortfall",
    "mitigation", "rag", "reason",
]  # fmt: skip
WHY = "Two of four moves are late."


def printed(*options: str) -> str:
    out = io.StringIO()
    call_command("savings", "--council", "thorney", "--period", "2023-24/p7", *options, stdout=out)
    return out.getvalue()


def as_json(*options: str) -> dict:
    return json.loads(printed("--format", "json", *options))


def refused(*options: str) -> str:
    with pytest.raises(CommandError) as refusal:
        call_command("savings", *options, stdout=io.StringIO())
    return str(refusal.value)


@pytest.fixture
def agency(thorney):
    """An agreed saving of £250,000, £150,000 of it at risk, £40,000 of that met by a grant."""
    saving = make_saving(
        thorney.council,
        "Fewer agency placements",
        reference="CF/01",
        service_line=thorney.lines["Corporate parenting"],
    )
    held = update(saving, thorney.period, "60000 40000 150000 0", forecast="200000", rag="amber", reason=WHY)
    cover(held, "grant", "40000")
    return saving


def test_json_has_the_figures_of_each_saving_and_their_totals(thorney, agency):
    found = as_json()
    assert (found["council"], found["period"], found["published"]) == ("thorney", "2023-24/p7", None)
    (saving,) = found["proposals"]
    assert [saving[key] for key in KEYS] == [
        "CF/01", "Fewer agency placements", "Children and Families", "in_delivery", "250000.00", "60000.00", "40000.00", "150000.00", "0.00",
        "200000.00", "50000.00", "40000.00", "amber", WHY,
    ]  # fmt: skip
    totals = found["totals"]
    assert (totals["target"], totals["shortfall"], totals["mitigation"], totals["count"]) == (
        "250000.00", "50000.00", "40000.00", 1,
    )  # fmt: skip
    assert [(one["name"], one["target"]) for one in found["by_directorate"]] == [
        ("Children and Families", "250000.00")
    ]
    assert [(one["rag"], one["count"]) for one in found["by_rag"]] == [("amber", 1)]


def test_what_nobody_has_said_yet_is_null_and_no_nil(thorney):
    make_saving(thorney.council, "Transport")
    make_saving(thorney.council, "Review", None)
    without_update, without_amount = sorted(
        as_json()["proposals"], key=lambda one: one["title"], reverse=True
    )
    assert (without_update["target"], without_update["delivered"], without_update["rag"]) == (
        "250000.00",
        None,
        None,
    )
    assert without_amount["target"] is None


def test_a_proposal_that_nobody_has_agreed_is_not_counted_and_is_told(thorney, agency):
    make_saving(thorney.council, "Close the lodge", "90000", stage=Stage.CONSULTATION)
    found = as_json()
    assert [one["reference"] for one in found["proposals"]] == ["CF/01"]
    assert found["not_agreed"] == [
        "Close the lodge: £90,000.00 in 2023/24, at “Consultation”; not agreed, so not counted."
    ]


def test_without_any_saving_every_total_is_nil(thorney):
    found = as_json()
    assert (found["proposals"], found["totals"]["target"], found["totals"]["count"]) == ([], "0.00", 0)
    assert "No agreed saving has a target this year." in printed()


def test_the_table_says_why_a_saving_is_not_green(thorney, agency):
    table = printed()
    assert "Thorney" in table.splitlines()[0]
    assert "CF/01 Fewer agency placements" in table
    assert f"CF/01 Fewer agency placements: {WHY}" in table
    assert table.splitlines()[4].split()[:2] == ["Total", "250,000"]


def test_csv_holds_exact_pounds(thorney, agency):
    rows = list(csv.DictReader(io.StringIO(printed("--format", "csv"))))
    assert (rows[0]["target"], rows[0]["rag"], rows[1]["target"]) == ("250000.00", "amber", "250000.00")


def test_published_figures_stay_as_they_were_published(thorney, agency):
    change_forecast(thorney, "Corporate parenting", "20000000.05")
    publish_now(thorney)
    published = as_json("--published")
    assert (published["published"], published["proposals"][0]["shortfall"]) == (1, "50000.00")
    assert published["proposals"] == as_json()["proposals"]


def test_a_period_that_was_not_published_or_opened_and_a_council_that_is_not_there_are_said(thorney):
    here = ("--council", "thorney", "--period")
    assert "has not been published" in refused(*here, "2023-24/p7", "--published")
    assert "has not been opened" in refused(*here, "2023-24/p9")
    assert "is not a period" in refused(*here, "October")
    assert "There is no council “nowhere”" in refused("--council", "nowhere", "--period", "2023-24/p7")


def test_another_councils_savings_are_not_listed(thorney, agency):
    make_saving(make_council(), "Elsewhere")
    assert len(as_json()["proposals"]) == 1
