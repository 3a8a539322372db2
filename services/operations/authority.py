"""Who may do what, and whether the period still takes figures: asked inside the transaction that writes."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import Model, Q

from accounts.models import User
from services import audit
from services.access import Grant, grant_for
from services.models import Council, MonitoringPeriod, RoleAssignment, ServiceLine
from services.operations.refusals import NotAllowedError, PeriodClosedError, WrongCouncilError
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

    One query; none if `grant`, what the person may do at this council, was read in the same transaction.
    """
    if by.is_superuser:
        return
    grant = grant or grant_for(by, council)
    if grant is not None:
        if directorate_ids is None and grant.allows_everywhere(needs):
            return
        if directorate_ids is not None and all(
            grant.allows(needs, directorate_id=directorate_id) for directorate_id in directorate_ids
        ):
            return
    where = f"the whole of {council}" if directorate_ids is None else f"this part of {council}"
    raise NotAllowedError(f"Your role does not let you {needs.value} for {where}.")


def authorise_site(*, by: User, needs: Permission) -> None:
    """Refuse a person who may not do this at every council of this site. One query."""
    if by.is_superuser:
        return
    held = RoleAssignment.objects.filter(user=by, council__isnull=True).values_list("role", flat=True)
    if not by.is_active or not any(needs in Role(role).permissions for role in held):
        raise NotAllowedError(f"Your role does not let you {needs.value} for every council of this site.")


def holds_role(*, by: User, council: Council, roles: frozenset[Role], directorate_ids: Iterable[int]) -> bool:
    """Whether the person holds one of the roles for all these directorates. One query; none for a superuser."""
    if by.is_superuser:
        return True
    grant = grant_for(by, council)
    held = grant.roles if grant else ()
    return all(
        any(role in roles and scope in (None, directorate_id) for role, scope in held)
        for directorate_id in directorate_ids
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
