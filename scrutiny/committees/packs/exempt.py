"""The exempt pack, made from the clerk's desk: the exempt items alone, every page marked with the paragraph and the reason."""

from collections.abc import Iterator

from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from presentation.components import Definition
from presentation.pdf import PdfSection
from scrutiny.committees.desk.packs import documents_of_meeting, exempt_agenda, exempt_paper
from scrutiny.committees.entries.meetings import ItemEntry, MeetingEntry
from scrutiny.committees.entries.packs import DocumentEntry
from scrutiny.committees.packs.content import (
    Cover,
    ItemPart,
    PackAsked,
    PackContent,
    assembled,
    document_definitions,
    new_parts,
)
from scrutiny.committees.papers.document import paper_attachments, paper_body

LONGEST_MARK = 230
"""What two lines at the head of a page have room for, in characters; a longer reason stands in full on the item's first page."""


def exempt_pack(asked: PackAsked) -> PackContent:
    """The meeting's exempt pack, or the supplement that holds what is new. `NothingNewError`."""
    meeting, items = exempt_agenda(asked.council_id, asked.meeting_id)
    parts = new_parts(_parts(meeting, items, asked), asked)
    paragraphs = sorted({item.exemption_paragraph for item in items if item.exemption_paragraph})
    mark = f"EXEMPT by {_paragraphs(paragraphs)} of Part 1 of Schedule 12A, Local Government Act 1972: {_reasons(items)}"
    return assembled(
        asked, cover=_cover(meeting, asked), before=(_agenda(items),), parts=parts, mark=_short(mark)
    )


def _cover(meeting: MeetingEntry, asked: PackAsked) -> Cover:
    facts = (
        Definition("Council", asked.council_name),
        Definition("Committee", meeting.committee.name),
        Definition("Meeting", meeting.when_words),
        Definition("Place", meeting.place or "not stated"),
        Definition("Classification", "Exempt: not for publication"),
    )
    notice = [
        "It is for those alone who may read exempt papers. Whoever takes it is written down with the time. Do not copy it or pass it on.",
        "What it holds was never part of the public pack, which was made without it.",
    ]
    if asked.is_illustration:
        notice.insert(
            0, "A demonstration: this council is invented, and none of its figures or meetings is real."
        )
    kind = (
        f"Supplement {asked.number} to the exempt document pack"
        if asked.is_supplement
        else "Exempt document pack"
    )
    return Cover(heading=meeting.name, kind=kind, facts=facts, notice=tuple(notice), is_open=False)


def _agenda(items: tuple[ItemEntry, ...]) -> PdfSection:
    return PdfSection(
        "agenda", render_to_string("paper/pack/exempt_agenda.html", {"items": items}), "Exempt items"
    )


def _parts(meeting: MeetingEntry, items: tuple[ItemEntry, ...], asked: PackAsked) -> Iterator[ItemPart]:
    documents = documents_of_meeting(meeting.id)
    for item in items:
        own = [one for one in documents if one.item_id == item.id]
        yield _part(item, own, asked)


def _part(item: ItemEntry, documents: list[DocumentEntry], asked: PackAsked) -> ItemPart:
    """Published figures of an exempt item are public already, and stand with the publication; here they are only named."""
    title = f"Item {item.number}: {item.title}"
    paper = exempt_paper(asked.council_id, item.paper_id) if item.paper_id else None
    html = render_to_string(
        "paper/pack/exempt_item.html",
        {
            "item": item,
            "documents": document_definitions(documents, asked),
            "paper": mark_safe(paper_body(paper))
            if paper
            else "",  # our own template, which has escaped what people wrote
        },
    )
    mark = _short(
        f"EXEMPT by paragraph {item.exemption_paragraph} of Part 1 of Schedule 12A: {item.exemption_reason}"
    )
    return ItemPart(
        item_id=item.id,
        number=item.number,
        title=item.title,
        sections=(PdfSection(f"item-{item.id}", html, title, mark=mark),),
        attachments=paper_attachments(paper) if paper else (),
        publication_id=item.figures.id if item.figures else None,
    )


def _paragraphs(numbers: list[int]) -> str:
    words = " and ".join(str(number) for number in numbers)
    return f"paragraphs {words}" if len(numbers) > 1 else f"paragraph {words}"


def _reasons(items: tuple[ItemEntry, ...]) -> str:
    return " ".join(dict.fromkeys(item.exemption_reason for item in items))


def _short(mark: str) -> str:
    words = " ".join(mark.split())
    return words if len(words) <= LONGEST_MARK else f"{words[:LONGEST_MARK].rsplit(' ', 1)[0]} …"
