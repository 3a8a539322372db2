"""A report as parts of a PDF: its own, or a pack's. Made by the job worker, which acts for nobody; who may have it is asked before."""

from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.template.loader import render_to_string

from presentation.exports import table_csv
from presentation.pdf import PdfAttachment, PdfDocument, PdfSection, build_pdf
from scrutiny.access import publication_to_print
from scrutiny.committees.entries.papers import PaperEntry
from scrutiny.committees.papers.printing import PrintedPaper, printed

SHORT = 60


def paper_body(entry: PaperEntry) -> str:
    """The report as HTML from its header block on, for a section that has a heading of its own."""
    return render_to_string(
        "committees/parts/paper_body.html", {"paper": _printed(entry), "is_draft": not entry.is_final}
    )


def paper_sections(entry: PaperEntry) -> tuple[PdfSection, ...]:
    """The report as sections of a document: its title is the first heading."""
    html = render_to_string("paper/committee_paper.html", {"title": entry.title, "body": paper_body(entry)})
    return (PdfSection(f"paper-{entry.id}", html, short_title(entry)),)


def paper_attachments(entry: PaperEntry) -> tuple[PdfAttachment, ...]:
    """The figures of each table that it prints, as CSV."""
    return tuple(
        PdfAttachment(
            name=f"paper-{entry.id}-{table.key}.csv", content=table_csv(table), description=table.caption
        )
        for table in _printed(entry).tables
    )


def paper_pdf(entry: PaperEntry, *, dated: datetime, cache_dir: Path | None = None) -> bytes:
    """The report as one tagged PDF. Raises `PdfError`."""
    return build_pdf(paper_document(entry, dated=dated), cache_dir=cache_dir)


def paper_document(entry: PaperEntry, *, dated: datetime) -> PdfDocument:
    """The report by itself."""
    figures = entry.figures
    return PdfDocument(
        title=entry.title,
        subject=", ".join(
            part for part in (entry.body, f"{entry.day:%-d %B %Y}" if entry.day else "") if part
        ),
        author=entry.authority or entry.report_of,
        dated=dated,
        sections=paper_sections(entry),
        attachments=paper_attachments(entry),
        running_head=entry.authority,
        footer=f"Figures as published for {figures.label}" if figures else "",
    )


def short_title(entry: PaperEntry) -> str:
    """What the running head has room for."""
    return entry.title if len(entry.title) <= SHORT else f"{entry.title[:SHORT].rsplit(' ', 1)[0]} …"


@lru_cache(maxsize=4)
def _printed(entry: PaperEntry) -> PrintedPaper:
    """Kept, because a document asks for a report's sections and its attachments; an entry is a value, and its figures never change."""
    published, history = publication_to_print(entry.figures.id) if entry.figures else (None, ())
    return printed(entry, published=published, history=history)
