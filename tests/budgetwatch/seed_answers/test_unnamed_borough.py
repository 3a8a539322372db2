"""The unnamed borough's panel on its draft strategy for 2018/19 to 2022/23: each question, and where its answer is."""

# ruff: noqa: N802 (a question keeps its number as the papers' list of questions has it)

import pytest

pytestmark = pytest.mark.django_db
PERIOD = "borough-002/2017-18/p8"
MODELS = "New Models of Care"


def test_S2_01_the_strategy_names_five_years_and_can_be_read_by_priority(site):
    page = site.page(f"{PERIOD}/strategy")
    assert page.says("2018/19", "2019/20", "2020/21", "2021/22", "2022/23", "Priority 1")
    chosen = site.client.get(f"/{PERIOD}/strategy/", {"priority": "Priority 1"})
    assert chosen.status_code == 200
    assert MODELS in chosen.content.decode()


@pytest.mark.parametrize(
    "title",
    [
        MODELS,
        "Early Help and Targeted Intervention",
        "Family Group Conferencing",
        "Family Based Placements",
        "Care Leavers – Semi-Independent Living",
        "Adoption and Special Guardianship Order payments",
    ],
)
def test_S2_02_six_proposals_stand_without_any_amount(site, title):
    assert site.page(f"{PERIOD}/strategy").says(title)
    assert site.proposal(PERIOD, title).says("No £ is given", "Priority 1")


def test_S2_03_an_investment_is_paid_back_from_later_savings(site):
    page = site.proposal(PERIOD, MODELS)
    assert page.says("Invest to save", "an investment now, paid back over time from the savings")
    assert page.says("give neither the investment nor the savings")


def test_S2_04_whether_there_is_a_reason_why_it_regularly_overspends(site):
    assert site.page(PERIOD).says("Demand is hard to project", "Almost all boroughs were overspending")


def test_S2_05_whether_overspending_is_common_elsewhere(site):
    assert site.page(f"{PERIOD}/strategy").says("Almost all boroughs were overspending", "survey of London")


def test_S2_06_how_forecasts_could_be_made(site):
    assert site.proposal(PERIOD, MODELS).says("predict what each kind of help costs", "doubted to exist")


def test_S2_11_what_drives_demand(site):
    assert site.proposal(PERIOD, MODELS).says(
        "childhood trauma", "substance misuse", "mental ill health", "austerity"
    )


def test_S2_12_how_contact_is_arranged_and_that_payments_to_care_leavers_are_reviewed(site):
    assert site.proposal(PERIOD, "Family Based Placements").says("how contact is arranged")
    assert site.proposal(PERIOD, "Semi-Independent Living").says("Payments to care leavers are under review")
