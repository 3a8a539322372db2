"""A proposal's amounts are versions: proposed by one person, approved by another, never overwritten."""

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhaseKind, SpanMeaning, SpanReading
from accounting.savings import Stage
from savings.models import PhasingVersion, SavingsPhase
from savings.operations import phasing, proposals
from savings.operations.phasing import ShareFields
from savings.operations.refusals import (
    ClosedProposalError,
    NewerPhasingError,
    PhasedTwiceError,
    SharesMissOursError,
    SpanDisagreesError,
    UnclearSpanError,
    WrongSignError,
)
from savings.position.phasing import current_of, current_plan
from services.models import RoleAssignment
from services.operations import deputies
from services.operations.refusals import (
    AlreadyDoneError,
    BrokenRuleError,
    InvalidEntryError,
    NotAllowedError,
    SelfApprovalError,
)
from services.roles import Role
from tests.services.factories import make_council, make_member_of, pounds, the_head, the_officer

pytestmark = pytest.mark.django_db

AGREED = "Council, minute 12"


def year(first):
    return FinancialYear(first)


def phased(first, amount, kind=PhaseKind.RECURRENT):
    return PhasedAmount(year=year(first), amount=pounds(amount), kind=kind)


def span(amount, meaning, words="", first=2013, last=2014):
    return SpanReading(
        first=year(first), last=year(last), amount=pounds(amount), meaning=meaning, words=words
    )


@pytest.fixture
def proposal(db):
    council = make_council()
    return proposals.record_proposal(by=the_officer(council), council=council, title="Agency fostering")


def proposed(proposal, *phases, **fields):
    return phasing.propose_phasing(
        by=the_officer(proposal.council), proposal=proposal, phases=phases, **fields
    )


def by_year(proposal):
    return {str(when): amount for when, amount in current_plan(proposal).by_year.items()}


def test_amounts_are_a_version_with_who_recorded_it_and_the_printed_total(proposal):
    version = proposed(
        proposal,
        phased(2026, "-742032"),
        phased(2027, "645032", PhaseKind.REVERSAL),
        total_as_printed=pounds("-97000"),
    )
    assert (version.number, version.status, version.recorded_by.post) == (1, "proposed", "Finance officer")
    plan = current_plan(proposal)
    assert by_year(proposal) == {"2026/27": pounds("-742032"), "2027/28": pounds("645032")}
    assert (plan.total, plan.gap_from_printed) == (pounds("-97000"), 0)


def test_what_is_approved_is_a_version_of_its_own_and_what_was_proposed_stays(proposal):
    version = proposed(proposal, phased(2026, "-100"), total_as_printed=pounds("-100"))
    approved = phasing.approve_phasing(
        by=the_head(proposal.council), version=version, decision_reference=AGREED
    )
    assert (approved.number, approved.status, approved.approves) == (2, "approved", version)
    assert (approved.decision_reference, approved.total_as_printed) == (AGREED, pounds("-100"))
    later = proposed(proposal, phased(2026, "-250"))
    assert current_of(proposal.phasings.all()) == approved
    assert by_year(proposal) == {"2026/27": pounds("-100")}
    assert later.number == 3


def test_a_decision_may_amend_the_amounts(proposal):
    version = proposed(
        proposal,
        spans=[span("-250", SpanMeaning.NOT_STATED, words="£250 in both years")],
        total_as_printed=pounds("-500"),
        as_printed=True,
    )
    approved = phasing.approve_phasing(
        by=the_head(proposal.council),
        version=version,
        decision_reference=AGREED,
        phases=[phased(2013, "-250"), phased(2014, "-250")],
        note="Each year",
    )
    assert by_year(proposal) == {"2013/14": pounds("-250"), "2014/15": pounds("-250")}
    assert (approved.total_as_printed, approved.spans.count(), approved.note) == (None, 0, "Each year")
    assert version.spans.count() == 1


def test_whoever_proposed_the_amounts_does_not_approve_them(proposal):
    head = the_head(proposal.council)
    version = phasing.propose_phasing(by=head, proposal=proposal, phases=[phased(2026, "-1")])
    with pytest.raises(SelfApprovalError):
        phasing.approve_phasing(by=head, version=version, decision_reference=AGREED)
    with pytest.raises(NotAllowedError):
        phasing.approve_phasing(by=the_officer(proposal.council), version=version, decision_reference=AGREED)


def test_the_deputy_of_whoever_proposed_the_amounts_does_not_approve_them(proposal):
    """A deputy stands in the place of the head who proposed; nobody may be both people behind a change."""
    head, today = the_head(proposal.council), timezone.localdate()
    deputy = make_member_of(proposal.council, Role.FINANCE_OFFICER, username="deputy")
    deputies.name_deputy(
        by=head,
        council=proposal.council,
        assignment=RoleAssignment.objects.select_related("council", "user").get(user=head),
        deputy=deputy,
        starts_on=today,
        ends_on=today,
        reason="On leave",
    )
    by_the_head = phasing.propose_phasing(by=head, proposal=proposal, phases=[phased(2026, "-1")])
    with pytest.raises(SelfApprovalError):
        phasing.approve_phasing(by=deputy, version=by_the_head, decision_reference=AGREED)
    by_the_officer = proposed(proposal, phased(2026, "-2"))
    approved = phasing.approve_phasing(by=deputy, version=by_the_officer, decision_reference=AGREED)
    assert approved.number == 3


def test_only_the_newest_amounts_are_approved_and_only_once(proposal):
    head = the_head(proposal.council)
    first = proposed(proposal, phased(2026, "-1"))
    second = proposed(proposal, phased(2026, "-2"))
    with pytest.raises(NewerPhasingError, match="version 2 has been recorded since"):
        phasing.approve_phasing(by=head, version=first, decision_reference=AGREED)
    approved = phasing.approve_phasing(by=head, version=second, decision_reference=AGREED)
    for version in (second, approved):
        with pytest.raises(AlreadyDoneError, match="as version 3"):
            phasing.approve_phasing(by=head, version=version, decision_reference=AGREED)


def test_an_approval_names_its_decision(proposal):
    with pytest.raises(InvalidEntryError, match="Decision reference"):
        phasing.approve_phasing(
            by=the_head(proposal.council),
            version=proposed(proposal, phased(2026, "-1")),
            decision_reference=" ",
        )


@pytest.mark.parametrize(
    ("meaning", "amounts"),
    [
        (SpanMeaning.EACH_YEAR, {"2013/14": "-250000", "2014/15": "-250000"}),
        (SpanMeaning.IN_TOTAL, {"2013/14": "-125000", "2014/15": "-125000"}),
    ],
)
def test_an_amount_for_several_years_is_written_out_as_it_is_meant(proposal, meaning, amounts):
    proposed(proposal, phased(2012, "-125000"), spans=[span("-250000", meaning)])
    assert by_year(proposal) == {"2012/13": pounds("-125000")} | {
        when: pounds(amount) for when, amount in amounts.items()
    }


def test_the_writer_must_say_which_of_the_two_is_meant(proposal):
    words = "£250,000 in 2013/14 and 2014/15"
    unclear = span("-250000", SpanMeaning.NOT_STATED, words=words)
    with pytest.raises(UnclearSpanError, match="2013/14 to 2014/15 is for each of these years, or for all"):
        proposed(proposal, spans=[unclear])
    with pytest.raises(UnclearSpanError):
        proposed(proposal, spans=[span("-250000", SpanMeaning.NOT_STATED)], as_printed=True)
    version = proposed(proposal, phased(2012, "-125000"), spans=[unclear], as_printed=True)
    assert version.spans.get().words == words
    assert by_year(proposal) == {"2012/13": pounds("-125000")}


def test_an_odd_penny_of_an_amount_over_years_goes_to_the_first(proposal):
    proposed(proposal, spans=[span("-100", SpanMeaning.IN_TOTAL, last=2015)])
    assert list(by_year(proposal).values()) == [pounds("-33.34"), pounds("-33.33"), pounds("-33.33")]


def test_years_written_out_for_an_amount_must_make_it(proposal):
    with pytest.raises(SpanDisagreesError, match=r"a difference of £50\.00"):
        proposed(
            proposal,
            phased(2013, "-100"),
            phased(2014, "-100"),
            spans=[span("-250", SpanMeaning.IN_TOTAL)],
        )
    proposed(proposal, phased(2013, "-100"), phased(2014, "-150"), spans=[span("-250", SpanMeaning.IN_TOTAL)])
    assert list(by_year(proposal).values()) == [pounds("-100"), pounds("-150")]


def test_one_year_is_not_several(proposal):
    with pytest.raises(InvalidEntryError, match="not several years"):
        proposed(proposal, spans=[span("-1", SpanMeaning.IN_TOTAL, last=2013)])


def test_two_amounts_of_one_year_and_kind_are_refused(proposal):
    with pytest.raises(PhasedTwiceError, match=r"2026/27 \(recurrent\)"):
        proposed(proposal, phased(2026, "-1"), phased(2026, "-2"))
    proposed(proposal, phased(2026, "-1"), phased(2026, "-2", PhaseKind.ONE_OFF))


def test_a_saving_that_adds_to_the_budget_is_a_slip_unless_a_paper_prints_it(proposal):
    with pytest.raises(WrongSignError, match=r"£100\.00.*a saving is negative"):
        proposed(proposal, phased(2026, "100"))
    assert proposed(proposal, phased(2026, "100"), as_printed=True).number == 1


def test_growth_is_positive(proposal):
    council = proposal.council
    growth = proposals.record_proposal(
        by=the_officer(council), council=council, title="Demand", kind="growth"
    )
    with pytest.raises(WrongSignError, match="growth is positive"):
        proposed(growth, phased(2026, "-100"))
    proposed(growth, phased(2026, "100"))


def test_a_version_says_something(proposal):
    with pytest.raises(InvalidEntryError, match="at least one year"):
        proposed(proposal)
    assert proposed(proposal, total_as_printed=pounds("-700")).number == 1
    assert current_plan(proposal).total is None


@pytest.mark.parametrize("amount", [Decimal("1.005"), 5.0, Decimal("NaN")])
def test_amounts_are_exact_pounds(proposal, amount):
    with pytest.raises(InvalidEntryError, match="2026/27"):
        proposed(proposal, PhasedAmount(year=year(2026), amount=amount))


def shares(*amounts, ours=0, first=2012):
    names = ("Kensington and Chelsea", "Westminster", "Hammersmith and Fulham")
    return [
        ShareFields(year=year(first), partner=names[place], is_ours=place == ours, amount=pounds(amount))
        for place, amount in enumerate(amounts)
    ]


def test_shares_of_a_shared_saving_sum_to_it(proposal):
    with pytest.raises(BrokenRuleError, match=r"a difference of −£0\.01"):
        proposed(proposal, phased(2012, "-125000"), shares=shares("-41666.67", "-41666.67", "-41666.67"))
    version = proposed(
        proposal, phased(2012, "-125000"), shares=shares("-41666.67", "-41666.67", "-41666.66")
    )
    assert version.shares.filter(is_ours=True).get().amount == pounds("-41666.67")


def test_a_split_that_is_not_agreed_is_kept_as_not_agreed(proposal):
    version = proposed(proposal, phased(2012, "-125000"), shares=shares(None, None, None))
    assert {share.amount for share in version.shares.all()} == {None}


def test_one_of_the_shares_is_ours(proposal):
    with pytest.raises(SharesMissOursError, match="none of the shares is"):
        proposed(proposal, phased(2012, "-1"), shares=shares("-1", ours=5))
    twice = [*shares("-1", None), ShareFields(year=year(2012), partner="Westminster", amount=None)]
    with pytest.raises(InvalidEntryError, match="two shares"):
        proposed(proposal, phased(2012, "-1"), shares=twice)


def test_an_amended_shared_saving_needs_new_shares(proposal):
    version = proposed(proposal, phased(2012, "-90"), shares=shares("-30", "-30", "-30"))
    given = {
        "by": the_head(proposal.council),
        "version": version,
        "decision_reference": AGREED,
        "phases": [phased(2012, "-60")],
    }
    with pytest.raises(BrokenRuleError, match="sum to"):
        phasing.approve_phasing(**given)
    approved = phasing.approve_phasing(**given, shares=shares("-20", "-20", "-20"))
    assert [share.amount for share in approved.shares.all()] == [pounds("-20")] * 3


def test_a_closed_proposal_takes_no_new_amounts(proposal):
    now = proposals.move_stage(
        by=the_officer(proposal.council),
        proposal=proposal,
        expected_version=1,
        to=Stage.WITHDRAWN,
        decided_by="Cabinet",
        reason="Not wanted",
    )
    with pytest.raises(ClosedProposalError, match="Withdrawn"):
        proposed(now, phased(2026, "-1"))
    assert proposed(now, phased(2026, "-1"), as_printed=True).number == 1


@pytest.mark.parametrize("model", [PhasingVersion, SavingsPhase])
def test_the_database_itself_refuses_to_overwrite_a_version(proposal, model):
    proposed(proposal, phased(2026, "-1"))
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(council=proposal.council_id)
    with pytest.raises(DatabaseError), transaction.atomic():
        SavingsPhase.objects.all().delete()
