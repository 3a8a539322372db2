"""What is held now where an edit came too late, and who saved it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from services.models import AuditEntry, FundingChange, Virement
from services.operations.refusals import StaleVersionError, Theirs


def last_saved(*, council_id: int, kind: str, ids: Iterable[int]) -> dict[int, AuditEntry]:
    """The newest entry of the audit trail about each of these records. One query."""
    entries = AuditEntry.objects.filter(
        council_id=council_id, subject_type=kind, subject_id__in=list(ids)
    ).order_by("sequence")
    return {entry.subject_id: entry for entry in entries if entry.subject_id is not None}


def theirs(
    *,
    subject: str,
    record_id: int,
    expected_version: int,
    version: int,
    values: Mapping[str, Any],
    entry: AuditEntry | None,
) -> Theirs:
    """What is held now, for the person whose edit is refused."""
    shown: dict[str, Decimal | str | int | None] = {
        name: value if isinstance(value, Decimal | int | None) else str(value)
        for name, value in values.items()
    }
    return Theirs(
        subject=subject,
        record_id=record_id,
        expected_version=expected_version,
        version=version,
        values=shown,
        saved_by=entry.by if entry else "",
        saved_at=entry.at.isoformat() if entry else "",
    )


def refuse_other_state(record: Virement | FundingChange, expected: str | None) -> None:
    """Refuse (`StaleVersionError`) a decision on a request that is no longer in the state in which it was seen; `None` asks nothing."""
    if expected is None or record.state == expected:
        return
    kind = record._meta.model_name or ""
    held = theirs(
        subject=str(record),
        record_id=record.pk,
        expected_version=0,
        version=0,
        values={
            "state": record.get_state_display(),
            "decided_by": record.decider or "nobody yet",
            "note": getattr(record, "decision_note", ""),
        },
        entry=last_saved(council_id=record.council_id, kind=kind, ids=[record.pk]).get(record.pk),
    )
    raise StaleVersionError([held])
