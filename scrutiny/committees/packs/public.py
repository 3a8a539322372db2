"""The public pack, made from public queries and nothing else: what the public may not read never comes near it.

Of an exempt item it carries number, title, paragraph and reason, which is all that the public queries give. No page is taken out or hidden to
make it, for none that would have to be is ever made.
"""

from collections.abc import Iterator

from django.template.loader import render_to_string

from presentation.components import Definition
from presentation.pdf import PdfAttachment, PdfSection
from scrutiny.committees.entries.meetings import CommitteeEntry, ItemEntry, MeetingEntry
from scrutiny.committees.entries.packs import DocumentEntry
from scrutiny.committees.notice import notice_of
from scrutiny.committees.packs.content import (
    Cover,
    ItemPart,
    PackAsked,
    PackContent,
    assembled,
    document_definitions,
    new_parts,
)
from scrutiny.committees.packs.figures import report_parts
from scrutiny.committees.public import actions, meetings, packs, questions

EXCLUSION = (
    "That under section 100A(4) of the Local Government Act 1972 the press and public be excluded from the meeting during the items named below, "
    "because it is likely, in view of the nature of the business, that exempt information as defined in the paragraphs given of Part 1 of Schedule "
    "12A to the Act would be disclosed to them, and in all the circumstances the public interest in maintaining the exemption outweighs the public "
    "interest in disclosing the information."
)
"""The resolution that committees are asked for; section 100A(4), and Part 1 of Schedule 12A with its public interest test in Part 2."""


def public_pack(asked: PackAsked) -> PackContent:
    """The meeting's public pack, or the supplement that holds what is new. `Http404` if its agenda is not published; `NothingNewError`."""
    meeting = meetings.meeting_entry(asked.council_id, asked.meeting_id)
    committee = meetings.committee_entry(asked.council_id, meeting.committee.slug)
    parts = new_parts(_parts(meeting, asked), asked)
    return assembled(
        asked,
        cover=_cover(meeting, committee, asked),
        before=_before(meeting, asked),
        parts=parts,
        after=() if asked.is_supplement else _after(meeting, asked),
    )


def _cover(meeting: MeetingEntry, committee: CommitteeEntry, asked: PackAsked) -> Cover:
    facts = [
        Definition("Council", asked.council_name),
        Definition("Committee", meeting.committee.name),
        Definition("Meeting", meeting.when_words),
        Definition("Place", meeting.place or "not stated"),
        Definition("Clerk", committee.clerk_team or "not stated"),
        Definition("Classification", "Open to the public"),
    ]
    left_out = "It holds only what is published. Of an exempt item it gives the title and the ground, and nothing else."
    first = "Its pages are numbered on from the pack that it supplements." if asked.is_supplement else ""
    notes = [note for note in (left_out, first, meeting.note) if note]
    if asked.is_illustration:
        notes.insert(
            0, "A demonstration: this council is invented, and none of its figures or meetings is real."
        )
    kind = (
        f"Supplement {asked.number} to the public document pack"
        if asked.is_supplement
        else "Public document pack"
    )
    seats = tuple(f"{seat.role}{f' ({seat.number})' if seat.number > 1 else ''}" for seat in committee.seats)
    return Cover(heading=meeting.name, kind=kind, facts=tuple(facts), notice=tuple(notes), seats=seats)


def _before(meeting: MeetingEntry, asked: PackAsked) -> Iterator[PdfSection]:
    agenda = render_to_string("paper/pack/agenda.html", {"meeting": meeting})
    yield PdfSection("agenda", agenda, "Agenda")
    body = {
        "notice": notice_of(meeting, today=asked.asked_at.date()),
        "late": [item for item in meeting.items if item.is_late],
        "exempt": [item for item in meeting.items if item.is_exempt],
        "exclusion": EXCLUSION,
    }
    yield PdfSection("notices", render_to_string("paper/pack/notices.html", body), "Notices")


def _parts(meeting: MeetingEntry, asked: PackAsked) -> Iterator[ItemPart]:
    """The items that bring something to read. Figures that an earlier item prints are not printed again, but named."""
    documents = packs.documents_of_meeting(asked.council_id, asked.meeting_id)
    printed: dict[int, str] = {}
    for item in meeting.items:
        own = [one for one in documents if one.item_id == item.id]
        if item.is_exempt or not (item.figures or item.paper_id or own):
            continue
        yield _part(item, own, asked, printed)


def _part(
    item: ItemEntry, documents: list[DocumentEntry], asked: PackAsked, printed: dict[int, str]
) -> ItemPart:
    key, label = f"item-{item.id}", f"Item {item.number}"
    body: str = ""
    appendices: tuple[PdfSection, ...] = ()
    files: tuple[PdfAttachment, ...] = ()
    earlier = printed.get(item.figures.id, "") if item.figures else ""
    if item.figures and not earlier:
        body, appendices, files = report_parts(item.figures.id, key=key, label=label)
        printed[item.figures.id] = label
    html = render_to_string(
        "paper/pack/item.html",
        {
            "item": item,
            "documents": document_definitions(documents, asked),
            "report": body,
            "earlier": earlier,
        },
    )
    title = f"{label}: {item.title}"
    return ItemPart(
        item_id=item.id,
        number=item.number,
        title=item.title,
        sections=(PdfSection(key, html, title), *appendices),
        attachments=files,
        publication_id=item.figures.id if item.figures else None,
    )


def _after(meeting: MeetingEntry, asked: PackAsked) -> Iterator[PdfSection]:
    """What the committee has before it besides its items: the last minutes, questions asked in advance, the action tracker."""
    asked_before = [
        (item, found)
        for item in meeting.items
        if (found := questions.questions_of_item(asked.council_id, item.id))
    ]
    if asked_before:
        html = render_to_string("paper/pack/questions.html", {"items": asked_before})
        yield PdfSection("questions", html, "Questions")
    carried = actions.actions_carried_to(asked.council_id, asked.meeting_id)
    if carried:
        html = render_to_string("paper/pack/actions.html", {"actions": carried})
        yield PdfSection("actions", html, "Action tracker")
