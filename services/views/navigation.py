"""Where an officer may go: sections, and the pages of the one they are in. Two plain lists of links: no script, no pop-up, nothing to open first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.urls import reverse

from presentation.components import NavItem
from services.access import Grant
from services.models import MonitoringPeriod
from services.roles import Permission

SEES = frozenset({Permission.VIEW_WORKING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One page. It is reached by address, never by import, because other parts of the site own some of them."""

    name: str
    label: str
    path: str
    """Below the period's working address, or below the council's."""
    opens: frozenset[Permission] = SEES
    """Any one of these lets a person in."""
    is_whole: bool = False
    """Whether only a person who may see the whole council may open it."""
    at_period: bool = True
    also: frozenset[str] = frozenset()
    """Pages that lie below this one."""


@dataclass(frozen=True, slots=True)
class Section:
    """Pages that belong together. One of a single page has no second row."""

    label: str
    places: tuple[Place, ...]


IMPORTS = frozenset({Permission.IMPORT_RETURNS})
PUBLISHES = frozenset({Permission.PROPOSE_PUBLICATION})
STRUCTURE = frozenset({Permission.VIEW_WORKING, Permission.KEEP_STRUCTURE})
DEPUTIES = frozenset({Permission.VIEW_WORKING, Permission.VIEW_AUDIT})
PEOPLE = frozenset({Permission.ASSIGN_ROLES, Permission.VIEW_AUDIT})

SECTIONS = (
    Section("Periods", (Place(name="home", label="Periods", path="", at_period=False),)),
    Section(
        "Forecasts",
        (
            Place(name="position", label="Position", path="", also=frozenset({"line", "as_at"})),
            Place(name="grid", label="Forecast grid", path="grid/", also=frozenset({"workbook"})),
            Place(name="board", label="Chasing board", path="board/"),
            Place(name="submission", label="Submit", path="submission/"),
            Place(name="publish", label="Publish", path="publish/", opens=PUBLISHES, is_whole=True),
        ),
    ),
    Section(
        "Budgets and reserves",
        (
            Place(name="budgets", label="Budgets and virements", path="budgets/"),
            Place(name="reserves", label="Reserves", path="reserves/", is_whole=True),
            Place(name="dsg", label="DSG", path="dsg/", is_whole=True),
            Place(name="risks", label="Risks", path="risks/", is_whole=True),
        ),
    ),
    Section(
        "Savings",
        (
            Place(name="savings_month", label="This month", path="savings/"),
            Place(name="savings_register", label="Register", path="savings/", at_period=False),
            Place(name="recovery", label="Recovery plans", path="recovery/", is_whole=True, at_period=False),
            Place(name="recovery_month", label="Recovery this month", path="recovery/"),
            Place(name="strategy", label="Strategy", path="strategy/", is_whole=True, at_period=False),
            Place(
                name="right_sizing",
                label="Right-sizing",
                path="savings/right-sizing/",
                is_whole=True,
                at_period=False,
            ),
        ),
    ),
    Section(
        "Imports",
        (
            Place(name="import", label="Returns", path="import/", opens=IMPORTS),
            Place(name="ledger", label="Ledger", path="ledger/", opens=IMPORTS, is_whole=True),
            Place(
                name="savings_import",
                label="Savings schedules",
                path="savings/import/",
                opens=IMPORTS,
                is_whole=True,
                at_period=False,
            ),
        ),
    ),
    Section(
        "Council",
        (
            Place(name="structure", label="Structure", path="structure/", opens=STRUCTURE, at_period=False),
            Place(name="rules", label="Rules", path="rules/", opens=STRUCTURE, at_period=False),
            Place(name="roles", label="Roles", path="roles/", opens=PEOPLE, at_period=False),
            Place(name="deputies", label="Deputies", path="deputies/", opens=DEPUTIES, at_period=False),
            Place(
                name="leavers",
                label="People who leave",
                path="leavers/",
                opens=frozenset({Permission.HAND_OVER}),
                at_period=False,
                also=frozenset({"leaver"}),
            ),
            Place(
                name="audit",
                label="Audit trail",
                path="audit/",
                opens=frozenset({Permission.VIEW_AUDIT}),
                at_period=False,
            ),
        ),
    ),
)
AT_PERIOD = {place.name: place for section in SECTIONS for place in section.places if place.at_period}


def navigation(
    grant: Grant, *, here: str, period: MonitoringPeriod | None
) -> tuple[tuple[NavItem, ...], tuple[NavItem, ...]]:
    """The sections in which this person may open something, each leading to its first page; and the pages of the section they are in.

    Pages of one period are those of `period`; there are none where no period has been opened.
    """
    items: list[NavItem] = []
    pages: tuple[NavItem, ...] = ()
    for section in SECTIONS:
        places = [place for place in section.places if _opens(place, grant, period)]
        if not places:
            continue
        is_here = any(here == place.name or here in place.also for place in section.places)
        items.append(NavItem(section.label, _address(places[0], grant, period), is_here))
        if is_here and len(section.places) > 1:
            pages = _pages(places, grant, here=here, period=period)
    items.append(NavItem("Published", f"/{grant.council.slug}/"))
    return tuple(items), pages


def _pages(
    places: Sequence[Place], grant: Grant, *, here: str, period: MonitoringPeriod | None
) -> tuple[NavItem, ...]:
    return tuple(NavItem(place.label, _address(place, grant, period), here == place.name) for place in places)


def _opens(place: Place, grant: Grant, period: MonitoringPeriod | None) -> bool:
    if place.at_period and (period is None or not grant.allows(Permission.VIEW_WORKING)):
        return False
    if place.is_whole and not grant.allows_everywhere(Permission.VIEW_WORKING):
        return False
    return _any_of(grant, place.opens)


def _any_of(grant: Grant, permissions: Iterable[Permission]) -> bool:
    return any(grant.allows(permission) for permission in permissions)


def _address(place: Place, grant: Grant, period: MonitoringPeriod | None) -> str:
    if place.at_period and period is not None:
        return f"{reverse('services:position', args=[grant.council.slug, period.period])}{place.path}"
    return f"{reverse('services:home', args=[grant.council.slug])}{place.path}"
