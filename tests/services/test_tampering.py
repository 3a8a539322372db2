"""Hidden fields altered and forms from elsewhere (F06, F12): nothing is changed, nothing is told, and the attempt is in the log."""

import json
import logging

import pytest
from django.test import Client

from services.models import AuditEntry, Forecast, MonitoringPeriod
from services.operations.periods import open_period
from tests.services.factories import (
    make_council,
    make_line,
    make_period,
    make_use,
    make_virement,
    the_officer,
)
from tests.services.pages import BASE, make_office, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return make_office()


def state():
    """Everything that could have been changed."""
    return (
        AuditEntry.objects.count(),
        list(Forecast.objects.order_by("pk").values_list("pk", "version", "forecast_outturn")),
        list(MonitoringPeriod.objects.order_by("pk").values_list("pk", "state", "version")),
    )


def cell(line_id, version, **more):
    body = {
        "line": line_id,
        "column": "forecast_outturn",
        "value": "1",
        "version": version,
        "key": "k",
        "reason": "As invoiced",
    }
    return json.dumps(body | more)


def test_f06_a_line_of_another_council_or_directorate_is_not_there_and_the_attempt_is_logged(office, caplog):
    south = make_council("east-borough", "East Borough")
    theirs = make_line(south, budget="5")
    make_period(south)
    client, before = office.client("holder"), state()
    with caplog.at_level(logging.WARNING, logger="budgetwatch.security"):
        for line_id in (theirs.pk, office.top_ups.pk, 999_999):
            answer = client.post(f"{BASE}grid/cell/", cell(line_id, 1), content_type="application/json")
            assert answer.status_code == 404
            assert client.post(f"{BASE}lines/{line_id}/", {"forecast_outturn": "1"}).status_code == 404
            assert client.post(f"{BASE}grid/lines/{line_id}/", {"version": "1"}).status_code == 404
    assert state() == before
    events = [one.getMessage() for one in caplog.records if one.name == "budgetwatch.security"]
    assert len(events) == 9
    assert all("sent by budget-holder-children-and-families" in event for event in events)


@pytest.mark.parametrize("version", [0, 7, 999_999])
def test_f06_an_altered_version_is_a_conflict(office, version):
    before = state()
    answer = office.client("officer").post(
        f"{BASE}grid/cell/", cell(office.placements.pk, version), content_type="application/json"
    )
    assert (answer.status_code, answer.json()["state"]) == (409, "conflict")
    assert state() == before


def test_f06_a_period_in_the_address_that_is_not_open_or_not_theirs_is_not_there(office):
    south = make_council("east-borough", "East Borough")
    open_period(by=the_officer(south), council=south, period=make_period(office.council).period)
    client, before = office.client("officer"), state()
    sent = cell(office.placements.pk, 1)
    for address in (
        "/north-borough/working/2023-24/p9/grid/cell/",
        "/east-borough/working/2023-24/p7/grid/cell/",
    ):
        assert client.post(address, sent, content_type="application/json").status_code == 404
    assert state() == before


def test_f06_an_owner_or_a_council_that_is_sent_along_is_not_read(office):
    """Who asks is who is signed in, and where is the address: fields of that name in a form have no effect."""
    client = office.client("officer")
    answer = client.post(
        f"{BASE}grid/cell/",
        cell(office.placements.pk, 1, by=office.people["head"].pk, council="south-borough", period=1),
        content_type="application/json",
    )
    saved = answer.json()["state"]
    assert saved in (
        "saved",
        "refused",
    )  # a field that is not asked for may be refused, and is never believed
    newest = AuditEntry.objects.order_by("pk").last()
    assert newest.by_id == office.people["officer"].pk
    assert newest.council_id == office.council.pk


def test_f06_a_use_or_a_virement_of_another_council_is_not_there(office):
    south = make_council("east-borough", "East Borough")
    period = make_period(south)
    one, two = make_line(south, "One", budget="9"), make_line(south, "Two", budget="9")
    virement = make_virement(period, (one, "1"), (two, "-1"), posted=False)
    use = make_use(one, period, "1", state="requested")
    client, before = office.client("head"), state()
    for address in (
        f"{BASE}budgets/virements/{virement.pk}/approve/",
        f"{BASE}reserves/uses/{use.pk}/approve/",
    ):
        assert client.post(address, {"decision_reference": "Cabinet", "note": "x"}).status_code == 404
    assert state() == before


@pytest.mark.parametrize("origin", [None, "https://elsewhere.example"])
def test_f12_a_form_without_its_token_or_from_elsewhere_gets_a_plain_page_and_changes_nothing(
    office, caplog, origin
):
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.people["officer"])
    headers = {"origin": origin} if origin else {}
    before = state()
    with caplog.at_level(logging.WARNING, logger="django.security.csrf"):
        for address in (office.line_address(office.placements), f"{BASE}grid/lines/{office.placements.pk}/"):
            answer = client.post(address, {"forecast_outturn": "1"}, headers=headers)
            assert answer.status_code == 403
            assert "Nothing was saved" in words(answer)
            assert "CSRF" not in words(answer)
        answer = client.post(
            f"{BASE}grid/cell/",
            cell(office.placements.pk, 1),
            content_type="application/json",
            headers=headers,
        )
        assert answer.status_code == 403
    assert state() == before
    assert [one for one in caplog.records if one.name == "django.security.csrf"]


def test_f12_a_page_of_another_site_that_knows_a_token_is_still_refused(office):
    client = Client(enforce_csrf_checks=True)
    client.force_login(office.people["officer"])
    client.get(BASE)
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else ""
    before = state()
    answer = client.post(
        office.line_address(office.placements),
        {"forecast_outturn": "1", "csrfmiddlewaretoken": token},
        headers={"origin": "https://elsewhere.example"},
    )
    assert answer.status_code == 403
    assert state() == before
