"""Kensington and Chelsea's mini-group of May 2011: what it heard of savings, and where that is."""

# ruff: noqa: N802 (a question keeps its number as the papers' list of questions has it)

import pytest

pytestmark = pytest.mark.django_db
PERIOD = "rbkc/2011-12/p1"
STAFF = "Fostering: flexible use of commissioned staff"
MANAGERS = "Combined fostering and adoption service: fewer managers"
AGENCIES = "Less use of independent fostering agencies"
REDESIGN = "Early intervention redesign"
GRANT = "Early Intervention Grant lower than the grants before it"
SOCIAL_WORK = "Social work productivity: combined teams and changed thresholds"


def test_S3_10_10_thousand_and_90_thousand_are_100_thousand(site):
    page = site.proposal(PERIOD, STAFF)
    assert page.says(
        "10,000", "90,000", "100,000", "Already taken before 2011/12", "In the budget of 2011/12"
    )


def test_S3_11_what_a_carer_costs_a_week_and_on_which_basis(site):
    assert site.proposal(PERIOD, "Sharper recruitment of foster carers").says(
        "£712", "£820", "£880", "just over £1,000", "other two boroughs were not available"
    )


def test_S3_13_five_posts_and_240_thousand_of_management(site):
    assert site.proposal(PERIOD, MANAGERS).says("240,000", "2012/13", "from 11.4 to 9", "2.4", "2.6")


def test_S3_14_250_thousand_in_two_years_can_be_read_two_ways_and_shares_are_not_agreed(site):
    page = site.proposal(PERIOD, AGENCIES)
    assert page.says(
        "125,000", "by a further £250,000 in 2013/14 and 2014/15", "The paper does not say which"
    )
    assert page.says("250,000", "500,000"), "in total, or each year"
    assert page.says("Westminster", "Hammersmith and Fulham", "Kensington and Chelsea", "not yet agreed")


def test_S3_15_income_of_100_thousand_from_carers_capacity(site):
    assert site.proposal(PERIOD, "Selling foster carers").says(
        "100,000", "“This year” was said on 22 March 2011"
    )


def test_S3_20_and_S3_21_teams_and_how_time_is_used(site):
    page = site.proposal(PERIOD, SOCIAL_WORK)
    assert page.says("42 social workers", "23%", "15%", "21%", "11%", "9%", "25% face to face", "35% direct")
    assert site.proposal(PERIOD, "Social work teams from seven to six").says("no net saving")


def test_S3_31_and_S3_32_half_a_million_in_2012_13_and_when_it_is_decided(site):
    page = site.proposal(PERIOD, REDESIGN)
    assert page.says("500,000", "2012/13", "not necessarily through redundancy", "About 500 children")
    assert page.says("a decision in June", "implementation on 1 April 2012")


def test_S3_40_what_early_intervention_spending_is_made_of(site):
    page = site.proposal(PERIOD, REDESIGN)
    assert page.says("£3.7m", "£4.6m", "£9-10m", "£8.3m", "parenting programmes")
    assert site.page(PERIOD).says("Early years, including children's centres", "Youth and play")


def test_S3_41_what_the_loss_of_grant_did_before_any_redesign(site):
    page = site.proposal(PERIOD, GRANT)
    assert page.says(
        "1,800,000", "£6.7m", "£8.5m", "careers guidance", "one-to-one mentoring", "parenting programmes"
    )


def test_S3_42_which_redesigns_are_open(site):
    assert site.proposal(PERIOD, REDESIGN).says(
        "Locality teams", "Multi-disciplinary teams", "More generic, properly trained support workers"
    )


def test_S3_43_what_the_group_puts_first(site):
    assert site.proposal(PERIOD, REDESIGN).says(
        "(i) the risk factors", "(iv) property", "(vii) outcomes monitored"
    )


def test_S3_44_what_a_loss_of_carers_risks(site):
    assert site.proposal(PERIOD, AGENCIES).says(
        "A loss of carers could raise costs dramatically", "residential"
    )
    assert site.proposal(PERIOD, SOCIAL_WORK).says("risk assessment against unintended consequences")


def test_S3_45_what_sovereignty_and_sharing_constrain(site):
    assert site.proposal(PERIOD, SOCIAL_WORK).says("as part of the council's sovereignty")
    assert site.proposal(PERIOD, REDESIGN).says("Despite the sovereignty guarantee")


def test_S3_46_options_risks_outcomes_property_volunteers_and_knock_on_effects(site):
    assert site.proposal(PERIOD, REDESIGN).says(
        "Options considered",
        "How outcomes are measured",
        "Effect on property",
        "What volunteers could do",
        "Effects elsewhere",
    )
