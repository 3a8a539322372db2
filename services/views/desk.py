"""Where an officer stands: the council, the period, what they may do, and what is common to every working page."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse

from accounting.periods import Period
from presentation.components import NavItem
from services import access
from services.access import Grant
from services.models import Council, MonitoringPeriod
from services.roles import Permission
from services.views.navigation import AT_PERIOD, navigation

STATE_KINDS = {"open": "open", "submitted": "submitted", "approved": "locked", "published": "published"}


@dataclass(frozen=True, slots=True)
class Desk:
    """One person at one period of one council."""

    grant: Grant
    period: MonitoringPeriod
    periods: tuple[MonitoringPeriod, ...]

    @property
    def council(self) -> Council:
        """The council."""
        return self.grant.council

    def address(self, name: str, *arguments: object) -> str:
        """The address of a working page at this period."""
        return reverse(f"services:{name}", args=[self.council.slug, self.period.period, *arguments])


def desk_for(
    request: HttpRequest,
    council: str,
    period: Period,
    *,
    needs: Permission = Permission.VIEW_WORKING,
    writes: Permission | None = None,
    is_whole_council: bool = False,
) -> Desk:
    """Let a person to a period's working pages.

    Two queries. `Http404` for whoever may not see working figures and for a period that is not open; `PermissionDenied` for a reader who may
    see them but may not do what they ask: `needs` to see the page, `writes` to send its form, and `is_whole_council` for a page that shows
    the figures of every directorate.
    """
    grant, periods = access.periods_for(request.user, council, needs=Permission.VIEW_WORKING)
    found = next((row for row in periods if row.period == period), None)
    if found is None:
        raise Http404("There is no such page, or it is not for you.")
    access.require(grant, needs)
    if is_whole_council and not grant.allows_everywhere(Permission.VIEW_WORKING):
        raise PermissionDenied("This page shows every directorate’s figures; your role is for one.")
    if request.method == "POST" and writes is not None:
        access.require(grant, writes)
    return Desk(grant=grant, period=found, periods=periods)


def refuse_reader(request: HttpRequest, grant: Grant, permission: Permission) -> None:
    """Refuse (`PermissionDenied`) a form sent by a person who may only read the page."""
    if request.method == "POST" and not grant.allows(permission):
        raise PermissionDenied(f"Your role does not let you {permission.value}.")


def newest_period(grant: Grant) -> MonitoringPeriod | None:
    """The council's newest period, for the navigation of pages that belong to none."""
    return next(iter(access.periods_of(grant)), None)


def frame(desk: Desk, *, here: str, line_id: int | None = None) -> dict[str, Any]:
    """What every working page of a period shows around itself: council, navigation, switcher, state.

    With `line_id` the switcher leads to that line's page in the other periods.
    """
    return {
        **council_frame(desk.grant, here=here, period=desk.period),
        "desk": desk,
        "period": desk.period,
        "period_state": desk.period.get_state_display(),
        "period_state_kind": STATE_KINDS[desk.period.state],
        "years": _years(desk, here=here, line_id=line_id),
        "periods": _periods(desk, here=here, line_id=line_id),
    }


def council_frame(grant: Grant, *, here: str, period: MonitoringPeriod | None = None) -> dict[str, Any]:
    """What every working page shows around itself."""
    sections, pages = navigation(grant, here=here, period=period)
    return {
        "council_name": grant.council.name,
        "council_url": f"/{grant.council.slug}/",
        "council": grant.council,
        "role_names": grant.role_names,
        "nav_items": sections,
        "nav_pages": pages,
    }


def _same_page(desk: Desk, here: str, period: Period, line_id: int | None) -> str:
    """This page at another period; the position where the page belongs to one line or one record."""
    if line_id is not None:
        return reverse("services:line", args=[desk.council.slug, period, line_id])
    base = reverse("services:position", args=[desk.council.slug, period])
    return f"{base}{AT_PERIOD[here].path}" if here in AT_PERIOD else base


def _years(desk: Desk, *, here: str, line_id: int | None) -> tuple[NavItem, ...]:
    """Each year once, leading to its newest period."""
    newest: dict[int, MonitoringPeriod] = {}
    for row in desk.periods:
        newest.setdefault(row.year, row)
    return tuple(
        NavItem(
            str(row.period.year), _same_page(desk, here, row.period, line_id), row.year == desk.period.year
        )
        for row in newest.values()
    )


def _periods(desk: Desk, *, here: str, line_id: int | None) -> tuple[NavItem, ...]:
    """The periods of the year that is shown, newest first."""
    return tuple(
        NavItem(row.period.label, _same_page(desk, here, row.period, line_id), row.pk == desk.period.pk)
        for row in desk.periods
        if row.year == desk.period.year
    )
