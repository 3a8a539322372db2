"""Hackney's task group on the savings of 2016/17 (minutes, item 6): each question, and where its answer is."""

# ruff: noqa: N802 (a question keeps its number as the papers' list of questions has it)

import pytest

pytestmark = pytest.mark.django_db
PERIOD = "hackney/2015-16/p8"
ONE_SERVICE = "Children and young people's services: one early-help service"
FOSTERING = "More in-house foster carers in place of agency placements"
PEOPLE = "Supporting people: fewer contracts"
MENTAL = "Mental health care support: right-size the budget"
PROVIDED = "Provided services, in particular housing with care"
SHARED = "Shared working and joint funding with health"
CHARGE = "Charge for telecare"


def test_S0_10_S0_23_how_the_2m_is_made_up_and_that_it_is_not_broken_down(site):
    page = site.proposal(PERIOD, ONE_SERVICE)
    assert page.says("2,000,000", "2016/17", "not yet broken down")
    assert page.says(
        "Less spent on management",
        "Youth staff spend more of their time in the youth hubs",
        "More value from contracts with voluntary organisations",
        "Joined-up triage and family support",
        "No duplication of services",
        "Social workers in schools",
    )


def test_S0_11_telecare_saved_120_thousand_by_one_provider(site):
    assert site.page(f"{PERIOD}/savings").says("Telecare re-commissioned", "120,000", "Green")


def test_S0_12_both_63_and_65_providers_stand_with_who_said_so(site):
    page = site.proposal(PERIOD, PEOPLE)
    assert page.says("65 external providers", "Task group member", "63 contractors, reduced to 35")
    assert page.says("Assistant Director, Commissioning", "3,000", "7,300")


def test_S0_14_day_care_is_700_thousand_of_which_300_this_year(site):
    page = site.proposal(PERIOD, "Day care integration")
    assert page.says("300,000", "400,000", "700,000", "Derived £700,000 less £300,000")


def test_S0_15_a_telecare_charge_of_5_a_week_has_no_amount(site):
    assert site.proposal(PERIOD, CHARGE).says("£5 a week", "No £ is given")


def test_S0_20_whether_spending_on_adults_saves_on_children(site):
    assert site.proposal(PERIOD, ONE_SERVICE).says(
        "Would more spent on adult social care save", "transition to adult care"
    )


def test_S0_21_how_co_commissioning_is_done(site):
    assert site.proposal(PERIOD, ONE_SERVICE).says("Co-commissioning", "social workers in schools", "housing")


def test_S0_22_why_prevention_and_statutory_spending_vary_between_boroughs(site):
    assert site.proposal(PERIOD, ONE_SERVICE).says(
        "varies across London", "criticised by the inspectorate", "statistical neighbours"
    )


def test_S0_24_what_gaps_are_addressed(site):
    assert site.proposal(PERIOD, ONE_SERVICE).says(
        "Gaps that are addressed", "Demand in the system may change"
    )


def test_S0_25_what_it_means_for_a_young_person_and_their_worker(site):
    assert site.proposal(PERIOD, ONE_SERVICE).says(
        "Effect on those who use the service", "youth justice moves closer to child protection"
    )


def test_S0_26_whether_regulation_adds_cost(site):
    assert site.proposal(PERIOD, ONE_SERVICE).says(
        "Regulation adds cost and cannot be cut",
        "independent reviewing officer",
        "three years after qualifying",
    )


def test_S0_27_why_foster_carers_are_few_who_they_are_and_whether_the_payment_works(site):
    page = site.proposal(PERIOD, FOSTERING)
    assert page.says("costs twice as much", "Why there are too few", "Who they are", "after six months")
    assert page.says("Carers who stay one or two years are worth having")


def test_S0_28_whether_the_council_can_lobby(site):
    assert site.proposal(PERIOD, FOSTERING).says("Lobbying for a level playing field is being done")


def test_S0_29_more_detail_before_the_next_meeting(site):
    assert site.proposal(PERIOD, ONE_SERVICE).says(
        "action (a) asks three assistant directors for more detail"
    )


def test_S0_30_staff_morale_and_what_recruitment_costs(site):
    assert site.proposal(PERIOD, ONE_SERVICE).says("Morale: a workforce strategy", "asked for and not given")


def test_S0_31_where_the_underspend_of_1m_came_from(site):
    page = site.proposal(PERIOD, MENTAL)
    assert page.says(
        "1,000,000", "Where the underspend came from", "posts were saved", "one centre next year"
    )
    assert page.says("Right-sizing")


def test_S0_32_what_the_council_can_stop_doing(site):
    assert site.proposal(PERIOD, PROVIDED).says(
        "what the council should no longer do", "In 2016/17 it is not likely"
    )


def test_S0_33_whether_services_come_in_house(site):
    assert site.proposal(PERIOD, PROVIDED).says("Whether to bring services in house is not the question")


def test_S0_34_what_welfare_reform_does(site):
    assert site.proposal(PERIOD, CHARGE).says("welfare reform has not yet lowered the charges collected")


@pytest.mark.parametrize("title", [PEOPLE, CHARGE, "Day care integration"])
def test_S0_35_whether_an_equality_assessment_and_consultation_are_needed(site, title):
    page = site.proposal(PERIOD, title)
    assert page.says(
        "6.65: needed, to keep the effect small", "6.65: users will need to be spoken to", "Planned"
    )


def test_S0_36_what_each_partner_spends(site):
    page = site.proposal(PERIOD, SHARED)
    assert page.says("clinical commissioning group £400m", "adult social care £84m", "public health £29m")
    assert page.says("action (b)")


def test_S0_37_why_adults_and_children_are_looked_at_together(site):
    assert site.proposal(PERIOD, SHARED).says("can leave out the whole family")
