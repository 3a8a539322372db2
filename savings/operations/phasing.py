"""A proposal's amounts: proposed, then approved by somebody else. Every version stays as it was written."""

from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction

from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhasedPlan
from accounting.savings import Stage
from accounts.models import User
from savings.models import PhasingVersion, SavingsProposal, SavingsShare
from savings.operations.phasing_checks import (
    ShareFields,
    SpanFields,
    checked_phases,
    checked_shares,
    checked_spans,
    refuse_wrong_sign,
    written_out,
)
from savings.operations.phasing_writing import Amounts, write_version
from savings.operations.proposal_records import held_proposal
from savings.operations.refusals import ClosedProposalError, NewerPhasingError
from savings.position.phasing import plan_of
from services.operations.authority import refuse_own_work
from services.operations.entries import checked_money, checked_name, checked_words
from services.operations.refusals import AlreadyDoneError, InvalidEntryError
from services.roles import Permission

__all__ = ["PhasedAmount", "ShareFields", "SpanFields", "approve_phasing", "propose_phasing"]


@transaction.atomic
def propose_phasing(
    *,
    by: User,
    proposal: SavingsProposal,
    phases: Sequence[PhasedAmount],
    spans: Sequence[SpanFields] = (),
    shares: Sequence[ShareFields] = (),
    total_as_printed: Decimal | None = None,
    first_year_is_level: bool = False,
    note: str = "",
    as_printed: bool = False,
) -> PhasingVersion:
    """Record what a proposal is worth year by year, as changes to base (a saving negative), in a new version.

    A span for each year or in total is written out as years too, unless `phases` holds its years; they must then make its amount. One that a
    paper leaves open counts in no year, and only `as_printed`, what is taken from a paper, may leave it open (`UnclearSpanError`). So may signs
    that go the other way round. Shares of a year sum to its change to base, one of them ours (`BrokenRuleError` with the difference).
    """
    now = held_proposal(by=by, proposal=proposal)
    if not as_printed and Stage(now.stage).is_closed:
        raise ClosedProposalError(str(now), Stage(now.stage))
    kept_spans = checked_spans(spans, as_printed=as_printed)
    kept = written_out(checked_phases(phases), kept_spans)
    printed = checked_money("total_as_printed", total_as_printed)
    if not kept and not kept_spans and printed is None:
        raise InvalidEntryError(
            "amounts", "give an amount for at least one year. A proposal without any £ needs no amounts."
        )
    plan = PhasedPlan(phases=kept)
    if not as_printed:
        refuse_wrong_sign(now.kind, plan)
    amounts = Amounts(
        phases=kept,
        spans=tuple(kept_spans),
        shares=checked_shares(shares, plan),
        total_as_printed=printed,
        first_year_is_level=first_year_is_level,
        note=checked_words("note", note),
    )
    return write_version(
        by=by, proposal=now, status=PhasingVersion.Status.PROPOSED, amounts=amounts, action="propose phasing"
    )


@transaction.atomic
def approve_phasing(
    *,
    by: User,
    version: PhasingVersion,
    decision_reference: str,
    phases: Sequence[PhasedAmount] | None = None,
    shares: Sequence[ShareFields] | None = None,
    note: str = "",
) -> PhasingVersion:
    """Approve the newest proposed amounts, or what the decision made of them: an approved version of its own. Not by whoever proposed them.

    Amended `phases` stand without the paper's printed total and spans, which were about other amounts; amended amounts that are shared need
    `shares` that sum to them.
    """
    now = held_proposal(by=by, proposal=version.proposal, needs=Permission.APPROVE_CHANGES)
    proposed = _undecided(by, version, now)
    held = plan_of(proposed)
    kept = held.phases if phases is None else checked_phases(phases)
    plan = PhasedPlan(phases=kept)
    is_amended = kept != held.phases
    if is_amended:
        if not kept:
            raise InvalidEntryError("amounts", "give an amount for at least one year.")
        refuse_wrong_sign(now.kind, plan)
    given = [_share(share) for share in proposed.shares.all()] if shares is None else shares
    amounts = Amounts(
        phases=kept,
        spans=() if is_amended else held.spans,
        shares=checked_shares(given, plan),
        total_as_printed=None if is_amended else proposed.total_as_printed,
        first_year_is_level=proposed.first_year_is_level,
        note=checked_words("note", note),
        decision_reference=checked_name("decision_reference", decision_reference, limit=120),
        approves=proposed,
    )
    return write_version(
        by=by, proposal=now, status=PhasingVersion.Status.APPROVED, amounts=amounts, action="approve phasing"
    )


def _undecided(by: User, version: PhasingVersion, proposal: SavingsProposal) -> PhasingVersion:
    """The version to be approved, with its rows: the newest, proposed, and by somebody else."""
    newest = proposal.phasings.prefetch_related("phases", "spans", "shares").order_by("-number").first()
    if newest is None or (newest.pk != version.pk and newest.approves_id != version.pk):
        raise NewerPhasingError(version.number, newest.number if newest else 0)
    if newest.status == PhasingVersion.Status.APPROVED:
        raise AlreadyDoneError(
            f"The amounts of {proposal} have been approved already, as version {newest.number}."
        )
    refuse_own_work(
        by=by,
        subjects=[newest],
        actions=("propose phasing",),
        what=f"the amounts of {newest} to be approved",
        asked_by_id=newest.recorded_by_id,
    )
    return newest


def _share(share: SavingsShare) -> ShareFields:
    return ShareFields(
        year=FinancialYear(share.year), partner=share.partner, is_ours=share.is_ours, amount=share.amount
    )
