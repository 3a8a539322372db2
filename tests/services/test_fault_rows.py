"""Bad inputs to officers' forms, each with the answer it must get: F02, F05, F07, F10, F11."""

import pytest

from services.models import (
    AuditEntry,
    DsgAccount,
    FundingChange,
    OneOffFunding,
    Reserve,
    ReserveUse,
    RiskOrOpportunity,
    VarianceReason,
    Virement,
)
from services.operations.risks import record_risk
from tests.services.factories import (
    make_approved,
    make_forecast,
    make_one_off_funding,
    make_reserve,
    make_use,
    make_virement,
)
from tests.services.pages import BASE, make_office, words
from tests.support.forms import form_of

pytestmark = pytest.mark.django_db
SAID = "Placement prices are higher than was planned."
HOSTILE = (
    '<img src="http://198.51.100.7/x.png"><script>alert(1)</script>[click](javascript:alert(1)) '
    "{{ 7*7 }} {% load x %} \u202eright to left\u202c e\u0301 \U0001f468\u200d\U0001f469\u200d\U0001f467 =1+1"
)
NAMES = (
    "risk",
    "changed risk",
    "dsg",
    "use",
    "changed use",
    "funding",
    "changed funding",
    "virement",
    "funding change",
    "reasons",
)


@pytest.fixture
def office(db):
    return make_office()


def places(office):
    """Every form with words in it: its page, an entry that tells it, what is typed, the entry with the words, and what it makes."""
    reserve = make_reserve(office.council, opening="100000")
    line, officer = office.line_address(office.placements), office.people["officer"]
    use = make_use(office.fostering, office.period, "5", reserve=reserve, state="planned")
    funding = make_one_off_funding(office.fostering, office.period, "5", approved=False)
    risk = record_risk(by=officer, period=office.period, kind="risk", title="Held")
    legs = {
        "legs-0-line": str(office.placements.pk),
        "legs-0-amount": "-5",
        "legs-1-line": str(office.fostering.pk),
        "legs-1-amount": "5",
    }
    return {
        "risk": (f"{BASE}risks/", "title", {"title": "Prices"}, "words", RiskOrOpportunity),
        "changed risk": (f"{BASE}risks/{risk.pk}/", "title", {}, "words", None),
        "dsg": (f"{BASE}dsg/", "opening", {"name": "Deficit", "opening": "1"}, "note", DsgAccount),
        "use": (
            line,
            "use-amount",
            {"use-amount": "5", "use-reserve": str(reserve.pk)},
            "use-purpose",
            ReserveUse,
        ),
        "changed use": (f"{BASE}reserves/uses/{use.pk}/", "amount", {}, "purpose", None),
        "funding": (line, "funding-amount", {"funding-amount": "5"}, "funding-purpose", OneOffFunding),
        "changed funding": (f"{BASE}reserves/funding/{funding.pk}/", "amount", {}, "purpose", None),
        "virement": (f"{BASE}budgets/virements/new/", "reason", legs, "reason", Virement),
        "funding change": (
            f"{BASE}budgets/funding-changes/new/",
            "reason",
            {"line": str(office.placements.pk), "amount": "5"},
            "reason",
            FundingChange,
        ),
        "reasons": (
            line,
            "reasons-0-driver",
            {"reasons-0-driver": "price"},
            "reasons-0-words",
            VarianceReason,
        ),
    }


def filled(office, name, client, said):
    """A form as it was served, with this typed into it: the address, the entries, and what it makes."""
    page, holding, typed, field, model = places(office)[name]
    address, fields = form_of(client.get(page), holding=holding)
    return address, fields | typed | {field: said}, model


@pytest.mark.parametrize("name", NAMES)
def test_a_form_sent_twice_has_one_effect(office, name):
    """F02: a double press, a refresh, Back and send again."""
    client = office.client("officer")
    address, fields, model = filled(office, name, client, SAID)
    held = model.objects.count() if model else 0
    assert client.post(address, fields).status_code == 302
    entries = AuditEntry.objects.count()
    again = client.post(address, fields)
    if (
        name == "reasons"
    ):  # they are told from those held, not by a key: the second is compared, and nothing is done
        assert again.status_code == 409
    else:
        assert again.status_code == 302
    assert AuditEntry.objects.count() == entries
    assert (model.objects.count() if model else 1) == held + 1


def test_a_reserve_and_its_opening_balance_are_made_once_however_often_they_are_sent(office):
    """F02."""
    client = office.client("officer")
    address, fields = form_of(client.get(f"{BASE}reserves/new/"), holding="purpose")
    sent = fields | {"name": "Winter", "kind": "general", "purpose": "Winter pressures."}
    assert [client.post(address, sent).status_code for _ in range(2)] == [302, 302]
    reserve = Reserve.objects.get()
    address, fields = form_of(client.get(f"{BASE}reserves/{reserve.pk}/opening/"), holding="amount")
    assert [client.post(address, fields | {"amount": "5"}).status_code for _ in range(2)] == [302, 302]
    assert reserve.openings.count() == 1


def test_a_decision_sent_twice_is_one_decision_and_no_conflict_with_oneself(office):
    """F02."""
    virement = make_virement(office.period, (office.placements, "-5"), (office.fostering, "5"), posted=False)
    use = make_use(
        office.placements,
        office.period,
        "5",
        reserve=make_reserve(office.council, opening="9"),
        state="requested",
    )
    head = office.client("head")
    _, seen = form_of(head.get(f"{BASE}reserves/"), holding="words")
    for address, fields in (
        (f"{BASE}budgets/virements/{virement.pk}/approve/", {"seen": "requested"}),
        (f"{BASE}reserves/uses/{use.pk}/approve/", seen | {"words": "Cabinet"}),
    ):
        assert [head.post(address, fields).status_code for _ in range(2)] == [302, 302]
    assert AuditEntry.objects.filter(action__startswith="approve").count() == 2


@pytest.mark.parametrize("name", NAMES)
def test_a_period_locked_meanwhile_takes_nothing_and_keeps_what_was_typed(office, name):
    """F05: refused inside the transaction; the words are on the page, to be copied."""
    client = office.client("officer")
    address, fields, model = filled(office, name, client, SAID)
    held = model.objects.count() if model else 0
    make_forecast(office.fostering, office.period, "500000")
    make_approved(office.period)
    before = AuditEntry.objects.count()
    held += name == "reasons"  # approving explained the line on the way
    response = client.post(address, fields)
    assert response.status_code in (409, 422)
    assert "can no longer be changed" in words(response)
    assert SAID in response.content.decode()
    assert AuditEntry.objects.count() == before
    assert (model.objects.count() if model else 0) == held


@pytest.mark.parametrize(
    ("name", "entry"),
    [
        ("use", "use-amount"),
        ("funding", "funding-amount"),
        ("funding change", "amount"),
        ("dsg", "adjustments"),
    ],
)
def test_an_amount_left_blank_is_asked_for_and_is_not_nil(office, name, entry):
    """F07: a blank is not 0."""
    client = office.client("officer")
    address, fields, model = filled(office, name, client, SAID)
    held = model.objects.count()
    response = client.post(address, fields | {entry: ""})
    assert response.status_code == 422
    assert "Nil is 0" in words(response)
    assert model.objects.count() == held


def test_an_unknown_dsg_figure_stays_unknown_and_nil_stays_nil(office):
    """F07: a blank is kept as not known."""
    client = office.client("officer")
    address, fields, _ = filled(office, "dsg", client, SAID)
    assert client.post(address, fields | {"in_year": "", "planned_closing": "0"}).status_code == 302
    account = DsgAccount.objects.get()
    assert (account.in_year, account.planned_closing) == (None, 0)


@pytest.mark.parametrize("name", NAMES)
def test_words_without_end_are_refused_with_the_limit_and_none_of_them_cut(office, name):
    """F10: a megabyte, and five thousand lines."""
    client = office.client("officer")
    address, fields, _ = filled(office, name, client, "")
    field = places_field(name)
    for said in ("x" * 1_000_000, "one line\n" * 5_000):
        before = AuditEntry.objects.count()
        response = client.post(address, fields | {field: said})
        assert response.status_code == 422
        assert "shorten it to 4,000. Nothing you wrote has been cut." in words(response)
        assert said in response.content.decode().replace("\r\n", "\n")
        assert AuditEntry.objects.count() == before


def places_field(name):
    """The entry of a form that has its words."""
    return {
        "dsg": "note",
        "use": "use-purpose",
        "funding": "funding-purpose",
        "changed use": "purpose",
        "changed funding": "purpose",
        "virement": "reason",
        "funding change": "reason",
        "reasons": "reasons-0-words",
    }.get(name, "words")


@pytest.mark.parametrize("name", NAMES)
def test_markup_in_words_is_kept_as_words_and_printed_as_words(office, name):
    """F11 and F10: nothing in them is fetched, run or worked out, and no sign of them is lost."""
    client = office.client("officer")
    address, fields, _ = filled(office, name, client, HOSTILE)
    assert client.post(address, fields).status_code == 302
    pages = [f"{BASE}{part}" for part in ("risks/", "dsg/", "reserves/", "budgets/")]
    pages += [office.line_address(office.placements), office.line_address(office.fostering)]
    found = "".join(client.get(page).content.decode() for page in pages)
    assert "&lt;img src=&quot;http://198.51.100.7/x.png&quot;&gt;&lt;script&gt;" in found
    for live in ("<img src=", "<script>alert", 'href="javascript:', "49 "):
        assert live not in found.replace("{{ 7*7 }}", "")
    assert "{{ 7*7 }}" in found
    assert "\U0001f468\u200d\U0001f469\u200d\U0001f467" in found


def test_what_was_written_with_a_decision_that_is_refused_is_there_to_be_copied(office):
    use = make_use(
        office.placements,
        office.period,
        "5",
        reserve=make_reserve(office.council, opening="4"),
        state="requested",
    )
    address = f"{BASE}reserves/uses/{use.pk}/approve/"
    said = words(office.client("head").post(address, {"words": "Cabinet, item 4"}, follow=True))
    assert "cannot go below nil" in said
    assert "You had written: “Cabinet, item 4”." in said
