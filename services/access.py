"""Fetch and authorise: the only way a view gets a record. Strangers find nothing; readers may not write.

A person with no role at a council is told that the address does not exist (`Http404`), as is a member who asks for a working figure: whether
one exists is itself not public. A person who may see a thing but not do what they ask is refused (`PermissionDenied`), as is a deputy whose time
has lately ended: they are told so, because what they were typing is theirs.
"""

from collections.abc import Iterable
from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import F, FilteredRelation, Model, Q
from django.http import Http404

from accounting.periods import Period
from accounts.models import User
from services.grants import Grant, deputised_at, grant_of, lapsed, roles_at
from services.models import Council, Directorate, MonitoringPeriod, RoleAssignment, ServiceLine
from services.roles import Permission

__all__ = [
    "Grant",
    "council_for",
    "council_for_any",
    "councils_for",
    "directorate_for",
    "grant_at_period",
    "grant_for",
    "line_for",
    "period_for",
    "periods_for",
    "periods_of",
    "record_for",
    "require",
]

NOT_THERE = "There is no such page, or it is not for you."
Record = TypeVar("Record", bound=Model)


def grant_for(user: User | AnonymousUser, council: Council) -> Grant | None:
    """What this person may do at this council; `None` for a stranger. One query."""
    if not isinstance(user, User) or not user.is_active:
        return None
    held = list(roles_at(user, Q(council=council)))
    return grant_of(user, council, held) if held else None


def council_for(user: User | AnonymousUser, slug: str, *, needs: Permission) -> Grant:
    """The council and what the person may do there. One query (two for a role at every council).

    `Http404` unless they may do `needs` in some part of it; the answer for a council that is not there takes the same steps.
    """
    grant = _grant_at(user, slug)
    if grant is None or not grant.allows(needs):
        raise turned_away(user, slug)
    return grant


def council_for_any(user: User | AnonymousUser, slug: str, *, needs: Iterable[Permission]) -> Grant:
    """As `council_for`, for a page that any one of several permissions opens."""
    grant = _grant_at(user, slug)
    if grant is None or not any(grant.allows(permission) for permission in needs):
        raise turned_away(user, slug)
    return grant


def turned_away(user: User | AnonymousUser, slug: str) -> Exception:
    """What is said to somebody who finds no page: that there is none, or that they are no longer deputy, which is no news to them. One query."""
    words = lapsed(user, Q(council__slug=slug)) if isinstance(user, User) else ""
    return PermissionDenied(words) if words else Http404(NOT_THERE)


def _grant_at(user: User | AnonymousUser, slug: str) -> Grant | None:
    """What this person may do at the council of that name, with the council; `None` for a stranger or a name that is not there."""
    held = _roles_at(user, slug)
    council = next((row.council for row in held if row.council), None)
    if council is None and held:
        council = Council.objects.filter(slug=slug).first()
    if council is None or not isinstance(user, User):
        return None
    return grant_of(user, council, held)


def _roles_at(user: User | AnonymousUser, slug: str) -> list[RoleAssignment]:
    """The roles that the person has at the council of that name, or at every council. One query; none for a stranger at the door."""
    if not isinstance(user, User) or not user.is_active:
        return []
    return list(roles_at(user, Q(council__slug=slug)).select_related("council"))


def councils_for(user: User | AnonymousUser) -> list[Council]:
    """The councils at which this person has a role, by name."""
    if not isinstance(user, User) or not user.is_active:
        return []
    if RoleAssignment.objects.filter(user=user, council__isnull=True).exists():
        return list(Council.objects.order_by("name"))
    own = RoleAssignment.objects.filter(user=user).values("council_id")
    deputised = deputised_at(user).values("council_id")
    return list(Council.objects.filter(Q(pk__in=own) | Q(pk__in=deputised)).order_by("name"))


def period_for(grant: Grant, period: Period) -> MonitoringPeriod:
    """The council's period, or `Http404` if it has not been opened."""
    found = MonitoringPeriod.objects.filter(
        council=grant.council, year=period.year.first_year, number=period.number
    ).first()
    if found is None:
        raise Http404(f"{period.label} has not been opened.")
    found.council = grant.council
    return found


def grant_at_period(
    user: User | AnonymousUser, slug: str, period: Period, *, needs: Permission
) -> tuple[Grant, MonitoringPeriod]:
    """The council, what the person may do there, and its period: one query (three for a role at every council).

    `Http404` unless they may do `needs` in some part of it and the period has been opened.
    """
    if not isinstance(user, User) or not user.is_active:
        raise Http404(NOT_THERE)
    now = FilteredRelation(
        "council__periods",
        condition=Q(council__periods__year=period.year.first_year, council__periods__number=period.number),
    )
    held = roles_at(user, Q(council__slug=slug))
    rows = list(
        held.select_related("council").annotate(
            now=now, now_id=F("now__pk"), now_state=F("now__state"), now_version=F("now__version")
        )
    )
    if not rows or any(row.council is None for row in rows):
        grant = council_for(user, slug, needs=needs)
        return grant, period_for(grant, period)
    council = rows[0].council
    assert council is not None  # or the rows had a role at every council
    grant = grant_of(user, council, rows)
    if not grant.allows(needs):
        raise turned_away(user, slug)
    if rows[0].now_id is None:
        raise Http404(NOT_THERE)
    found = MonitoringPeriod(
        pk=rows[0].now_id,
        council=council,
        year=period.year.first_year,
        number=period.number,
        state=rows[0].now_state,
        version=rows[0].now_version,
    )
    return grant, found


def periods_of(grant: Grant) -> tuple[MonitoringPeriod, ...]:
    """Every period that the council has opened, newest first. One query."""
    periods = tuple(MonitoringPeriod.objects.filter(council=grant.council).order_by("-year", "-number"))
    for period in periods:
        period.council = grant.council
    return periods


def periods_for(
    user: User | AnonymousUser, slug: str, *, needs: Permission
) -> tuple[Grant, tuple[MonitoringPeriod, ...]]:
    """What the person may do at the council, with its periods, newest first: `council_for` and `periods_of` in two queries for everybody.

    `Http404` unless they may do `needs` there, and where no period has been opened.
    """
    held = _roles_at(user, slug)
    periods = (
        tuple(
            MonitoringPeriod.objects.filter(council__slug=slug)
            .select_related("council")
            .order_by("-year", "-number")
        )
        if held
        else ()
    )
    if not periods or not isinstance(user, User):
        raise turned_away(user, slug)
    grant = grant_of(user, periods[0].council, held)
    if not grant.allows(needs):
        raise turned_away(user, slug)
    for period in periods:
        period.council = grant.council
    return grant, periods


def line_for(grant: Grant, line_id: int, *, needs: Permission) -> ServiceLine:
    """A service line in a directorate where the person may do `needs`.

    `Http404` if they may not even see its working figures, `PermissionDenied` if they may see but not do this.
    """
    line = (
        ServiceLine.objects.select_related("division__directorate")
        .filter(council=grant.council, pk=line_id)
        .first()
    )
    if line is None or not grant.allows(Permission.VIEW_WORKING, directorate_id=line.division.directorate_id):
        raise Http404("There is no such service line, or it is not for you.")
    if not grant.allows(needs, directorate_id=line.division.directorate_id):
        raise PermissionDenied(f"Your role does not let you {needs.value} for {line.division.directorate}.")
    line.council = grant.council
    return line


def directorate_for(grant: Grant, directorate_id: int, *, needs: Permission) -> Directorate:
    """A directorate for which the person may do `needs`; `Http404` if they may not even see it, `PermissionDenied` if they may not do it."""
    found = Directorate.objects.filter(council=grant.council, pk=directorate_id).first()
    if found is None or not grant.allows(Permission.VIEW_WORKING, directorate_id=directorate_id):
        raise Http404("There is no such directorate, or it is not for you.")
    if not grant.allows(needs, directorate_id=directorate_id):
        raise PermissionDenied(f"Your role does not let you {needs.value} for {found}.")
    return found


def record_for(grant: Grant, kind: type[Record], pk: int) -> Record:
    """A record of this council by its number, or `Http404`: whether another council has one of that number is not said."""
    found = kind._default_manager.filter(council=grant.council, pk=pk).first()
    if found is None:
        raise Http404("There is no such record, or it is not for you.")
    return found


def require(grant: Grant, permission: Permission) -> None:
    """Refuse (`PermissionDenied`) a person who is here but may not do this."""
    if not grant.allows(permission):
        raise PermissionDenied(f"Your role does not let you {permission.value}.")
