"""Every write to the files of final reports: asked for, begun, finished or failed. A file once made is never replaced."""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from scrutiny.models import RenderedPaper
from scrutiny.reports.operations import ReportState

ABANDONED_AFTER = timedelta(minutes=15)
"""A file still waiting or being made after so long lost its worker, and may be asked for again."""


def request_paper(*, paper_id: int, again: bool = False) -> ReportState:
    """Ask the worker for a final report's file, once. `again` asks anew for one that failed; one whose worker was lost is in any case."""
    from scrutiny.tasks_papers import render_paper

    with transaction.atomic():
        now = timezone.now()
        row, is_new = RenderedPaper.objects.defer("content").get_or_create(
            paper_id=paper_id, defaults={"requested_at": now}
        )
        if is_new or _may_be_asked_again(row, now=now, again=again):
            row.state, row.error = RenderedPaper.State.QUEUED, ""
            row.requested_at, row.started_at = now, None
            row.save(update_fields=["state", "error", "requested_at", "started_at"])
            transaction.on_commit(lambda: render_paper.enqueue(paper_id))
    return ReportState(
        state=row.state, label=row.get_state_display(), error=row.error, requested_at=row.requested_at
    )


def begin_paper(*, paper_id: int) -> datetime | None:
    """Say that the worker has begun, and when it was asked; `None` where the file is made already, so that a repeated job does nothing."""
    waiting = RenderedPaper.objects.filter(paper_id=paper_id).exclude(state=RenderedPaper.State.DONE)
    if not waiting.update(state=RenderedPaper.State.RUNNING, started_at=timezone.now(), finished_at=None):
        return None
    return waiting.values_list("requested_at", flat=True).get()


def finish_paper(*, paper_id: int, content: bytes) -> None:
    """Keep the file."""
    RenderedPaper.objects.filter(paper_id=paper_id, state=RenderedPaper.State.RUNNING).update(
        state=RenderedPaper.State.DONE,
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        error="",
        finished_at=timezone.now(),
    )


def fail_paper(*, paper_id: int, error: str) -> None:
    """Say why it could not be made."""
    RenderedPaper.objects.filter(paper_id=paper_id, state=RenderedPaper.State.RUNNING).update(
        state=RenderedPaper.State.FAILED, error=error, finished_at=timezone.now()
    )


def _may_be_asked_again(row: RenderedPaper, *, now: datetime, again: bool) -> bool:
    if row.state == RenderedPaper.State.DONE:
        return False
    if row.state == RenderedPaper.State.FAILED:
        return again
    return now - (row.started_at or row.requested_at) > ABANDONED_AFTER
