"""Funding changes: budget from outside the council's lines, asked for by one person and approved by another."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from services import audit
from services.models import ApprovalState, FundingChange, MonitoringPeriod, ServiceLine
from services.operations.authority import (
    authorise,
    fresh_line,
    open_for_figures,
    refuse_behind_closed_period,
    refuse_own_work,
    reports_in,
    same_council,
)
from services.operations.entries import checked_name, checked_words, required_money
from services.operations.references import free_reference
from services.operations.refusals import (
    AlreadyDoneError,
    InvalidEntryError,
    LineNotReportingError,
)
from services.operations.staleness import refuse_other_state
from services.operations.virements import refuse_already_reported
from services.roles import Permission


@transaction.atomic
def request_funding_change(
    *,
    by: User,
    line: ServiceLine,
    effective: MonitoringPeriod,
    type: str,  # noqa: A002 - the field's name
    amount: Decimal,
    reason: str,
    is_permanent: bool = False,
    reference: str = "",
) -> FundingChange:
    """Ask for budget from (+) or to (−) outside the council's lines: a grant, a pay award, a correction. It counts once approved."""
    period = open_for_figures(effective)
    line = fresh_line(line)
    same_council(period.council_id, line)
    authorise(
        by=by,
        council=period.council,
        needs=Permission.KEEP_BUDGETS,
        directorate_ids=[line.division.directorate_id],
    )
    if type not in FundingChange.Type.values:
        raise InvalidEntryError("type", f"“{type}” is not one of {', '.join(FundingChange.Type.values)}.")
    if not reports_in(line, period):
        raise LineNotReportingError(line.name, period.period)
    refuse_behind_closed_period(period)
    refuse_already_reported(period, [line])
    change = FundingChange.objects.create(
        council=period.council,
        service_line=line,
        reference=free_reference(
            FundingChange,
            council=period.council,
            prefix=f"F{period.year}",
            wanted=checked_name("reference", reference, required=False, limit=40),
        ),
        type=type,
        amount=required_money("amount", amount, nil=False),
        reason=checked_words("reason", reason, required=True),
        is_permanent=is_permanent,
        effective_period=period,
        requested_by=by,
        requested_for=audit.holders(by),
    )
    _record(
        by=by,
        change=change,
        action="request funding change",
        after={"amount": change.amount, "line": line.name, "type": type},
    )
    return change


@transaction.atomic
def approve_funding_change(
    *, by: User, change: FundingChange, expected_state: str | None = None
) -> FundingChange:
    """Approve a funding change; it moves the budget from then on. Not by the person who asked for it.

    Raises `StaleVersionError` if it is no longer in `expected_state`, in which the person saw it.
    """
    now = _undecided(by=by, change=change, seen=expected_state)
    refuse_own_work(
        by=by,
        subjects=[now],
        actions=("request",),
        what=f"funding change {now.reference}",
        asked_by_id=now.requested_by_id,
    )
    refuse_behind_closed_period(now.effective_period)
    refuse_already_reported(now.effective_period, [now.service_line])
    return _decide(by=by, change=now, state=ApprovalState.APPROVED, action="approve funding change")


@transaction.atomic
def reject_funding_change(
    *, by: User, change: FundingChange, note: str, expected_state: str | None = None
) -> FundingChange:
    """Reject a funding change, with a note that says why."""
    note = checked_words("note", note, required=True)
    now = _undecided(by=by, change=change, seen=expected_state)
    return _decide(by=by, change=now, state=ApprovalState.REJECTED, action="reject funding change", note=note)


def _undecided(*, by: User, change: FundingChange, seen: str | None = None) -> FundingChange:
    """The change as it is now, held; the chain is held first, so that no period closes between the check and the change."""
    audit.hold(change.council_id)
    now = (
        FundingChange.objects.select_for_update(of=("self",))
        .select_related("council", "service_line__division", "effective_period__council")
        .get(pk=change.pk)
    )
    authorise(
        by=by,
        council=now.council,
        needs=Permission.APPROVE_CHANGES,
        directorate_ids=[now.service_line.division.directorate_id],
    )
    refuse_other_state(now, seen)
    if now.state != ApprovalState.REQUESTED:
        raise AlreadyDoneError(
            f"Funding change {now.reference} has already been {now.get_state_display().lower()}."
        )
    return now


def _decide(*, by: User, change: FundingChange, state: str, action: str, note: str = "") -> FundingChange:
    before = change.state
    change.state, change.decided_by, change.decided_at = state, by, timezone.now()
    change.decided_for = audit.holders(by)
    change.save(update_fields=["state", "decided_by", "decided_at", "decided_for"])
    _record(
        by=by, change=change, action=action, before={"state": before}, after={"state": state}, reason=note
    )
    return change


def _record(
    *,
    by: User,
    change: FundingChange,
    action: str,
    after: Mapping[str, object],
    before: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    entry = audit.Change(
        action=action,
        subject=change,
        before=before,
        after=after,
        period=change.effective_period,
        reason=reason or change.reason,
    )
    audit.record(by=by, council=change.council, changes=[entry])
