"""Proposals are recorded with or without any £, changed by version, and moved from stage to stage by whoever may."""

from datetime import date

import pytest

from accounting.savings import Stage
from savings.models import SavingsProposal, StageChange
from savings.operations import proposals
from savings.operations.refusals import ReasonNeededError, StageOrderError
from services.models import AuditEntry
from services.operations.refusals import (
    InvalidEntryError,
    NotAllowedError,
    StaleVersionError,
    WrongCouncilError,
)
from services.roles import Role
from tests.services.factories import (
    make_council,
    make_directorate,
    make_line,
    make_member_of,
    pounds,
    the_head,
    the_officer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    return make_council()


def recorded(council, title="New Models of Care", **fields):
    return proposals.record_proposal(by=the_officer(council), council=council, title=title, **fields)


def test_a_proposal_without_any_pound_is_legal_and_starts_as_an_idea(council):
    proposal = recorded(council, reference="CHS/SAV/34")
    change = proposal.stage_changes.get()
    assert (proposal.stage, change.from_stage, change.to_stage) == ("idea", "", "idea")
    assert change.decided_by == "Finance officer"
    assert not proposal.phasings.exists()


def test_a_paper_may_give_a_proposal_its_stage_with_who_decided_and_when(council):
    proposal = proposals.record_proposal(
        by=the_head(council),
        council=council,
        title="Telecare",
        stage=Stage.AGREED,
        decided_by="Council",
        decided_on=date(2023, 3, 1),
        decision_reference="Minute 12",
    )
    change = proposal.stage_changes.get()
    assert (change.to_stage, change.decided_by, change.decided_on) == ("agreed", "Council", date(2023, 3, 1))


def test_what_counts_in_the_budget_says_who_decided_it_and_is_recorded_by_who_may_approve(council):
    with pytest.raises(InvalidEntryError, match="say who decided"):
        proposals.record_proposal(by=the_head(council), council=council, title="T", stage=Stage.AGREED)
    with pytest.raises(NotAllowedError, match="approve virements"):
        recorded(council, stage=Stage.AGREED, decided_by="Council")
    assert not SavingsProposal.objects.exists()


def test_a_line_brings_its_directorate_and_another_is_refused(council):
    line = make_line(council)
    assert recorded(council, service_line=line).directorate == line.division.directorate
    with pytest.raises(InvalidEntryError, match="belongs to Children and Families"):
        recorded(council, "Other", service_line=line, directorate=make_directorate(council, "Education"))


def test_another_councils_line_is_refused(council):
    elsewhere = make_council("south-borough", "South Borough")
    with pytest.raises(WrongCouncilError):
        recorded(council, service_line=make_line(elsewhere))


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": " "}, "Title: must not be blank"),
        ({"title": "T", "kind": "cut"}, "“cut” is not one of saving, growth"),
        ({"title": "T", "type": "magic"}, "Type: “magic”"),
        ({"title": "T", "posts": pounds("-1")}, "nil or more"),
        ({"title": "T", "order": -1}, "whole number"),
        ({"title": "T", "lead_role": "x" * 201}, "the limit is 200"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(council, fields, says):
    with pytest.raises(InvalidEntryError, match=says):
        proposals.record_proposal(by=the_officer(council), council=council, **fields)


def test_two_proposals_do_not_share_a_reference_or_a_title_without_one(council):
    recorded(council, "One", reference="OP12")
    with pytest.raises(InvalidEntryError, match="is the reference of “One”"):
        recorded(council, "Two", reference="OP12")
    recorded(council, "Same")
    with pytest.raises(InvalidEntryError, match="already a proposal “Same”"):
        recorded(council, "Same")
    recorded(council, "Same", reference="OP13")
    recorded(make_council("south-borough", "South Borough"), "One", reference="OP12")


def test_a_change_is_kept_with_the_next_version_and_what_it_was(council):
    proposal = recorded(council)
    now = proposals.change_proposal(
        by=the_officer(council), proposal=proposal, expected_version=1, posts=pounds("2.5"), type="staffing"
    )
    assert (now.version, now.posts, now.type) == (2, pounds("2.5"), "staffing")
    entry = AuditEntry.objects.get(action="change proposal")
    assert (entry.before, entry.after) == (
        {"type": "other", "posts": None},
        {"type": "staffing", "posts": "2.50", "version": 2},
    )


def test_nothing_changed_is_no_new_version(council):
    proposal = recorded(council)
    now = proposals.change_proposal(
        by=the_officer(council), proposal=proposal, expected_version=1, title=proposal.title
    )
    assert now.version == 1
    assert not AuditEntry.objects.filter(action="change proposal").exists()


def test_a_stale_change_is_refused_with_what_is_held_and_who_saved_it(council):
    proposal = recorded(council)
    proposals.change_proposal(
        by=the_officer(council), proposal=proposal, expected_version=1, priority="Priority 1"
    )
    with pytest.raises(StaleVersionError, match="saved by Finance officer") as refused:
        proposals.change_proposal(
            by=the_head(council), proposal=proposal, expected_version=1, priority="Priority 2"
        )
    assert refused.value.theirs[0].values["priority"] == "Priority 1"


def test_moving_a_proposal_to_another_directorate_takes_the_right_to_both(council):
    education = make_directorate(council, "Education")
    keeper = make_member_of(
        council, Role.FINANCE_OFFICER, directorate=make_directorate(council), username="keeper"
    )
    proposal = recorded(council, directorate=make_directorate(council))
    with pytest.raises(NotAllowedError):
        proposals.change_proposal(by=keeper, proposal=proposal, expected_version=1, directorate=education)
    with pytest.raises(NotAllowedError):
        proposals.record_proposal(by=keeper, council=council, title="Of the whole council")


def moved(council, proposal, *stages, by=None):
    for to in stages:
        proposal = proposals.move_stage(
            by=by or the_head(council),
            proposal=proposal,
            expected_version=proposal.version,
            to=to,
            decided_by="Cabinet",
            reason="As the report says.",
        )
    return proposal


def test_every_step_is_kept_with_who_decided_it(council):
    proposal = moved(
        council, recorded(council), Stage.PROPOSAL, Stage.CONSULTATION, Stage.RECOMMENDED, Stage.AGREED
    )
    steps = StageChange.objects.values_list("from_stage", "to_stage", "decided_by")
    assert list(steps)[1:] == [
        ("idea", "proposal", "Cabinet"),
        ("proposal", "consultation", "Cabinet"),
        ("consultation", "recommended", "Cabinet"),
        ("recommended", "agreed", "Cabinet"),
    ]
    assert proposal.version == 5


def test_a_step_that_cannot_follow_is_refused_with_those_that_can(council):
    with pytest.raises(
        StageOrderError, match="It can become: Consultation, Proposal, Recommended, Replaced"
    ) as told:
        moved(council, recorded(council), Stage.DELIVERED)
    assert Stage.PROPOSAL in told.value.allowed
    withdrawn = moved(council, SavingsProposal.objects.get(), Stage.WITHDRAWN)
    with pytest.raises(StageOrderError, match="record a new proposal"):
        moved(council, withdrawn, Stage.PROPOSAL)


@pytest.mark.parametrize("to", [Stage.WITHDRAWN, Stage.REPLACED])
def test_what_members_will_ask_about_needs_a_reason(council, to):
    with pytest.raises(ReasonNeededError, match="Say why"):
        proposals.move_stage(
            by=the_officer(council),
            proposal=recorded(council),
            expected_version=1,
            to=to,
            decided_by="Cabinet",
        )


def test_what_puts_amounts_into_the_budget_or_takes_them_out_is_for_whoever_may_approve(council):
    officer = the_officer(council)
    proposal = moved(council, recorded(council), Stage.PROPOSAL, Stage.CONSULTATION, by=officer)
    with pytest.raises(NotAllowedError):
        moved(council, proposal, Stage.AGREED, by=officer)
    agreed = moved(council, proposal, Stage.AGREED)
    running = moved(council, agreed, Stage.IN_DELIVERY, Stage.SLIPPED, by=officer)
    with pytest.raises(NotAllowedError):
        moved(council, running, Stage.WRITTEN_OFF, by=officer)
    assert moved(council, running, Stage.WRITTEN_OFF).stage == Stage.WRITTEN_OFF


def test_a_replaced_proposal_names_the_one_that_replaces_it(council):
    proposal, other = recorded(council), recorded(council, "Another way")
    given = {"by": the_officer(council), "expected_version": 1, "decided_by": "Cabinet", "reason": "Better"}
    with pytest.raises(InvalidEntryError, match="choose the proposal"):
        proposals.move_stage(proposal=proposal, to=Stage.REPLACED, **given)
    with pytest.raises(InvalidEntryError, match="replace itself"):
        proposals.move_stage(proposal=proposal, to=Stage.REPLACED, replaced_by=proposal, **given)
    with pytest.raises(InvalidEntryError, match="leave it blank"):
        proposals.move_stage(proposal=proposal, to=Stage.PROPOSAL, replaced_by=other, **given)
    now = proposals.move_stage(proposal=proposal, to=Stage.REPLACED, replaced_by=other, **given)
    assert now.replaced_by == other
