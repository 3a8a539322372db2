"""F03: what was typed when a sign-in ran out comes back after the next, to be looked at; it is never saved by itself."""

import json

import pytest
from django.test import Client

from accounts import typed
from services.models import Forecast, ReserveUse, RiskOrOpportunity, VarianceReason, Virement
from tests.services.factories import make_approved, make_forecast, make_reserve
from tests.services.pages import BASE, make_office, words
from tests.support.forms import form_of

pytestmark = pytest.mark.django_db
PASSWORD = "open-to-everyone-2026"


@pytest.fixture
def office(db):
    return make_office()


def browser(office, who="officer", **options):
    """A browser in which this person has signed in with their password."""
    person = office.people[who]
    person.set_password(PASSWORD)
    person.save()
    client = Client(**options)
    signed = client.post("/sign-in/", {"username": person.username, "password": PASSWORD})
    assert signed.status_code == 302
    return client


def run_out(client):
    """The sign-in runs out: the server no longer knows the session, and the browser has dropped its cookie."""
    client.session.flush()
    del client.cookies["sessionid"]


def send_late(client, page, holding, **typed_over):
    """Open a page, type into its form, and send it after the sign-in has run out: the answer."""
    address, fields = form_of(client.get(page), holding=holding)
    run_out(client)
    return client.post(address, fields | typed_over, headers={"referer": f"http://testserver{page}"})


def sign_in_again(client, answer, office, who="officer", password=PASSWORD):
    """Sign in on the page that came: the answer to that."""
    address, fields = form_of(answer, holding="username")
    username = office.people[who].username
    return client.post(address, fields | {"username": username, "password": password})


def places(office):
    """Forms of officers: page, an entry, what is typed, and the record that sending it makes."""
    make_reserve(office.council, opening="1000")
    line = office.line_address(office.placements)
    return {
        "risk": (
            f"{BASE}risks/",
            "title",
            {"title": "Prices", "words": "May rise.\nOr fall."},
            RiskOrOpportunity,
        ),
        "virement": (
            f"{BASE}budgets/virements/new/",
            "reason",
            {
                "reason": "Posts move.",
                "legs-0-line": str(office.placements.pk),
                "legs-0-amount": "-5",
                "legs-1-line": str(office.fostering.pk),
                "legs-1-amount": "5",
            },
            Virement,
        ),
        "reasons": (
            line,
            "reasons-0-driver",
            {
                "reasons-0-driver": "demand",
                "reasons-0-words": "More children.",
                "reasons-0-amount": "300,000",
            },
            VarianceReason,
        ),
        "use": (
            line,
            "use-amount",
            {
                "use-amount": "250",
                "use-purpose": "Placements",
                "use-reserve": str(office.council.reserves.get().pk),
            },
            ReserveUse,
        ),
    }


@pytest.mark.parametrize("name", ["risk", "virement", "reasons", "use"])
def test_what_was_typed_comes_back_in_its_form_and_is_saved_only_when_sent_again(office, name):
    page, holding, given, model = places(office)[name]
    client = browser(office)
    late = send_late(client, page, holding, **given)
    assert late.status_code == 403
    assert "Your sign-in ran out while you were typing" in words(late)
    back = sign_in_again(client, late, office)
    assert (back.status_code, back.headers["Location"]) == (302, page)
    shown = client.get(page)
    assert "What you typed is back in its form, and is not saved yet" in words(shown)
    assert not model.objects.exists()
    address, fields = form_of(shown, holding=holding)
    assert {entry: fields[entry] for entry in given} == given
    assert client.post(address, fields).status_code == 302
    assert model.objects.count() == 1
    assert "What you typed is back" not in words(client.get(page))


def test_a_row_of_the_plain_grid_comes_back_with_the_version_it_was_typed_against(office):
    page, entry = f"{BASE}grid/", f"line-{office.placements.pk}-forecast_outturn"
    client = browser(office)
    shown = client.get(page).content.decode()
    assert entry in shown
    address = f"{BASE}grid/lines/{office.placements.pk}/"
    run_out(client)
    late = client.post(
        address,
        {"version": "1", "key": "k", entry: "1,310,000"},
        headers={"referer": f"http://testserver{page}"},
    )
    make_forecast(office.placements, office.period, "1320000")
    sign_in_again(client, late, office)
    again = client.get(page).content.decode()
    assert 'value="1,310,000"' in again
    assert Forecast.objects.get(service_line=office.placements).forecast_outturn == 1320000
    stale = client.post(address, {"version": "1", "key": "k", entry: "1,310,000"})
    assert stale.status_code == 409


def test_a_mistyped_password_loses_nothing(office):
    page, holding, given, _ = places(office)["risk"]
    client = browser(office)
    late = send_late(client, page, holding, **given)
    wrong = sign_in_again(client, late, office, password="not-the-password")
    assert "You are not signed in" in words(wrong)
    sign_in_again(client, wrong, office)
    assert "May rise." in client.get(page).content.decode()


def test_another_person_who_signs_in_is_shown_nothing_of_it(office):
    page, holding, given, _ = places(office)["risk"]
    client = browser(office)
    late = send_late(client, page, holding, **given)
    browser(office, "head")
    sign_in_again(client, late, office, who="head")
    shown = client.get(page)
    assert "belongs to another person’s sign-in" in words(shown)
    assert "May rise." not in shown.content.decode()


def test_after_signing_out_nothing_that_arrives_late_is_kept(office):
    client = browser(office)
    client.post("/sign-out/")
    late = client.post(f"{BASE}risks/", {"title": "Prices"})
    assert (late.status_code, late.headers["Location"]) == (302, f"/sign-in/?next={BASE}risks/")


def test_a_stranger_keeps_nothing_and_is_only_sent_to_sign_in(office):
    answer = Client().post(f"{BASE}risks/", {"title": "Prices"})
    assert answer.status_code == 302


def test_a_form_from_another_site_is_refused_before_anything_is_kept(office):
    client = browser(office, enforce_csrf_checks=False)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    del strict.cookies["sessionid"]
    answer = strict.post(
        f"{BASE}risks/", {"title": "Prices"}, headers={"origin": "https://elsewhere.example"}
    )
    assert answer.status_code == 403
    assert 'name="typed"' not in answer.content.decode()


def test_passwords_are_never_kept(office):
    client = browser(office)
    run_out(client)
    changed = client.post(
        "/password/", {"old_password": PASSWORD, "new_password1": "x", "new_password2": "x"}
    )
    assert changed.status_code == 302
    late = client.post(f"{BASE}risks/", {"title": "Prices", "password": PASSWORD, "Other_Secret": "s"})
    _, fields = form_of(late, holding="username")
    kept = typed.unsealed(fields["typed"])
    assert kept.fields == (("title", "Prices"),)


def test_what_is_sealed_cannot_be_altered_and_what_is_too_long_is_not_kept(office):
    client = browser(office)
    run_out(client)
    late = client.post(f"{BASE}risks/", {"title": "Prices"})
    address, fields = form_of(late, holding="username")
    sign_in = {"username": office.people["officer"].username, "password": PASSWORD}
    assert client.post(address, fields | sign_in | {"typed": fields["typed"] + "x"}).status_code == 302
    assert "What you typed" not in words(client.get(f"{BASE}risks/"))
    run_out(client)
    long = client.post(f"{BASE}risks/", {"words": "x" * (typed.AT_MOST + 1)})
    assert long.status_code == 302


def test_a_script_is_told_as_before_and_keeps_its_own_draft(office):
    client = browser(office)
    run_out(client)
    answer = client.post(f"{BASE}grid/cell/", json.dumps({"a": 1}), content_type="application/json")
    assert answer.status_code == 401


def test_where_the_form_is_gone_the_words_are_there_to_be_copied(office):
    page, holding, given, _ = places(office)["risk"]
    client = browser(office)
    late = send_late(client, page, holding, **given)
    make_forecast(office.fostering, office.period, "500000")
    make_approved(office.period)
    sign_in_again(client, late, office)
    shown = words(client.get(page))
    assert "What you typed could not be put back, and is not saved" in shown
    assert "May rise. Or fall." in shown


def test_it_can_be_discarded_and_does_not_wait_for_ever(office, monkeypatch):
    page, holding, given, _ = places(office)["risk"]
    client = browser(office)
    sign_in_again(client, send_late(client, page, holding, **given), office)
    assert client.post("/sign-in/typed/discard/", {"next": page}).headers["Location"] == page
    assert "What you typed" not in words(client.get(page))
    sign_in_again(client, send_late(client, page, holding, **given), office)
    monkeypatch.setattr(typed, "WAITS", -1)
    assert "What you typed" not in words(client.get(page))


def test_discarding_leads_to_no_other_site(office):
    client = browser(office)
    assert client.post("/sign-in/typed/discard/", {"next": "//evil.example/"}).headers["Location"] == "/"
