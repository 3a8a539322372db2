"""The audit trail: how an entry is chained, written and checked. Called by operations, inside their transaction."""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, Max, Model, Q, Window
from django.db.models.functions import Lag
from django.utils import timezone

from accounts.models import User
from services.models import AuditEntry, Council, MonitoringPeriod
from services.models.acting import in_words
from services.models.many_rows import insert_rows

log = logging.getLogger("budgetwatch.audit")
SITE = 0
"""The chain of what belongs to no council: users, and the making of councils."""
NO_HASH = "0" * 64
_WRITTEN = tuple(field.name for field in AuditEntry._meta.concrete_fields if not field.primary_key)


_last_written: dict[int, datetime] = {}
"""When this process last wrote to each chain, to notice a clock that is put back; losing it costs a warning and nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change to be recorded. `before` and `after` hold only what changed, money as decimal strings."""

    action: str
    subject: Model | str
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    period: MonitoringPeriod | None = None
    reason: str = ""


class Head(NamedTuple):
    """A chain's last entry."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenChain:
    """Where a chain stops agreeing with itself."""

    council_id: int
    sequence: int
    problem: str


def record(
    *, by: User, council: Council | None, changes: Iterable[Change], after: Head | None = None
) -> Head:
    """Append changes to the council's chain, in the caller's transaction; return its new head.

    Two queries, the second once for every thousand changes: one to find the head, one to insert. The head is held by the write lock of
    an IMMEDIATE transaction on SQLite and by an advisory lock on PostgreSQL, so that two writers never take the same sequence number.
    `after` is the head, from a caller that read it in this transaction while it held the chain: then it is not asked for again.
    """
    council_id = council.pk if council else SITE
    hold(council_id)
    sequence, previous_hash = after or head(council_id)
    entries: list[AuditEntry] = []
    now = _now(council_id, sequence)
    for number, change in enumerate(changes, start=sequence + 1):
        entry = _entry(
            by=by, council_id=council_id, sequence=number, at=now, change=change, previous_hash=previous_hash
        )
        previous_hash = entry.hash
        entries.append(entry)
    insert_rows(AuditEntry, _WRITTEN, ([getattr(entry, name) for name in _WRITTEN] for entry in entries))
    return Head(sequence + len(entries), previous_hash)


def _now(council_id: int, sequence: int) -> datetime:
    """The instant of what is recorded now. A clock that was put back is told in the log; the order of a chain is its numbers', never its dates'."""
    now = timezone.now()
    if now < (last := _last_written.get(council_id, now)):
        log.warning(
            "The clock went back from %s to %s: entry %s of council %s is dated before one that it follows.",
            last.isoformat(),
            now.isoformat(),
            sequence + 1,
            council_id,
        )
    _last_written[council_id] = now
    return now


def hold(council_id: int) -> None:
    """Wait for whoever is writing to the council's chain, and let nobody else until this transaction ends.

    Every change at a council is recorded in its own transaction, so while the chain is held none can be committed: several reads then see one
    state. SQLite's IMMEDIATE transaction does that by itself.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("An audit entry is written in the transaction of the change it records.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [7_451_003, council_id])


def head(council_id: int) -> Head:
    """A chain's last entry; sequence 0 for a chain without any. One query."""
    entries = AuditEntry.objects.filter(council_id=council_id).order_by("-sequence")
    last = entries.values_list("sequence", "hash").first()
    return Head(*last) if last else Head(0, NO_HASH)


def _entry(
    *, by: User, council_id: int, sequence: int, at: datetime, change: Change, previous_hash: str
) -> AuditEntry:
    subject = change.subject
    subject_type = (subject._meta.model_name or "") if isinstance(subject, Model) else ""
    entry = AuditEntry(
        council_id=council_id,
        sequence=sequence,
        at=at,
        by_id=by.pk,
        by=spoken(by),
        for_ids=[holder.pk for holder in by.acting_for] or None,
        action=change.action,
        subject_type=subject_type,
        subject_id=subject.pk if isinstance(subject, Model) else None,
        subject=str(subject)[:300],
        period=change.period.period.slug if change.period else "",
        before=plain(change.before or {}),
        after=plain(change.after or {}),
        reason=change.reason,
        previous_hash=previous_hash,
    )
    entry.hash = digest_of(entry)
    return entry


def spoken(by: User) -> str:
    """Who acts, as every page says it: “Accountant”, and where they act as deputy “Accountant for Head of Finance”."""
    return in_words(by, holders(by))[:500]


def holders(by: User) -> str:
    """For whom a deputy acts, by post; empty for a person who acts for themselves."""
    return " and ".join(str(holder) for holder in by.acting_for)[:300]


def people_behind(entry: AuditEntry) -> frozenset[int]:
    """Who stands behind a change: whoever made it, and whoever they made it for."""
    return frozenset({entry.by_id, *(entry.for_ids or ())} - {None})


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as JSON holds them: money as decimal strings, never as floats."""
    return {str(name): _plain_value(value) for name, value in values.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Model):
        return str(value)
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list | tuple):
        return [_plain_value(item) for item in value]
    return value


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over everything the entry says and the hash of the entry before it."""
    said = [
        entry.council_id,
        entry.sequence,
        entry.at.astimezone(UTC).isoformat(),
        entry.by_id,
        entry.by,
        entry.action,
        entry.subject_type,
        entry.subject_id,
        entry.subject,
        entry.period,
        entry.before,
        entry.after,
        entry.reason,
        entry.previous_hash,
        *(
            [entry.for_ids] if entry.for_ids else []
        ),  # entries from before there were deputies keep their hash
    ]
    return hashlib.sha256(
        json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    ).hexdigest()


def broken_chains(*, council: Council | None = None) -> Iterator[BrokenChain]:
    """Re-compute every chain, or one council's; yield the first break of each. Reads the table once, in order."""
    entries = AuditEntry.objects.order_by("council_id", "sequence")
    if council is not None:
        entries = entries.filter(council_id=council.pk)
    council_id, previous_hash, sequence, is_broken = None, NO_HASH, 0, False
    for entry in entries.iterator(chunk_size=2000):
        if entry.council_id != council_id:
            council_id, previous_hash, sequence, is_broken = entry.council_id, NO_HASH, 0, False
        if is_broken:
            continue
        problem = _problem(entry, previous_hash=previous_hash, sequence=sequence)
        if problem:
            is_broken = True
            yield BrokenChain(council_id=entry.council_id, sequence=entry.sequence, problem=problem)
        previous_hash, sequence = entry.hash, entry.sequence


def _problem(entry: AuditEntry, *, previous_hash: str, sequence: int) -> str:
    if entry.sequence != sequence + 1:
        return f"entry {sequence + 1} is missing before it"
    if entry.previous_hash != previous_hash:
        return "it does not follow the entry before it"
    if entry.hash != digest_of(entry):
        return "what it says is not what was written"
    return ""


def clock_steps() -> dict[int, int]:
    """How many entries of each chain are dated before the one they follow: the clock went back. One query; the whole trail is read."""
    earlier = Window(Lag("at"), partition_by=F("council_id"), order_by="sequence")
    back = AuditEntry.objects.order_by().annotate(earlier=earlier).filter(at__lt=F("earlier"))
    found: dict[int, int] = {}
    for council_id in back.values_list("council_id", flat=True):
        found[council_id] = found.get(council_id, 0) + 1
    return found


def heads() -> dict[int, Head]:
    """Each chain's last entry, by council. To be kept elsewhere: a chain cut short at its end agrees with itself. Two queries."""
    last = AuditEntry.objects.order_by().values("council_id").annotate(last=Max("sequence"))
    is_a_head = Q(pk__in=())
    for row in last:
        is_a_head |= Q(council_id=row["council_id"], sequence=row["last"])
    rows = AuditEntry.objects.filter(is_a_head).order_by("council_id")
    return {
        council_id: Head(sequence, entry_hash)
        for council_id, sequence, entry_hash in rows.values_list("council_id", "sequence", "hash")
    }


def cut_short(kept: Mapping[int, Head]) -> Iterator[BrokenChain]:
    """Compare with heads kept earlier: each must still be an entry of its chain, with the hash it had. One query."""
    sequences = {head.sequence for head in kept.values()}
    rows = AuditEntry.objects.filter(council_id__in=kept, sequence__in=sequences)
    held = {
        (council_id, sequence): entry_hash
        for council_id, sequence, entry_hash in rows.values_list("council_id", "sequence", "hash")
    }
    for council_id, head in sorted(kept.items()):
        now = held.get((council_id, head.sequence))
        if now != head.hash:
            problem = (
                "the chain has been cut short: this entry was there when its head was kept"
                if now is None
                else "this entry is not the one that was there when the chain's head was kept"
            )
            yield BrokenChain(council_id=council_id, sequence=head.sequence, problem=problem)
