"""Every write to the files of minutes: asked for, begun, finished or failed. A file serves until the minutes say something else."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from scrutiny.models import MinutesFile

ABANDONED_AFTER = timedelta(minutes=15)
"""A file still waiting or being made after so long lost its worker, and may be asked for again."""
State = MinutesFile.State


@dataclass(frozen=True, slots=True, kw_only=True)
class MinutesFileState:
    """How far a file has got; its bytes where it is made."""

    state: str
    label: str
    kind_label: str
    error: str
    requested_at: datetime
    content: bytes | None


def minutes_file(*, meeting_id: int, kind: str, wording: str, again: bool = False) -> MinutesFileState:
    """The file of minutes that say `wording`; the worker is asked for it where it is not there. `again` asks anew for one that failed."""
    from scrutiny.tasks_minutes import render_minutes

    with transaction.atomic():
        now = timezone.now()
        row, is_new = MinutesFile.objects.get_or_create(
            meeting_id=meeting_id, kind=kind, defaults={"requested_at": now, "wording": wording}
        )
        if is_new or _is_to_be_made(row, wording=wording, now=now, again=again):
            row.state, row.error, row.content, row.digest = State.QUEUED, "", None, ""
            row.wording, row.requested_at, row.started_at = wording, now, None
            row.save()
            transaction.on_commit(lambda: render_minutes.enqueue(meeting_id, kind))
    return MinutesFileState(
        state=row.state,
        label=row.get_state_display(),
        kind_label=row.get_kind_display(),
        error=row.error,
        requested_at=row.requested_at,
        content=bytes(row.content) if row.content is not None else None,
    )


def _is_to_be_made(row: MinutesFile, *, wording: str, now: datetime, again: bool) -> bool:
    if row.wording != wording:
        return True
    if row.state == State.DONE:
        return False
    if row.state == State.FAILED:
        return again
    return now - (row.started_at or row.requested_at) > ABANDONED_AFTER


def begin_minutes(*, meeting_id: int, kind: str) -> bool:
    """Say that the worker has begun; false where the file is made already, so that a repeated job does nothing."""
    waiting = MinutesFile.objects.filter(meeting_id=meeting_id, kind=kind).exclude(state=State.DONE)
    return bool(waiting.update(state=State.RUNNING, started_at=timezone.now(), finished_at=None))


def finish_minutes(*, meeting_id: int, kind: str, wording: str, content: bytes) -> None:
    """Keep the file, with the wording that it holds."""
    MinutesFile.objects.filter(meeting_id=meeting_id, kind=kind, state=State.RUNNING).update(
        state=State.DONE,
        wording=wording,
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        error="",
        finished_at=timezone.now(),
    )


def fail_minutes(*, meeting_id: int, kind: str, error: str) -> None:
    """Say why it could not be made."""
    MinutesFile.objects.filter(meeting_id=meeting_id, kind=kind, state=State.RUNNING).update(
        state=State.FAILED, error=error, finished_at=timezone.now()
    )
