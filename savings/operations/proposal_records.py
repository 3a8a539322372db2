"""What operations on a proposal share: holding it, who may, which version, and the record of what was done."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from savings.models import SavingsProposal
from services import audit
from services.models import Council
from services.operations.authority import authorise
from services.operations.refusals import StaleVersionError, WrongCouncilError
from services.operations.staleness import last_saved, theirs
from services.roles import Permission


def authorise_for(
    *, by: User, council: Council, directorate_id: int | None, needs: Permission = Permission.KEEP_BUDGETS
) -> None:
    """Refuse a person who may not do this for the proposal's directorate; a proposal of none is the whole council's. One query."""
    authorise(
        by=by,
        council=council,
        needs=needs,
        directorate_ids=None if directorate_id is None else [directorate_id],
    )


def held_proposal(
    *,
    by: User,
    proposal: SavingsProposal,
    expected_version: int | None = None,
    needs: Permission = Permission.KEEP_BUDGETS,
) -> SavingsProposal:
    """The proposal as it is now, held until the transaction ends, for somebody who may.

    The council's chain is held first, as every writer does, so that nobody waits for ever. Raises `StaleVersionError` where somebody else
    changed it since `expected_version`; `None` asks for no particular version.
    """
    audit.hold(proposal.council_id)
    now = (
        SavingsProposal.objects.select_for_update(of=("self",))
        .select_related("council", "directorate", "service_line__division")
        .filter(pk=proposal.pk)
        .first()
    )
    if now is None:
        raise WrongCouncilError("There is no such proposal.")
    authorise_for(by=by, council=now.council, directorate_id=now.directorate_id, needs=needs)
    if expected_version is not None and now.version != expected_version:
        saved = last_saved(council_id=now.council_id, kind="savingsproposal", ids=[now.pk])
        held = theirs(
            subject=str(now),
            record_id=now.pk,
            expected_version=expected_version,
            version=now.version,
            values=values_of(now),
            entry=saved.get(now.pk),
        )
        raise StaleVersionError([held])
    return now


FIELDS = (
    "kind",
    "reference",
    "title",
    "description",
    "type",
    "recurrence",
    "is_cashable",
    "directorate",
    "service_line",
    "service",
    "priority",
    "lead_role",
    "partners",
    "posts",
    "equality_assessment",
    "equality_reference",
    "consultation",
    "consultation_reference",
    "is_public",
    "order",
)


def values_of(proposal: SavingsProposal) -> dict[str, Any]:
    """What a proposal says, without its stage. No query where its directorate and line are beside it."""
    return {name: getattr(proposal, name) for name in FIELDS}


def save_next_version(proposal: SavingsProposal) -> None:
    """Save with the next version number."""
    proposal.version += 1
    proposal.save()


def record(
    *,
    by: User,
    proposal: SavingsProposal,
    action: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write to the audit trail, in the caller's transaction."""
    change = audit.Change(action=action, subject=proposal, before=before, after=after, reason=reason)
    audit.record(by=by, council=proposal.council, changes=[change])
