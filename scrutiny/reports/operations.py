"""Every write to rendered reports: asked for, begun, finished or failed. A file once made is never replaced."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from scrutiny.models import RenderedReport

ABANDONED_AFTER = timedelta(minutes=15)
"""A report still waiting or being made after so long lost its worker, and may be asked for again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportState:
    """How far a report has got, without its file."""

    state: str
    label: str
    error: str
    requested_at: datetime


def request_report(*, publication_id: int, again: bool = False) -> ReportState:
    """Ask the worker for a publication's report, once: asking while it is waiting, being made or made changes nothing.

    `again` asks anew for one that failed. One whose worker was lost is asked for anew in any case.
    """
    from scrutiny.tasks import render_report

    with transaction.atomic():
        now = timezone.now()
        report, is_new = RenderedReport.objects.defer("content").get_or_create(
            publication_id=publication_id, defaults={"requested_at": now}
        )
        if is_new or _may_be_asked_again(report, now=now, again=again):
            report.state, report.error = RenderedReport.State.QUEUED, ""
            report.requested_at, report.started_at = now, None
            report.save(update_fields=["state", "error", "requested_at", "started_at"])
            transaction.on_commit(lambda: render_report.enqueue(publication_id))
    return ReportState(
        state=report.state,
        label=report.get_state_display(),
        error=report.error,
        requested_at=report.requested_at,
    )


def _may_be_asked_again(report: RenderedReport, *, now: datetime, again: bool) -> bool:
    if report.state == RenderedReport.State.DONE:
        return False
    if report.state == RenderedReport.State.FAILED:
        return again
    return now - (report.started_at or report.requested_at) > ABANDONED_AFTER


def begin_report(*, publication_id: int) -> bool:
    """Say that the worker has begun; false where the report is made already, so that a repeated job does nothing."""
    waiting = RenderedReport.objects.filter(publication_id=publication_id).exclude(
        state=RenderedReport.State.DONE
    )
    return bool(
        waiting.update(state=RenderedReport.State.RUNNING, started_at=timezone.now(), finished_at=None)
    )


def finish_report(*, publication_id: int, content: bytes) -> None:
    """Keep the file."""
    RenderedReport.objects.filter(publication_id=publication_id, state=RenderedReport.State.RUNNING).update(
        state=RenderedReport.State.DONE,
        content=content,
        digest=hashlib.sha256(content).hexdigest(),
        error="",
        finished_at=timezone.now(),
    )


def fail_report(*, publication_id: int, error: str) -> None:
    """Say why it could not be made."""
    RenderedReport.objects.filter(publication_id=publication_id, state=RenderedReport.State.RUNNING).update(
        state=RenderedReport.State.FAILED, error=error, finished_at=timezone.now()
    )
