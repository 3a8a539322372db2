"""Barking and Dagenham's budget update of January 2015: what members need to know, and where it is."""

# ruff: noqa: N802 (a question keeps its number as the papers' list of questions has it)

import pytest

pytestmark = pytest.mark.django_db
PERIOD = "lbbd/2014-15/p8"


@pytest.fixture
def page(site):
    return site.page(f"{PERIOD}/recovery")


def test_S4_01_a_range_of_3_to_4_million_is_a_range(page):
    assert page.says("3,000,000", "4,000,000", "possible overspend at the year's end")


def test_S4_02_eight_actions_come_to_1_120_000_as_printed(page):
    assert page.says("50,000", "20,000", "60,000", "340,000", "200,000", "150,000", "250,000")
    assert page.says("1,120,000", "Freeze of a post or of spending", "Partner contribution", "Income")


def test_S4_03_224_537_of_250_000_is_identified_and_not_yet_received(page):
    assert page.says("224,537", "89.8%", "Identified is not yet received")


def test_S4_04_and_S4_31_what_has_changed_since_september(page):
    assert page.says("5,466,000", "4,681,000", "785,000")
    assert page.says("4,652,000", "3,751,000", "901,000", "no more than")


def test_S4_04_from_gross_to_after_reserves_is_930_thousand(page):
    assert page.says("930,000", "Reserves and other savings")


def test_S4_06_1_per_cent_of_placements_is_170_thousand_over_a_full_year(page):
    assert page.says("170,000", "1% reduction")


def test_S4_07_four_agency_staff_made_permanent_save_40_to_80_thousand(page):
    assert page.says("10,000", "20,000", "40,000", "80,000", "4 agency staff")


def test_S4_08_and_S4_09_cases_in_court_contacts_and_closures(page):
    assert page.says("79 in August to 65 in December", "2,351 contacts", "572 cases")


def test_S4_10_proposal_chs_sav_34_and_a_list_that_is_partial(site, page):
    assert site.proposal(PERIOD, "CHS/SAV/34").says("Troubled Families", "No £ is given")
    assert page.says("14 areas previously identified", "which it does not list", "eight immediate actions")


def test_S4_21_who_decides_on_the_salary_business_case(page):
    assert page.says("Corporate Director of Children's Services", "Chief Finance Officer", "Chief Executive")


def test_S4_23_next_steps_have_their_bodies(page):
    assert page.says(
        "Report to Cabinet", "Children's Services Select Committee", "2017", "costed financial model"
    )


def test_S4_30_which_actions_are_delivered_how_much_and_what_is_left(page):
    assert page.says("In progress", "Implemented", "25,463"), (
        "£250,000 less £224,537 is still to be identified"
    )


def test_S4_32_what_is_short_term_and_what_is_longer(page):
    assert page.says("This year", "Medium term", "Long term")


def test_S4_33_whether_reserves_are_available(page):
    assert page.says("Children's Services reserves, which no longer exist")


def test_S4_34_who_must_approve_this_spending(page):
    assert page.says(
        "All placements", "Corporate Director", "Additional legal counsel", "Divisional Director"
    )
    assert page.says("moratorium")


def test_S4_35_how_far_each_external_recommendation_has_got(page):
    assert page.says("Local Government Association", "Work not yet completed", "Isos Partnership", "iMPower")
    assert page.says("Expand and target early help", "Improve the child's journey", "Develop the workforce")
    assert page.says("Accepted", "In progress")
