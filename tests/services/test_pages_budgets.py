"""Budgets, virements, reserves, DSG accounts and risks, as officers enter them and another person approves them."""

from decimal import Decimal

import pytest

from services.models import (
    DsgAccount,
    FundingChange,
    OriginalBudget,
    Reserve,
    ReserveOpening,
    ReserveUse,
    RiskOrOpportunity,
    Virement,
)
from services.operations.rule_tables import VirementApproval, set_virement_rules
from services.position import council_position
from services.roles import Role
from tests.services.factories import make_line, make_reserve, make_use, make_virement
from tests.services.pages import BASE, make_office, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db):
    return make_office()


def virement_form(office, *legs, **more):
    sent = {
        "reference": "V1",
        "reason": "Domestic abuse posts move.",
        "type": "policy",
        "is_permanent": "yes",
        "effective": office.period.pk,
        "legs-TOTAL_FORMS": str(len(legs)),
        "legs-INITIAL_FORMS": "0",
    }
    for number, (line, amount) in enumerate(legs):
        sent |= {f"legs-{number}-line": line.pk if line else "", f"legs-{number}-amount": amount}
    return sent | more


def revised(office, line):
    position = council_position(office.council, office.period)
    return next(row.position.revised_budget for row in position.lines if row.line_id == line.pk)


def test_a_virement_moves_budget_only_when_another_person_approved_it_and_it_is_posted(office):
    officer, head = office.client("officer"), office.client("head")
    sent = virement_form(office, (office.placements, "(394,000)"), (office.fostering, "394,000"), (None, ""))
    assert officer.post(f"{BASE}budgets/virements/new/", sent).status_code == 302
    virement = Virement.objects.get()
    step = f"{BASE}budgets/virements/{virement.pk}/"
    assert officer.post(f"{step}approve/").status_code == 403
    assert head.post(f"{step}approve/").status_code == 302
    assert revised(office, office.fostering) == Decimal("500000.00")
    officer.post(f"{step}post/")
    assert revised(office, office.fostering) == Decimal("894000.00")
    assert "Placements −£394,000.00; Fostering +£394,000.00" in words(officer.get(f"{BASE}budgets/"))


def test_a_virement_that_does_not_balance_is_refused_with_the_difference_and_kept(office):
    """F14: refused with the difference, and everything typed is still there."""
    sent = virement_form(office, (office.placements, "-100"), (office.fostering, "90"))
    response = office.client("officer").post(f"{BASE}budgets/virements/new/", sent)
    assert response.status_code == 422
    said = words(response)
    assert "The virement is not requested." in said
    assert "−£10.00" in said
    assert "Domestic abuse posts move." in response.content.decode()
    assert not Virement.objects.exists()


def test_a_virement_between_the_general_fund_and_the_dsg_is_refused(office):
    sent = virement_form(office, (office.placements, "-100"), (office.top_ups, "100"))
    response = office.client("officer").post(f"{BASE}budgets/virements/new/", sent)
    assert response.status_code == 422
    assert "separate funds" in words(response)


def test_a_virement_needs_two_lines_and_each_only_once(office):
    client = office.client("officer")
    one = client.post(f"{BASE}budgets/virements/new/", virement_form(office, (office.placements, "5")))
    assert "A virement needs at least two lines" in words(one)
    twice = virement_form(office, (office.placements, "5"), (office.placements, "-5"))
    assert "A line is there twice." in words(client.post(f"{BASE}budgets/virements/new/", twice))


def test_more_rows_can_be_asked_for_without_script_and_lose_nothing(office):
    sent = virement_form(office, (office.placements, "-1"), (office.fostering, "x"), more_legs="1")
    response = office.client("officer").post(f"{BASE}budgets/virements/new/", sent)
    page = response.content.decode()
    assert response.status_code == 200
    assert len(response.context["legs"].forms) == 6
    assert 'value="x"' in page
    assert "Domestic abuse posts move." in page
    assert not Virement.objects.exists()


def test_nobody_approves_the_virement_they_asked_for(office):
    """F13: on the page and by the server."""
    client = office.client("head")
    client.post(
        f"{BASE}budgets/virements/new/",
        virement_form(office, (office.placements, "-5"), (office.fostering, "5")),
    )
    assert "You asked for this, so another person decides it." in words(client.get(f"{BASE}budgets/"))
    response = client.post(f"{BASE}budgets/virements/{Virement.objects.get().pk}/approve/", follow=True)
    assert "another person must approve it" in words(response)
    assert Virement.objects.get().state == "requested"


def test_a_virement_is_rejected_with_a_reason(office):
    virement = make_virement(office.period, (office.placements, "-5"), (office.fostering, "5"), posted=False)
    client = office.client("head")
    client.post(f"{BASE}budgets/virements/{virement.pk}/reject/", {"note": "Not this year."})
    virement.refresh_from_db()
    assert (virement.state, virement.decision_note) == ("rejected", "Not this year.")


def test_virements_for_approval_and_for_information_are_listed_apart(office):
    rules = [
        VirementApproval(boundary="division", above_amount=Decimal("1000"), reported_for_approval=True),
        VirementApproval(boundary="division", above_amount=Decimal("0")),
    ]
    set_virement_rules(by=office.people["head"], council=office.council, rules=rules)
    make_virement(office.period, (office.placements, "-5000"), (office.fostering, "5000"), reference="Large")
    make_virement(office.period, (office.placements, "-5"), (office.fostering, "5"), reference="Small")
    tables = {table.key: table for table in office.client("officer").get(f"{BASE}budgets/").context["logs"]}
    assert {key: [row.record.reference for row in table.rows] for key, table in tables.items()} == {
        "virements-for-approval": ["Large"],
        "virements-for-information": ["Small"],
        "funding-changes": [],
    }


def test_whoever_the_scheme_names_approves_in_the_browser(office):
    rule = VirementApproval(boundary="division", above_amount=Decimal("0"), approver=Role.BUDGET_HOLDER)
    set_virement_rules(by=office.people["head"], council=office.council, rules=[rule])
    virement = make_virement(office.period, (office.placements, "-5"), (office.fostering, "5"), posted=False)
    holder = office.client("holder")
    assert "Approve V" in words(holder.get(f"{BASE}budgets/"))
    assert holder.post(f"{BASE}budgets/virements/{virement.pk}/approve/").status_code == 302
    virement.refresh_from_db()
    assert (virement.state, virement.decided_by) == ("approved", office.people["holder"])


def test_a_step_that_is_not_one_is_not_found(office):
    virement = make_virement(office.period, (office.placements, "-5"), (office.fostering, "5"), posted=False)
    assert office.client("head").post(f"{BASE}budgets/virements/{virement.pk}/apply/").status_code == 404


def test_a_funding_change_is_requested_and_approved_by_another_person(office):
    sent = {
        "line": office.placements.pk,
        "type": "corporate",
        "amount": "25,000",
        "reason": "Pay award.",
        "is_permanent": "yes",
        "effective": office.period.pk,
        "reference": "",
    }
    assert office.client("officer").post(f"{BASE}budgets/funding-changes/new/", sent).status_code == 302
    change = FundingChange.objects.get()
    office.client("head").post(f"{BASE}budgets/funding-changes/{change.pk}/approve/")
    assert revised(office, office.placements) == Decimal("1025000.00")


def test_original_budgets_are_set_once_for_lines_that_have_none(office):
    line = make_line(office.council, "New service")
    client = office.client("officer")
    page = client.get(f"{BASE}budgets/originals/")
    assert list(page.context["form"].fields) == [f"line_{line.pk}"]
    assert client.post(f"{BASE}budgets/originals/", {f"line_{line.pk}": ""}).status_code == 422
    client.post(f"{BASE}budgets/originals/", {f"line_{line.pk}": "(12,000)"})
    assert OriginalBudget.objects.get(service_line=line).amount == Decimal("-12000.00")
    assert "Every line has its original budget" in words(client.get(f"{BASE}budgets/originals/"))


def test_a_reserve_is_added_opened_and_drawn_on_by_two_people(office):
    officer, head = office.client("officer"), office.client("head")
    assert "There is no reserve yet" in words(officer.get(f"{BASE}reserves/"))
    officer.post(
        f"{BASE}reserves/new/", {"name": "Placements", "kind": "earmarked", "purpose": "Costs of placements."}
    )
    reserve = Reserve.objects.get()
    assert "An opening balance is missing" in words(officer.get(f"{BASE}reserves/"))
    officer.post(f"{BASE}reserves/{reserve.pk}/opening/", {"amount": "1,000,000"})
    assert ReserveOpening.objects.get().amount == Decimal("1000000.00")
    sent = {
        "line": office.placements.pk,
        "kind": "drawdown",
        "reserve": reserve.pk,
        "amount": "250,000",
        "purpose": "Placements.",
    }
    officer.post(f"{BASE}reserves/uses/new/", sent)
    use = ReserveUse.objects.get()
    step = f"{BASE}reserves/uses/{use.pk}/"
    officer.post(f"{step}request/")
    assert officer.post(f"{step}approve/", {"words": "Cabinet 12"}).status_code == 403
    head.post(f"{step}approve/", {"words": "Cabinet, 23 October 2023"})
    officer.post(f"{step}apply/")
    use.refresh_from_db()
    assert (use.state, use.decision_reference) == ("applied", "Cabinet, 23 October 2023")
    said = words(officer.get(f"{BASE}reserves/"))
    assert "4.0 years" not in said.replace("3.0 years", "")
    assert "3.0 years" in said  # £750,000 left at £250,000 a year


def test_a_use_that_would_overdraw_its_reserve_is_refused_in_words(office):
    reserve = make_reserve(office.council, opening="100")
    use = make_use(office.placements, office.period, "101", reserve=reserve, state="requested")
    response = office.client("head").post(
        f"{BASE}reserves/uses/{use.pk}/approve/", {"words": "C1"}, follow=True
    )
    assert "cannot go below nil" in words(response)
    use.refresh_from_db()
    assert use.state == "requested"


def test_a_dsg_account_is_kept_apart_and_its_closing_worked_out(office):
    client = office.client("officer")
    sent = {
        "fund": "dsg_high_needs",
        "name": "Cumulative SEND deficit",
        "opening": "20,000,000",
        "in_year": "1,130,000",
        "funding_received": "0",
        "adjustments": "0",
        "planned_closing": "19,000,000",
        "override_ends_on": "2026-03-31",
    }
    assert client.post(f"{BASE}dsg/", sent).status_code == 302
    account = DsgAccount.objects.get()
    said = words(client.get(f"{BASE}dsg/"))
    assert "21,130" in said
    assert "31 March 2026" in said
    form = client.get(f"{BASE}dsg/", {"account": account.pk}).context["form"]
    assert form["expected_version"].value() == 1


def test_a_dsg_account_changed_meanwhile_is_refused(office):
    client = office.client("officer")
    sent = {
        "fund": "dsg",
        "name": "DSG",
        "opening": "1",
        "in_year": "1",
        "funding_received": "0",
        "adjustments": "0",
    }
    client.post(f"{BASE}dsg/", sent)
    response = client.post(f"{BASE}dsg/", sent | {"opening": "2"})
    assert response.status_code == 409
    assert "Nothing of yours is saved yet" in words(response)


def test_risks_are_recorded_changed_and_withdrawn_and_change_no_forecast(office):
    client = office.client("officer")
    before = council_position(office.council, office.period)
    client.post(
        f"{BASE}risks/", {"kind": "risk", "title": "Two court cases", "amount": "300,000", "likelihood": "40"}
    )
    risk = RiskOrOpportunity.objects.get()
    client.post(
        f"{BASE}risks/{risk.pk}/",
        {
            "kind": "risk",
            "title": "Three court cases",
            "amount": "450,000",
            "likelihood": "40",
            "expected_version": "1",
        },
    )
    risk.refresh_from_db()
    assert (risk.title, risk.amount) == ("Three court cases", Decimal("450000.00"))
    stale = client.post(f"{BASE}risks/{risk.pk}/", {"kind": "risk", "title": "Four", "expected_version": "1"})
    assert stale.status_code == 409
    client.post(f"{BASE}risks/{risk.pk}/withdraw/", {"reason": "Settled."})
    assert not RiskOrOpportunity.objects.exists()
    assert council_position(office.council, office.period).lines == before.lines


def test_a_request_sent_twice_with_its_key_has_one_effect(office):
    client = office.client("officer")
    reserve = make_reserve(office.council, opening="900000")
    use = {
        "use-kind": "drawdown",
        "use-reserve": reserve.pk,
        "use-amount": "120,000",
        "use-purpose": "Placements.",
        "use-key": "one-press",
    }
    virement = virement_form(
        office, (office.placements, "-5"), (office.fostering, "5"), reference="", key="another-press"
    )
    risk = {"kind": "risk", "title": "Two court cases", "key": "a-third-press"}
    for address, sent in (
        (office.line_address(office.placements, "uses/"), use),
        (f"{BASE}budgets/virements/new/", virement),
        (f"{BASE}risks/", risk),
    ):
        assert [client.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert (ReserveUse.objects.count(), Virement.objects.count(), RiskOrOpportunity.objects.count()) == (
        1,
        1,
        1,
    )


def test_a_key_sent_with_something_else_is_refused_and_what_was_typed_is_kept(office):
    client = office.client("officer")
    risk = {"kind": "risk", "title": "Two court cases", "key": "one-press"}
    client.post(f"{BASE}risks/", risk)
    response = client.post(f"{BASE}risks/", risk | {"title": "Three court cases"})
    assert response.status_code == 422
    assert "Load the page again and repeat it." in words(response)
    assert "Three court cases" in response.content.decode()
    assert RiskOrOpportunity.objects.count() == 1


def test_a_request_refused_once_may_be_mended_and_sent_with_the_same_key(office):
    client = office.client("officer")
    wrong = virement_form(office, (office.placements, "-5"), (office.fostering, "4"), key="one-press")
    assert client.post(f"{BASE}budgets/virements/new/", wrong).status_code == 422
    right = virement_form(office, (office.placements, "-5"), (office.fostering, "5"), key="one-press")
    assert client.post(f"{BASE}budgets/virements/new/", right).status_code == 302
    assert Virement.objects.count() == 1
