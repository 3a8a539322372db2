"""Rows of packs and attached documents as entries, for the public's queries and the clerk's desk alike. Who may read them is decided by who asks."""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounting.periods import FinancialYear, Period
from scrutiny.committees.entries.packs import DocumentEntry, HeldFigures, PackEntry
from scrutiny.models import ItemDocument, Pack, PackItem, Publication

BESIDE = ("council", "meeting__committee")


def without_file(rows: QuerySet[Pack]) -> QuerySet[Pack]:
    """The packs with what an entry names, and without reading through their files."""
    return rows.select_related(*BESIDE).defer("content")


def pack_entry(row: Pack, *, figures: Iterable[HeldFigures] = ()) -> PackEntry:
    """A pack; `row` with its council, meeting and committee beside it."""
    meeting = row.meeting
    return PackEntry(
        id=row.pk,
        council_name=row.council.name,
        council_slug=row.council.slug,
        committee=meeting.committee.name,
        meeting_id=meeting.pk,
        meeting_when=f"{meeting.day:%A %-d %B %Y}" if meeting.day else "Date not stated in the record",
        meeting_day=meeting.day,
        kind=row.kind,
        number=row.number,
        state=row.state,
        state_label=row.get_state_display(),
        error=row.error,
        sections_done=row.sections_done,
        sections_total=row.sections_total,
        first_page=row.first_page,
        pages=row.pages,
        digest=row.digest,
        content_digest=row.content_digest,
        asked_at=row.asked_at,
        finished_at=row.finished_at,
        sealed_at=row.sealed_at,
        figures=tuple(figures),
    )


def figures_held(row: Pack) -> tuple[HeldFigures, ...]:
    """The publications that a pack quotes, with the latest version of each. Two queries."""
    held = list(
        PackItem.objects.filter(pack=row, publication__isnull=False)
        .select_related("publication")
        .defer("publication__content")
    )
    latest: dict[tuple[int, int], int] = {}
    rows = Publication.objects.filter(council_id=row.council_id) if held else Publication.objects.none()
    for year, number, version in rows.values_list("period_year", "period_number", "version"):
        latest[year, number] = max(version, latest.get((year, number), 0))
    return tuple(_figures(one, one.publication, latest) for one in held if one.publication)


def _figures(row: PackItem, publication: Publication, latest: dict[tuple[int, int], int]) -> HeldFigures:
    year, number = publication.period_year, publication.period_number
    return HeldFigures(
        number=row.number,
        title=row.title,
        period=Period(FinancialYear(year), number),
        version=publication.version,
        latest_version=latest[year, number],
    )


def document_entries(rows: QuerySet[ItemDocument]) -> tuple[DocumentEntry, ...]:
    """Attached documents that are not withdrawn, in the order in which they came; their files are not read."""
    names = ("id", "item_id", "title", "language", "file_name", "pages", "digest")
    found = rows.filter(is_withdrawn=False).order_by("item__order", "pk").values(*names)
    return tuple(DocumentEntry(**row) for row in found)
