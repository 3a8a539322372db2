"""Opening a closed period again, and closing it as it was: one person asks and says why, another agrees. What was published stays as it was."""

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from services import audit
from services.access import Grant, grant_for
from services.models import MonitoringPeriod, ReopenRequest
from services.operations.authority import authorise, locked_period, refuse_own_work, same_people
from services.operations.entries import checked_words
from services.operations.periods import NotReadyError, reopen_period, set_state
from services.operations.refusals import AlreadyDoneError, SelfApprovalError
from services.roles import Permission

State = ReopenRequest.State


@transaction.atomic
def ask_to_reopen(*, by: User, period: MonitoringPeriod, reason: str) -> ReopenRequest:
    """Ask that an approved or published period be opened again. Raises `AlreadyDoneError` if it is open, or somebody has asked."""
    reason = checked_words("reason", reason, required=True)
    now = locked_period(period)
    authorise(by=by, council=now.council, needs=Permission.PROPOSE_PUBLICATION)
    if not now.is_locked:
        raise AlreadyDoneError(f"{now.period.label} is not locked: there is nothing to reopen.")
    waiting = waiting_request(now)
    if waiting is not None:
        raise AlreadyDoneError(
            f"{waiting.asked_by} has already asked that {now.period.label} be reopened. It waits for another person."
        )
    asked = ReopenRequest.objects.create(
        council=now.council, period=now, reason=reason, asked_by=by, asked_at=timezone.now()
    )
    _record(asked, by=by, action="ask to reopen", before=None, reason=reason)
    return asked


@transaction.atomic
def agree_to_reopen(*, by: User, request: ReopenRequest) -> MonitoringPeriod:
    """Agree that the period be opened again, which opens it. Not by who asked; one of the two approves publications.

    Raises `SelfApprovalError`, `NotAllowedError`, `AlreadyDoneError` if the request has been decided or the period is open.
    """
    now = locked_period(request.period)
    authorise(by=by, council=now.council, needs=Permission.PROPOSE_PUBLICATION)
    waiting = _still_waiting(request)
    refuse_own_work(
        by=by,
        subjects=[waiting],
        actions=("ask",),
        what=f"{now.period.label} to be reopened",
        asked_by_id=waiting.asked_by_id,
    )
    opened = reopen_period(by=by, asked_by=waiting.asked_by, period=now, reason=waiting.reason)
    _decide(waiting, by=by, state=State.AGREED)
    return opened


@transaction.atomic
def decline_to_reopen(*, by: User, request: ReopenRequest, reason: str = "") -> ReopenRequest:
    """Leave the period closed. Whoever asked may take it back in this way too."""
    now = locked_period(request.period)
    authorise(by=by, council=now.council, needs=Permission.PROPOSE_PUBLICATION)
    waiting = _still_waiting(request)
    _decide(waiting, by=by, state=State.DECLINED)
    reason = checked_words("reason", reason)
    _record(waiting, by=by, action="decline to reopen", before=State.ASKED, reason=reason)
    return waiting


@transaction.atomic
def close_unchanged(
    *, by: User, proposed_by: User, period: MonitoringPeriod, reason: str
) -> MonitoringPeriod:
    """Close a reopened period in which nothing needed correcting: its last publication stands, and no version is added.

    Called, like `record_publication`, by whoever has seen that nothing changed, in the same transaction. `proposed_by` asked and `by` agrees.
    Raises `SelfApprovalError`, `NotAllowedError`, `NotReadyError` for a period that is not approved or was never published.
    """
    reason = checked_words("reason", reason, required=True)
    now = locked_period(period)
    authorise(by=proposed_by, council=now.council, needs=Permission.PROPOSE_PUBLICATION)
    authorise(by=by, council=now.council, needs=Permission.APPROVE_PUBLICATION)
    if same_people(by, proposed_by):
        raise SelfApprovalError(f"{now.period.label} to be closed again")
    if now.state != MonitoringPeriod.State.APPROVED or not now.publications:
        raise NotReadyError(
            f"{now.period.label} has not been approved again after a publication, so it cannot be closed as it was."
        )
    after: dict[str, object] = {
        "publication": now.publications,
        "proposed_by": audit.spoken(proposed_by),
    }
    return set_state(
        by=by,
        period=now,
        state=MonitoringPeriod.State.PUBLISHED,
        action="close period unchanged",
        reason=reason,
        after=after,
    )


def waiting_request(period: MonitoringPeriod) -> ReopenRequest | None:
    """The request that waits for another person, if there is one. One query."""
    return (
        ReopenRequest.objects.filter(period=period, state=State.ASKED)
        .select_related("asked_by", "period", "council")
        .first()
    )


def may_agree(grant: Grant, request: ReopenRequest) -> bool:
    """Whether this person could be the second: another than who asked, and one of the two approves publications. At most one query."""
    if grant.user.pk == request.asked_by_id or not grant.allows_everywhere(Permission.PROPOSE_PUBLICATION):
        return False
    if grant.allows_everywhere(Permission.APPROVE_PUBLICATION):
        return True
    asker = grant_for(request.asked_by, grant.council)
    return asker is not None and asker.allows_everywhere(Permission.APPROVE_PUBLICATION)


def _still_waiting(request: ReopenRequest) -> ReopenRequest:
    """The request as it is now; `AlreadyDoneError` if it has been decided."""
    now = ReopenRequest.objects.select_related("asked_by", "decided_by", "period", "council").get(
        pk=request.pk
    )
    if now.state != State.ASKED:
        raise AlreadyDoneError(
            f"This request was {now.get_state_display().lower()} already, by {now.decided_by}."
        )
    return now


def _decide(request: ReopenRequest, *, by: User, state: str) -> None:
    request.state = state
    request.decided_by, request.decided_at = by, timezone.now()
    request.save(update_fields=["state", "decided_by", "decided_at"])


def _record(request: ReopenRequest, *, by: User, action: str, before: str | None, reason: str) -> None:
    change = audit.Change(
        action=action,
        subject=request,
        before={"state": before},
        after={"state": request.state, "asked_by": str(request.asked_by)},
        period=request.period,
        reason=reason,
    )
    audit.record(by=by, council=request.council, changes=[change])
