"""The register of savings and one proposal's pages: recorded, changed, phased by two people, moved on with who decided."""

import csv
import io
from decimal import Decimal

import pytest

from accounting.savings import Stage
from savings.models import PhasingVersion, SavingsProposal, SavingsSource
from savings.operations.proposals import change_proposal
from tests.savings.delivery_factories import make_saving
from tests.savings.factories import make_proposal, recurrent
from tests.services.pages import make_office, words
from tests.support.forms import form_of

pytestmark = pytest.mark.django_db
REGISTER = "/north-borough/working/savings/"


@pytest.fixture
def office(db):
    made = make_office()
    made.agency = make_saving(made.council, service_line=made.placements, reference="CF/1")
    made.idea = make_proposal(made.council, "A quieter idea", directorate=made.top_ups.division.directorate)
    return made


def sent(client, address, **typed):
    """What the page's form sends, with this typed over it."""
    return form_of(client.get(address), holding="expected_version")[1] | typed


def fill(client, address, **typed):
    return client.post(address, sent(client, address, **typed), follow=True)


def test_the_register_shows_those_asked_for_and_a_file_has_every_column(office):
    client = office.client("officer")
    assert "2 proposals." in words(client.get(REGISTER))
    shown = words(client.get(f"{REGISTER}?stage=idea"))
    assert "1 proposal." in shown
    assert "A quieter idea" in shown
    assert "CF/1" not in shown
    answer = client.get(f"{REGISTER}register-proposals.csv?kind=saving&stage=in_delivery")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Proposal"] for row in rows] == ["CF/1 Fewer agency placements"]
    assert "What is proposed" in rows[0]
    assert client.get(f"{REGISTER}register.xlsx").content[:2] == b"PK"


def test_a_question_that_makes_no_sense_shows_nothing_and_says_so(office):
    response = office.client("officer").get(f"{REGISTER}?stage=flying")
    assert response.status_code == 422
    assert "Select a valid choice" in words(response)


def test_a_budget_holder_finds_the_proposals_of_their_directorate_only(office):
    client = office.client("holder")
    assert "1 proposal." in words(client.get(REGISTER))
    assert client.get(f"{REGISTER}{office.idea.pk}/").status_code == 404
    assert b"quieter" not in client.get(f"{REGISTER}register-proposals.csv").content
    assert client.get(f"{REGISTER}{office.agency.pk}/").status_code == 200
    assert client.get(f"{REGISTER}{office.agency.pk}/edit/").status_code == 403


def test_a_proposal_is_recorded_without_any_pound_and_says_that_this_is_not_nil(office):
    client = office.client("officer")
    response = fill(client, f"{REGISTER}new/", title="Share a building", description="With the library.")
    said = words(response)
    assert "The proposal is recorded." in said
    assert "The proposal stands without an amount, which is not nil." in said
    made = SavingsProposal.objects.get(title="Share a building")
    assert made.stage == Stage.IDEA


def test_a_proposal_without_a_title_is_not_recorded_and_what_was_typed_is_kept(office):
    client = office.client("officer")
    response = client.post(
        f"{REGISTER}new/", sent(client, f"{REGISTER}new/", description="Something long that was typed.")
    )
    assert response.status_code == 422
    assert b"Something long that was typed." in response.content


def test_somebody_elses_change_is_compared_field_by_field_and_yours_can_be_sent_over_it(office):
    client = office.client("officer")
    address = f"{REGISTER}{office.agency.pk}/edit/"
    mine = sent(client, address, lead_role="Head of Placements")
    change_proposal(
        by=office.people["head"],
        proposal=office.agency,
        expected_version=office.agency.version,
        lead_role="Head of Commissioning",
        priority="Children",
    )
    response = client.post(address, mine)
    assert response.status_code == 409
    said = words(response)
    assert "Head of Placements" in said
    assert "Head of Commissioning" in said
    _, again = form_of(response, holding="expected_version")
    client.post(address, again)
    office.agency.refresh_from_db()
    assert (office.agency.lead_role, office.agency.priority) == ("Head of Placements", "Children")


def test_amounts_are_proposed_by_one_person_and_approved_by_another(office):
    officer, head = office.client("officer"), office.client("head")
    page = f"{REGISTER}{office.idea.pk}/"
    typed = {"phases-0-year": "2024/25", "phases-0-amount": "-90,000", "phases-0-kind": "recurrent"}
    response = fill(officer, f"{page}amounts/", **typed)
    assert "The amounts are proposed." in words(response)
    version = PhasingVersion.objects.get(proposal=office.idea)
    assert "Look at it and approve" in words(head.get(page))
    approve = f"{page}amounts/{version.number}/approve/"
    assert officer.get(approve).status_code == 403
    response = fill(head, approve, decision_reference="Minute 12")
    assert "The amounts are approved." in words(response)
    approved = PhasingVersion.objects.get(proposal=office.idea, status="approved")
    assert approved.approves == version
    assert approved.phases.get().amount == Decimal(-90000)


def test_whoever_proposed_amounts_does_not_approve_them(office):
    head = office.client("head")
    page = f"{REGISTER}{office.idea.pk}/"
    typed = {"phases-0-year": "2024/25", "phases-0-amount": "-90,000", "phases-0-kind": "recurrent"}
    fill(head, f"{page}amounts/", **typed)
    assert "You proposed it, so another person approves it." in words(head.get(page))
    response = fill(head, f"{page}amounts/1/approve/", decision_reference="Minute 12")
    assert response.status_code == 422
    assert "another person must approve it" in words(response)


def test_a_decision_that_amends_the_amounts_is_a_version_of_its_own(office):
    head = office.client("head")
    made = make_proposal(office.council, "Telecare", recurrent(2024, "-50000"))
    response = fill(
        head,
        f"{REGISTER}{made.pk}/amounts/1/approve/",
        **{"decision_reference": "Minute 13", "phases-0-amount": "-40,000"},
    )
    assert "The amounts are approved." in words(response)
    amounts = made.phasings.order_by("number").values_list("phases__amount", flat=True)
    assert list(amounts) == [Decimal(-50000), Decimal(-40000)]


def test_an_amount_for_several_years_must_say_whether_it_is_each_years_or_in_total(office):
    client = office.client("officer")
    address = f"{REGISTER}{office.idea.pk}/amounts/"
    span = {
        "spans-0-first": "2024/25",
        "spans-0-last": "2025/26",
        "spans-0-amount": "-250,000",
        "spans-0-words": "£250,000 in 2024/25 and 2025/26",
    }
    response = client.post(address, sent(client, address, **span))
    assert response.status_code == 422
    assert "Fill this in" in words(response)
    assert b"-250,000" in response.content
    fill(client, address, **span, **{"spans-0-meaning": "in_total"})
    written = office.idea.phasings.get().phases.values_list("amount", flat=True)
    assert list(written) == [Decimal(-125000), Decimal(-125000)]


def test_shares_that_do_not_sum_to_the_year_are_refused_with_the_difference(office):
    client = office.client("officer")
    address = f"{REGISTER}{office.idea.pk}/amounts/"
    typed = {
        "phases-0-year": "2024/25",
        "phases-0-amount": "-100,000",
        "phases-0-kind": "recurrent",
        "shares-0-year": "2024/25",
        "shares-0-partner": "North Borough",
        "shares-0-is_ours": "on",
        "shares-0-amount": "-60,000",
        "shares-1-year": "2024/25",
        "shares-1-partner": "South Borough",
        "shares-1-amount": "-30,000",
    }
    response = client.post(address, sent(client, address, **typed))
    assert response.status_code == 422
    assert "£10,000" in words(response)
    assert not office.idea.phasings.exists()


def test_a_step_says_who_decided_and_only_one_who_may_approve_puts_it_in_the_budget(office):
    officer, head = office.client("officer"), office.client("head")
    address = f"{REGISTER}{office.idea.pk}/stage/"
    fill(officer, address, to="recommended", decided_by="Cabinet")
    refused = officer.post(address, sent(officer, address, to="agreed", decided_by="Council"))
    assert refused.status_code == 403
    response = fill(head, address, to="agreed", decided_by="Council", decision_reference="Minute 9")
    assert "The step is recorded." in words(response)
    office.idea.refresh_from_db()
    assert office.idea.stage == Stage.AGREED
    withdrawn = head.post(address, sent(head, address, to="withdrawn", decided_by="Council"))
    assert "a reason is needed" in words(withdrawn)


def test_parts_are_kept_as_a_list_and_a_part_without_an_amount_is_not_nil(office):
    client = office.client("officer")
    address = f"{REGISTER}{office.agency.pk}/parts/"
    typed = {"parts-0-title": "Two teams become one", "parts-0-amount": "90,000", "parts-1-title": "Travel"}
    said = words(fill(client, address, **typed))
    assert "not yet broken down" in said
    held = office.agency.components.values_list("title", "amount")
    assert list(held) == [("Two teams become one", Decimal(90000)), ("Travel", None)]
    fill(client, address, **{"parts-0-remove": "on"})
    assert office.agency.components.get().title == "Travel"
    refused = client.post(address, sent(client, address, **{"parts-0-amount": "900,000"}))
    assert refused.status_code == 422
    assert "more than the £250,000.00" in words(refused)


def test_more_rows_are_given_without_script_and_nothing_typed_is_lost(office):
    client = office.client("officer")
    address = f"{REGISTER}{office.agency.pk}/parts/"
    response = client.post(address, sent(client, address, **{"parts-0-title": "Typed", "more": "1"}))
    assert response.status_code == 200
    assert b'value="Typed"' in response.content
    assert len(response.context["lists"][0]["rows"].forms) == 4
    assert not office.agency.components.exists()


def test_a_list_that_somebody_else_kept_meanwhile_is_compared_row_by_row(office):
    client = office.client("officer")
    address = f"{REGISTER}{office.agency.pk}/notes/"
    mine = sent(client, address, **{"notes-0-aspect": "staff", "notes-0-words": "Two posts go."})
    fill(office.client("head"), address, **{"notes-0-aspect": "users", "notes-0-words": "Longer waits."})
    response = client.post(address, mine)
    assert response.status_code == 409
    said = words(response)
    assert "Two posts go." in said
    assert "Longer waits." in said
    assert office.agency.notes.get().words == "Longer waits."


def test_years_of_investment_sources_a_vacancy_factor_and_a_business_case_are_kept(office):
    client = office.client("officer")
    page = f"{REGISTER}{office.agency.pk}/"
    year = {"years-0-year": "2024/25", "years-0-planned_investment": "10,000", "years-0-planned_benefit": "0"}
    assert "The list is saved." in words(fill(client, f"{page}investment/", **year))
    source = {
        "sources-0-figure": "total",
        "sources-0-basis": "printed",
        "sources-0-citation": "Budget book, p. 4",
    }
    assert "Budget book, p. 4" in words(fill(client, f"{page}sources/", **source))
    assert SavingsSource.objects.get().proposal == office.agency
    fill(client, f"{page}edit/", type="vacancy_factor")
    terms = words(
        fill(
            client, f"{page}vacancy-factor/", percent="3.5", exempt_posts="Social workers", review_months="3"
        )
    )
    assert "3.5% of the pay budget" in terms
    assert "every 3 months" in terms
    case = words(
        fill(client, f"{page}cases/new/", title="Our own team", cost_now="500,000", cost_after="400,000")
    )
    assert "Our own team" in case
    assert "100,000" in case
    found = office.agency.business_cases.get()
    assert "The business case is saved." in words(
        fill(client, f"{REGISTER}cases/{found.pk}/", state="approved", decided_by_role="Cabinet")
    )


def test_a_closed_proposal_offers_no_new_amounts(office):
    head = office.client("head")
    fill(
        head, f"{REGISTER}{office.idea.pk}/stage/", to="withdrawn", decided_by="Cabinet", reason="Overtaken."
    )
    page = words(head.get(f"{REGISTER}{office.idea.pk}/"))
    assert "Propose amounts" not in page
    assert "Overtaken." in page


def test_another_councils_proposal_is_not_there(office):
    neighbour = office.client("neighbour")
    address = f"/south-borough/working/savings/{office.agency.pk}/"
    assert neighbour.get(address).status_code == 404
    assert neighbour.post(f"{address}edit/", {}).status_code == 404
