"""Every address refuses a stranger, by every method."""

import os
import re
import subprocess
import sys
import uuid

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path
from django.urls.converters import get_converters

from accounting.funds import Fund
from services.roles import Role
from tests.architecture.rules import ROOT
from tests.savings.delivery_factories import make_plan, make_saving, update
from tests.scrutiny.council import make_person, make_thorney

METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE")
SIGN_IN = "/sign-in/"

# What a person who has not signed in may have, and why.
OPEN = {
    "/sign-in/": "it is the door",
    "/components/": "the gallery of components, made of invented figures; not there in production",
    "/health/": "a machine asks whether the site is up; the answer is one word",
    "/verify/demo/": "anybody may check the digest of a sealed public pack; it says nothing of any other",
}
REFUSALS = {401, 403, 404, 405}  # 401 in JSON where a redirect to the door would lose what was typed
SAMPLES = (
    "demo",
    "1",
    "2023-24",
    "2023-24/p7",
    "p7",
    "7",
    "csv",
    "position.csv",
    "a1b2",
    "request",
    str(uuid.UUID(int=1)),
)


def addresses(patterns, prefix="", known=None):
    """Yield one address for every pattern: with the values known for its parts' names, otherwise with any that fits."""
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route, known)
        elif isinstance(pattern, URLPattern):
            yield filled(route, known or {})


def filled(route, known):
    """Return the route with a value in the place of each `<converter:name>`."""

    def value(match):
        if match["name"] in known:
            return str(known[match["name"]])
        converter = get_converters()[match["converter"] or "str"]
        fitting = next((sample for sample in SAMPLES if re.fullmatch(converter.regex, sample)), None)
        assert fitting, (
            f"No sample fits <{match['converter']}:{match['name']}> in {route}; add one to SAMPLES"
        )
        return fitting

    return "/" + re.sub(r"<(?:(?P<converter>\w+):)?(?P<name>\w+)>", value, route)


def let_in(patterns, client):
    """Return each address and method that a stranger was answered by, with the status."""
    found = []
    for address in addresses(patterns):
        for method in METHODS:
            if address in OPEN and method in {"GET", "HEAD", "POST"}:
                continue
            response = client.generic(method, address)
            to_the_door = response.status_code == 302 and response["Location"].startswith(SIGN_IN)
            if not to_the_door and response.status_code not in REFUSALS:
                found.append(f"{method} {address}: {response.status_code}")
    return found


@pytest.mark.django_db
def test_no_address_answers_a_person_who_has_not_signed_in():
    assert let_in(get_resolver().url_patterns, Client()) == []


def test_the_walk_reaches_the_addresses_it_should():
    reached = set(addresses(get_resolver().url_patterns))
    assert {"/sign-in/", "/sign-out/", "/password/", "/health/"} <= reached
    assert set(OPEN) <= reached


def test_the_gallery_is_not_there_in_production(tmp_path):
    production = {
        "BUDGETWATCH_PRODUCTION": "true",
        "BUDGETWATCH_SECRET_KEY": "k" * 60,
        "BUDGETWATCH_HOSTS": "budget.example.gov.uk",
        "BUDGETWATCH_STATE_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "budgetwatch.settings",
    }
    code = "import django; django.setup()\nfrom django.urls import resolve; print(resolve('/components/').func.__module__)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **production},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.strip() == "scrutiny.views"  # a council of that name, of which there is none


@pytest.fixture
def thorney(db):
    """A council with an open period, whose records give real values to the parts of addresses."""
    return make_thorney()


def council_addresses(thorney):
    """Every address that belongs to a council, made with records that are there."""
    line = next(iter(thorney.lines.values()))
    saving = make_saving(thorney.council)
    update(saving, thorney.period, rag="green")
    known = {
        "slug": "thorney",
        "council": "thorney",
        "period": "2023-24/p7",
        "line_id": line.pk,
        "proposal_id": saving.pk,
        "month_table": "savings",
        "register_table": "proposals",
        "proposal_table": "amounts",
        "around_table": "controls",
        "plan_id": make_plan(thorney.council).pk,
        "plan_table": "actions",
        "strategy_table": "years",
        "directorate_id": line.division.directorate_id,
        "version": 1,
        "fund": Fund.GENERAL_FUND.value.replace("_", "-"),
    }
    return [
        address
        for address in addresses(get_resolver().url_patterns, known=known)
        if address.startswith("/thorney/")
    ]


def answers(user, places, methods):
    """Return how a signed-in person is answered at each place, by method."""
    client = Client()
    client.force_login(user)
    return {
        f"{method} {place}": client.generic(method, place).status_code
        for place in places
        for method in methods
    }


def test_a_person_with_no_role_at_a_council_finds_nothing_there(thorney):
    places = council_addresses(thorney)
    assert len(places) >= 10
    found = answers(thorney.stranger, places, ("GET", "POST", "HEAD", "PUT", "DELETE"))
    assert {place: status for place, status in found.items() if status not in {404, 405}} == {}


def test_what_is_there_and_what_is_not_read_the_same_to_a_stranger(thorney):
    client = Client()
    client.force_login(thorney.stranger)
    there, nowhere = (client.get(f"/{slug}/working/2023-24/p7/") for slug in ("thorney", "nowhere"))
    assert (there.status_code, nowhere.status_code) == (404, 404)
    token = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
    assert token.sub(b"", there.content) == token.sub(b"", nowhere.content)


def test_a_scrutiny_member_reaches_no_working_figure_by_any_address(thorney):
    places = [place for place in council_addresses(thorney) if place.startswith("/thorney/working/")]
    assert places
    found = answers(thorney.member, places, METHODS)
    assert {place: status for place, status in found.items() if status not in {404, 405}} == {}


def test_the_addresses_walked_are_real_to_those_who_may_see_them(thorney):
    places = [place for place in council_addresses(thorney) if place.startswith("/thorney/working/")]
    people = [
        thorney.officer,
        *(make_person(role, thorney.council, role) for role in (Role.AUDITOR, Role.ADMINISTRATOR)),
    ]
    seen = [answers(person, places, ("GET",)) for person in people]
    assert seen[0]["GET /thorney/working/2023-24/p7/"] == 200
    assert [place for place in seen[0] if all(answer[place] == 404 for answer in seen)] == []


@login_not_required
def careless(request, slug):
    return HttpResponse(f"everything about {slug}")


urlpatterns = [path("careless/<slug:slug>/", careless)]


@pytest.mark.django_db
@pytest.mark.urls(__name__)
def test_an_address_without_a_lock_is_noticed():
    found = let_in(urlpatterns, Client())
    assert "GET /careless/demo/: 200" in found
    assert "POST /careless/demo/: 200" in found


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_method_named_in_a_header_changes_nothing(method):
    response = Client().generic(method, "/password/", headers={"X-HTTP-Method-Override": "PUT"})
    assert response["Location"].startswith(SIGN_IN)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address", ["/..%2f..%2fetc/passwd", "/%00/", "/" + "a" * 9000, "/%ff%fe/", "//evil.example/"]
)
def test_an_odd_address_is_refused_without_a_fault(address):
    assert Client().generic("GET", address).status_code in {301, 302, 400, 404}
