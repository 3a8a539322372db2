"""Savings and growth proposals: recorded and changed. Stages, parts, notes and vacancy factors are beside this; amounts are in `phasing`."""

from datetime import date
from decimal import Decimal
from typing import Any, TypedDict, Unpack

from django.db import transaction
from django.db.models import QuerySet

from accounting.savings import Stage
from accounts.models import User
from savings.models import SavingsProposal
from savings.operations.entries import checked_fields
from savings.operations.particulars import (
    ComponentFields,
    NoteFields,
    VacancyFields,
    set_components,
    set_notes,
    set_vacancy_factor,
)
from savings.operations.proposal_records import (
    authorise_for,
    held_proposal,
    record,
    save_next_version,
    values_of,
)
from savings.operations.stages import move_stage, permission_for, write_stage
from services import audit
from services.models import Council, Directorate, ServiceLine
from services.operations.authority import same_council
from services.operations.refusals import InvalidEntryError

__all__ = [
    "ComponentFields",
    "NoteFields",
    "ProposalFields",
    "VacancyFields",
    "change_proposal",
    "move_stage",
    "record_proposal",
    "set_components",
    "set_notes",
    "set_vacancy_factor",
]


class ProposalFields(TypedDict, total=False):
    """What may be said of a proposal beside its kind, reference and title. What is left out stays as it is, or “not stated”."""

    description: str
    type: str
    recurrence: str
    is_cashable: bool | None
    directorate: Directorate | None
    service_line: ServiceLine | None
    service: str
    priority: str
    lead_role: str
    partners: str
    posts: Decimal | None
    equality_assessment: str
    equality_reference: str
    consultation: str
    consultation_reference: str
    is_public: bool
    order: int


class ChangedFields(ProposalFields, total=False):
    """What may be changed of a proposal."""

    kind: str
    reference: str
    title: str


@transaction.atomic
def record_proposal(
    *,
    by: User,
    council: Council,
    title: str,
    kind: str = "saving",
    reference: str = "",
    stage: Stage = Stage.IDEA,
    decided_by: str = "",
    decided_on: date | None = None,
    decision_reference: str = "",
    stage_reason: str = "",
    **fields: Unpack[ProposalFields],
) -> SavingsProposal:
    """Record a proposal, with or without any £, and its first stage. Who may depends on the stage: see `permission_for`.

    A line without a directorate gives the proposal the line's. Where nobody is said to have decided the stage, it is whoever records it; a stage
    whose amounts count in the budget must say.
    """
    audit.hold(council.pk)
    if stage.counts and not decided_by.strip():
        raise InvalidEntryError("decided_by", f"say who decided that the proposal is “{stage.label}”.")
    entered: dict[str, Any] = {"kind": kind, "reference": reference, "title": title, **fields}
    proposal = SavingsProposal(council=council)
    _set(proposal, entered)
    needs = permission_for(None, stage)
    authorise_for(by=by, council=council, directorate_id=proposal.directorate_id, needs=needs)
    _refuse_twins(proposal)
    proposal.stage = stage
    proposal.save()
    write_stage(
        by=by,
        proposal=proposal,
        from_stage=None,
        to=stage,
        decided_by=decided_by or audit.spoken(by)[:200],
        decided_on=decided_on,
        decision_reference=decision_reference,
        reason=stage_reason,
    )
    after = {name: value for name, value in values_of(proposal).items() if value not in ("", None)}
    record(by=by, proposal=proposal, action="record proposal", after=after | {"stage": stage.value})
    return proposal


@transaction.atomic
def change_proposal(
    *, by: User, proposal: SavingsProposal, expected_version: int, **changed: Unpack[ChangedFields]
) -> SavingsProposal:
    """Change what is said of a proposal; its stage and its amounts are changed by decisions. Raises `StaleVersionError` if it was changed since.

    Moving it to another directorate needs the right to both.
    """
    now = held_proposal(by=by, proposal=proposal, expected_version=expected_version)
    before = values_of(now)
    _set(now, dict(changed))
    after = {name: value for name, value in values_of(now).items() if value != before[name]}
    if not after:
        return now
    if "directorate" in after:
        authorise_for(by=by, council=now.council, directorate_id=now.directorate_id)
    _refuse_twins(now)
    save_next_version(now)
    was = {name: before[name] for name in after}
    record(
        by=by,
        proposal=now,
        action="change proposal",
        before=was,
        after=after | {"version": now.version},
    )
    return now


def _set(proposal: SavingsProposal, entered: dict[str, Any]) -> None:
    for name, value in checked_fields(entered).items():
        setattr(proposal, name, value)
    line = proposal.service_line
    same_council(proposal.council_id, line)
    if line is not None:
        line_directorate = line.division.directorate
        if "directorate" not in entered and ("service_line" in entered or proposal.directorate is None):
            proposal.directorate = line_directorate
        if proposal.directorate != line_directorate:
            raise InvalidEntryError(
                "directorate",
                f"“{line}” belongs to {line_directorate}. Choose that directorate, or another line.",
            )
    same_council(proposal.council_id, proposal.directorate)


def _refuse_twins(proposal: SavingsProposal) -> None:
    others: QuerySet[SavingsProposal] = SavingsProposal.objects.filter(council_id=proposal.council_id)
    others = others.exclude(pk=proposal.pk) if proposal.pk else others
    if proposal.reference:
        twin = others.filter(reference=proposal.reference).first()
        if twin is not None:
            raise InvalidEntryError(
                "reference",
                f"“{proposal.reference}” is the reference of “{twin.title}”. Give this one another, or change that one.",
            )
    elif others.filter(reference="", title=proposal.title).exists():
        raise InvalidEntryError(
            "title",
            f"there is already a proposal “{proposal.title}” without a reference. Give one of the two a reference or another title.",
        )
