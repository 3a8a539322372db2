"""The list of contents: each section's title, linked, with the page that it starts on."""

from collections.abc import Sequence
from html import escape

from presentation.pdf.document import CONTENTS_KEY, COVER_KEY, PdfSection


def contents_position(sections: Sequence[PdfSection]) -> int:
    """Where the list stands: first, or after a cover."""
    return 1 if sections[0].key == COVER_KEY else 0


def contents_section(entries: Sequence[tuple[PdfSection, int]]) -> PdfSection:
    """The section that lists (section, first page), in order."""
    items = "".join(
        f'<li><a href="section:{section.key}" data-page="{page}">{escape(section.title)}</a></li>'
        for section, page in entries
    )
    return PdfSection(CONTENTS_KEY, f'<h1>Contents</h1><ul class="contents">{items}</ul>', "Contents")
