"""Where figures come from: printed in a source, derived from what is printed, or an illustration."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from services import audit
from services.models import MonitoringPeriod, ServiceLine, SourceNote
from services.operations.authority import authorise, open_for_figures, same_council
from services.operations.entries import checked_name, checked_words
from services.operations.refusals import InvalidEntryError
from services.roles import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceEntry:
    """Where one figure comes from. `figure` is its name as in the position; `subject` says whose it is where it is not a line's."""

    figure: str
    basis: str
    line: ServiceLine | None = None
    subject: str = ""
    citation: str = ""
    words: str = ""


@transaction.atomic
def note_sources(*, by: User, period: MonitoringPeriod, notes: Sequence[SourceEntry]) -> list[SourceNote]:
    """Note, or note anew, where figures of the period come from; return what is new or changed. Queries do not grow with the notes."""
    now = open_for_figures(period)
    authorise(by=by, council=now.council, needs=Permission.KEEP_BUDGETS)
    same_council(now.council_id, *(note.line for note in notes))
    held = {_key(row): row for row in SourceNote.objects.filter(period=now)}
    new: dict[tuple[int | None, str, str], SourceNote] = {}
    changed: dict[tuple[int | None, str, str], SourceNote] = {}
    changes = []
    for note in notes:
        row = _row(note, now)
        key = _key(row)
        if key in new or key in changed:
            raise InvalidEntryError("figure", f"“{row}” is there twice.")
        before = held.get(key)
        if before is not None and _said(before) == _said(row):
            continue
        row.pk = before.pk if before else None
        (changed if before else new)[key] = row
        was = _said(before) if before else None
        changes.append(
            audit.Change(action="note source", subject=str(row), before=was, after=_said(row), period=now)
        )
    SourceNote.objects.bulk_create(new.values())
    SourceNote.objects.bulk_create(
        changed.values(),
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["basis", "citation", "words"],
    )
    audit.record(by=by, council=now.council, changes=changes)
    return [*new.values(), *changed.values()]


def _row(note: SourceEntry, period: MonitoringPeriod) -> SourceNote:
    if note.basis not in SourceNote.Basis.values:
        raise InvalidEntryError(
            "basis", f"“{note.basis}” is not one of {', '.join(SourceNote.Basis.values)}."
        )
    return SourceNote(
        council=period.council,
        period=period,
        service_line=note.line,
        subject=checked_name("subject", note.subject, required=False, limit=120),
        figure=checked_name("figure", note.figure, limit=60),
        basis=note.basis,
        citation=checked_name("citation", note.citation, required=False, limit=300),
        words=checked_words("words", note.words),
    )


def _key(row: SourceNote) -> tuple[int | None, str, str]:
    return row.service_line_id, row.subject, row.figure


def _said(row: SourceNote) -> dict[str, str]:
    return {"basis": str(row.basis), "citation": row.citation, "words": row.words}
