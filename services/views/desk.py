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
) -> Desk:
    """Let a person to a period's working pages.

    Two queries. `Http404` for whoever may not see working figures and for a period that is not open; `PermissionDenied` for a reader who may
    see them but may not do what they ask: `needs` to see the page, `writes` to send its form.
    """
    grant = access.council_for(request.user, council, needs=Permission.VIEW_WORKING)
    periods = access.periods_of(grant)
    found = next((row for row in periods if row.period == period), None)
    if found is None:
        raise Http404("There is no such page, or it is not for you.")
    access.require(grant, needs)
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


def frame(desk: Desk, *, here: str) -> dict[str, Any]:
    """What every working page of a period shows around itself: council, navigation, switcher, state."""
    return {
        **council_frame(desk.grant, here=here, period=desk.period),
        "desk": desk,
        "period": desk.period,
        "period_state": desk.period.get_state_display(),
        "period_state_kind": STATE_KINDS[desk.period.state],
        "years": _years(desk, here=here),
        "periods": _periods(desk, here=here),
    }


def council_frame(grant: Grant, *, here: str, period: MonitoringPeriod | None = None) -> dict[str, Any]:
    """What every working page shows around itself."""
    return {
        "council_name": grant.council.name,
        "council_url": f"/{grant.council.slug}/",
        "council": grant.council,
        "role_names": grant.role_names,
        "nav_items": tuple(_nav_items(grant, here=here, period=period)),
    }


_AT_PERIOD = (
    ("position", "Position", Permission.VIEW_WORKING),
    ("submission", "Submit", Permission.VIEW_WORKING),
    ("budgets", "Budgets and virements", Permission.VIEW_WORKING),
    ("reserves", "Reserves", Permission.VIEW_WORKING),
    ("dsg", "DSG", Permission.VIEW_WORKING),
    ("risks", "Risks", Permission.VIEW_WORKING),
)
_AT_COUNCIL = (
    ("structure", "Structure", Permission.KEEP_STRUCTURE),
    ("roles", "Roles", Permission.ASSIGN_ROLES),
    ("audit", "Audit trail", Permission.VIEW_AUDIT),
)


def _nav_items(grant: Grant, *, here: str, period: MonitoringPeriod | None) -> list[NavItem]:
    """The places this person may go."""
    slug = grant.council.slug
    items = []
    if grant.allows(Permission.VIEW_WORKING):
        items.append(NavItem("Periods", reverse("services:home", args=[slug]), here == "home"))
    if period is not None:
        items += [
            NavItem(label, reverse(f"services:{name}", args=[slug, period.period]), here == name)
            for name, label, needs in _AT_PERIOD
            if grant.allows(needs)
        ]
        items += [
            NavItem(label, address, here == name)
            for name, label, needs, address in _elsewhere(slug, period)
            if grant.allows(needs)
        ]
    items += [
        NavItem(label, reverse(f"services:{name}", args=[slug]), here == name)
        for name, label, needs in _AT_COUNCIL
        if grant.allows(needs)
    ]
    return items


def _elsewhere(slug: str, period: MonitoringPeriod) -> tuple[tuple[str, str, Permission, str], ...]:
    """Working pages whose addresses other parts of the site own; reached by address, never by import."""
    base = f"/{slug}/working/{period.period.slug}"
    return (
        ("import", "Import", Permission.IMPORT_RETURNS, f"{base}/import/"),
        ("publish", "Publish", Permission.PROPOSE_PUBLICATION, f"{base}/publish/"),
    )


def _same_page(desk: Desk, here: str, period: Period) -> str:
    """This page at another period; the position where the page belongs to one line or one record."""
    name = here if here in {name for name, _, _ in _AT_PERIOD} else "position"
    return reverse(f"services:{name}", args=[desk.council.slug, period])


def _years(desk: Desk, *, here: str) -> tuple[NavItem, ...]:
    """Each year once, leading to its newest period."""
    newest: dict[int, MonitoringPeriod] = {}
    for row in desk.periods:
        newest.setdefault(row.year, row)
    return tuple(
        NavItem(str(row.period.year), _same_page(desk, here, row.period), row.year == desk.period.year)
        for row in newest.values()
    )


def _periods(desk: Desk, *, here: str) -> tuple[NavItem, ...]:
    """The periods of the year that is shown, newest first."""
    return tuple(
        NavItem(row.period.label, _same_page(desk, here, row.period), row.pk == desk.period.pk)
        for row in desk.periods
        if row.year == desk.period.year
    )
