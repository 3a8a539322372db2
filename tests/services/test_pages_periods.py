"""Opening, submitting and returning a period; structure, roles and the audit trail."""

import pytest
from django.db import connection

from services.models import (
    AuditEntry,
    Directorate,
    DirectorateSubmission,
    MonitoringPeriod,
    RoleAssignment,
    ServiceLine,
)
from services.triggers import install, remove, working_triggers
from tests.services.factories import explain, make_forecast, make_user
from tests.services.pages import BASE, make_office, words

pytestmark = pytest.mark.django_db
HOME = "/north-borough/working/"


@pytest.fixture
def office(db):
    return make_office()


def test_the_list_of_periods_says_what_each_waits_for(office):
    said = words(office.client("officer").get(HOME))
    assert "1 of 3 lines not yet forecast; not submitted: Children and Families, Education" in said
    assert "1 of 2 lines not yet forecast; not submitted: Children and Families. Chasing board" in words(
        office.client("holder").get(HOME)
    )


def test_the_next_period_is_offered_and_opened_with_last_months_forecasts(office):
    client = office.client("officer")
    form = client.get(HOME).context["form"]
    assert (form["year"].value(), form["number"].value()) == ("2023/24", 8)
    response = client.post(HOME, {"year": "2023-24", "number": "8", "carry_forward": "yes"})
    assert response["Location"] == "/north-borough/working/2023-24/p8/"
    line = client.get(f"/north-borough/working/2023-24/p8/lines/{office.placements.pk}/")
    assert "Copied from the period before" in words(line)


@pytest.mark.parametrize("year", ["2023/25", "soon", ""])
def test_a_year_that_is_not_one_is_refused(office, year):
    response = office.client("officer").post(HOME, {"year": year, "number": "8", "carry_forward": "no"})
    assert response.status_code == 422
    assert MonitoringPeriod.objects.count() == 1


@pytest.mark.parametrize("who", ["holder", "auditor"])
def test_only_those_who_publish_open_a_period(office, who):
    sent = {"year": "2023/24", "number": "8", "carry_forward": "no"}
    assert office.client(who).post(HOME, sent).status_code == 403
    assert "Open a period" not in words(office.client(who).get(HOME))


def test_a_directorate_is_not_submitted_while_a_large_variance_is_unexplained(office):
    """F09: on the page."""
    make_forecast(office.fostering, office.period, "500000")
    directorate = Directorate.objects.get(name="Children and Families")
    client = office.client("holder")
    response = client.post(f"{BASE}submission/{directorate.pk}/submit/", follow=True)
    assert "no reason confirmed for this period: Placements." in words(response)
    explain(office.placements, office.period)
    client.post(f"{BASE}submission/{directorate.pk}/submit/")
    assert DirectorateSubmission.objects.get(directorate=directorate).state == "submitted"


def test_a_submitted_directorate_is_returned_with_a_note_that_its_people_see(office):
    explain(office.placements, office.period)
    directorate = Directorate.objects.get(name="Children and Families")
    office.client("holder").post(f"{BASE}submission/{directorate.pk}/submit/")
    assert office.client("holder").post(f"{BASE}submission/{directorate.pk}/return/").status_code == 403
    office.client("officer").post(
        f"{BASE}submission/{directorate.pk}/return/", {"note": "Fostering has no forecast."}
    )
    said = words(office.client("holder").get(f"{BASE}submission/"))
    assert "Returned, to be put right: Fostering has no forecast." in said


def test_another_directorate_is_not_there_for_a_budget_holder(office):
    education = Directorate.objects.get(name="Education")
    assert office.client("holder").post(f"{BASE}submission/{education.pk}/submit/").status_code == 404


def test_structure_is_added_from_the_page(office):
    client, address = office.client("administrator"), "/north-borough/working/structure/"
    client.post(address, {"what": "directorate", "directorate-name": "Public Health"})
    directorate = Directorate.objects.get(name="Public Health")
    client.post(
        address, {"what": "division", "division-directorate": directorate.pk, "division-name": "Visiting"}
    )
    division = directorate.divisions.get()
    client.post(
        address,
        {
            "what": "line",
            "line-division": division.pk,
            "line-code": "00123",
            "line-name": "Health visitors",
            "line-fund": "general_fund",
            "line-kind": "net",
        },
    )
    line = ServiceLine.objects.get(name="Health visitors")
    assert (line.code, line.is_controllable) == ("00123", False)
    again = client.post(address, {"what": "directorate", "directorate-name": "Public Health"})
    assert again.status_code == 422
    assert "already has a directorate named “Public Health”" in words(again)


def test_a_line_is_closed_with_its_successor_named(office):
    client, address = office.client("officer"), "/north-borough/working/structure/"
    sent = {
        "what": "restructure",
        "restructure-line": office.fostering.pk,
        "restructure-successor": office.placements.pk,
        "restructure-from_period": office.period.pk,
        "restructure-reason": "One service for placements.",
    }
    assert client.post(address, sent).status_code == 302
    assert "closed from Month 7, October 2023; taken over by Placements" in words(client.get(address))


def test_the_rules_page_shows_the_rag_rules_in_words(office):
    said = words(office.client("officer").get("/north-borough/working/rules/"))
    assert "■ Red over budget after reserves by more than 5.0%" in said


def test_roles_are_explained_given_and_taken_away(office):
    client, address = office.client("administrator"), "/north-borough/working/roles/"
    assert "Reads what has been published, and nothing that has not." in words(client.get(address))
    person = make_user("new-person", post="Clerk to the commission")
    client.post(address, {"username": "New-Person", "role": "clerk", "directorate": ""})
    held = RoleAssignment.objects.get(user=person)
    assert "Clerk to the commission" in words(client.get(address))
    client.post(f"{address}{held.pk}/remove/", {"reason": "Left."})
    assert not RoleAssignment.objects.filter(user=person).exists()


def test_people_are_named_and_not_listed(office):
    client, address = office.client("administrator"), "/north-borough/working/roles/"
    page = client.get(address).content.decode()
    assert "head_of_finance-south-borough" not in page.replace("head-of-finance", "head_of_finance")
    refused = client.post(address, {"username": "nobody-at-all", "role": "clerk"})
    assert refused.status_code == 422
    assert "There is nobody with the user name “nobody-at-all”" in words(refused)


def test_nobody_gives_themselves_a_role(office):
    own = office.people["administrator"].username
    response = office.client("administrator").post(
        "/north-borough/working/roles/", {"username": own, "role": "head_of_finance", "directorate": ""}
    )
    assert response.status_code == 403
    assert RoleAssignment.objects.filter(user=office.people["administrator"]).count() == 1


def test_a_role_is_not_taken_away_without_a_reason(office):
    held = RoleAssignment.objects.get(user=office.people["clerk"])
    client = office.client("administrator")
    response = client.post(f"/north-borough/working/roles/{held.pk}/remove/", {"reason": " "}, follow=True)
    assert "must not be blank" in words(response)
    assert RoleAssignment.objects.filter(pk=held.pk).exists()


def test_a_role_at_another_council_cannot_be_taken_away_from_here(office):
    held = RoleAssignment.objects.get(user=office.people["neighbour"])
    client = office.client("administrator")
    assert client.post(f"/north-borough/working/roles/{held.pk}/remove/", {"reason": "x"}).status_code == 404


def test_the_audit_trail_is_newest_first_filtered_and_paged(office):
    client, address = office.client("auditor"), "/north-borough/working/audit/"
    for number in range(60):
        make_forecast(office.placements, office.period, str(1300001 + number))
    page = client.get(address)
    sequences = [entry.sequence for entry in page.context["changes"]]
    assert sequences == sorted(sequences, reverse=True)
    assert len(sequences) == 50
    filtered = client.get(address, {"action": "enter forecast", "by": "FINANCE", "page": "2"})
    assert {entry.action for entry in filtered.context["changes"]} == {"enter forecast"}
    assert client.get(address, {"action": "drop table"}).status_code == 200


def test_the_audit_trail_can_be_checked_and_says_where_it_breaks(office):
    client, address = office.client("auditor"), "/north-borough/working/audit/?check=1"
    assert "The trail is whole" in words(client.get(address))
    remove(connection, working_triggers())
    AuditEntry.objects.filter(council_id=office.council.pk, sequence=3).update(by="nobody")
    install(connection, working_triggers())
    assert "The trail does not hold at entry 3: what it says is not what was written." in words(
        client.get(address)
    )
