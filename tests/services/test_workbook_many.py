"""A workbook with more differences than a page holds, and with more problems than anybody reads on a screen."""

import csv
import io
import re

import pytest

from services.models import Forecast, ServiceLine
from tests.services.factories import make_division, make_forecast
from tests.services.pages import BASE, words
from tests.services.workbooks import (
    HERE,
    confirm,
    confirmation,
    differences,
    downloaded,
    edited,
    make_workbook_office,
    send,
)

pytestmark = pytest.mark.django_db
MANY = 220


@pytest.fixture
def office(db):
    office = make_workbook_office()
    division = make_division(office.council, "Many")
    ServiceLine.objects.bulk_create(
        ServiceLine(council=office.council, division=division, name=f"Line {each:03d}", order=10 + each)
        for each in range(MANY)
    )
    return office


@pytest.fixture
def officer(office):
    return office.client("officer")


def filled(officer):
    """The workbook with an actual typed in every line: three of the office, and the many."""
    return edited(downloaded(officer), {f"G{row}": 100 + row for row in range(2, 2 + 3 + MANY)})


def turn(client, response, number, **choices):
    return client.post(f"{HERE}differences/", confirmation(response) | choices | {"page": str(number)})


def test_many_differences_are_shown_page_by_page_and_saved_together(office, officer):
    first = send(officer, filled(officer))
    assert len(differences(first)) == 200
    assert "1 to 200 of 223" in words(first)
    second = turn(officer, first, 2)
    assert second.status_code == 200
    assert len(differences(second)) == 23
    assert not {line for line, *_ in differences(first)} & {line for line, *_ in differences(second)}
    assert "Saved from figures.xlsx: 223 lines changed." in words(confirm(officer, second))
    assert Forecast.objects.filter(actual_to_date__isnull=False, period=office.period).count() == 223


def test_a_choice_made_on_one_page_is_there_on_the_next(office, officer):
    sent = filled(officer)
    make_forecast(office.placements, office.period, "1300000", actual_to_date="710000")
    first = send(officer, sent)
    (field,) = first.context["confirm"].choice_fields
    second = turn(officer, first, 2, **{field.html_name: "theirs"}, reason="Agreed.")
    assert second.context["confirm"][field.html_name].value() == "theirs"
    assert second.context["confirm"]["reason"].value() == "Agreed."
    assert not second.context["confirm"].errors  # nothing is asked for before anything is saved


@pytest.mark.parametrize("number", ["0", "99", "-1", "two", "9" * 30, ""])
def test_a_page_that_is_not_there_is_one_that_is(officer, number):
    assert turn(officer, send(officer, filled(officer)), number).status_code == 200


def test_pages_of_what_was_not_shown_to_this_person_are_refused(office, officer):
    sent = confirmation(send(officer, filled(officer)))
    answer = office.client("holder").post(f"{HERE}differences/", sent | {"page": "2"}, follow=True)
    assert "Upload the workbook again" in words(answer)


def test_every_problem_can_be_taken_away_as_csv(office, officer):
    content = downloaded(officer)
    response = send(officer, edited(content, {f"G{row}": "about £5k" for row in range(2, 2 + 210)}))
    assert response.status_code == 422
    assert "The CSV has all 210" in words(response)
    sealed = re.search(r'name="problems" value="([^"]+)"', response.content.decode())[1]
    given = officer.post(f"{HERE}problems.csv", {"problems": sealed})
    assert given["Content-Disposition"] == 'attachment; filename="workbook-problems.csv"'
    rows = list(csv.reader(io.StringIO(given.content.decode("utf-8-sig"))))
    assert len(rows) == 1 + 210
    assert "row 2" in rows[1][0]
    assert "not a number" in rows[1][1]
    other = office.client("holder").post(f"{HERE}problems.csv", {"problems": sealed}, follow=True)
    assert "Upload the workbook again" in words(other)


def test_the_grid_leads_to_the_workbook_while_figures_can_be_entered(office, officer):
    assert f'href="{HERE}"' in officer.get(f"{BASE}grid/").content.decode()
    assert (
        f'{BASE}workbook/">Work on these' not in office.client("auditor").get(f"{BASE}grid/").content.decode()
    )
