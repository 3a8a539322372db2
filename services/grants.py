"""What one person may do at one council: by the roles that they hold, and as deputy for people who hold one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from services.models import Council, Delegation, RoleAssignment
from services.roles import Permission, Role

TOLD_FOR = timedelta(days=31)
"""For how long a deputy is told that their time has ended; after that their pages are not there, as for anybody."""
Held = tuple[Role, int | None]
"""A role, and the directorate that it is limited to; `None` is the whole council."""


@dataclass(frozen=True, slots=True)
class Deputised:
    """A role that somebody else holds, in whose place the person may act today."""

    held: Held
    holder: User


@dataclass(frozen=True, slots=True)
class Grant:
    """What one person may do at one council. Directorates limit working permissions; `None` is the whole council."""

    user: User
    council: Council
    roles: tuple[Held, ...]
    """The person's own."""
    deputised: tuple[Deputised, ...] = ()
    """Those of the people for whom they are deputy today."""

    @property
    def every_role(self) -> tuple[Held, ...]:
        """The person's own roles, and then those of others."""
        return (*self.roles, *(one.held for one in self.deputised))

    def allows(self, permission: Permission, *, directorate_id: int | None = None) -> bool:
        """Whether the person may do this, for a directorate if one is given, otherwise for any part of the council."""
        return any(_covers(held, permission, directorate_id) for held in self.every_role)

    def allows_everywhere(self, permission: Permission) -> bool:
        """Whether the person may do this for the whole council."""
        return any(permission in role.permissions and scope is None for role, scope in self.every_role)

    def directorates(self, permission: Permission) -> frozenset[int] | None:
        """The directorates for which the person may do this; `None` for all of them."""
        scopes = [scope for role, scope in self.every_role if permission in role.permissions]
        return None if None in scopes else frozenset(scope for scope in scopes if scope is not None)

    def in_person(self) -> "Grant":
        """What the person may do by their own roles alone."""
        return Grant(user=self.user, council=self.council, roles=self.roles)

    def acts_for(self, roles: Iterable[Role], directorate_ids: Iterable[int | None]) -> tuple[User, ...]:
        """In whose place the person acts where one of these roles is needed; nobody's where their own role does. `None` is the whole council."""
        wanted = frozenset(roles)
        holders: dict[int, User] = {}
        for directorate_id in directorate_ids:
            if any(_reaches(held, wanted, directorate_id) for held in self.roles):
                continue
            for one in self.deputised:
                if _reaches(one.held, wanted, directorate_id):
                    holders[one.holder.pk] = one.holder
                    break
        return tuple(holders.values())

    @property
    def role_names(self) -> str:
        """For a page's header: “Finance officer; deputy for Head of Finance”."""
        own = ", ".join(sorted({role.label for role, _ in self.roles}))
        others = sorted({str(one.holder) for one in self.deputised})
        return "; ".join([*([own] if own else []), *(f"deputy for {holder}" for holder in others)])


def _covers(held: Held, permission: Permission, directorate_id: int | None) -> bool:
    role, scope = held
    return permission in role.permissions and (directorate_id is None or scope in (None, directorate_id))


def _reaches(held: Held, wanted: frozenset[Role], directorate_id: int | None) -> bool:
    """Whether a role held is one of those wanted, for this directorate; one of a directorate does not reach the whole council."""
    role, scope = held
    return role in wanted and scope in (None, directorate_id)


def roles_at(user: User, at: Q) -> QuerySet[RoleAssignment]:
    """The roles that a person holds at a council (`at` is a condition on `council`) or at every one, and those of the people for whom they are
    deputy there today (London), each with its holder.

    Whoever may no longer sign in holds none, even in a request that began while they could, and nobody acts for them.
    """
    running = Delegation.objects.running(timezone.localdate()).filter(at, deputy=user)
    own = Q(user=user) & (at | Q(council__isnull=True))
    return RoleAssignment.objects.filter(
        own | Q(pk__in=running.values("assignment_id")), user__is_active=True
    ).select_related("user")


def deputised_at(user: User) -> QuerySet[Delegation]:
    """The delegations by which the person acts for somebody today, at any council."""
    running = Delegation.objects.running(timezone.localdate())
    return running.filter(deputy=user, assignment__isnull=False, holder__is_active=True)


def grant_of(user: User, council: Council, held: Iterable[RoleAssignment]) -> Grant:
    """What the rows of `roles_at` come to."""
    rows = [(row.user, (Role(row.role), row.directorate_id)) for row in held]
    return Grant(
        user=user,
        council=council,
        roles=tuple(what for holder, what in rows if holder.pk == user.pk),
        deputised=tuple(Deputised(what, holder) for holder, what in rows if holder.pk != user.pk),
    )


def lapsed(user: User, at: Q) -> str:
    """Why a person who was a deputy there is none any more, in words; empty if they were not lately, or still are. One query."""
    today = timezone.localdate()
    last = (
        Delegation.objects.filter(at, deputy=user, starts_on__lte=today, ends_on__gte=today - TOLD_FOR)
        .select_related("holder")
        .order_by("-ends_on", "-pk")
        .first()
    )
    if last is None:
        return ""
    holder = last.holder
    if last.ended_at is not None:
        at_time = timezone.localtime(last.ended_at)
        return f"You are no longer deputy for {holder}: that was ended on {at_time:%-d %B %Y at %H:%M}."
    if last.ends_on < today:
        return f"You are no longer deputy for {holder}: that ended with {last.ends_on:%-d %B %Y}."
    if last.assignment_id is None or not holder.is_active:
        return f"You are no longer deputy for {holder}: they do not hold the role any more."
    return ""
