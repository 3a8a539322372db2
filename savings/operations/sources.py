"""Where figures of savings and recovery come from: printed in a source, derived from what is printed, or an illustration."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from savings.models import SavingsProposal, SavingsSource
from services import audit
from services.models import Council
from services.operations.authority import authorise, same_council
from services.operations.entries import checked_name, checked_words
from services.operations.refusals import InvalidEntryError
from services.roles import Permission

Key = tuple[int | None, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFields:
    """Where one figure comes from: of a proposal, or of the `subject` (“plan:3”, “action:12”) where it is not a proposal's."""

    figure: str
    basis: str
    proposal: SavingsProposal | None = None
    subject: str = ""
    citation: str = ""
    words: str = ""


@transaction.atomic
def note_sources(*, by: User, council: Council, notes: Sequence[SourceFields]) -> list[SavingsSource]:
    """Note, or note anew, where figures come from; return what is new or changed. Queries do not grow with the notes."""
    audit.hold(council.pk)
    authorise(by=by, council=council, needs=Permission.KEEP_BUDGETS)
    same_council(council.pk, *(note.proposal for note in notes))
    held = {_key(row): row for row in SavingsSource.objects.filter(council=council)}
    asked: dict[Key, SavingsSource] = {}
    for note in notes:
        row = _row(note, council)
        if _key(row) in asked:
            raise InvalidEntryError(
                "figure", f"“{row.figure}” of “{row.proposal or row.subject}” is there twice."
            )
        asked[_key(row)] = row
    new: list[SavingsSource] = []
    changed: list[SavingsSource] = []
    changes: list[audit.Change] = []
    for key, row in asked.items():
        before = held.get(key)
        if before is not None and _said(before) == _said(row):
            continue
        row.pk = before.pk if before else None
        (changed if before else new).append(row)
        was = _said(before) if before else None
        changes.append(audit.Change(action="note source", subject=str(row), before=was, after=_said(row)))
    SavingsSource.objects.bulk_create(new)
    SavingsSource.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["id"], update_fields=["basis", "citation", "words"]
    )
    if changes:
        audit.record(by=by, council=council, changes=changes)
    return [*new, *changed]


def _row(note: SourceFields, council: Council) -> SavingsSource:
    if note.basis not in SavingsSource.Basis.values:
        raise InvalidEntryError(
            "basis", f"“{note.basis}” is not one of {', '.join(SavingsSource.Basis.values)}."
        )
    subject = checked_name("subject", note.subject, required=False, limit=160)
    if (note.proposal is None) == (not subject):
        raise InvalidEntryError("subject", "say what the figure is about: either a proposal or a subject.")
    return SavingsSource(
        council=council,
        proposal=note.proposal,
        subject=subject,
        figure=checked_name("figure", note.figure, limit=60),
        basis=note.basis,
        citation=checked_name("citation", note.citation, required=False, limit=300),
        words=checked_words("words", note.words),
    )


def _key(row: SavingsSource) -> Key:
    return row.proposal_id, row.subject, row.figure


def _said(row: SavingsSource) -> dict[str, str]:
    return {"basis": str(row.basis), "citation": row.citation, "words": row.words}
