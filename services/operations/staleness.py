"""What is held now where an edit came too late, and who saved it."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from services.models import AuditEntry
from services.operations.refusals import Theirs


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
