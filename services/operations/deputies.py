"""Deputies: who acts for whom from which day to which, and how that ends."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from services import audit
from services.access import grant_for
from services.models import Council, Delegation, RoleAssignment
from services.operations.entries import checked_words
from services.operations.refusals import AlreadyDoneError, InvalidEntryError, NotAllowedError
from services.roles import DEPUTISED, Permission, Role

LONGEST = timedelta(days=366)
"""A deputy for longer than a year is not a deputy: the role itself should change hands."""


@transaction.atomic
def name_deputy(
    *,
    by: User,
    council: Council,
    assignment: RoleAssignment,
    deputy: User,
    starts_on: date,
    ends_on: date,
    reason: str,
) -> Delegation:
    """Let a person act at this council for the holder of a role, from a London day to a London day, both included.

    By the holder or a head of finance, each by their own role: a deputy passes nothing on. Raises `NotAllowedError`, `InvalidEntryError`,
    `AlreadyDoneError`.
    """
    audit.hold(council.pk)
    role = (
        RoleAssignment.objects.select_related("user", "council", "directorate")
        .filter(Q(council=council) | Q(council__isnull=True), pk=assignment.pk)
        .first()
    )
    if role is None:
        raise AlreadyDoneError("The role has been taken away meanwhile, so nobody can act in it.")
    _authorise(by=by, council=council, people=[role.user])
    reason = checked_words("reason", reason, required=True)
    _refuse_wrong_days(starts_on, ends_on)
    _refuse_wrong_person(by=by, council=council, role=role, deputy=deputy)
    same = Delegation.objects.filter(council=council, assignment=role, deputy=deputy, ended_at__isnull=True)
    if same.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
        raise AlreadyDoneError(
            f"{deputy} is already deputy for {role.user} on some of these days. End that first."
        )
    named = Delegation.objects.create(
        council=council,
        assignment=role,
        holder=role.user,
        role_in_words=role.in_words,
        deputy=deputy,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
        named_by=by,
        named_at=timezone.now(),
    )
    _record(by=by, delegations=[named], action="name deputy", reason=reason)
    return named


@transaction.atomic
def end_delegation(*, by: User, delegation: Delegation, reason: str) -> Delegation:
    """End a deputy's time from their next request on: by the holder, the deputy or a head of finance, with a reason."""
    audit.hold(delegation.council_id)
    now = Delegation.objects.select_related("council", "holder", "deputy").get(pk=delegation.pk)
    _authorise(by=by, council=now.council, people=[now.holder, now.deputy])
    reason = checked_words("reason", reason, required=True)
    if now.ended_at is not None or now.ends_on < timezone.localdate():
        raise AlreadyDoneError(f"{now} has ended already.")
    end_delegations(by=by, delegations=[now], reason=reason)
    return now


def end_delegations(*, by: User, delegations: Iterable[Delegation], reason: str) -> None:
    """End what has not ended, in the caller's transaction: with a role that goes, or a person who leaves."""
    ending = list(delegations)
    for one in ending:
        one.ended_by, one.ended_at, one.why_ended = by, timezone.now(), reason
        one.save(update_fields=["ended_by", "ended_at", "why_ended"])
    _record(by=by, delegations=ending, action="end delegation", reason=reason)


def not_ended(condition: Q) -> list[Delegation]:
    """The delegations that run, or are still to run. One query."""
    waiting = Delegation.objects.filter(condition, ended_at__isnull=True, ends_on__gte=timezone.localdate())
    return list(waiting.select_related("council", "holder", "deputy").order_by("starts_on", "pk"))


def _authorise(*, by: User, council: Council, people: list[User]) -> None:
    """One of these people, or whoever names deputies by their own role: nobody does it as a deputy."""
    by.acting_for = ()
    grant = grant_for(by, council)
    own = grant.in_person() if grant else None
    if by.is_superuser or (own and own.allows_everywhere(Permission.NAME_DEPUTIES)):
        return
    if grant is None or all(by.pk != person.pk for person in people):
        raise NotAllowedError(
            "A deputy is named by the person whom they stand in for, or by a head of finance. A deputy names none."
        )


def _refuse_wrong_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise InvalidEntryError("ends_on", "is before the first day.")
    if ends_on < timezone.localdate():
        raise InvalidEntryError("ends_on", "has passed. Nothing can be done by a deputy in the past.")
    if ends_on - starts_on > LONGEST:
        raise InvalidEntryError(
            "ends_on", "is more than a year after the first day. Give the person the role instead."
        )


def _refuse_wrong_person(*, by: User, council: Council, role: RoleAssignment, deputy: User) -> None:
    if Role(role.role) not in DEPUTISED:
        names = ", ".join(one.label.lower() for one in DEPUTISED)
        raise InvalidEntryError("role", f"is not one with deputies. Those are: {names}.")
    if deputy.pk == role.user_id:
        raise InvalidEntryError("deputy", "is the person themselves.")
    if deputy.pk == by.pk:
        raise InvalidEntryError("deputy", "is you. Another person must name you.")
    if not deputy.is_active:
        raise InvalidEntryError("deputy", f"{deputy} can no longer sign in.")
    here = Q(council=council) | Q(council__isnull=True)
    where = Q(directorate__isnull=True) | Q(directorate=role.directorate_id)
    same = RoleAssignment.objects.filter(here & where)
    if same.filter(user=deputy, role=role.role).exists():
        raise AlreadyDoneError(f"{deputy} holds that role already, and acts in their own name.")


def _record(*, by: User, delegations: Iterable[Delegation], action: str, reason: str) -> None:
    """One entry each, in the chain of its council."""
    by_council: dict[Council, list[audit.Change]] = {}
    for one in delegations:
        change = audit.Change(
            action=action,
            subject=one,
            before={"to": one.ends_on} if one.ended_at else None,
            after={
                "deputy": one.deputy.username,
                "holder": one.holder.username,
                "role": one.role_in_words,
                "from": one.starts_on,
                "to": timezone.localdate(one.ended_at) if one.ended_at else one.ends_on,
            },
            reason=reason,
        )
        by_council.setdefault(one.council, []).append(change)
    for council, changes in by_council.items():
        audit.record(by=by, council=council, changes=changes)
