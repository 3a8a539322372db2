"""Words that will be published are read as they are entered: a person is warned once, and their acceptance is kept."""

import re

import pytest

from services.models import (
    AuditEntry,
    DsgAccount,
    FundingChange,
    OneOffFunding,
    Reserve,
    ReserveUse,
    RiskOrOpportunity,
    Virement,
)
from tests.services.factories import make_reserve
from tests.services.pages import BASE, make_office, words

pytestmark = pytest.mark.django_db
TELLING = "Two siblings placed in a secure home"


@pytest.fixture
def office(db):
    return make_office()


def forms(office):
    """Every form with words that are published: its address, what is typed, which field has the words, and what it makes."""
    reserve = make_reserve(office.council, opening="100000")
    line = office.placements.pk
    use = {"kind": "drawdown", "reserve": reserve.pk, "amount": "5"}
    return {
        "risk": (f"{BASE}risks/", {"kind": "risk", "title": "More"}, "words", RiskOrOpportunity),
        "risk title": (f"{BASE}risks/", {"kind": "risk"}, "title", RiskOrOpportunity),
        "dsg": (
            f"{BASE}dsg/",
            {"fund": "dsg_high_needs", "name": "Deficit", "funding_received": "0", "adjustments": "0"},
            "note",
            DsgAccount,
        ),
        "use": (f"{BASE}reserves/uses/new/", {"line": line, **use}, "purpose", ReserveUse),
        "use on the line": (
            office.line_address(office.placements, "uses/"),
            {f"use-{name}": value for name, value in use.items()},
            "use-purpose",
            ReserveUse,
        ),
        "funding": (
            office.line_address(office.placements, "funding/"),
            {"funding-source": "grant", "funding-amount": "5"},
            "funding-purpose",
            OneOffFunding,
        ),
        "virement": (
            f"{BASE}budgets/virements/new/",
            {
                "type": "policy",
                "is_permanent": "no",
                "effective": office.period.pk,
                "legs-TOTAL_FORMS": "2",
                "legs-INITIAL_FORMS": "0",
                "legs-0-line": line,
                "legs-0-amount": "-5",
                "legs-1-line": office.fostering.pk,
                "legs-1-amount": "5",
            },
            "reason",
            Virement,
        ),
        "funding change": (
            f"{BASE}budgets/funding-changes/new/",
            {
                "line": line,
                "type": "grant",
                "amount": "5",
                "is_permanent": "no",
                "effective": office.period.pk,
            },
            "reason",
            FundingChange,
        ),
        "reserve": (f"{BASE}reserves/new/", {"name": "Winter", "kind": "general"}, "purpose", Reserve),
    }


NAMES = (
    "risk",
    "risk title",
    "dsg",
    "use",
    "use on the line",
    "funding",
    "virement",
    "funding change",
    "reserve",
)


def tick_of(response):
    """The box to tick as the page shows it: its name and value."""
    found = re.search(
        r'<input type="checkbox" name="([\w-]*words_accepted)" value="(\w+)"', response.content.decode()
    )
    assert found, "There is no box to tick."
    return {found[1]: found[2]}


@pytest.mark.parametrize("name", NAMES)
def test_words_that_may_tell_who_a_child_is_are_asked_about_and_the_acceptance_is_kept(office, name):
    address, typed, field, model = forms(office)[name]
    client = office.client("officer")
    before = model.objects.count()
    sent = {**typed, field: TELLING}
    asked = client.post(address, sent)
    assert asked.status_code == 422
    assert "“Two siblings” looks like a small number of children" in words(asked)
    assert TELLING in asked.content.decode()
    assert model.objects.count() == before
    assert client.post(address, {**sent, **tick_of(asked)}).status_code == 302
    made = model.objects.latest("pk")
    entry = AuditEntry.objects.get(action="accept words")
    assert (entry.subject_id, entry.by_id) == (made.pk, office.people["officer"].pk)
    assert entry.after == {"words_accepted": ["“Two siblings” looks like a small number of children"]}


def test_a_tick_is_for_the_words_that_were_read_and_for_no_others(office):
    address, typed, field, _ = forms(office)["risk"]
    client = office.client("officer")
    tick = tick_of(client.post(address, {**typed, field: TELLING}))
    other = client.post(address, {**typed, field: f"{TELLING}, and three pupils", **tick})
    assert other.status_code == 422
    assert "“three pupils”" in words(other)
    assert not RiskOrOpportunity.objects.exists()


def test_words_that_tell_nothing_are_not_asked_about_and_leave_no_acceptance(office):
    address, typed, field, _ = forms(office)["risk"]
    sent = {**typed, field: "Placement prices may rise by 4 per cent."}
    assert office.client("officer").post(address, sent).status_code == 302
    assert not AuditEntry.objects.filter(action="accept words").exists()
