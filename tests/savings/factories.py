"""Proposals and their amounts for tests, made through the same operations that people use. Amounts are text, in pounds, a saving negative."""

from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhaseKind
from accounting.savings import Stage
from savings.models import PhasingVersion, SavingsProposal
from savings.operations import phasing, proposals
from services.models import Council
from tests.services.factories import pounds, the_head, the_officer


def year(first: int) -> FinancialYear:
    """`year(2026)` is 2026/27."""
    return FinancialYear(first)


def recurrent(first: int, amount: str) -> PhasedAmount:
    """A change to base that lasts."""
    return PhasedAmount(year=year(first), amount=pounds(amount))


def one_off(first: int, amount: str) -> PhasedAmount:
    """A change to base that comes back out the year after."""
    return PhasedAmount(year=year(first), amount=pounds(amount), kind=PhaseKind.ONE_OFF)


def reversal(first: int, amount: str) -> PhasedAmount:
    """An earlier change written as taken back out."""
    return PhasedAmount(year=year(first), amount=pounds(amount), kind=PhaseKind.REVERSAL)


def make_proposal(
    council: Council,
    title: str = "Telecare",
    *amounts: PhasedAmount,
    stage: Stage = Stage.IDEA,
    **fields,
) -> SavingsProposal:
    """A proposal at a stage, with its amounts proposed if there are any."""
    made = proposals.record_proposal(
        by=the_head(council), council=council, title=title, stage=stage, decided_by="Council", **fields
    )
    if amounts:
        propose(made, *amounts, as_printed=True)
    return made


def propose(proposal: SavingsProposal, *amounts: PhasedAmount, **fields) -> PhasingVersion:
    """A proposed version of its amounts, by the finance officer."""
    return phasing.propose_phasing(
        by=the_officer(proposal.council), proposal=proposal, phases=amounts, **fields
    )


def approve(version: PhasingVersion, **fields) -> PhasingVersion:
    """The amounts approved, by the head of finance."""
    return phasing.approve_phasing(
        by=the_head(version.proposal.council), version=version, decision_reference="Minute 12", **fields
    )
