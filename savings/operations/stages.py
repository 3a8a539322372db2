"""How far a proposal has got: every step with who decided it, by what decision, and who recorded it."""

from datetime import date
from typing import Final

from django.db import transaction
from django.utils import timezone

from accounting.savings import Stage
from accounts.models import User
from savings.models import SavingsProposal, StageChange
from savings.operations.proposal_records import authorise_for, held_proposal, record, save_next_version
from savings.operations.refusals import ReasonNeededError, StageOrderError
from services.operations.authority import same_council
from services.operations.entries import checked_name, checked_words
from services.operations.refusals import InvalidEntryError
from services.roles import Permission

NEEDS_A_REASON: Final = frozenset({Stage.WITHDRAWN, Stage.WRITTEN_OFF, Stage.SLIPPED, Stage.REPLACED})


def permission_for(now: Stage | None, to: Stage) -> Permission:
    """What a step takes: the right to approve changes where it puts the proposal's amounts into the budget or takes them out of it."""
    counted = now is not None and now.counts
    return Permission.KEEP_BUDGETS if counted == to.counts else Permission.APPROVE_CHANGES


@transaction.atomic
def move_stage(
    *,
    by: User,
    proposal: SavingsProposal,
    expected_version: int,
    to: Stage,
    decided_by: str,
    decided_on: date | None = None,
    decision_reference: str = "",
    reason: str = "",
    replaced_by: SavingsProposal | None = None,
) -> SavingsProposal:
    """Move a proposal to a stage that may follow. `StageOrderError` otherwise; `ReasonNeededError` where members will ask why.

    `decided_by` is the body or role; `decided_on` is blank where no date is known. A replaced proposal names the one that replaces it.
    """
    now = held_proposal(by=by, proposal=proposal, expected_version=expected_version)
    stage = Stage(now.stage)
    authorise_for(
        by=by, council=now.council, directorate_id=now.directorate_id, needs=permission_for(stage, to)
    )
    _check_step(now, to, reason, replaced_by)
    now.stage = to
    now.replaced_by = replaced_by
    save_next_version(now)
    change = write_stage(
        by=by,
        proposal=now,
        from_stage=stage,
        to=to,
        decided_by=decided_by,
        decided_on=decided_on,
        decision_reference=decision_reference,
        reason=reason,
    )
    after = {
        "stage": to.value,
        "decided_by": change.decided_by,
        "decided_on": decided_on,
        "decision_reference": change.decision_reference,
        "replaced_by": replaced_by,
        "version": now.version,
    }
    after = {name: value for name, value in after.items() if value not in ("", None)}
    record(
        by=by,
        proposal=now,
        action="move proposal",
        before={"stage": stage.value},
        after=after,
        reason=change.reason,
    )
    return now


def write_stage(
    *,
    by: User,
    proposal: SavingsProposal,
    from_stage: Stage | None,
    to: Stage,
    decided_by: str,
    decided_on: date | None,
    decision_reference: str,
    reason: str,
) -> StageChange:
    """Add a step to the proposal's history, in the caller's transaction. One query."""
    return StageChange.objects.create(
        council_id=proposal.council_id,
        proposal=proposal,
        from_stage=from_stage.value if from_stage else "",
        to_stage=to.value,
        decided_on=decided_on,
        decided_by=checked_name("decided_by", decided_by),
        decision_reference=checked_name("decision_reference", decision_reference, required=False, limit=120),
        reason=checked_words("reason", reason),
        recorded_by=by,
        recorded_at=timezone.now(),
    )


def _check_step(now: SavingsProposal, to: Stage, reason: str, replaced_by: SavingsProposal | None) -> None:
    stage = Stage(now.stage)
    if to not in stage.follows:
        raise StageOrderError(str(now), stage, to)
    if to in NEEDS_A_REASON and not reason.strip():
        raise ReasonNeededError(to)
    _check_replacement(now, to, replaced_by)


def _check_replacement(now: SavingsProposal, to: Stage, by_which: SavingsProposal | None) -> None:
    if (to is Stage.REPLACED) != (by_which is not None):
        raise InvalidEntryError(
            "replaced_by",
            "choose the proposal that replaces it."
            if by_which is None
            else f"a proposal that becomes “{to.label}” has none; leave it blank.",
        )
    if by_which is not None:
        same_council(now.council_id, by_which)
        if by_which.pk == now.pk:
            raise InvalidEntryError("replaced_by", "a proposal cannot replace itself.")
