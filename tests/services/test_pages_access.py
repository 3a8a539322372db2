"""Who is let in to which working page: strangers and members find nothing, readers change nothing, and methods make no way round."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from services.models import AuditEntry, Forecast
from tests.architecture.test_doors import addresses
from tests.services.factories import make_reserve, make_use, make_virement
from tests.services.pages import BASE, make_office

pytestmark = pytest.mark.django_db

OUTSIDE = ("stranger", "member", "clerk", "neighbour")
WHOLE = ("", "submission/", "budgets/", "reserves/", "dsg/", "risks/", "publish/", "position.xlsx")
FORMS = (
    "budgets/originals/",
    "budgets/virements/new/",
    "budgets/funding-changes/new/",
    "reserves/new/",
    "reserves/uses/new/",
)


@pytest.fixture
def office(db):
    return make_office()


def working_addresses(office):
    """Every address under `working/`, with this council and period in it and records that are there."""
    use = make_use(
        office.placements, office.period, "10", reserve=make_reserve(office.council, opening="100")
    )
    virement = make_virement(office.period, (office.placements, "-5"), (office.fostering, "5"), posted=False)
    numbers = {"lines": office.placements.pk, "uses": use.pk, "virements": virement.pk}
    found = []
    for address in addresses(get_resolver().url_patterns):
        if "/working/" not in address:
            continue
        parts = (
            address.replace("/demo/", "/north-borough/").replace("/2023-24/p1/", "/2023-24/p7/").split("/")
        )
        for place, part in enumerate(parts[1:], start=1):
            if part == "1" and parts[place - 1] in numbers:
                parts[place] = str(numbers[parts[place - 1]])
        found.append("/".join(parts))
    return found


def test_the_walk_reaches_the_working_pages(office):
    found = working_addresses(office)
    assert {BASE, f"{BASE}budgets/", f"{BASE}publish/", "/north-borough/working/audit/"} <= set(found)
    assert office.line_address(office.placements) in found


@pytest.mark.parametrize("who", OUTSIDE)
def test_strangers_members_and_neighbours_find_no_working_address(office, who):
    client = office.client(who)
    answers = {
        (address, method): getattr(client, method)(address).status_code
        for address in working_addresses(office)
        for method in ("get", "post", "head")
    }
    assert set(answers.values()) <= {404, 405}, {
        key: status for key, status in answers.items() if status not in (404, 405)
    }


@pytest.mark.parametrize("who", OUTSIDE)
def test_what_is_there_and_what_is_not_look_the_same_from_outside(office, who):
    client = office.client(who)
    there = client.get(office.line_address(office.placements))
    nowhere = client.get("/nowhere/working/2023-24/p7/lines/1/")
    assert (there.status_code, without_token(there)) == (nowhere.status_code, without_token(nowhere))


def without_token(response):
    """A page without what is new in every answer: the form's token and the request's number."""
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
    return re.sub(r"\b[0-9a-f]{8}\b", "", text)


def test_nobody_reads_through_an_odd_method(office):
    client = office.client("officer")
    for address in working_addresses(office):
        for method in ("PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            assert client.generic(method, address).status_code in {404, 405}, (method, address)


@pytest.mark.parametrize("page", WHOLE)
def test_an_auditor_reads_every_page_of_a_period(office, page):
    assert office.client("auditor").get(BASE + page).status_code == 200


def test_an_auditor_changes_nothing_anywhere(office):
    client = office.client("auditor")
    found = working_addresses(office)
    before = (AuditEntry.objects.count(), list(Forecast.objects.values_list("version", flat=True)))
    answers = {address: client.post(address).status_code for address in found}
    assert set(answers.values()) <= {403, 404, 405}, answers
    assert answers[office.line_address(office.placements)] == 403
    assert answers[f"{BASE}publish/propose/"] == 403
    assert (AuditEntry.objects.count(), list(Forecast.objects.values_list("version", flat=True))) == before


@pytest.mark.parametrize("page", FORMS)
def test_a_reader_is_refused_a_form_that_they_may_not_send(office, page):
    assert office.client("auditor").get(BASE + page).status_code == 403


@pytest.mark.parametrize("page", ["reserves/", "dsg/", "risks/", "publish/"])
def test_a_budget_holder_is_refused_pages_that_show_every_directorate(office, page):
    assert office.client("holder").get(BASE + page).status_code == 403


def test_a_budget_holder_reads_budgets_of_their_directorate_only(office):
    from accounting.funds import Fund
    from tests.services.factories import make_line

    other = make_line(
        office.council,
        "Places",
        budget="9",
        division="Inclusion",
        directorate="Education",
        fund=Fund.DSG_HIGH_NEEDS,
    )
    make_virement(office.period, (office.top_ups, "-7"), (other, "7"), posted=False, reference="EDU-1")
    make_virement(
        office.period, (office.placements, "-5"), (office.fostering, "5"), posted=False, reference="CFS-1"
    )
    page = office.client("holder").get(f"{BASE}budgets/").content.decode()
    assert "CFS-1" in page
    assert "EDU-1" not in page
    assert "Dedicated Schools Grant" not in page


def test_an_administrator_keeps_structure_and_roles_and_sees_no_figure(office):
    client = office.client("administrator")
    assert client.get("/north-borough/working/structure/").status_code == 200
    assert client.get("/north-borough/working/roles/").status_code == 200
    assert client.get(BASE).status_code == 404
    assert client.get("/north-borough/working/").status_code == 404


@pytest.mark.parametrize("who", ["officer", "holder"])
def test_the_audit_trail_is_not_there_for_those_who_may_not_read_it(office, who):
    assert office.client(who).get("/north-borough/working/audit/").status_code == 404


def test_a_person_shut_out_meanwhile_is_sent_to_the_door(office):
    client = office.client("officer")
    office.people["officer"].roles.all().delete()
    assert client.get(BASE).status_code == 404


@pytest.mark.parametrize("period", ["2023-25/p7", "2023-24/p14", "2023-24/p07", "2023-24/p0", "2023-24/P7"])
def test_a_period_has_one_address(office, period):
    assert office.client("officer").get(f"/north-borough/working/{period}/").status_code == 404


def test_a_form_from_another_site_changes_nothing(office):
    """F12: no token, no change, a plain page."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.people["officer"])
    response = client.post(office.line_address(office.placements), {"forecast_outturn": "1"})
    assert response.status_code == 403
    assert Forecast.objects.get(service_line=office.placements).forecast_outturn == 1300000


def test_navigation_offers_only_what_opens(office):
    for who in ("officer", "head", "holder", "auditor", "administrator"):
        client = office.client(who)
        start = "/north-borough/working/structure/" if who == "administrator" else BASE
        for section in client.get(start).context["nav_items"]:
            answer = client.get(section.url)
            assert answer.status_code == 200, (who, section)
            for page in (answer.context or {}).get("nav_pages", ()):
                assert client.get(page.url).status_code == 200, (who, page)


def test_the_section_and_the_page_that_are_open_are_marked(office):
    context = office.client("officer").get(f"{BASE}reserves/").context
    assert [item.label for item in context["nav_items"] if item.current] == ["Budgets and reserves"]
    assert [item.label for item in context["nav_pages"] if item.current] == ["Reserves"]
    context = office.client("officer").get(office.line_address(office.placements)).context
    assert [item.label for item in context["nav_items"] if item.current] == ["Forecasts"]
    assert [item.label for item in context["nav_pages"] if item.current] == []


def test_every_section_fits_on_a_line_of_a_small_laptop(office):
    """Fourteen links in one row wrapped at 1280 pixels: at most seven to a row now."""
    client = office.client("head")
    for section in client.get(BASE).context["nav_items"]:
        context = client.get(section.url).context
        assert len(context["nav_items"]) <= 7
        assert len(context.get("nav_pages", ())) <= 7
