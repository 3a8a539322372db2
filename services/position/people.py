"""Deputies as people read them: who acts for whom, from when to when, and how it ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from services.grants import Grant
from services.models import Council, Delegation, RoleAssignment
from services.roles import DEPUTISED, Permission

SHOWN = 50
"""How many that have ended are listed; the audit trail has the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyRow:
    """One delegation, in words."""

    delegation_id: int
    deputy: str
    holder: str
    role: str
    when: str
    state: str
    reason: str
    named_by: str
    may_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deputies:
    """What a person sees of a council's deputies."""

    current: tuple[DeputyRow, ...]
    """Running, or still to run."""
    ended: tuple[DeputyRow, ...]


def deputies_seen(grant: Grant, *, today: date) -> Deputies:
    """The council's deputies, newest first: all of them for who sees the whole council or its trail, otherwise those a person has part in.

    One query.
    """
    rows = Delegation.objects.filter(council=grant.council)
    if not grant.allows_everywhere(Permission.VIEW_WORKING) and not grant.allows(Permission.VIEW_AUDIT):
        rows = rows.filter(Q(holder=grant.user) | Q(deputy=grant.user))
    found = rows.select_related("deputy", "holder", "named_by", "ended_by").order_by("-ends_on", "-pk")
    current: list[DeputyRow] = []
    ended: list[DeputyRow] = []
    for row in found:
        is_over = row.ended_at is not None or row.ends_on < today
        (ended if is_over else current).append(_row(row, grant, today=today, is_over=is_over))
    return Deputies(current=tuple(current), ended=tuple(ended[:SHOWN]))


def _row(row: Delegation, grant: Grant, *, today: date, is_over: bool) -> DeputyRow:
    may_end = row.holder_id == grant.user.pk or row.deputy_id == grant.user.pk or may_name_for_others(grant)
    return DeputyRow(
        delegation_id=row.pk,
        deputy=f"{row.deputy} ({row.deputy.username})",
        holder=str(row.holder),
        role=row.role_in_words,
        when=f"{row.starts_on:%-d %B %Y} to {row.ends_on:%-d %B %Y}",
        state=_state(row, today),
        reason=row.reason,
        named_by=str(row.named_by),
        may_end=may_end and not is_over,
    )


def _state(row: Delegation, today: date) -> str:
    if row.ended_at is not None:
        return f"Ended by {row.ended_by} on {timezone.localtime(row.ended_at):%-d %B %Y at %H:%M}: {row.why_ended}"
    if row.ends_on < today:
        return "Ended with its last day"
    return "Runs now" if row.starts_on <= today else "Has not begun"


def may_name_for_others(grant: Grant) -> bool:
    """Whether the person names deputies for anybody: by their own role, never as a deputy."""
    return grant.in_person().allows_everywhere(Permission.NAME_DEPUTIES)


def roles_to_deputise(grant: Grant) -> tuple[RoleAssignment, ...]:
    """The roles for which this person may name a deputy: their own; a head of finance's are everybody's. One query."""
    here = Q(council=grant.council) | Q(council__isnull=True)
    held = RoleAssignment.objects.filter(here, role__in=DEPUTISED, user__is_active=True)
    if not may_name_for_others(grant):
        held = held.filter(user=grant.user)
    return tuple(
        held.select_related("user", "council", "directorate").order_by("user__post", "user__username", "pk")
    )


def deputies_now(council: Council, assignments: Iterable[RoleAssignment]) -> tuple[Delegation, ...]:
    """Whoever acts today for the holders of these roles. One query."""
    running = Delegation.objects.running(timezone.localdate()).filter(
        council=council, assignment__in=list(assignments), deputy__is_active=True
    )
    return tuple(running.select_related("deputy", "assignment").order_by("pk"))
