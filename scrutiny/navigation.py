"""Where a page lies and what lies beside it: breadcrumbs, the switcher of years and periods, versions, what to compare with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from accounting.periods import FinancialYear, Period
from presentation.components import Crumb, NavItem
from scrutiny.published import PublishedPeriod, PublishedVersion
from services.access import Grant
from services.roles import Permission


def council_address(slug: str) -> str:
    """The council's page."""
    return reverse("scrutiny:council", args=[slug])


def period_address(slug: str, period: Period, version: int | None = None, *, page: str = "period") -> str:
    """A period's page, or its page of savings, recovery or strategy: of its latest version unless one is named."""
    if version is None:
        return reverse(f"scrutiny:{page}", args=[slug, period])
    return reverse(f"scrutiny:version:{page}", args=[slug, period, version])


def publication_address(page: str, published: PublishedPeriod, **parts: str) -> str:
    """A stable address of one version: its page, a table or a file."""
    place = {"slug": published.council_slug, "period": published.period, "version": published.version}
    return reverse(f"scrutiny:version:{page}", kwargs=place | parts)


def council_frame(grant: Grant, *, here: str = "published") -> dict[str, Any]:
    """What the frame of a council's page shows; clerks get a way to their desk, and officers to the working side."""
    slug = grant.council.slug
    items = [NavItem("Published", council_address(slug), current=here == "published")]
    committees = reverse("scrutiny:committees", args=[slug])
    items.append(NavItem("Committees", committees, current=here == "committees"))
    if grant.allows_everywhere(Permission.KEEP_MEETINGS):
        items.append(NavItem("Clerk’s desk", reverse("scrutiny:desk", args=[slug]), current=here == "desk"))
    if grant.allows_everywhere(Permission.EXPORT_PAPERS):
        items.append(
            NavItem("Reports", reverse("scrutiny:desk_papers", args=[slug]), current=here == "papers")
        )
    if grant.allows(Permission.VIEW_WORKING) and (working := _working_address(slug)):
        items.append(NavItem("Working figures", working))
    return {
        "council_name": grant.council.name,
        "council_url": council_address(slug),
        "nav_items": tuple(items),
        "breadcrumbs": (),
    }


def _working_address(slug: str) -> str | None:
    try:
        return reverse("services:home", args=[slug])
    except NoReverseMatch:
        return None


def publication_frame(grant: Grant, published: PublishedPeriod, *, page: str = "") -> dict[str, Any]:
    """The frame of a page about one publication; `page` names one below it."""
    slug = grant.council.slug
    crumbs = [Crumb("Published periods", council_address(slug))]
    label = f"{published.period.year}, {published.period.label}"
    if page:
        crumbs += [Crumb(label, period_address(slug, published.period, published.version)), Crumb(page)]
    else:
        crumbs.append(Crumb(label))
    return council_frame(grant) | {"breadcrumbs": tuple(crumbs)}


SECTIONS = (
    ("period", "Position"),
    ("savings", "Savings"),
    ("recovery", "Recovery"),
    ("strategy", "Medium term"),
)
"""The pages of a publication, in the order of every month."""


def sections_of(published: PublishedPeriod, *, current: str) -> tuple[NavItem, ...]:
    """The other pages of the same version."""
    return tuple(
        NavItem(label, publication_address(name, published), name == current) for name, label in SECTIONS
    )


def published_on(moment: Any) -> str:
    """“14 November 2023”, in London."""
    return f"{timezone.localtime(moment):%-d %B %Y}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Switcher:
    """Other years and periods of the same page, and what this one is."""

    years: tuple[NavItem, ...]
    periods: tuple[NavItem, ...]
    state: str


def period_switcher(
    publications: Sequence[PublishedVersion], *, published: PublishedPeriod, page: str = "period"
) -> Switcher:
    """Each published year leads to its last published period; each period of this year to its latest version, at the same page."""
    slug, here = published.council_slug, published.period
    latest_of: dict[FinancialYear, Period] = {}
    for entry in publications:
        latest_of[entry.period.year] = max(entry.period, latest_of.get(entry.period.year, entry.period))
    return Switcher(
        years=tuple(
            NavItem(
                str(year),
                period_address(slug, here if year == here.year else last, page=page),
                year == here.year,
            )
            for year, last in latest_of.items()
        ),
        periods=tuple(
            NavItem(entry.period.label, period_address(slug, entry.period, page=page), entry.period == here)
            for entry in publications
            if entry.period.year == here.year
        ),
        state=f"Published {published_on(published.published_at)}, version {published.version}",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionLink:
    """One version of the period."""

    label: str
    url: str
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsNote:
    """The versions of a period, and where the latest is if this is not it."""

    versions: tuple[VersionLink, ...]
    latest_url: str
    latest_label: str

    @property
    def is_superseded(self) -> bool:
        """Whether a later version stands."""
        return bool(self.latest_url)


def versions_note(published: PublishedPeriod, *, versions: Sequence[PublishedVersion]) -> VersionsNote:
    """Versions newest first."""
    slug, latest = published.council_slug, versions[0]
    is_latest = latest.version == published.version
    return VersionsNote(
        versions=tuple(
            VersionLink(
                label=_version_label(version),
                url=period_address(slug, published.period, version.version),
                is_this=version.version == published.version,
            )
            for version in versions
        ),
        latest_url="" if is_latest else period_address(slug, published.period),
        latest_label="" if is_latest else _version_label(latest),
    )


def _version_label(version: PublishedVersion) -> str:
    return f"Version {version.version}, published {published_on(version.published_at)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEntry:
    """One period in the council's list."""

    label: str
    url: str
    published: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedYear:
    """One financial year's published periods, newest first."""

    label: str
    entries: tuple[PublishedEntry, ...]


def years_of(grant: Grant, publications: Iterable[PublishedVersion]) -> tuple[PublishedYear, ...]:
    """Published periods by year, as the access gives them: newest first."""
    return tuple(
        PublishedYear(
            label=str(year),
            entries=tuple(
                PublishedEntry(
                    label=entry.period.label,
                    url=period_address(grant.council.slug, entry.period),
                    published=published_on(entry.published_at),
                    version=entry.version,
                )
                for entry in entries
            ),
        )
        for year, entries in groupby(publications, key=lambda entry: entry.period.year)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A publication to compare with, as the form's list has it."""

    value: str
    label: str
    is_chosen: bool


def comparison_choices(
    published: PublishedPeriod, *, versions: Iterable[PublishedVersion], other: PublishedPeriod | None
) -> tuple[Choice, ...]:
    """Every other version of every period, newest first."""
    chosen = (other.period, other.version) if other else None
    return tuple(
        Choice(
            value=f"{version.period.slug}/v{version.version}",
            label=f"{version.period.year}, {version.period.label}, version {version.version}",
            is_chosen=(version.period, version.version) == chosen,
        )
        for version in versions
        if (version.period, version.version) != (published.period, published.version)
    )
