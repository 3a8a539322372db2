"""Who may do what, and whether the period still takes figures: asked inside the transaction that writes."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Model, Q

from accounts.models import User
from services import audit
from services.access import Grant, grant_for
from services.grants import lapsed
from services.models import AuditEntry, Council, MonitoringPeriod, RoleAssignment, ServiceLine
from services.operations.refusals import (
    AskerGoneError,
    NotAllowedError,
    PeriodClosedError,
    SelfApprovalError,
    WrongCouncilError,
)
from services.roles import Permission, Role

LOCKED_STATES = (MonitoringPeriod.State.APPROVED, MonitoringPeriod.State.PUBLISHED)


def authorise(
    *,
    by: User,
    council: Council,
    needs: Permission,
    directorate_ids: Iterable[int] | None = None,
    grant: Grant | None = None,
) -> None:
    """Refuse (`NotAllowedError`) a person who may not do this for all these directorates; `None` is the whole council.

    A deputy may do it while their time runs, and `by.acting_for` then says for whom: what is recorded next is recorded so. One query; none if
    `grant`, what the person may do at this council, was read in the same transaction.
    """
    by.acting_for = ()
    if by.is_superuser:
        return
    where = None if directorate_ids is None else frozenset(directorate_ids)
    grant = grant or grant_for(by, council)
    if grant is not None and _allows(grant, needs, where):
        act_as(by, grant, needs=needs, directorate_ids=where)
        return
    part = f"the whole of {council}" if where is None else f"this part of {council}"
    ended = lapsed(by, Q(council=council))
    raise NotAllowedError(ended or f"Your role does not let you {needs.value} for {part}.")


def authorise_asker(*, asked_by: User, council: Council, needs: Permission, what: str) -> None:
    """Refuse (`AskerGoneError`) to go on with what somebody asked for who may no longer ask. One query."""
    if not may_still(asked_by, council=council, needs=needs):
        raise AskerGoneError(str(asked_by), what)


def may_still(person: User, *, council: Council, needs: Permission) -> bool:
    """Whether a person may do this for the whole council now, who could when they asked. One query, two if not."""
    try:
        authorise(by=person, council=council, needs=needs)
    except NotAllowedError:
        return False
    return True


def _allows(grant: Grant, needs: Permission, directorate_ids: frozenset[int] | None) -> bool:
    if directorate_ids is None:
        return grant.allows_everywhere(needs)
    return all(grant.allows(needs, directorate_id=directorate_id) for directorate_id in directorate_ids)


def act_as(
    by: User, grant: Grant, *, needs: Permission, directorate_ids: Iterable[int] | None = None
) -> None:
    """Say in whose place the person acts, where only a deputy's right allows it. No query."""
    able = [role for role in Role if needs in role.permissions]
    by.acting_for = grant.acts_for(able, (None,) if directorate_ids is None else directorate_ids)


def authorise_site(*, by: User, needs: Permission) -> None:
    """Refuse a person who may not do this at every council of this site. One query."""
    by.acting_for = ()  # nobody is deputy for every council
    if by.is_superuser:
        return
    held = RoleAssignment.objects.filter(user=by, council__isnull=True).values_list("role", flat=True)
    if not by.is_active or not any(needs in Role(role).permissions for role in held):
        raise NotAllowedError(f"Your role does not let you {needs.value} for every council of this site.")


def holds_role(*, by: User, council: Council, roles: frozenset[Role], directorate_ids: Iterable[int]) -> bool:
    """Whether the person holds one of the roles for all these directorates, or acts for people who do. One query; none for a superuser."""
    by.acting_for = ()
    if by.is_superuser:
        return True
    grant = grant_for(by, council)
    held = grant.every_role if grant else ()
    wanted = frozenset(directorate_ids)
    is_held = all(
        any(role in roles and scope in (None, directorate_id) for role, scope in held)
        for directorate_id in wanted
    )
    if is_held and grant is not None:
        by.acting_for = grant.acts_for(roles, wanted)
    return is_held


def refuse_own_work(
    *,
    by: User,
    subjects: Iterable[Model],
    actions: tuple[str, ...],
    what: str,
    asked_by_id: int | None = None,
) -> None:
    """The two-person rule: refuse (`SelfApprovalError`) whoever asked for it, and whoever is deputy for somebody who did or had it done for them.

    Who stands behind it is read from the audit trail, which keeps whoever asked first when the work is handed over: `actions` are how the
    recorded steps begin that make somebody answerable for it. Ask after `authorise`. One query.
    """
    behind = {asked_by_id}
    for entry in _entries_about(subjects):
        if entry.action.startswith(HANDED_OVER):
            behind.add(entry.after["to_id"])
        elif entry.action.startswith(actions):
            behind |= audit.people_behind(entry)
    if behind & {by.pk, *(holder.pk for holder in by.acting_for)}:
        raise SelfApprovalError(what)


def same_people(one: User, other: User) -> bool:
    """Whether the same person stands behind both, in their own name or for whom they act. Ask after both are authorised."""
    behind = [{person.pk, *(holder.pk for holder in person.acting_for)} for person in (one, other)]
    return bool(behind[0] & behind[1])


HANDED_OVER = "hand over"
"""How the action begins by which a leaver's work became another's. `after["to_id"]` is who that is."""


def _entries_about(subjects: Iterable[Model]) -> Iterable[AuditEntry]:
    found = list(subjects)
    if not found:
        return ()
    first = found[0]
    return AuditEntry.objects.filter(
        council_id=first.council_id,  # type: ignore[attr-defined]  # every record here belongs to a council
        subject_type=first._meta.model_name,
        subject_id__in=[one.pk for one in found],
    )


def locked_period(period: MonitoringPeriod) -> MonitoringPeriod:
    """The period as it is now, with its council, and held so that nobody else changes its state or its figures meanwhile. One query.

    The council's chain is held first, as a publication holds it: everybody takes locks in that order, so that nobody waits for ever.
    """
    audit.hold(period.council_id)
    return (
        MonitoringPeriod.objects.select_for_update(of=("self",)).select_related("council").get(pk=period.pk)
    )


def open_for_figures(period: MonitoringPeriod) -> MonitoringPeriod:
    """The period as it is now, held; `PeriodClosedError` if it is approved or published."""
    now = locked_period(period)
    if now.is_locked:
        raise PeriodClosedError(now.period, now.get_state_display())
    return now


def still_open_for_figures(period: MonitoringPeriod) -> MonitoringPeriod:
    """As `open_for_figures`, for a period that this transaction has read itself.

    On SQLite nobody has been let in since the IMMEDIATE transaction began, so it is as it was read; elsewhere it is read again and held.
    """
    if connection.vendor != "sqlite":
        return open_for_figures(period)
    if period.is_locked:
        raise PeriodClosedError(period.period, period.get_state_display())
    return period


def refuse_behind_closed_period(period: MonitoringPeriod) -> None:
    """Refuse a change of budget that a closed period of the same year, at or after this one, would show as well. One query."""
    closed = (
        MonitoringPeriod.objects.filter(
            council_id=period.council_id, year=period.year, number__gte=period.number, state__in=LOCKED_STATES
        )
        .order_by("number")
        .first()
    )
    if closed is not None:
        raise PeriodClosedError(
            closed.period,
            closed.get_state_display(),
            f"{closed.period.label} is {closed.get_state_display().lower()}, and a change in {period.period.label} would alter its budget. "
            "Let the change take effect in a later period.",
        )


def same_council(council_id: int, *records: Model | None) -> None:
    """Refuse records of another council."""
    for record in records:
        if record is not None and getattr(record, "council_id", council_id) != council_id:
            raise WrongCouncilError(f"“{record}” belongs to another council.")


def reports_in(line: ServiceLine, period: MonitoringPeriod) -> bool:
    """Whether a line (with `opened_in` and `closed_from` beside it) has a place in this period's figures."""
    here = (period.year, period.number)
    if line.opened_in is not None and (line.opened_in.year, line.opened_in.number) > here:
        return False
    return line.closed_from is None or (line.closed_from.year, line.closed_from.number) > here


def not_reporting(period: MonitoringPeriod) -> Q:
    """The condition that a line has no place in this period: it opened later, or had closed."""
    year, number = period.year, period.number
    opened_later = Q(opened_in__year__gt=year) | Q(opened_in__year=year, opened_in__number__gt=number)
    closed_already = Q(closed_from__year__lt=year) | Q(
        closed_from__year=year, closed_from__number__lte=number
    )
    return opened_later | closed_already


def fresh_line(line: ServiceLine) -> ServiceLine:
    """The line as it is now, with its division and the periods between which it reports. One query."""
    return ServiceLine.objects.select_related("division__directorate", "opened_in", "closed_from").get(
        pk=line.pk
    )
