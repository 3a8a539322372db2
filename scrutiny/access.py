"""Fetch and authorise what is published: the only way a member's page gets anything. It reads no working table.

A stranger, a period that was never opened and one that is not yet published all get the same answer, because whether working figures
exist is itself not public. The other functions take the `Grant` that the first one gives.
"""

from collections.abc import Iterable
from functools import lru_cache

from django.contrib.auth.models import AnonymousUser
from django.http import Http404

from accounting.figures import Figures
from accounting.funds import Fund
from accounting.periods import FinancialYear, Period
from accounts.models import User
from scrutiny.content import digest_of
from scrutiny.models import Publication, PublishedFigure, PublishedSaving
from scrutiny.published import COUNCIL, PublishedPeriod, PublishedVersion, from_content
from scrutiny.savings.history import SavingPoint
from services.access import Grant, council_for
from services.roles import Permission

NOTHING_HERE = "There is no such page, or it is not for you."
KEPT = 24
"""How many publications each process keeps read: about 1 MB each at 300 lines."""


class ContentAlteredError(Exception):
    """What is stored is not what was published."""

    def __init__(self, publication: Publication) -> None:
        super().__init__(
            f"The stored content of {publication} (number {publication.pk}) does not have the digest it was published with. "
            "It has been changed outside this application: restore it from a backup."
        )


def publication_for(
    user: User | AnonymousUser, slug: str, period: Period, version: int | None = None
) -> tuple[Grant, PublishedPeriod, tuple[PublishedVersion, ...]]:
    """One published period, its latest version unless another is asked for, and all its versions, newest first.

    Two queries, and one more if this process has not read that version before. `Http404` if it is not there or not for this person.
    """
    grant = council_for(user, slug, needs=Permission.VIEW_PUBLISHED)
    return grant, *_with_versions(grant, period, version)


def council_of(user: User | AnonymousUser, slug: str) -> Grant:
    """The council whose published periods this person may read. `Http404` for a stranger. One query or two."""
    return council_for(user, slug, needs=Permission.VIEW_PUBLISHED)


def published_at(grant: Grant, period: Period, version: int | None = None) -> PublishedPeriod:
    """Another period of the same council, to compare with. `Http404` if it is not published. Two queries at most."""
    published, _ = _with_versions(grant, period, version)
    return published


def _with_versions(
    grant: Grant, period: Period, version: int | None
) -> tuple[PublishedPeriod, tuple[PublishedVersion, ...]]:
    rows = list(
        Publication.objects.filter(
            council=grant.council, period_year=period.year.first_year, period_number=period.number
        )
        .order_by("-version")
        .defer("content")
    )
    wanted = next((row for row in rows if version is None or row.version == version), None)
    if wanted is None:
        raise Http404(NOTHING_HERE)
    return _read(wanted.pk, wanted.header), tuple(row.header for row in rows)


@lru_cache(maxsize=KEPT)
def _read(publication_id: int, header: PublishedVersion) -> PublishedPeriod:
    """A publication, read once a process: nothing published changes. The header is in the key, so that no other can be taken for it."""
    publication = Publication.objects.only(
        "content", "digest", "period_year", "period_number", "version"
    ).get(pk=publication_id)
    if digest_of(publication.content) != header.digest:
        raise ContentAlteredError(publication)
    return from_content(publication.content, header=header)


def publications_of(grant: Grant) -> tuple[PublishedVersion, ...]:
    """The latest version of every published period, newest period first; each knows its year (`period.year`). One query."""
    rows = Publication.objects.filter(council=grant.council).defer("content")
    oldest_first = rows.order_by("period_year", "period_number", "version")
    latest = {row.period: row.header for row in oldest_first}
    return tuple(latest.values())[::-1]


def versions_of(grant: Grant) -> tuple[PublishedVersion, ...]:
    """Every version of every published period, newest first. One query."""
    rows = Publication.objects.filter(council=grant.council).defer("content")
    return tuple(row.header for row in rows.order_by("-period_year", "-period_number", "-version"))


def published_before(grant: Grant, period: Period) -> PublishedVersion | None:
    """The latest version of the last period published before this one in the same financial year. One query."""
    row = (
        Publication.objects.filter(
            council=grant.council, period_year=period.year.first_year, period_number__lt=period.number
        )
        .order_by("-period_number", "-version")
        .defer("content")
        .first()
    )
    return row.header if row else None


def history_of(
    grant: Grant, *, scope: str, key: str, fund: Fund, year: FinancialYear | None = None
) -> tuple[tuple[Period, int, Figures], ...]:
    """The figures of one line or total in the latest version of each published period, oldest first: period, version, figures.

    `scope` and `key` are those of `PublishedTotal`, or “line” and `PublishedLine.key`. All years unless one is given. Two queries: a
    correction that leaves the line out must not bring back what the version before said.
    """
    rows = PublishedFigure.objects.filter(council=grant.council, scope=scope, key=key, fund=fund.value)
    publications = Publication.objects.filter(council=grant.council)
    if year is not None:
        rows = rows.filter(period_year=year.first_year)
        publications = publications.filter(period_year=year.first_year)
    latest = _latest(publications.values_list("pk", "period_year", "period_number", "version"))
    found = rows.filter(publication_id__in=latest).order_by("period_year", "period_number")
    return tuple(
        (Period(FinancialYear(row.period_year), row.period_number), row.version, row.figures) for row in found
    )


def _latest(rows: Iterable[tuple[int, int, int, int]]) -> list[int]:
    newest: dict[tuple[int, int], tuple[int, int]] = {}
    for publication_id, year, number, version in rows:
        newest[year, number] = max(newest.get((year, number), (0, 0)), (version, publication_id))
    return [publication_id for _, publication_id in newest.values()]


def latest_publications(council_id: int) -> dict[int, tuple[int, int]]:
    """The number of each period's latest version, with its year and period. One query."""
    publications = Publication.objects.filter(council_id=council_id)
    found = {row[0]: row for row in publications.values_list("pk", "period_year", "period_number", "version")}
    return {number: found[number][1:3] for number in _latest(found.values())}


History = tuple[tuple[Period, int, Figures], ...]


def history_when_published(council_id: int, published: PublishedPeriod) -> History:
    """The council's General Fund in each period of the year up to this one, in the versions that were public when this one became so.

    Nothing published later enters, so a page or report of a publication is the same whenever it is made. One query.
    """
    rows = PublishedFigure.objects.filter(
        council_id=council_id,
        scope=COUNCIL,
        key="",
        fund=Fund.GENERAL_FUND.value,
        period_year=published.period.year.first_year,
        period_number__lte=published.period.number,
        publication__published_at__lte=published.published_at,
    )
    latest = {row.period_number: row for row in rows.order_by("period_number", "version")}
    year = published.period.year
    return tuple((Period(year, number), row.version, row.figures) for number, row in latest.items())


def saving_history(grant: Grant, published: PublishedPeriod, *, key: str) -> tuple[SavingPoint, ...]:
    """One saving in the latest version of each period up to this one, of all years, as public when this one was; oldest first. Two queries."""
    until = (published.period.year.first_year, published.period.number)
    publications = Publication.objects.filter(
        council=grant.council, published_at__lte=published.published_at
    ).values_list("pk", "period_year", "period_number", "version")
    latest = _latest(row for row in publications if (row[1], row[2]) <= until)
    rows = PublishedSaving.objects.filter(council=grant.council, key=key, publication_id__in=latest)
    return tuple(
        SavingPoint(
            period=row.period,
            version=row.version,
            stage_label=row.stage_label,
            figures=row.figures,
            rag=row.rating,
            reason=row.reason,
        )
        for row in rows.order_by("period_year", "period_number")
    )


def publication_id_of(grant: Grant, published: PublishedPeriod) -> int:
    """The number of a publication that this person has already been given. One query."""
    return Publication.objects.values_list("pk", flat=True).get(
        council=grant.council,
        period_year=published.period.year.first_year,
        period_number=published.period.number,
        version=published.version,
    )


def publication_row(grant: Grant, published: PublishedPeriod) -> Publication:
    """The record of a publication that this person has already been given, to pin a question to. One query."""
    return Publication.objects.defer("content").get(pk=publication_id_of(grant, published))


def publication_to_print(publication_id: int) -> tuple[PublishedPeriod, History]:
    """A publication with its history, for the job worker, which acts for nobody: no view may call this. Three queries at most."""
    row = Publication.objects.defer("content").get(pk=publication_id)
    published = _read(row.pk, row.header)
    return published, history_when_published(row.council_id, published)


def publication_to_print_of(slug: str, period: Period, version: int | None = None) -> int | None:
    """The number of a council's publication, its latest version unless another is asked for; for commands. One query."""
    rows = Publication.objects.filter(
        council__slug=slug, period_year=period.year.first_year, period_number=period.number
    )
    if version is not None:
        rows = rows.filter(version=version)
    return rows.order_by("-version").values_list("pk", flat=True).first()
