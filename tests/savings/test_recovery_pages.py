"""Recovery plans, their month's progress, the strategy and right-sizing, as officers keep them."""

from datetime import date
from decimal import Decimal
from unittest.mock import patch

import pytest

from accounting.periods import FinancialYear, Period
from savings.models import (
    ExternalFinding,
    Projection,
    RecoveryAction,
    RecoveryPlan,
    RecoveryProgress,
    SavingsProposal,
    SpendingControl,
    Strategy,
)
from savings.position.right_sizing import Finding, FindingYear
from tests.savings.delivery_factories import make_action, make_plan, make_saving, progress
from tests.services.pages import BASE, make_office, words
from tests.support.forms import form_of

pytestmark = pytest.mark.django_db
WORKING = "/north-borough/working/"
MONTH = f"{BASE}recovery/"


@pytest.fixture
def office(db):
    made = make_office()
    made.plan = make_plan(made.council)
    made.freeze = make_action(made.plan, "Freeze posts", "50000", service_line=made.placements)
    return made


def sent(client, address, **typed):
    return form_of(client.get(address), holding="expected_version")[1] | typed


def fill(client, address, **typed):
    return client.post(address, sent(client, address, **typed), follow=True)


def month(client, **typed):
    return form_of(client.get(MONTH), holding="key")[1] | typed


def test_a_plan_its_actions_controls_reviews_and_findings_are_kept(office):
    client = office.client("officer")
    assert "It is recorded." in words(
        fill(client, f"{WORKING}recovery/new/", name="Transport", year="2023/24")
    )
    plan = RecoveryPlan.objects.get(name="Transport")
    page = f"{WORKING}recovery/{plan.pk}/"
    fill(client, f"{page}actions/new/", title="Fewer taxis", target="120,000", type="procurement")
    action = RecoveryAction.objects.get(title="Fewer taxis")
    fill(client, f"{WORKING}recovery/actions/{action.pk}/", owner_role="Head of Transport")
    action.refresh_from_db()
    assert (action.owner_role, action.version) == ("Head of Transport", 2)
    control = {
        "covers": "All taxis",
        "rule": "Only with a panel’s word.",
        "authorised_by": "Director",
        "plan": str(plan.pk),
    }
    fill(client, f"{WORKING}recovery/controls/new/", **control)
    assert SpendingControl.objects.get().plan == plan
    fill(
        client, f"{WORKING}recovery/reviews/new/", reviewer="Peer team", scope="Transport", plan=str(plan.pk)
    )
    review = plan.reviews.get()
    fill(client, f"{WORKING}recovery/reviews/{review.pk}/findings/new/", finding="Routes overlap.")
    finding = ExternalFinding.objects.get()
    fill(client, f"{WORKING}recovery/findings/{finding.pk}/", response="A new timetable.", status="accepted")
    said = words(client.get(page))
    for expected in (
        "Fewer taxis",
        "120,000",
        "Only with a panel’s word.",
        "Routes overlap.",
        "A new timetable.",
    ):
        assert expected in said


def test_a_projection_says_what_moved_it_and_is_withdrawn_only_with_a_reason(office):
    client = office.client("officer")
    page = f"{WORKING}recovery/{office.plan.pk}/"
    first = {"scope": "Social care", "stage": "gross", "as_at": "2023-07-31", "amount": "5,466,000"}
    fill(client, f"{page}projections/new/", **first)
    second = first | {
        "as_at": "2023-09-30",
        "amount": "4,681,000",
        "moves-0-label": "Posts frozen",
        "moves-0-amount": "-500,000",
    }
    said = words(fill(client, f"{page}projections/new/", **second))
    assert "Posts frozen" in said
    assert "Not explained by these" in said
    assert "−285,000" in said
    later = Projection.objects.get(as_at=date(2023, 9, 30))
    address = f"{WORKING}recovery/projections/{later.pk}/withdraw/"
    assert client.post(address, sent(client, address)).status_code == 422
    fill(client, address, reason="Typed in the wrong month.")
    assert Projection.objects.count() == 1


def test_a_month_of_progress_is_saved_all_or_nothing(office):
    other = make_action(office.plan, "Claim from health", "80000")
    client = office.client("officer")
    freeze, claim = f"a{office.freeze.pk}", f"a{other.pk}"
    wrong = {f"{freeze}-identified": "40,000", f"{claim}-identified": "10,000", f"{claim}-recouped": "20,000"}
    response = client.post(MONTH, month(client, **wrong))
    assert response.status_code == 422
    assert "Only what was found can come in." in words(response)
    assert RecoveryProgress.objects.count() == 0
    assert b'value="40,000"' in response.content
    right = wrong | {f"{claim}-recouped": "10,000"}
    assert "2 actions are saved." in words(client.post(MONTH, month(client, **right), follow=True))


def test_somebody_elses_progress_is_compared_and_not_overwritten(office):
    client = office.client("officer")
    mine = month(client, **{f"a{office.freeze.pk}-identified": "40,000"})
    progress(office.freeze, office.period, identified="30000")
    response = client.post(MONTH, mine)
    assert response.status_code == 409
    assert "£40,000.00" in words(response)
    assert "£30,000.00" in words(response)
    assert RecoveryProgress.objects.get().identified == Decimal(30000)
    _, again = form_of(response, holding="key")
    assert client.post(MONTH, again).status_code == 302
    assert RecoveryProgress.objects.get().identified == Decimal(40000)


def test_a_budget_holder_sees_their_directorates_actions_and_no_council_page(office):
    make_action(office.plan, "The chief executive’s own", "1000")
    client = office.client("holder")
    rows = client.get(MONTH).context["rows"]
    assert [row.action for row in rows] == [office.freeze]
    for place in ("recovery/", f"recovery/{office.plan.pk}/", "strategy/", "savings/right-sizing/"):
        assert client.get(f"{WORKING}{place}").status_code == 403


def test_an_auditor_reads_every_page_and_changes_nothing(office):
    client = office.client("auditor")
    for place in ("recovery/", f"recovery/{office.plan.pk}/", "strategy/", "savings/right-sizing/"):
        assert client.get(f"{WORKING}{place}").status_code == 200
    for place in ("recovery/new/", f"recovery/{office.plan.pk}/edit/", "strategy/figures/"):
        assert client.get(f"{WORKING}{place}").status_code == 403
    assert {row.lock for row in client.get(MONTH).context["rows"]} == {"To be read only"}


def test_the_strategy_adds_up_from_its_own_figures_and_the_savings(office):
    make_saving(office.council, "Agreed", "100000", year=2024)
    client = office.client("officer")
    typed = {
        "title": "Strategy 2024/25",
        "first_year": "2024/25",
        "last_year": "2024/25",
        "figures-0-year": "2024/25",
        "figures-0-kind": "base",
        "figures-0-label": "Net budget",
        "figures-0-amount": "1,000,000",
        "figures-1-year": "2024/25",
        "figures-1-kind": "funding",
        "figures-1-label": "Council tax and grants",
        "figures-1-amount": "850,000",
    }
    said = words(fill(client, f"{WORKING}strategy/figures/", **typed))
    assert "The strategy is saved." in said
    assert "2024/25: £50,000 still to be found." in said
    assert client.get(f"{WORKING}strategy/files/years.csv").status_code == 200
    mine = sent(client, f"{WORKING}strategy/figures/", words="Mine")
    fill(office.client("head"), f"{WORKING}strategy/figures/", words="Theirs")
    response = client.post(f"{WORKING}strategy/figures/", mine)
    assert response.status_code == 409
    assert Strategy.objects.get().words == "Theirs"


def test_years_that_run_backwards_are_refused(office):
    client = office.client("officer")
    address = f"{WORKING}strategy/figures/"
    response = client.post(
        address, sent(client, address, title="S", first_year="2025/26", last_year="2024/25")
    )
    assert response.status_code == 422
    assert "2024/25 is before 2025/26." in words(response)


def found(line):
    years = tuple(
        FindingYear(
            year=FinancialYear(first), period=Period(FinancialYear(first), 12), variance=Decimal(-amount)
        )
        for first, amount in ((2021, 60_000), (2022, 75_000))
    )
    return Finding(
        service_line_id=line.pk,
        service=line.name,
        directorate_id=line.division.directorate_id,
        directorate=line.division.directorate.name,
        is_over=False,
        years=years,
        typical=Decimal(-60_000),
        summed=Decimal(-135_000),
    )


def test_a_service_under_year_after_year_is_offered_as_a_proposal_with_its_amount(office):
    client = office.client("officer")
    with patch("savings.views.sizing.right_sizing", return_value=(found(office.fostering),)) as asked:
        page = client.get(f"{WORKING}savings/right-sizing/?years=2&at_least=50,000")
    assert asked.call_args.kwargs == {"years": 2, "at_least": Decimal(50_000)}
    assert "2021/22 £60,000 under, 2022/23 £75,000 under" in words(page)
    offered = page.context["findings"][0]["address"]
    response = client.post(offered, sent(client, offered), follow=True)
    made = SavingsProposal.objects.get(type="right_sizing")
    assert (made.kind, made.service_line, made.recurrence) == ("saving", office.fostering, "recurrent")
    assert "Propose amounts for" in words(response)
    address = response.redirect_chain[-1][0]
    client.post(address, sent(client, address))
    phase = made.phasings.get().phases.get()
    assert (phase.year, phase.amount) == (2023, Decimal(-60_000))


def test_a_wrong_question_of_right_sizing_is_said(office):
    response = office.client("officer").get(f"{WORKING}savings/right-sizing/?years=9&at_least=-1")
    assert response.status_code == 422
