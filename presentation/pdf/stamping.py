"""Running heads, footers and "Page x of y", printed on the merged pages as artifacts that a screen reader skips."""

import io
from collections.abc import Sequence
from html import escape
from typing import Any

from presentation.pdf.document import PdfDocument, PdfSection

STAMP_KEY = "page numbers"  # no section can have a name with a space


def stamp_html(document: PdfDocument, pages: Sequence[tuple[PdfSection, bool]]) -> str:
    """A page of running words for each (section, is landscape): only the words, on clear ground."""
    last = document.first_page + len(pages) - 1
    sheets = [
        _sheet(document, section, is_landscape=is_landscape, number=number, last=last)
        for number, (section, is_landscape) in enumerate(pages, start=document.first_page)
    ]
    title = escape(document.title)
    return (
        f'<!doctype html><html lang="{escape(document.language)}"><head><meta charset="utf-8"><title>{title}</title>'
        f'</head><body class="stamps">{"".join(sheets)}</body></html>'
    )


def _sheet(document: PdfDocument, section: PdfSection, *, is_landscape: bool, number: int, last: int) -> str:
    return (
        f'<div class="sheet {"sheet-landscape" if is_landscape else "sheet-portrait"}">'
        f'<p class="running-mark">{escape(section.mark or document.mark)}</p>'
        f'<p class="running-head">{escape(document.running_head)}</p>'
        f'<p class="running-title">{escape(section.title)}</p>'
        f'<p class="running-foot">{escape(document.footer)}</p>'
        f'<p class="running-number">Page {number} of {last}</p></div>'
    )


def is_landscape(page: Any) -> bool:
    """Whether a pikepdf page is wider than it is high."""
    left, bottom, right, top = page.mediabox
    return bool(right - left > top - bottom)


def stamp_pages(pdf: Any, stamps: bytes) -> None:
    """Lays the n-th page of `stamps` over the n-th page of `pdf`."""
    import pikepdf
    from pikepdf import Name

    with pikepdf.open(io.BytesIO(stamps)) as source:
        if len(source.pages) != len(pdf.pages):
            raise ValueError(f"{len(source.pages)} stamps were made for {len(pdf.pages)} pages")
        for number, (page, stamp) in enumerate(zip(pdf.pages, source.pages, strict=True), start=1):
            words = pdf.copy_foreign(stamp.as_form_xobject())
            # Named by its page: a random name, pikepdf's default, would make every file different.
            name = page.add_resource(words, Name.XObject, Name(f"/Stamp{number}"))
            page.contents_add(b"q\n", prepend=True)
            page.contents_add(f"\nQ /Artifact <</Type /Pagination>> BDC q {name} Do Q EMC\n".encode())
