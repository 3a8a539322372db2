"""Deputies and leavers on their pages (T11, T12): named, shown, ended, handed over; and nothing typed is lost with the right to save it."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from services.models import Delegation, Forecast, RoleAssignment
from services.operations.deputies import end_delegation, name_deputy
from tests.services.factories import make_user
from tests.services.pages import BASE, make_office, words

pytestmark = pytest.mark.django_db

PEOPLE = "/north-borough/working/"


@pytest.fixture
def office(db):
    made = make_office()
    made.people["deputy"] = make_user("stand-in", post="Service manager")
    return made


def sent(role, username="stand-in", **days):
    today = timezone.localdate()
    return {
        "assignment": role.pk,
        "deputy": username,
        "starts_on": (today + days.get("starts", timedelta())).isoformat(),
        "ends_on": (today + days.get("ends", timedelta(days=5))).isoformat(),
        "reason": "On leave",
        "key": "one",
    }


def role(office, who="holder"):
    return RoleAssignment.objects.get(user=office.people[who])


def deputise(office, who="holder"):
    today = timezone.localdate()
    return name_deputy(
        by=office.people["head"],
        council=office.council,
        assignment=role(office, who),
        deputy=office.people["deputy"],
        starts_on=today,
        ends_on=today,
        reason="On leave",
    )


def tomorrow(monkeypatch):
    day = timezone.localdate() + timedelta(days=1)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: day)


def test_a_holder_names_a_deputy_on_the_page_once_however_often_it_is_sent(office):
    client = office.client("holder")
    for _ in range(2):
        answer = client.post(f"{PEOPLE}deputies/", sent(role(office)))
        assert answer.status_code == 302
    assert Delegation.objects.count() == 1
    said = words(client.get(f"{PEOPLE}deputies/"))
    assert "Service manager (stand-in) for Budget holder" in said
    assert "Runs now" in said
    assert "On leave" in said


def test_a_mistake_is_said_beside_what_was_typed(office):
    answer = office.client("holder").post(
        f"{PEOPLE}deputies/", sent(role(office), "nobody-here", ends=timedelta(days=-1))
    )
    assert answer.status_code == 422
    assert "There is nobody with the user name “nobody-here” who may sign in." in words(answer)
    answer = office.client("holder").post(f"{PEOPLE}deputies/", sent(role(office), ends=timedelta(days=-1)))
    assert "is before the first day" in words(answer)
    assert not Delegation.objects.exists()


def test_an_officer_is_offered_their_own_role_and_a_head_everybodys(office):
    offered = {
        who: set(office.client(who).get(f"{PEOPLE}deputies/").context["form"].fields["assignment"].queryset)
        for who in ("officer", "holder", "head")
    }
    assert offered["officer"] == {role(office, "officer")}
    assert offered["holder"] == {role(office)}
    assert offered["head"] == {role(office), role(office, "officer"), role(office, "head")}
    assert office.client("officer").post(f"{PEOPLE}deputies/", sent(role(office))).status_code == 422


def test_the_deputy_works_in_the_holders_pages_and_every_history_says_for_whom(office):
    deputise(office)
    client = office.client("deputy")
    page = client.get(BASE)
    assert page.status_code == 200
    assert "deputy for Budget holder" in words(page)
    answer = save_cell(client, office)
    assert answer.json()["state"] == "saved"
    for address in (office.line_address(office.placements), f"{PEOPLE}audit/"):
        assert "Service manager for Budget holder" in words(office.client("head").get(address)), address
    assert "Service manager for Budget holder" in words(
        office.client("head").get(f"{BASE}as-at/?date={timezone.localdate():%Y-%m-%d}&time=00:00")
    )


def save_cell(client, office, outturn="1310000"):
    held = Forecast.objects.get(service_line=office.placements)
    body = {
        "line": office.placements.pk,
        "column": "forecast_outturn",
        "value": outturn,
        "version": held.version,
        "key": "k1",
        "reason": "As invoiced",
    }
    return client.post(f"{BASE}grid/cell/", json.dumps(body), content_type="application/json")


def test_a_deputy_whose_time_ends_while_they_type_is_refused_at_save_and_keeps_what_they_typed(
    office, monkeypatch
):
    """T12, as F05: plain words, nothing saved, what was typed there to be copied; in the grid, without a script, and in a form."""
    deputise(office)
    client = office.client("deputy")
    assert client.get(f"{BASE}grid/").status_code == 200
    tomorrow(monkeypatch)
    answer = save_cell(client, office)
    assert (answer.status_code, answer.json()["state"]) == (403, "denied")
    assert "You are no longer deputy for Budget holder" in answer.json()["words"]
    assert "what you typed is kept in the cell" in answer.json()["words"]
    line = office.placements.pk
    typed = {
        f"line-{line}-forecast_outturn": "1,310,000",
        "version": "1",
        "key": "k",
        "reason": "As invoiced",
    }
    answer = client.post(f"{BASE}grid/lines/{line}/", typed)
    said = words(answer)
    assert answer.status_code == 403
    assert "You are no longer deputy for Budget holder" in said
    assert "Forecast outturn 1,310,000 Reason As invoiced" in said
    answer = client.post(
        office.line_address(office.placements, "reasons/"), {"form-0-words": "More children"}
    )
    assert answer.status_code == 403
    assert "More children" in words(answer)
    assert Forecast.objects.get(service_line=office.placements).forecast_outturn == 1300000


def test_a_deputy_with_a_role_of_their_own_is_told_the_same_at_save(office, monkeypatch):
    """T12: the page still opens, for the rest of what they may do, and the save is refused inside its transaction."""
    office.people["deputy"] = office.people["auditor"]
    deputise(office)
    client = office.client("auditor")
    assert save_cell(client, office).json()["state"] == "saved"
    tomorrow(monkeypatch)
    answer = save_cell(client, office, "1320000")
    assert (answer.status_code, answer.json()["state"]) == (403, "denied")
    assert "You are no longer deputy for Budget holder" in answer.json()["words"]


def test_a_month_after_the_end_the_pages_are_not_there(office, monkeypatch):
    deputise(office)
    day = timezone.localdate() + timedelta(days=40)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: day)
    assert office.client("deputy").get(BASE).status_code == 404


def test_a_deputy_is_ended_on_the_page_with_a_reason(office):
    delegation = deputise(office)
    address = f"{PEOPLE}deputies/{delegation.pk}/end/"
    assert office.client("officer").post(address, {"reason": "No"}).status_code == 403
    office.client("holder").post(address, {"reason": ""})
    delegation.refresh_from_db()
    assert delegation.ended_at is None
    office.client("holder").post(address, {"reason": "Back early"})
    assert "Ended by Budget holder on" in words(office.client("holder").get(f"{PEOPLE}deputies/"))
    assert office.client("deputy").get(BASE).status_code == 403


def test_what_is_refused_never_shows_a_password_or_another_sites_words(office):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(office.people["auditor"])
    answer = client.post(f"{BASE}budgets/virements/new/", {"reason": "Call this number"})
    assert answer.status_code == 403
    assert "Call this number" not in words(answer)
    answer = office.client("auditor").post(
        f"{BASE}budgets/virements/new/", {"reason": "Posts moved", "new_password": "secret"}
    )
    assert "Posts moved" in words(answer)
    assert "secret" not in words(answer)


def test_the_head_sees_what_a_leaver_has_in_hand_and_gives_it_to_a_colleague(office):
    officer = office.people["officer"]
    client = office.client("head")
    assert "Finance officer" in words(client.get(f"{PEOPLE}leavers/"))
    address = f"{PEOPLE}leavers/{officer.pk}/"
    said = words(client.get(address))
    assert "Month 7, October 2023 Placements" in said
    assert "Finance officer, North Borough" in said
    running = office.client("officer")
    answer = client.post(address, {"colleague": "stand-in", "reason": "Leaves on Friday", "key": "k"})
    assert answer.status_code == 302
    assert "has nothing in hand at North Borough any more" in words(client.get(answer["Location"]))
    assert running.get(BASE)["Location"].startswith("/sign-in/")
    assert save_cell(running, office).status_code == 401
    assert office.client("deputy").get(BASE).status_code == 200


def test_handing_over_to_nobody_says_so_and_changes_nothing(office):
    address = f"{PEOPLE}leavers/{office.people['officer'].pk}/"
    answer = office.client("head").post(address, {"colleague": "nobody-here", "reason": "", "key": "k"})
    assert answer.status_code == 422
    assert "There is nobody with the user name" in words(answer)
    assert office.client("officer").get(BASE).status_code == 200


@pytest.mark.parametrize(("who", "status"), [("officer", 404), ("auditor", 404), ("administrator", 200)])
def test_who_opens_the_page_of_leavers(office, who, status):
    assert office.client(who).get(f"{PEOPLE}leavers/").status_code == status


def test_nobody_hands_over_themselves(office):
    head = office.people["head"]
    assert office.client("head").get(f"{PEOPLE}leavers/{head.pk}/").status_code == 404


def test_a_delegation_of_another_council_is_not_there(office):
    delegation = deputise(office)
    neighbour = office.client("neighbour")
    assert neighbour.post(f"/south-borough/working/deputies/{delegation.pk}/end/").status_code == 404
    end_delegation(by=office.people["head"], delegation=delegation, reason="Back")
