"""Minutes as a PDF and as a Word document: the same words, in the committee's numbering. Only the job worker makes them."""

import hashlib
import io
from pathlib import Path
from typing import Any

from django.template.loader import render_to_string

from presentation.components import Definition
from presentation.pdf import PdfDocument, PdfSection, build_pdf
from scrutiny.committees.entries.minutes import ItemMinutes, MinuteEntry, Minutes
from scrutiny.committees.entries.questions import QuestionEntry

MIME = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def minutes_html(minutes: Minutes) -> str:
    """The body of the printed minutes."""
    return render_to_string("paper/minutes.html", {"minutes": minutes, "header": header(minutes)})


def wording_of(minutes: Minutes) -> str:
    """What tells these minutes from others: SHA-256 of all that is printed."""
    return hashlib.sha256(minutes_html(minutes).encode()).hexdigest()


def header(minutes: Minutes) -> tuple[Definition, ...]:
    """What stands at their head."""
    meeting = minutes.meeting
    facts = [
        Definition("Council", minutes.council_name),
        Definition("Committee", meeting.committee.name),
        Definition("Meeting", meeting.when_words),
    ]
    if meeting.place:
        facts.append(Definition("Place", meeting.place))
    if meeting.note:
        facts.append(Definition("Note", meeting.note))
    return tuple(facts)


def minutes_pdf(minutes: Minutes, *, cache_dir: Path | None = None) -> bytes:
    """The minutes as one tagged PDF. Raises `PdfError`."""
    dated = minutes.meeting.minutes_published_at
    if dated is None:
        raise ValueError("Minutes that are not published have no file.")
    document = PdfDocument(
        title=minutes.title,
        subject=f"{minutes.council_name}, {minutes.meeting.when_words}",
        author=minutes.council_name,
        dated=dated,
        sections=(PdfSection("minutes", minutes_html(minutes), "Minutes"),),
        running_head=minutes.council_name,
        footer=f"{minutes.meeting.committee.name}, {minutes.meeting.day_words}",
    )
    return build_pdf(document, cache_dir=cache_dir)


def minutes_docx(minutes: Minutes) -> bytes:
    """The minutes as a Word document with real headings and lists, for clerks who go on editing."""
    from docx import Document

    document = Document()
    properties, dated = document.core_properties, minutes.meeting.minutes_published_at
    properties.title, properties.author = minutes.title, minutes.council_name
    properties.language = "en-GB"
    if dated is not None:
        properties.created = properties.modified = dated
    document.add_heading(minutes.title, level=0)
    for fact in header(minutes):
        paragraph = document.add_paragraph()
        paragraph.add_run(f"{fact.term}: ").bold = True
        paragraph.add_run(fact.words)
    for item in minutes.items:
        _item(document, item)
    _agreed(document, minutes)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _item(document: Any, item: ItemMinutes) -> None:
    starts = f" ({item.start_time})" if item.start_time else ""
    document.add_heading(f"{item.number}. {item.title}{starts}", level=1)
    if item.is_exempt:
        document.add_paragraph(f"Taken without the public. {item.ground}")
    for entry in item.entries:
        _entry(document, entry)
    if not item.entries and not item.is_exempt:
        document.add_paragraph("Nothing is minuted for this item.")


def _entry(document: Any, entry: MinuteEntry) -> None:
    if entry.question is not None:
        _question(document, entry.question)
    if entry.paragraph is None:
        return
    if entry.paragraph.heading:
        document.add_heading(entry.paragraph.heading, level=2)
    for place, words in enumerate(entry.paragraph.lines):
        _numbered(document, entry.paragraph.number if place == 0 else "", words)


def _question(document: Any, question: QuestionEntry) -> None:
    paragraph = _numbered(document, question.number, "")
    paragraph.add_run(" ".join((question.words, *question.parts))).bold = True
    paragraph.add_run(f" ({question.asked_by})")
    for answer in question.answers:
        undertaking = f" {answer.undertaking}" if answer.undertaking else ""
        number = f"{answer.number} " if answer.number else ""
        _numbered(document, "", f"{number}{answer.who}:{undertaking}")
        for point in answer.points:
            document.add_paragraph(point, style="List Bullet")
    for words in question.agreed:
        paragraph = _numbered(document, "", "")
        paragraph.add_run("Agreed: ").bold = True
        paragraph.add_run(words)


def _numbered(document: Any, number: str, words: str) -> Any:
    """A paragraph whose number, as minuted, hangs in the margin. It is text: Word does not count it anew."""
    from docx.shared import Mm

    paragraph = document.add_paragraph()
    layout = paragraph.paragraph_format
    layout.left_indent, layout.first_line_indent = Mm(15), Mm(-15) if number else Mm(0)
    layout.tab_stops.add_tab_stop(Mm(15))
    paragraph.add_run(f"{number}\t{words}" if number else words)
    return paragraph


def _agreed(document: Any, minutes: Minutes) -> None:
    if minutes.outcomes:
        document.add_heading("Agreed", level=1)
    for one in minutes.outcomes:
        said = [f"{one.kind_label}: {one.words}"]
        said += [f"To: {one.addressee}."] if one.addressee else []
        said += [f"When: {one.timescale}."] if one.timescale else []
        _numbered(document, one.number, " ".join(said))
    if minutes.actions:
        document.add_heading("Actions", level=1)
    for action in minutes.actions:
        said = [action.words, f"Owner: {action.owner_words}."]
        said += [f"To be reported to: {action.forum}."] if action.forum else []
        said += [f"Due: {action.due_as_minuted}."]
        _numbered(document, action.reference, " ".join(said))
    if minutes.closed:
        document.add_heading("Actions closed", level=1)
    for action in minutes.closed:
        _numbered(document, action.reference, f"{action.words} (raised {action.meeting_label})")
