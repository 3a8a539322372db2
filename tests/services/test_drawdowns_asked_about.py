"""A drawdown beyond what its reserve holds is asked about when it is planned or changed, and refused when it is approved."""

import pytest

from services.models import AuditEntry, ReserveUse
from services.operations.reserves import transfer_between_reserves
from tests.services.factories import make_period, make_reserve, make_use, pounds
from tests.services.pages import BASE, make_office, words
from tests.support.forms import form_of

pytestmark = pytest.mark.django_db
WHY = "The second half comes from next year’s contribution."


@pytest.fixture
def office(db):
    return make_office()


@pytest.fixture
def reserve(office):
    """£1,000, of which £600 is planned already."""
    reserve = make_reserve(office.council, opening="1000")
    make_use(office.fostering, office.period, "600", reserve=reserve, state="planned")
    return reserve


def places(office, reserve):
    """The two forms that plan a use: address, prefix, and what is typed but for the amount."""
    typed = {"kind": "drawdown", "reserve": reserve.pk, "purpose": "Placements"}
    return {
        "any line": (f"{BASE}reserves/uses/new/", "", typed | {"line": office.placements.pk}),
        "this line": (office.line_address(office.placements, "uses/"), "use-", typed),
    }


@pytest.mark.parametrize("where", ["any line", "this line"])
def test_a_drawdown_beyond_what_is_left_after_every_planned_use_is_asked_about_once(office, reserve, where):
    address, prefix, typed = places(office, reserve)[where]
    client = office.client("officer")
    sent = {f"{prefix}{name}": value for name, value in (typed | {"amount": "401"}).items()}
    asked = client.post(address, sent)
    assert asked.status_code == 422
    said = words(asked)
    assert (
        "A drawdown of £401 is more than the £400 that the reserve has left with every planned use." in said
    )
    assert "Why it is planned all the same" in said
    assert ReserveUse.objects.count() == 1
    assert client.post(address, sent | {f"{prefix}override_reason": WHY}).status_code == 302
    made = ReserveUse.objects.latest("pk")
    assert AuditEntry.objects.get(action="plan use of reserve", subject_id=made.pk).reason == WHY
    assert f"Planned although the reserve holds less: {WHY}" in words(client.get(f"{BASE}reserves/"))
    assert WHY in words(client.get(f"{BASE}reserves/uses/{made.pk}/"))


def test_a_drawdown_of_what_is_left_and_a_contribution_are_not_asked_about(office, reserve):
    address, _, typed = places(office, reserve)["any line"]
    client = office.client("officer")
    assert client.post(address, typed | {"kind": "contribution", "amount": "9999"}).status_code == 302
    assert client.post(address, typed | {"amount": "400"}).status_code == 302


def test_a_use_that_is_changed_is_not_counted_against_itself(office, reserve):
    use = ReserveUse.objects.get()
    client = office.client("officer")
    address, fields = form_of(client.get(f"{BASE}reserves/uses/{use.pk}/"), holding="amount")
    asked = client.post(address, fields | {"amount": "1,001"})
    assert asked.status_code == 422
    assert "more than the £1,000 that the reserve has left" in words(asked)
    assert client.post(address, fields | {"amount": "1,000"}).status_code == 302
    use.refresh_from_db()
    _, fields = form_of(client.get(f"{BASE}reserves/uses/{use.pk}/"), holding="amount")
    assert client.post(address, fields | {"amount": "1,001", "override_reason": WHY}).status_code == 302
    assert AuditEntry.objects.filter(action="change use of reserve").latest("sequence").reason == WHY


def test_what_was_planned_with_a_reason_is_still_refused_when_it_is_approved(office, reserve):
    address, _, typed = places(office, reserve)["any line"]
    officer, head = office.client("officer"), office.client("head")
    officer.post(address, typed | {"amount": "1,200", "override_reason": WHY})
    use = ReserveUse.objects.latest("pk")
    officer.post(f"{BASE}reserves/uses/{use.pk}/request/")
    response = head.post(f"{BASE}reserves/uses/{use.pk}/approve/", {"words": "Cabinet"}, follow=True)
    assert "cannot go below nil" in words(response)
    use.refresh_from_db()
    assert use.state == "requested"


def test_money_transferred_to_a_reserve_counts_in_what_it_has_left(office, reserve):
    other = make_reserve(office.council, "Second", opening="500")
    transfer_between_reserves(
        by=office.people["head"],
        period=office.period,
        from_reserve=other,
        to_reserve=reserve,
        amount=pounds("500"),
        decision_reference="Cabinet",
    )
    address, _, typed = places(office, reserve)["any line"]
    assert office.client("officer").post(address, typed | {"amount": "900"}).status_code == 302


def test_the_page_of_a_use_shows_its_history_and_takes_an_approval_back_when_it_is_changed(office, reserve):
    use = make_use(office.placements, office.period, "100", reserve=reserve)
    client = office.client("officer")
    page = f"{BASE}reserves/uses/{use.pk}/"
    said = words(client.get(page))
    assert "It has been approved. A change takes the approval back" in said
    assert "approve use of reserve" in said
    address, fields = form_of(client.get(page), holding="amount")
    client.post(address, fields | {"amount": "90"})
    use.refresh_from_db()
    assert (use.state, use.amount) == ("requested", pounds("90"))
    assert "Changed after it was approved." in words(client.get(page))


def test_a_use_is_read_by_an_auditor_and_changed_by_nobody_who_may_not(office, reserve):
    page = f"{BASE}reserves/uses/{ReserveUse.objects.get().pk}/"
    auditor = office.client("auditor")
    assert "It can be read here and not changed" in words(auditor.get(page))
    assert auditor.post(page, {"amount": "1"}).status_code == 403
    assert office.client("member").get(page).status_code == 404
    elsewhere = page.replace("/p7/", "/p8/")
    assert office.client("officer").get(elsewhere).status_code == 404


def test_a_page_of_a_use_belongs_to_its_own_period(office, reserve):
    make_period(office.council, "2023-24/p8")
    page = f"{BASE}reserves/uses/{ReserveUse.objects.get().pk}/".replace("/p7/", "/p8/")
    assert office.client("officer").get(page).status_code == 404
