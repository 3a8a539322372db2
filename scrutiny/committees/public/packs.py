"""Sealed public packs, and the documents attached to open items, as everybody who may read published things may read them.

An exempt pack, a pack that is not sealed and a document of an exempt item are not here, whoever asks.
"""

from django.db.models import Q, QuerySet
from django.http import Http404

from scrutiny.committees import reading_packs as reading
from scrutiny.committees.entries.packs import DocumentEntry, PackEntry
from scrutiny.models import AgendaItem, ItemDocument, Pack

NOT_HERE = "There is no such page, or it is not for you."


def packs_of_meeting(council_id: int, meeting_id: int) -> tuple[PackEntry, ...]:
    """A meeting's sealed public packs: the pack, then its supplements. One query, and two for each pack."""
    rows = reading.without_file(_sealed().filter(council_id=council_id, meeting_id=meeting_id))
    return tuple(reading.pack_entry(row, figures=reading.figures_held(row)) for row in rows)


def pack_entry(council_id: int, pack_id: int) -> PackEntry:
    """One sealed public pack. `Http404` if it is not there. Three queries."""
    row = reading.without_file(_sealed().filter(council_id=council_id, pk=pack_id)).first()
    if row is None:
        raise Http404(NOT_HERE)
    return reading.pack_entry(row, figures=reading.figures_held(row))


def pack_file(council_id: int, pack_id: int) -> bytes:
    """The sealed bytes. `Http404` if there is no such public pack. One query."""
    content = _sealed().filter(council_id=council_id, pk=pack_id).values_list("content", flat=True).first()
    if content is None:
        raise Http404(NOT_HERE)
    return bytes(content)


def pack_with_digest(digest: str) -> PackEntry | None:
    """The sealed public pack whose file or whose content has this SHA-256, of any council; `None` if there is none. Three queries."""
    rows = _sealed().filter(Q(digest=digest) | Q(content_digest=digest)).order_by("sealed_at", "pk")
    row = reading.without_file(rows).first()
    return None if row is None else reading.pack_entry(row, figures=reading.figures_held(row))


def documents_of_meeting(council_id: int, meeting_id: int) -> tuple[DocumentEntry, ...]:
    """The documents attached to the meeting's open items. One query."""
    return reading.document_entries(_documents(council_id).filter(item__meeting_id=meeting_id))


def document_file(council_id: int, document_id: int) -> tuple[DocumentEntry, bytes]:
    """One such document with its file. `Http404` if it is not there, or not public. Two queries."""
    rows = _documents(council_id).filter(pk=document_id)
    entry = next(iter(reading.document_entries(rows)), None)
    if entry is None:
        raise Http404(NOT_HERE)
    return entry, bytes(rows.values_list("content", flat=True)[0])


def _sealed() -> QuerySet[Pack]:
    return Pack.objects.filter(
        kind=Pack.Kind.PUBLIC, state=Pack.State.SEALED, meeting__agenda_published_at__isnull=False
    )


def _documents(council_id: int) -> QuerySet[ItemDocument]:
    return ItemDocument.objects.filter(
        council_id=council_id,
        item__classification=AgendaItem.Classification.PUBLIC,
        item__meeting__agenda_published_at__isnull=False,
    )
