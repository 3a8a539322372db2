"""The public pack, made from public queries and nothing else: what the public may not read never comes near it.

Of an exempt item it carries number, title, paragraph and reason, which is all that the public queries give. No page is taken out or hidden to
make it, for none that would have to be is ever made.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import Http404
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe

from presentation.components import Definition
from presentation.pdf import PdfAttachment, PdfSection
from scrutiny.committees.entries.meetings import CommitteeEntry, ItemEntry, MeetingEntry
from scrutiny.committees.entries.minutes import Minutes
from scrutiny.committees.entries.packs import DocumentEntry
from scrutiny.committees.entries.papers import PaperEntry
from scrutiny.committees.minutes_printing import minutes_html
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
from scrutiny.committees.papers.document import paper_attachments, paper_body
from scrutiny.committees.public import actions, meetings, packs, papers, questions
from scrutiny.committees.public.minutes import minutes_to_print

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
        part = None if item.is_exempt else _part(item, own, asked, printed)
        if part is not None:
            yield part


def _part(
    item: ItemEntry, documents: list[DocumentEntry], asked: PackAsked, printed: dict[int, str]
) -> ItemPart | None:
    """What is printed of an item; `None` where it brings nothing to read, such as a report that is not final."""
    key, label = f"item-{item.id}", f"Item {item.number}"
    paper = _paper(item, asked)
    report = _report(item, paper, key=key, label=label, printed=printed)
    if paper is None and not item.figures and not documents:
        return None
    body = {
        "item": item,
        "documents": document_definitions(documents, asked),
        "paper": mark_safe(paper_body(paper))
        if paper
        else "",  # our own template, which has escaped what people wrote
        "paper_title": paper.title if paper and paper.title != item.title else "",
        "report": report.body,
        "earlier": report.earlier,
    }
    first = PdfSection(key, render_to_string("paper/pack/item.html", body), f"{label}: {item.title}")
    return ItemPart(
        item_id=item.id,
        number=item.number,
        title=item.title,
        sections=(first, *report.sections),
        attachments=(*report.attachments, *(paper_attachments(paper) if paper else ())),
        publication_id=item.figures.id if item.figures else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Report:
    """The monitoring report of an item's figures: what stands on the item's own pages and after them, or the item that prints it earlier."""

    body: str = ""
    earlier: str = ""
    sections: tuple[PdfSection, ...] = ()
    attachments: tuple[PdfAttachment, ...] = ()


def _report(
    item: ItemEntry, paper: PaperEntry | None, *, key: str, label: str, printed: dict[int, str]
) -> _Report:
    """A report of the committee's own that quotes the same publication takes the place of the report's body; the appendices follow it."""
    if not item.figures:
        return _Report()
    earlier = printed.get(item.figures.id, "")
    if earlier:
        return _Report(earlier=earlier)
    printed[item.figures.id] = label
    body, appendices, files = report_parts(item.figures.id, key=key, label=label)
    if paper is None:
        return _Report(body=body, sections=appendices, attachments=files)
    if paper.figures and paper.figures.id == item.figures.id:
        return _Report(sections=appendices, attachments=files)
    # In a section of its own, because both may print the same table.
    whole = PdfSection(f"{key}-report", body, f"{label}, budget monitoring")
    return _Report(sections=(whole, *appendices), attachments=files)


def _paper(item: ItemEntry, asked: PackAsked) -> PaperEntry | None:
    """The item's report, if it is public; one that is a draft, or that any exempt item has, is none."""
    if item.paper_id is None:
        return None
    try:
        return papers.paper_entry(asked.council_id, item.paper_id)
    except Http404:
        return None


def _after(meeting: MeetingEntry, asked: PackAsked) -> Iterator[PdfSection]:
    """What the committee has before it besides its items: the last minutes, questions asked in advance, the action tracker."""
    minutes = _last_minutes(meeting, asked)
    if minutes is not None:
        day = minutes.meeting.day_words
        yield PdfSection("minutes", minutes_html(minutes), f"Minutes of {day}")
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


def _last_minutes(meeting: MeetingEntry, asked: PackAsked) -> Minutes | None:
    """The published minutes of the committee's last meeting before this one that has them."""
    if meeting.day is None:
        return None
    earlier = meetings.meetings_of(asked.council_id, committee_id=meeting.committee.id)
    for one in earlier:  # newest first
        if one.minutes_published_at and one.day and one.day < meeting.day:
            return minutes_to_print(one.id)
    return None
