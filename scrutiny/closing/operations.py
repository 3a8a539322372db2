"""Closing a reopened period as it was: one person says why nothing needed correcting, another agrees. No version is added."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from scrutiny.changes import changes_between
from scrutiny.freezing import freeze
from scrutiny.models import ClosingRequest, Publication, PublicationProposal
from scrutiny.published import content_from
from services import audit
from services.models import Council, MonitoringPeriod
from services.operations.authority import (
    authorise,
    authorise_asker,
    locked_period,
    refuse_own_work,
    same_council,
)
from services.operations.entries import checked_words
from services.operations.periods import approve_period, submit_period
from services.operations.refusals import AlreadyDoneError, Refused
from services.operations.reopening import close_unchanged
from services.roles import Permission

State = ClosingRequest.State
PROPOSE = Permission.PROPOSE_PUBLICATION
TOLD = 3


class ChangedError(Refused):
    """Something has changed since the publication that would stand: the correction must be published."""

    def __init__(self, publication: Publication, changes: tuple[str, ...]) -> None:
        more = f" (and {len(changes[TOLD:])} more)" if changes[TOLD:] else ""
        super().__init__(
            f"Something has changed since {publication}: {' '.join(changes[:TOLD])}{more} "
            "Publish the correction as a new version, or put the figures back."
        )


@transaction.atomic
def ask_to_close_unchanged(
    *, by: User, council: Council, period: MonitoringPeriod, reason: str
) -> ClosingRequest:
    """Ask that a reopened period be closed as it was published, and say why nothing needed correcting. An open period is submitted with it.

    Raises `NotAllowedError`, `ChangedError`, `AlreadyDoneError` (closed, asked already, or a proposal waits), and what `submit_period` refuses.
    """
    reason = checked_words("reason", reason, required=True)
    same_council(council.pk, period)
    now = locked_period(period)
    authorise(by=by, council=now.council, needs=PROPOSE)
    publication = _standing(now)
    waiting = waiting_closing(now)
    if waiting is not None:
        raise AlreadyDoneError(
            f"{waiting.asked_by} has already asked that {now.period.label} be closed as it was. It waits for another person."
        )
    if PublicationProposal.objects.filter(monitoring_period=now, state="proposed").exists():
        raise AlreadyDoneError(
            f"{now.period.label} is proposed for publication. Withdraw the proposal first."
        )
    if now.state == MonitoringPeriod.State.OPEN:
        submit_period(by=by, period=now)
        now.refresh_from_db(fields=["state", "version"])
    _refuse_changed(now, publication)
    asked = ClosingRequest.objects.create(
        council=now.council,
        monitoring_period=now,
        publication=publication,
        reason=reason,
        asked_by=by,
        asked_at=timezone.now(),
    )
    _record(asked, by=by, action="ask to close unchanged", before=None, reason=reason)
    return asked


@transaction.atomic
def agree_to_close_unchanged(*, by: User, request: ClosingRequest) -> Publication:
    """Close the period as it was; return the publication that stands. Not by who asked.

    Raises `NotAllowedError`, `SelfApprovalError`, `ChangedError` if something changed since it was asked, `AlreadyDoneError` if it was decided.
    """
    now = locked_period(request.monitoring_period)
    authorise(by=by, council=now.council, needs=Permission.APPROVE_PUBLICATION)
    waiting = _still_waiting(request)
    what = f"{now.period.label} to be closed as it was"
    authorise_asker(asked_by=waiting.asked_by, council=now.council, needs=PROPOSE, what=what)
    refuse_own_work(by=by, subjects=[waiting], actions=("ask",), what=what, asked_by_id=waiting.asked_by_id)
    _refuse_changed(now, waiting.publication)
    if now.state == MonitoringPeriod.State.OPEN:
        submit_period(by=waiting.asked_by, period=now)
        now.refresh_from_db(fields=["state", "version"])
    if now.state != MonitoringPeriod.State.APPROVED:
        approve_period(by=by, period=now)
    close_unchanged(by=by, proposed_by=waiting.asked_by, period=now, reason=waiting.reason)
    _decide(waiting, by=by, state=State.AGREED)
    return waiting.publication


@transaction.atomic
def decline_to_close_unchanged(*, by: User, request: ClosingRequest, reason: str = "") -> ClosingRequest:
    """Leave the period open to be corrected. Whoever asked may take it back in this way too."""
    now = locked_period(request.monitoring_period)
    authorise(by=by, council=now.council, needs=PROPOSE)
    waiting = _still_waiting(request)
    _decide(waiting, by=by, state=State.DECLINED)
    reason = checked_words("reason", reason)
    _record(waiting, by=by, action="decline to close unchanged", before=State.ASKED, reason=reason)
    return waiting


def waiting_closing(period: MonitoringPeriod) -> ClosingRequest | None:
    """The request that waits for another person, if there is one. One query."""
    return (
        ClosingRequest.objects.filter(monitoring_period=period, state=State.ASKED)
        .select_related("asked_by", "monitoring_period", "council", "publication")
        .first()
    )


def _standing(period: MonitoringPeriod) -> Publication:
    """The publication that would stand; refuses a period that is closed, or that was never published."""
    latest = Publication.objects.filter(monitoring_period=period).order_by("-version").first()
    if period.is_locked:
        raise AlreadyDoneError(f"{period.period.label} is {period.get_state_display().lower()} already.")
    if latest is None:
        raise AlreadyDoneError(f"{period.period.label} has not been published, so there is nothing to stand.")
    return latest


def _refuse_changed(period: MonitoringPeriod, publication: Publication) -> None:
    found = freeze(period.council, period)
    if found.digest != publication.digest:
        raise ChangedError(publication, changes_between(content_from(publication.content), found.content))


def _still_waiting(request: ClosingRequest) -> ClosingRequest:
    now = ClosingRequest.objects.select_related(
        "asked_by", "decided_by", "monitoring_period", "council", "publication"
    ).get(pk=request.pk)
    if now.state != State.ASKED:
        raise AlreadyDoneError(
            f"This request was {now.get_state_display().lower()} already, by {now.decided_by}."
        )
    return now


def _decide(request: ClosingRequest, *, by: User, state: str) -> None:
    request.state = state
    request.decided_by, request.decided_at = by, timezone.now()
    request.save(update_fields=["state", "decided_by", "decided_at"])


def _record(request: ClosingRequest, *, by: User, action: str, before: str | None, reason: str) -> None:
    change = audit.Change(
        action=action,
        subject=request,
        before={"state": before},
        after={"state": request.state, "version_that_stands": request.publication.version},
        period=request.monitoring_period,
        reason=reason,
    )
    audit.record(by=by, council=request.council, changes=[change])
