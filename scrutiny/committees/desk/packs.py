"""Packs and attached documents as clerks see them, and exempt ones as those see them who may read exempt papers. No public page reads it."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import Http404

from scrutiny.committees import reading, reading_packs, reading_papers
from scrutiny.committees.entries.meetings import ItemEntry, MeetingEntry
from scrutiny.committees.entries.packs import DocumentEntry, PackEntry
from scrutiny.committees.entries.papers import PaperEntry
from scrutiny.models import AgendaItem, ItemDocument, Meeting, Pack, Paper, PaperParagraph
from services.access import Grant
from services.roles import Permission

NOT_HERE = "There is no such page, or it is not for you."


def pack_row(grant: Grant, pack_id: int) -> Pack:
    """A pack that this person may see though it is not public, without its file. `Http404` for everybody else.

    A pack that is not sealed is the clerk's; an exempt one is for those who may read exempt papers, and for nobody besides.
    """
    row = reading_packs.without_file(Pack.objects.filter(council=grant.council, pk=pack_id)).first()
    if row is None or not _may_see(grant, row):
        raise Http404(NOT_HERE)
    return row


def pack_entry(row: Pack) -> PackEntry:
    """The pack with the figures that it quotes. Two queries."""
    return reading_packs.pack_entry(row, figures=reading_packs.figures_held(row))


def pack_file(row: Pack) -> bytes:
    """The file of a pack that was given out by `pack_row`. `Http404` while there is none. One query."""
    content = Pack.objects.filter(pk=row.pk).values_list("content", flat=True).first()
    if content is None:
        raise Http404(NOT_HERE)
    return bytes(content)


def packs_of(meeting: Meeting) -> tuple[PackEntry, ...]:
    """Every pack of a meeting, the last asked for first. One query, and two for each."""
    rows = reading_packs.without_file(Pack.objects.filter(meeting=meeting)).order_by("-asked_at", "-pk")
    return tuple(pack_entry(row) for row in rows)


def exempt_packs_of(grant: Grant, meeting_id: int) -> tuple[PackEntry, ...]:
    """A meeting's sealed exempt packs; none for somebody who may not read exempt papers."""
    if not grant.allows_everywhere(Permission.VIEW_EXEMPT):
        return ()
    rows = Pack.objects.filter(
        council=grant.council, meeting_id=meeting_id, kind=Pack.Kind.EXEMPT, state=Pack.State.SEALED
    )
    return tuple(pack_entry(row) for row in reading_packs.without_file(rows))


def exempt_documents_of(grant: Grant, meeting_id: int) -> tuple[DocumentEntry, ...]:
    """The documents of a meeting's exempt items; none for somebody who may not read exempt papers."""
    if not grant.allows_everywhere(Permission.VIEW_EXEMPT):
        return ()
    return reading_packs.document_entries(
        ItemDocument.objects.filter(
            council=grant.council,
            item__meeting_id=meeting_id,
            item__classification=AgendaItem.Classification.EXEMPT,
        )
    )


def exempt_agenda(council_id: int, meeting_id: int) -> tuple[MeetingEntry, tuple[ItemEntry, ...]]:
    """The meeting and its exempt items in full, for the exempt pack. `Http404` if there is no such meeting. Two queries."""
    row = Meeting.objects.filter(council_id=council_id, pk=meeting_id).select_related("committee").first()
    if row is None:
        raise Http404(NOT_HERE)
    items = row.items.filter(classification=AgendaItem.Classification.EXEMPT)
    whole = items.select_related("publication", "paper").defer("publication__content")
    return reading.meeting_entry(row), tuple(
        reading.item_entry(item, shows_draft_paper=False) for item in whole
    )


def exempt_paper(council_id: int, paper_id: int) -> PaperEntry:
    """The report of an exempt item, once it is final, for the exempt pack. `Http404` if it is not there. Five queries."""
    rows = Paper.objects.filter(council_id=council_id, state=Paper.State.FINAL, pk=paper_id)
    row = reading_papers.with_all(rows).first()
    if row is None:
        raise Http404(NOT_HERE)
    return reading_papers.paper_entry(row, shows_unpublished_meeting=True)


def documents_of_meeting(meeting_id: int) -> tuple[DocumentEntry, ...]:
    """Every document attached to the meeting's items. One query."""
    return reading_packs.document_entries(ItemDocument.objects.filter(item__meeting_id=meeting_id))


def document_row(grant: Grant, document_id: int) -> ItemDocument:
    """An attached document, to be withdrawn. `Http404` if it is not there."""
    rows = ItemDocument.objects.filter(council=grant.council, pk=document_id, is_withdrawn=False)
    row = rows.select_related("item__meeting", "council").defer("content").first()
    if row is None:
        raise Http404(NOT_HERE)
    return row


def document_file(grant: Grant, document_id: int) -> tuple[DocumentEntry, bytes, bool]:
    """A document that is not public, with its file and whether its item is exempt. `Http404` for those whom it is not for.

    A document of an exempt item is for those who may read exempt papers; one of an agenda that is not published, for clerks.
    """
    rows = ItemDocument.objects.filter(council=grant.council, pk=document_id)
    entry = next(iter(reading_packs.document_entries(rows)), None)
    row = rows.select_related("item").first() if entry else None
    if entry is None or row is None:
        raise Http404(NOT_HERE)
    is_exempt = row.item.classification == AgendaItem.Classification.EXEMPT
    needed = Permission.VIEW_EXEMPT if is_exempt else Permission.KEEP_MEETINGS
    if not grant.allows_everywhere(needed):
        raise Http404(NOT_HERE)
    return entry, bytes(row.content), is_exempt


def kept_words(meeting_id: int) -> Iterator[tuple[str, str]]:
    """What no public pack of the meeting may say, each with where it stands: the words, documents and reports of exempt items. Four queries."""
    items = AgendaItem.objects.filter(meeting_id=meeting_id, classification=AgendaItem.Classification.EXEMPT)
    for number, words, paper_title in items.values_list("number", "words", "paper__title"):
        yield f"the words of exempt item {number}", words
        yield f"the report of exempt item {number}", paper_title or ""
    for number, title, file_name in _documents(items).values_list("item__number", "title", "file_name"):
        yield f"a document of exempt item {number}", title
        yield f"a document of exempt item {number}", file_name
    paragraphs = PaperParagraph.objects.filter(section__paper__agenda_items__in=items)
    for number, words in paragraphs.values_list("section__paper__agenda_items__number", "words"):
        yield f"the report of exempt item {number}", words
    for number, words in items.values_list("number", "minutes__words"):
        yield f"the minutes of exempt item {number}", words or ""


def _documents(items: QuerySet[AgendaItem]) -> QuerySet[ItemDocument]:
    return ItemDocument.objects.filter(item__in=items)


def _may_see(grant: Grant, row: Pack) -> bool:
    if row.kind == Pack.Kind.EXEMPT and not grant.allows_everywhere(Permission.VIEW_EXEMPT):
        return False
    return row.state == Pack.State.SEALED or grant.allows_everywhere(Permission.KEEP_MEETINGS)
