"""The workbook that is given out: what is in it, what is open, what it says."""

import io
from decimal import Decimal

import openpyxl
import pytest
import python_calamine

from services.workbooks.layout import COLUMNS, ENTERED
from services.workbooks.sealing import BrokenSealError, unseal
from tests.services.factories import (
    make_approved,
    make_council,
    make_forecast,
    make_line,
    make_period,
    make_published,
    make_use,
    the_officer,
)
from tests.services.workbooks import HERE, downloaded, make_workbook_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return make_workbook_office()


@pytest.fixture
def book(office):
    return openpyxl.load_workbook(io.BytesIO(downloaded(office.client("officer"))))


def values(content: bytes, sheet: str = "Lines") -> list[list]:
    return (
        python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        .get_sheet_by_name(sheet)
        .to_python()
    )


def test_a_workbook_holds_each_line_with_its_budget_and_its_figures(office):
    rows = values(downloaded(office.client("officer")))
    assert rows[0] == [column.heading for column in COLUMNS]
    assert [row[1] for row in rows[1:]] == ["Placements", "Fostering", "Top-ups"]
    assert rows[1] == [
        "C01", "Placements", "Social Care", 1_000_000, "not published", "none", 700_000, "", 1_300_000, "", "",
        300_000, 300_000, office.placements.pk,
    ]  # fmt: skip
    assert rows[2][8:13] == ["", "", "", "not yet forecast", "not yet forecast"]


def test_only_the_five_figures_of_a_line_can_be_typed_in(book):
    sheet = book["Lines"]
    assert sheet.protection.sheet
    assert book["About"].protection.sheet
    for row in sheet.iter_rows(min_row=1, max_row=4):
        open_cells = {cell.column_letter for cell in row if not cell.protection.locked}
        assert open_cells == (set() if row[0].row == 1 else set("GHIJK"))
    assert not [cell for row in book["About"].iter_rows() for cell in row if not cell.protection.locked]


def test_only_amounts_with_two_decimals_can_be_typed_and_each_column_says_what_to_enter(book):
    sheet = book["Lines"]
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert sorted(rules) == ["G2:G4", "H2:H4", "I2:I4", "J2:J4", "K2:K4"]
    forecast = rules["I2:I4"]
    assert (forecast.type, forecast.formula1) == (
        "custom",
        "AND(ISNUMBER(I2),ROUND(I2,2)=I2,ABS(I2)<100000000000)",
    )
    assert forecast.errorStyle in (None, "stop")
    assert forecast.allowBlank
    assert "at most two decimals" in forecast.error
    comments = {cell.column_letter: cell.comment.text for cell in sheet[1] if cell.comment}
    assert comments == {"GHIJK"[place]: column.hint for place, column in enumerate(ENTERED)}
    assert max(len(rule.prompt) for rule in rules.values()) <= 255


def test_nothing_in_it_is_hidden_and_the_headings_stay_in_sight(book):
    assert [sheet.sheet_state for sheet in book] == ["visible", "visible"]
    assert book["Lines"].freeze_panes == "C2"
    for sheet in book:
        assert not [key for key, size in sheet.column_dimensions.items() if size.hidden]
        assert not [key for key, size in sheet.row_dimensions.items() if size.hidden]


def test_it_says_what_it_is_and_its_key_cannot_be_made_elsewhere(office, book):
    about = {row[0].value: row[1].value for row in book["About"].iter_rows()}
    assert (about["Council"], about["Period"], about["Lines"]) == (
        "North Borough",
        "Month 7, October 2023",
        "3",
    )
    assert about["Unit"].startswith("Pounds and pence")
    found = unseal(about["Key 1"])
    assert [(line.name, line.version, line.figures["forecast_outturn"]) for line in found.lines] == [
        ("Placements", 1, Decimal("1300000.00")),
        ("Fostering", 0, None),
        ("Top-ups", 1, Decimal("2050000.00")),
    ]
    with pytest.raises(BrokenSealError):
        unseal(about["Key 1"][:-1])


def test_a_name_like_a_formula_is_text(office):
    make_line(office.council, "=1+1", code="@SUM(A1)", budget="0")
    rows = values(downloaded(office.client("officer")))
    assert ["@SUM(A1)", "=1+1"] in [row[:2] for row in rows]
    sheet = openpyxl.load_workbook(io.BytesIO(downloaded(office.client("officer"))))["Lines"]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_it_shows_what_was_last_published_and_last_forecast_and_the_variance_after_reserves(db):
    council = make_council()
    line = make_line(council, "Placements", budget="1000000")
    before = make_period(council, "2023-24/p6")
    make_forecast(line, before, "1200000.25")
    make_published(before)
    now = make_period(council)
    make_forecast(line, now, "1300000")
    make_use(line, now, "50000")
    from django.test import Client

    client = Client()
    client.force_login(the_officer(council))
    row = values(downloaded(client))[1]
    assert row[3:6] == [1_000_000, 200_000.25, 1_200_000.25]
    assert row[11:13] == [300_000, 250_000]


def test_a_budget_holder_is_given_the_lines_of_their_own_directorate(office):
    rows = values(downloaded(office.client("holder")))
    assert [row[1] for row in rows[1:]] == ["Placements", "Fostering"]


def test_a_directorate_that_has_submitted_is_left_out_and_named(office):
    from services.operations.periods import submit_directorate
    from tests.services.factories import explain

    make_forecast(office.fostering, office.period, "500000")
    explain(office.placements, office.period)
    directorate = office.placements.division.directorate
    submit_directorate(by=office.people["officer"], period=office.period, directorate=directorate)
    officer = office.client("officer")
    assert [row[1] for row in values(downloaded(officer))[1:]] == ["Top-ups"]
    assert "Children and Families" in officer.get(HERE).content.decode().split("Left out")[1][:200]
    holder = office.client("holder")
    assert holder.get(f"{HERE}lines.xlsx").status_code == 409
    assert "There is no line for you to fill in" in holder.get(HERE).content.decode()


def test_a_locked_period_gives_no_workbook_and_says_what_to_do(office):
    make_forecast(office.fostering, office.period, "500000")
    make_approved(office.period)
    response = office.client("officer").get(f"{HERE}lines.xlsx")
    assert response.status_code == 409
    assert "ask a head of finance to reopen the period" in response.content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [("auditor", 403), ("member", 404), ("clerk", 404), ("administrator", 404), ("neighbour", 404), ("stranger", 404)],
)  # fmt: skip
def test_only_who_may_enter_figures_gets_there(office, who, status):
    client = office.client(who)
    assert client.get(HERE).status_code == status
    assert client.post(HERE).status_code == status
    assert client.get(f"{HERE}lines.xlsx").status_code == status
    assert client.post(f"{HERE}confirm/").status_code == status


def test_the_number_of_queries_does_not_grow_with_the_lines(office, django_assert_max_num_queries):
    client = office.client("officer")
    for number in range(30):
        make_line(office.council, f"Line {number}", budget="100")
    with django_assert_max_num_queries(17):
        downloaded(client)


def test_the_position_page_leads_there_for_who_may_enter_figures(office):
    assert f'href="{HERE}"' in office.client("holder").get(HERE.removesuffix("workbook/")).content.decode()
    assert (
        f'href="{HERE}"' not in office.client("auditor").get(HERE.removesuffix("workbook/")).content.decode()
    )
