"""The working position: its figures, its states, its files, and what it costs."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounting.money import parse_money
from services.roles import Role
from tests.services.factories import (
    make_council,
    make_forecast,
    make_line,
    make_member_of,
    make_period,
    make_published,
    make_reserve,
    make_use,
    the_officer,
)
from tests.services.pages import BASE, make_office, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return make_office()


def block_of(response, fund):
    return next(block for block in response.context["blocks"] if block["fund"].value == fund)


def row_of(response, name, fund="general_fund"):
    return next(row for row in block_of(response, fund)["table"].all_rows if row.name == name)


def test_funds_stand_apart_with_their_own_totals(office):
    make_forecast(office.fostering, office.period, "500000")
    response = office.client("officer").get(BASE)
    assert [block["fund"].value for block in response.context["blocks"]] == ["general_fund", "dsg"]
    general = row_of(response, "North Borough, total")
    dsg = row_of(response, "North Borough, total", "dsg")
    assert general.figures.variance_after_reserves == Decimal("300000.00")
    assert dsg.figures.variance_after_reserves == Decimal("50000.00")
    assert not [row for row in block_of(response, "general_fund")["table"].all_rows if row.name == "Top-ups"]


def test_a_line_not_yet_forecast_is_said_and_its_totals_are_unknown(office):
    response = office.client("officer").get(BASE)
    said = words(response)
    assert "1 of 2 lines not yet forecast" in said
    assert row_of(response, "North Borough, total").figures.variance_after_reserves is None
    assert "not yet forecast before reserves" in said


def test_before_and_after_reserves_stand_side_by_side(office):
    make_forecast(office.fostering, office.period, "500000")
    reserve = make_reserve(office.council, opening="900000")
    make_use(office.placements, office.period, "120000", reserve=reserve)
    said = words(office.client("officer").get(BASE))
    assert "£300k over before reserves −£120k from reserves £180k over after reserves" in said


def test_a_planned_use_changes_nothing_but_is_told(office):
    make_forecast(office.fostering, office.period, "500000")
    reserve = make_reserve(office.council, opening="900000")
    make_use(office.placements, office.period, "120000", reserve=reserve, state="planned")
    said = words(office.client("officer").get(BASE))
    assert "£300k over after reserves" in said
    assert "If all planned uses are approved: £180k over." in said


def test_movement_names_the_last_published_period(office):
    make_forecast(office.fostering, office.period, "500000")
    make_published(office.period)
    later = make_period(office.council, "2023-24/p8", carry_forward=True)
    make_forecast(office.placements, later, "1400000")
    response = office.client("officer").get("/north-borough/working/2023-24/p8/")
    assert "Movement since Month 7, October 2023, the last published period: £100k worse." in words(response)
    assert row_of(response, "Placements").figures.movement == Decimal("100000.00")


def test_a_budget_holder_sees_one_directorate_and_no_total_of_the_council(office):
    response = office.client("holder").get(BASE)
    names = {row.name for block in response.context["blocks"] for row in block["table"].all_rows}
    assert {"Placements", "Fostering", "Children and Families"} <= names
    assert not {"Top-ups", "Education", "North Borough, total"} & names


def test_a_directorate_can_be_chosen_without_losing_its_movement(office):
    make_forecast(office.fostering, office.period, "500000")
    make_published(office.period)
    later = make_period(office.council, "2023-24/p8", carry_forward=True)
    families = office.placements.division.directorate_id
    address = f"/north-borough/working/2023-24/p8/?directorate={families}"
    response = office.client("officer").get(address)
    head = block_of(response, "general_fund")["heads"][0]
    assert (head["name"], head["figures"].movement) == ("Children and Families", Decimal("0.00"))
    assert later.number == 8


@pytest.mark.parametrize("asked", ["99999999", "-1", "one", "1;DROP", "٣"])
def test_a_directorate_that_is_not_there_is_not_found(office, asked):
    assert office.client("officer").get(BASE, {"directorate": asked}).status_code == 404


def test_the_csv_holds_every_row_of_the_page_exactly(office):
    client = office.client("officer")
    make_forecast(office.placements, office.period, "1300000.37")
    rows = list(
        csv.DictReader(
            io.StringIO(client.get(f"{BASE}position-general-fund.csv").content.decode("utf-8-sig"))
        )
    )
    shown = block_of(client.get(BASE), "general_fund")["table"].all_rows
    assert [row["Service"] for row in rows] == [row.name for row in shown]
    placements = next(row for row in rows if row["Service"] == "Placements")
    assert placements["Variance before reserves (£)"] == "300000.37"


def test_the_workbook_has_a_sheet_for_each_fund_with_numbers(office):
    content = office.client("officer").get(f"{BASE}position.xlsx").content
    book = load_workbook(io.BytesIO(content))
    assert len(book.sheetnames) == 3  # General Fund, DSG, About
    headings = [cell.value for cell in book.worksheets[0][1]]
    placements = next(row for row in book.worksheets[0].iter_rows(values_only=True) if row[0] == "Placements")
    assert placements[headings.index("Forecast outturn (£)")] == 1300000


def test_a_file_of_a_fund_without_lines_is_not_found(office):
    assert office.client("officer").get(f"{BASE}position-ring-fenced-grant.csv").status_code == 404


def test_an_empty_council_is_told_what_would_fill_the_page():
    council = make_council()
    make_period(council)
    client = Client()
    client.force_login(the_officer(council))
    assert "There are no service lines in this period" in words(client.get(BASE))


@pytest.mark.parametrize("is_site_wide", [False, True])
@pytest.mark.parametrize("lines", [1, 300])
def test_the_position_takes_at_most_twelve_queries_however_many_lines(lines, is_site_wide):
    council = make_council()
    period = make_period(council)
    first = make_line(council, "Line 0", budget="1000")
    make_forecast(first, period, "1000")
    from services.models import OriginalBudget, ServiceLine

    ServiceLine.objects.bulk_create(
        ServiceLine(council=council, division=first.division, name=f"Line {number}")
        for number in range(1, lines)
    )
    OriginalBudget.objects.bulk_create(
        OriginalBudget(council=council, service_line=line, year=2023, amount=parse_money("1,000"))
        for line in ServiceLine.objects.exclude(pk=first.pk)
    )
    client = Client()
    client.force_login(make_member_of(None if is_site_wide else council, Role.FINANCE_OFFICER))
    with CaptureQueriesContext(connection) as asked:
        response = client.get(BASE)
    assert response.status_code == 200
    assert len(response.context["blocks"][0]["table"].all_rows) == lines + 3
    assert len(asked) <= 12
