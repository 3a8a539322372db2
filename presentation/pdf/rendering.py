"""Renders one section to its own tagged PDF part; runs only inside a worker process."""

import logging
import unicodedata
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from presentation.pdf.accessibility import SectionRefusedError, require_accessible
from presentation.pdf.typesetting import keep_signs_with_amounts


@dataclass(frozen=True)
class RenderJob:
    """One section's whole page of HTML, the paper's style sheet and the font files that it names.

    `tagged` is false only for the running heads and page numbers, which are stamped on as artifacts.
    """

    key: str
    html: str
    css: str
    fonts: tuple[tuple[str, Path], ...]
    is_contents: bool = False
    tagged: bool = True


class _Complaints(logging.Handler):
    """Collects what WeasyPrint only logs: characters drawn without a glyph, and pictures left out."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.unprintable: set[str] = set()
        self.unreadable_pictures = 0

    def emit(self, record: logging.LogRecord) -> None:
        if record.msg.startswith(".notdef glyph") and isinstance(record.args, tuple):
            self.unprintable.add(str(record.args[0]))
        elif record.msg.startswith("Failed to load image"):
            self.unreadable_pictures += 1


def render_part(job: RenderJob) -> bytes:
    """Returns the part as a PDF file whose tags, ids and links already carry the section's key.

    Raises `SectionRefusedError` when the section lacks what a reader needs or asks for something outside itself.
    A character that no installed font has is printed as its name in brackets, and never as an empty box.
    """
    part, unprintable = _render(job, {})
    if unprintable:
        names = {ord(character): _name_of(character) for character in unprintable}
        part, _ = _render(job, names)
    return part


def _name_of(character: str) -> str:
    return f"[{unicodedata.name(character, f'character U+{ord(character):04X}').lower()}]"


def _render(job: RenderJob, names: dict[int, str]) -> tuple[bytes, set[str]]:
    from weasyprint import HTML
    from weasyprint.logger import LOGGER

    from presentation.pdf.fetching import ShutFetcher
    from presentation.pdf.tagging import finish_part

    fetcher = ShutFetcher()
    page = HTML(string=job.html.translate(names), url_fetcher=fetcher)
    headings = require_accessible(page.etree_element) if job.tagged else []
    keep_signs_with_amounts(page.etree_element)
    style, font_configuration = _style(job.css, job.fonts)
    finisher = partial(finish_part, key=job.key, headings=headings, is_contents=job.is_contents)
    complaints = _Complaints()
    LOGGER.addHandler(complaints)
    try:
        part: bytes = page.write_pdf(
            stylesheets=[style],
            font_config=font_configuration,
            finisher=finisher if job.tagged else None,
            **_variant(job),
        )
    finally:
        LOGGER.removeHandler(complaints)
    _refuse_incomplete(fetcher.refused, complaints)
    return part, complaints.unprintable


def _refuse_incomplete(refused: list[str], complaints: _Complaints) -> None:
    if refused:
        raise SectionRefusedError(
            f"It asks for {refused[0][:100]}, outside the document. Only what is embedded in it can be printed."
        )
    if complaints.unreadable_pictures:
        raise SectionRefusedError("A picture cannot be read. Embed it again as a whole PNG, JPEG or SVG.")


def _variant(job: RenderJob) -> dict[str, Any]:
    """PDF/A-3a brings tags, embedded fonts and an output intent; stamps need the last two only."""
    return {"pdf_variant": "pdf/a-3a" if job.tagged else "pdf/a-3b"}


@lru_cache(maxsize=4)
def _style(css: str, fonts: tuple[tuple[str, Path], ...]) -> tuple[Any, Any]:
    """The parsed style sheet and its fonts: the same for all the sections that a worker renders."""
    from weasyprint import CSS
    from weasyprint.text.fonts import FontConfiguration

    from presentation.pdf.fetching import FontFetcher

    font_configuration = FontConfiguration()
    style = CSS(string=css, font_config=font_configuration, url_fetcher=FontFetcher(dict(fonts)))
    return style, font_configuration
