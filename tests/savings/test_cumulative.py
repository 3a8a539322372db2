"""What all savings together come to for each service: amounts, posts, and what is said of users, staff and service."""

import pytest

from accounting.savings import Stage
from savings.operations import proposals
from savings.operations.phasing import ShareFields
from savings.operations.proposals import NoteFields
from savings.position.content import savings_content
from savings.position.cumulative import effects_by_service
from savings.position.proposals import proposals_of
from tests.savings.factories import make_proposal, one_off, propose, recurrent, year
from tests.services.factories import make_council, make_line, make_period, pounds, the_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def council(db):
    return make_council()


def effects(council):
    return effects_by_service(proposals_of(council))


def test_savings_of_one_service_are_told_together(council):
    line = make_line(council, "Day care")
    make_proposal(
        council, "A", recurrent(2024, "-300"), stage=Stage.AGREED, service_line=line, posts=pounds("2")
    )
    make_proposal(
        council, "B", recurrent(2024, "-400"), one_off(2025, "-90"), service_line=line, posts=pounds("1.5")
    )
    make_proposal(council, "C", service_line=line, equality_assessment="complete")
    (found,) = effects(council)
    assert (found.directorate, found.service, found.proposals) == (
        "Children and Families",
        "Day care",
        ("A", "B", "C"),
    )
    assert (found.agreed, found.proposed, found.posts) == (pounds("-300"), pounds("-400"), pounds("3.5"))
    assert (found.without_amount, found.without_assessment) == (1, 2)


def test_what_is_said_of_users_and_staff_stands_with_the_proposal_that_says_it(council):
    made = make_proposal(council, "A", service="Telecare")
    notes = [
        NoteFields(aspect="users", words="3,000 people instead of 7,300"),
        NoteFields(aspect="evidence", words="A pilot"),
    ]
    proposals.set_notes(by=the_officer(council), proposal=made, expected_version=1, notes=notes)
    (found,) = effects(council)
    assert [(one.heading, one.note.words) for one in found.effects] == [
        ("A", "3,000 people instead of 7,300")
    ]


def test_growth_and_what_was_given_up_are_no_saving_and_no_service_comes_last(council):
    make_proposal(council, "Growth", kind="growth", service="Placements")
    make_proposal(council, "Gone", stage=Stage.WITHDRAWN, stage_reason="No", service="Placements")
    make_proposal(council, "Somewhere")
    make_proposal(council, "Here", service="Zoo")
    assert [one.service for one in effects(council)] == ["Zoo", ""]
    assert effects(council)[0].agreed is None


def test_only_our_part_of_a_shared_saving_is_counted(council):
    made = make_proposal(council, "Agencies")
    shares = [
        ShareFields(year=year(2012), partner="Ours", is_ours=True, amount=pounds("-40")),
        ShareFields(year=year(2012), partner="Theirs", amount=pounds("-60")),
    ]
    propose(made, recurrent(2012, "-100"), shares=shares)
    assert effects(council)[0].proposed == pounds("-40")


def test_a_publication_tells_only_what_the_public_may_see(council):
    make_proposal(council, "Idea", recurrent(2024, "-1"), service="Day care")
    make_proposal(council, "Agreed", recurrent(2024, "-2"), service="Day care", stage=Stage.AGREED)
    (found,) = savings_content(council, make_period(council)).effects
    assert (found.proposals, found.agreed, found.proposed) == (("Agreed",), pounds("-2"), None)
