"""F01: a save that comes too late is compared with what is held; nothing is overwritten unread, and nothing typed is lost."""

from decimal import Decimal

import pytest

from services.models import (
    AuditEntry,
    DsgAccount,
    OneOffFunding,
    ReserveUse,
    RiskOrOpportunity,
    VarianceReason,
    Virement,
)
from services.operations.risks import record_risk
from tests.services.factories import (
    make_funding_change,
    make_one_off_funding,
    make_reserve,
    make_use,
    make_virement,
)
from tests.services.pages import BASE, make_office, words
from tests.support.forms import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return make_office()


def rows(response):
    """The comparison: what each row says of yours, theirs and before both."""
    return {row.label: (row.yours, row.theirs, row.base) for row in response.context["conflicts"]}


def race(office, page, holding, *, mine, theirs):
    """Two people open one form; the head saves `theirs` first, then the officer sends `mine`: the answer, and the officer's browser."""
    officer, head = office.client("officer"), office.client("head")
    address, as_served = form_of(officer.get(page), holding=holding)
    _, theirs_served = form_of(head.get(page), holding=holding)
    assert head.post(address, theirs_served | theirs).status_code == 302
    return officer.post(address, as_served | mine), officer


def save_over(response, client, holding):
    """Press “Save mine over theirs” on the page of a conflict."""
    address, fields = form_of(response, holding=holding)
    return client.post(address, fields)


def test_a_stale_risk_shows_yours_theirs_and_base_and_can_be_saved_over(office):
    risk = record_risk(
        by=office.people["officer"], period=office.period, kind="risk", title="Prices", amount=Decimal(100)
    )
    page = f"{BASE}risks/{risk.pk}/"
    response, officer = race(
        office,
        page,
        "title",
        mine={"amount": "300", "words": "Mine."},
        theirs={"amount": "200", "title": "Fees"},
    )
    assert response.status_code == 409
    assert rows(response) == {
        "In a few words": ("Prices", "Fees", "Prices"),
        "What could happen": ("Mine.", "blank", "blank"),
        "Amount, £": ("£300.00", "£200.00", "£100.00"),
    }
    assert "Head of finance saved it on" in words(response)
    risk.refresh_from_db()
    assert (risk.title, risk.amount, risk.words) == ("Fees", Decimal(200), "")
    assert save_over(response, officer, "title").status_code == 302
    risk.refresh_from_db()
    assert (risk.title, risk.amount, risk.words) == ("Fees", Decimal(300), "Mine.")


def test_a_stale_dsg_account_is_compared_and_a_new_one_of_a_name_that_is_there_as_well(office):
    client = office.client("officer")
    account = {"fund": "dsg_high_needs", "name": "Deficit", "opening": "100", "in_year": "10"}
    client.post(f"{BASE}dsg/", account | {"funding_received": "0", "adjustments": "0"})
    pk = DsgAccount.objects.get().pk
    response, officer = race(
        office,
        f"{BASE}dsg/?account={pk}",
        "opening",
        mine={"in_year": "30", "note": "Mine"},
        theirs={"in_year": "20"},
    )
    assert response.status_code == 409
    assert rows(response) == {
        "In-year deficit, £": ("£30.00", "£20.00", "£10.00"),
        "Note": ("Mine", "blank", "blank"),
    }
    assert DsgAccount.objects.get().in_year == Decimal(20)
    assert save_over(response, officer, "opening").status_code == 302
    assert (DsgAccount.objects.get().in_year, DsgAccount.objects.get().note) == (Decimal(30), "Mine")
    _, new = form_of(client.get(f"{BASE}dsg/"), holding="opening")
    again = client.post(f"{BASE}dsg/", new | account | {"opening": "999"})
    assert again.status_code == 409
    assert rows(again)["Opening balance, £"] == ("£999.00", "£100.00", "blank, not known")
    assert DsgAccount.objects.get().opening == Decimal(100)


def test_a_stale_use_of_a_reserve_is_compared_and_can_be_saved_over(office):
    reserve = make_reserve(office.council, opening="900000")
    other = make_reserve(office.council, "Second", opening="900000")
    use = make_use(office.placements, office.period, "100", reserve=reserve, state="planned")
    response, officer = race(
        office,
        f"{BASE}reserves/uses/{use.pk}/",
        "amount",
        mine={"reserve": str(other.pk), "included_in_forecast": "on"},
        theirs={"amount": "250"},
    )
    assert response.status_code == 409
    assert rows(response) == {
        "Reserve": ("Second", "Children's transformation", "Children's transformation"),
        "Amount, £": ("£100.00", "£250.00", "£100.00"),
        "The forecast outturn is already lower by it, so it is not deducted again": ("yes", "no", "no"),
    }
    assert save_over(response, officer, "amount").status_code == 302
    use.refresh_from_db()
    assert (use.reserve, use.amount, use.included_in_forecast) == (other, Decimal(250), True)


def test_stale_one_off_funding_is_compared_and_can_be_saved_over(office):
    money = make_one_off_funding(office.placements, office.period, "100", approved=False)
    response, officer = race(
        office,
        f"{BASE}reserves/funding/{money.pk}/",
        "amount",
        mine={"amount": "300"},
        theirs={"ends_on": "2024-03-31", "is_recurrent": "on"},
    )
    assert response.status_code == 409
    assert rows(response) == {
        "Amount, £": ("£300.00", "£100.00", "£100.00"),
        "When the funding stops": ("blank", "31 March 2024", "blank"),
        "It will be there again next year": ("no", "yes", "no"),
    }
    assert save_over(response, officer, "amount").status_code == 302
    money.refresh_from_db()
    assert (money.amount, money.is_recurrent, str(money.ends_on)) == (Decimal(300), True, "2024-03-31")


def reason(driver, said):
    return {"reasons-0-driver": driver, "reasons-0-words": said, "reasons-0-amount": "300,000"}


def test_reasons_that_somebody_else_gave_meanwhile_are_compared_and_not_overwritten(office):
    page = office.line_address(office.placements)
    response, officer = race(
        office,
        page,
        "reasons-0-driver",
        mine=reason("demand", "More children than planned."),
        theirs=reason("price", "Dearer placements."),
    )
    assert response.status_code == 409
    assert rows(response)["Reason 1"] == (
        "Demand, +£300,000.00. More children than planned",
        "Price and inflation, +£300,000.00. Dearer placements",
        "none",
    )
    assert VarianceReason.objects.get().words == "Dearer placements."
    assert save_over(response, officer, "reasons-0-driver").status_code == 302
    assert VarianceReason.objects.get().words == "More children than planned."


def test_reasons_for_figures_that_changed_meanwhile_are_compared_with_them(office):
    page = office.line_address(office.placements)
    officer, head = office.client("officer"), office.client("head")
    address, sent = form_of(officer.get(page), holding="reasons-0-driver")
    figures_address, figures = form_of(head.get(page), holding="forecast_outturn")
    head.post(figures_address, figures | {"forecast_outturn": "1,500,000", "why": "A new home."})
    response = officer.post(address, sent | reason("demand", "More children than planned."))
    assert response.status_code == 409
    assert rows(response)["Forecast outturn"] == ("£1,300,000.00", "£1,500,000.00", "£1,300,000.00")
    assert save_over(response, officer, "reasons-0-driver").status_code == 302
    assert VarianceReason.objects.get().words == "More children than planned."


def test_a_virement_decided_by_another_person_first_is_not_decided_over_unread(office):
    virement = make_virement(office.period, (office.placements, "-5"), (office.fostering, "5"), posted=False)
    page, officer, head = f"{BASE}budgets/", office.client("head"), office.client("head")
    reject, written = form_of(officer.get(page), holding="note")
    approve = reject.replace("reject", "approve")
    assert head.post(approve, {"seen": "requested"}).status_code == 302
    response = officer.post(reject, written | {"note": "No case made."})
    assert response.status_code == 409
    assert rows(response) == {
        "The request": (
            "Reject",
            "Approved, by Head of finance",
            f"{virement.reference}, £5.00: requested, asked for by Finance officer",
        ),
        "Why it is rejected": ("No case made.", "blank", "blank"),
    }
    assert Virement.objects.get().state == "approved"
    assert save_over(response, officer, "note").status_code == 302
    assert (Virement.objects.get().state, Virement.objects.get().decision_note) == (
        "rejected",
        "No case made.",
    )


def test_a_funding_change_decided_first_leaves_the_note_to_be_copied(office):
    change = make_funding_change(office.placements, office.period, "25")
    address = f"{BASE}budgets/funding-changes/{change.pk}/reject/"
    response = office.client("head").post(address, {"seen": "requested", "note": "Not agreed."})
    assert response.status_code == 409
    assert rows(response)["Why it is rejected"][0] == "Not agreed."
    assert "no longer there to be changed" in words(response)
    change.refresh_from_db()
    assert change.state == "approved"


def test_a_use_changed_after_it_was_read_is_not_approved_unread(office):
    reserve = make_reserve(office.council, opening="900000")
    use = make_use(office.placements, office.period, "100", reserve=reserve, state="requested")
    head, officer = office.client("head"), office.client("officer")
    _, seen = form_of(head.get(f"{BASE}reserves/"), holding="words")
    address, change = form_of(officer.get(f"{BASE}reserves/uses/{use.pk}/"), holding="amount")
    officer.post(address, change | {"amount": "90,000"})
    response = head.post(f"{BASE}reserves/uses/{use.pk}/approve/", seen | {"words": "Cabinet, item 4"})
    assert response.status_code == 409
    assert rows(response)["The request"] == (
        "Approve",
        "Drawdown, £90,000.00, Children's transformation: requested",
        "Drawdown, £100.00, Children's transformation: requested",
    )
    assert ReserveUse.objects.get().state == "requested"
    assert save_over(response, head, "words").status_code == 302
    assert (ReserveUse.objects.get().state, ReserveUse.objects.get().decision_reference) == (
        "approved",
        "Cabinet, item 4",
    )


def test_a_risk_changed_after_it_was_read_is_not_taken_off_the_list_unread(office):
    risk = record_risk(by=office.people["officer"], period=office.period, kind="risk", title="Prices")
    page = f"{BASE}risks/{risk.pk}/"
    officer, head = office.client("officer"), office.client("head")
    drop, written = form_of(officer.get(page), holding="reason")
    address, change = form_of(head.get(page), holding="title")
    head.post(address, change | {"amount": "5,000,000"})
    response = officer.post(drop, written | {"reason": "It passed."})
    assert response.status_code == 409
    assert rows(response)["The request"][1] == "Risk: Prices, £5,000,000.00"
    assert RiskOrOpportunity.objects.exists()
    assert save_over(response, officer, "reason").status_code == 302
    assert not RiskOrOpportunity.objects.exists()


def test_a_change_that_changes_nothing_leaves_an_approval_and_the_trail_as_they_were(office):
    money = make_one_off_funding(office.placements, office.period, "100")
    use = make_use(
        office.placements, office.period, "100", reserve=make_reserve(office.council, opening="900")
    )
    entries = AuditEntry.objects.count()
    client = office.client("officer")
    for page in (f"{BASE}reserves/uses/{use.pk}/", f"{BASE}reserves/funding/{money.pk}/"):
        address, fields = form_of(client.get(page), holding="amount")
        assert client.post(address, fields).status_code == 302
    assert AuditEntry.objects.count() == entries
    assert (ReserveUse.objects.get().state, OneOffFunding.objects.get().state) == ("approved", "approved")
