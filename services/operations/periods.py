"""Monitoring periods: opened, submitted, approved, published; reopened only with a reason."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from accounting.funds import Fund
from accounting.periods import Period
from accounts.models import User
from services import audit
from services.models import (
    AuditEntry,
    Council,
    Directorate,
    DirectorateSubmission,
    MonitoringPeriod,
    PublishedVariance,
)
from services.operations.authority import authorise, authorise_asker, locked_period, same_people
from services.operations.carrying_forward import carry_forward_into
from services.operations.entries import checked_name, checked_words
from services.operations.refusals import (
    AlreadyDoneError,
    NotAllowedError,
    Refused,
    SelfApprovalError,
)
from services.operations.submissions import (
    refuse_unexplained,
    return_directorate,
    submit_directorate,
    write_states,
)
from services.roles import Permission

__all__ = [
    "LineVariance",
    "approve_period",
    "open_period",
    "record_publication",
    "reopen_period",
    "return_directorate",
    "submit_directorate",
    "submit_period",
]

State = MonitoringPeriod.State


class ReturnedError(Refused):
    """A directorate has been given its figures back and has not submitted them again."""


class NotReadyError(Refused):
    """The step before has not been taken."""


class LineVariance(NamedTuple):
    """A line's variance after reserves as it is published, in signed pounds; `None` is unknown."""

    line_id: int
    division_id: int
    directorate_id: int
    fund: Fund
    variance_after_reserves: Decimal | None


@transaction.atomic
def open_period(
    *,
    by: User,
    council: Council,
    period: Period,
    title_as_printed: str = "",
    carry_forward: bool = False,
) -> MonitoringPeriod:
    """Open a period, or return it if it has been opened: then nothing changes.

    `carry_forward` starts it with a copy of the period before in the same year. `title_as_printed` is kept even where a paper names a wrong year.
    """
    authorise(by=by, council=council, needs=Permission.KEEP_BUDGETS)
    opened, is_new = MonitoringPeriod.objects.get_or_create(
        council=council,
        year=period.year.first_year,
        number=period.number,
        defaults={"title_as_printed": checked_name("title_as_printed", title_as_printed, required=False)},
    )
    opened.council = council
    if not is_new:
        return opened
    directorate_ids = Directorate.objects.filter(council=council).values_list("pk", flat=True)
    DirectorateSubmission.objects.bulk_create(
        DirectorateSubmission(council=council, period=opened, directorate_id=pk) for pk in directorate_ids
    )
    carried = carry_forward_into(opened) if carry_forward else {}
    change = audit.Change(
        action="open period",
        subject=opened,
        after={"title_as_printed": opened.title_as_printed, "carried_forward": carried},
        period=opened,
    )
    audit.record(by=by, council=council, changes=[change])
    return opened


@transaction.atomic
def submit_period(*, by: User, period: MonitoringPeriod) -> MonitoringPeriod:
    """Submit the whole period for approval, and with it each directorate that has not submitted.

    Raises `UnexplainedVarianceError` while a material variance has no confirmed reason, `ReturnedError` while a directorate has its figures
    back, `AlreadyDoneError` if the period has been submitted.
    """
    now = locked_period(period)
    authorise(by=by, council=now.council, needs=Permission.PROPOSE_PUBLICATION)
    if now.state != State.OPEN:
        raise AlreadyDoneError(f"{now.period.label} has already been {now.get_state_display().lower()}.")
    states = dict(DirectorateSubmission.objects.filter(period=now).values_list("directorate_id", "state"))
    returned = DirectorateSubmission.State.RETURNED
    waiting = Directorate.objects.filter(pk__in=[pk for pk, state in states.items() if state == returned])
    if names := ", ".join(waiting.values_list("name", flat=True)):
        raise ReturnedError(
            f"{names} has its figures for {now.period.label} back and must submit them again first."
        )
    refuse_unexplained(now.council, now, None)
    every = Directorate.objects.filter(council=now.council).values_list("pk", flat=True)
    submitted = DirectorateSubmission.State.SUBMITTED
    write_states(
        by=by,
        period=now,
        directorate_ids=[pk for pk in every if states.get(pk) != submitted],
        state=submitted,
    )
    return set_state(by=by, period=now, state=State.SUBMITTED, action="submit period")


@transaction.atomic
def approve_period(*, by: User, period: MonitoringPeriod) -> MonitoringPeriod:
    """Approve a submitted period; its figures are locked from then on. Not by the person who submitted it."""
    now = locked_period(period)
    authorise(by=by, council=now.council, needs=Permission.APPROVE_PUBLICATION)
    if now.is_locked:
        raise AlreadyDoneError(f"{now.period.label} has already been {now.get_state_display().lower()}.")
    if now.state != State.SUBMITTED:
        raise NotReadyError(f"{now.period.label} has not been submitted yet, so it cannot be approved.")
    behind = _submitted_by(now)
    if behind & {by.pk, *(holder.pk for holder in by.acting_for)}:
        raise SelfApprovalError(f"{now.period.label} to be approved")
    _set_directorates(by=by, period=now, state=DirectorateSubmission.State.APPROVED)
    return set_state(by=by, period=now, state=State.APPROVED, action="approve period")


@transaction.atomic
def reopen_period(
    *, by: User, period: MonitoringPeriod, reason: str, asked_by: User | None = None
) -> MonitoringPeriod:
    """Open a submitted, approved or published period again, with a reason. What was published stays; a correction is a new version.

    A locked period needs two people: `asked_by` asks and `by` agrees, and one of them approves publications. Raises `SelfApprovalError`.
    """
    reason = checked_words("reason", reason, required=True)
    now = locked_period(period)
    if now.is_locked:
        _authorise_two(by=by, asked_by=asked_by, period=now)
    else:
        authorise(by=by, council=now.council, needs=Permission.APPROVE_PUBLICATION)
    if now.state == State.OPEN:
        raise AlreadyDoneError(f"{now.period.label} is open: there is nothing to reopen.")
    _set_directorates(by=by, period=now, state=DirectorateSubmission.State.IN_PROGRESS)
    after: dict[str, object] = {"asked_by": audit.spoken(asked_by)} if asked_by else {}
    return set_state(by=by, period=now, state=State.OPEN, action="reopen period", reason=reason, after=after)


def _authorise_two(*, by: User, asked_by: User | None, period: MonitoringPeriod) -> None:
    """Two different people, both of whom take part in publishing, and one of whom approves."""
    authorise(by=by, council=period.council, needs=Permission.PROPOSE_PUBLICATION)
    if asked_by is None:
        raise NotReadyError(
            f"{period.period.label} is locked, so two people reopen it: one asks and says why, another agrees."
        )
    what = f"{period.period.label} to be reopened"
    authorise_asker(
        asked_by=asked_by, council=period.council, needs=Permission.PROPOSE_PUBLICATION, what=what
    )
    if same_people(by, asked_by):
        raise SelfApprovalError(what)
    try:
        authorise(by=by, council=period.council, needs=Permission.APPROVE_PUBLICATION)
    except NotAllowedError:
        authorise(by=asked_by, council=period.council, needs=Permission.APPROVE_PUBLICATION)
        authorise(by=by, council=period.council, needs=Permission.PROPOSE_PUBLICATION)
    if same_people(by, asked_by):
        raise SelfApprovalError(what)


@transaction.atomic
def record_publication(
    *, by: User, approved_by: User, period: MonitoringPeriod, variances: Sequence[LineVariance]
) -> int:
    """Note what was published, so that movement can be told from it; return the version, from 1.

    `by` proposes and `approved_by` approves: two people. Called by whoever freezes the publication, in the same transaction.
    """
    now = locked_period(period)
    authorise(by=by, council=now.council, needs=Permission.PROPOSE_PUBLICATION)
    authorise(by=approved_by, council=now.council, needs=Permission.APPROVE_PUBLICATION)
    if same_people(by, approved_by):
        raise SelfApprovalError(f"{now.period.label} to be published")
    if now.state == State.PUBLISHED:
        raise AlreadyDoneError(
            f"{now.period.label} has already been published, as version {now.publications}. To correct it, reopen it first."
        )
    if now.state != State.APPROVED:
        raise NotReadyError(f"{now.period.label} has not been approved yet, so it cannot be published.")
    now.publications += 1
    PublishedVariance.objects.bulk_create(
        PublishedVariance(
            council=now.council,
            period=now,
            publication_version=now.publications,
            service_line_id=row.line_id,
            division_id=row.division_id,
            directorate_id=row.directorate_id,
            fund=Fund(row.fund),
            variance_after_reserves=row.variance_after_reserves,
        )
        for row in variances
    )
    after = {"publication": now.publications, "lines": len(variances), "proposed_by": audit.spoken(by)}
    set_state(by=approved_by, period=now, state=State.PUBLISHED, action="publish period", after=after)
    return now.publications


def set_state(
    *,
    by: User,
    period: MonitoringPeriod,
    state: str,
    action: str,
    reason: str = "",
    after: dict[str, object] | None = None,
) -> MonitoringPeriod:
    """Write a period's state and record it; the caller has asked whether it may be."""
    before = period.state
    period.state = state
    period.version += 1
    period.save(update_fields=["state", "version", "publications"])
    change = audit.Change(
        action=action,
        subject=period,
        before={"state": before},
        after={"state": state, **(after or {})},
        period=period,
        reason=reason,
    )
    audit.record(by=by, council=period.council, changes=[change])
    return period


def _set_directorates(*, by: User, period: MonitoringPeriod, state: str) -> None:
    held = DirectorateSubmission.objects.filter(period=period).values_list("directorate_id", flat=True)
    write_states(by=by, period=period, directorate_ids=list(held), state=state)


def _submitted_by(period: MonitoringPeriod) -> frozenset[int]:
    """Who submitted the period last, and for whom, from the audit trail."""
    entry = (
        AuditEntry.objects.filter(
            council_id=period.council_id,
            subject_type="monitoringperiod",
            subject_id=period.pk,
            action="submit period",
        )
        .order_by("-sequence")
        .first()
    )
    return audit.people_behind(entry) if entry else frozenset()
