"""Builds a PDF: renders its sections in worker processes, joins them, and stamps the page numbers on."""

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from presentation.pdf.cache import PartCache
from presentation.pdf.contents import contents_position, contents_section
from presentation.pdf.document import CONTENTS_KEY, PdfDocument, PdfError, PdfSection, require_printable
from presentation.pdf.merging import Part, merge_parts
from presentation.pdf.metadata import pdf_date, write_metadata
from presentation.pdf.rendering import RenderJob
from presentation.pdf.stamping import STAMP_KEY, is_landscape, stamp_html, stamp_pages
from presentation.pdf.style import paper_css, paper_fonts
from presentation.pdf.workers import Progress, RenderLimits, RenderPool

_CONTENTS_ATTEMPTS = 5


def build_pdf(
    document: PdfDocument,
    *,
    cache_dir: Path | None = None,
    processes: int = 2,
    limits: RenderLimits | None = None,
    on_progress: Progress | None = None,
) -> bytes:
    """Returns the document as one tagged PDF, PDF/UA-1 and PDF/A-3a: the same bytes whenever the content is the same.

    Unchanged sections come from `cache_dir`. `limits` bound each section. Raises `PdfError`, naming the section, when
    one lacks what a reader needs (alternative text, headings in order), asks for something outside the document,
    crashes, or takes too long. `on_progress` is told, whenever a section is there, how many there are and of how many;
    what it raises ends the work.
    """
    require_printable(document)
    with RenderPool(processes, limits or RenderLimits()) as pool:
        try:
            return _Builder(document, PartCache(cache_dir), pool, on_progress).build()
        except PdfError as error:
            titles = {section.key: section.title for section in document.sections}
            raise PdfError(
                error.problem, section=error.section, title=titles.get(error.section, "")
            ) from error


class _Builder:
    """One document on its way from sections to bytes."""

    def __init__(
        self, document: PdfDocument, cache: PartCache, pool: RenderPool, on_progress: Progress | None
    ) -> None:
        self._on_progress = on_progress
        self._document = document
        self._cache = cache
        self._pool = pool
        self._css = paper_css()
        self._fonts = paper_fonts()

    def build(self) -> bytes:
        """Renders, joins, stamps and seals the document."""
        document = self._document
        jobs = [self._section_job(section) for section in document.sections]
        contents = self._render(jobs, on_progress=self._on_progress)
        parts = [Part(section, contents[section.key]) for section in document.sections]
        if document.contents:
            parts = self._with_contents(parts)
        pdf, sections = merge_parts(parts, document)
        sheets = [(section, is_landscape(page)) for section, page in zip(sections, pdf.pages, strict=True)]
        stamps = self._job(STAMP_KEY, stamp_html(document, sheets), tagged=False)
        stamp_pages(pdf, self._render([stamps])[STAMP_KEY])
        write_metadata(pdf, document)
        _attach(pdf, document)
        self._cache.prune()
        return _saved(pdf)

    def _render(self, jobs: Sequence[RenderJob], *, on_progress: Progress | None = None) -> dict[str, bytes]:
        """Every job's part, from the cache where it holds it."""
        held = {job.key: part for job in jobs if (part := self._cache.get(job)) is not None}
        missing = [job for job in jobs if job.key not in held]

        def tell(done: int) -> None:
            if on_progress is not None:
                on_progress(len(held) + done, len(jobs))

        tell(0)
        made = self._pool.render(missing, tell=tell)
        for job in missing:
            self._cache.put(job, made[job.key])
        return held | made

    def _job(self, key: str, html: str, *, tagged: bool = True) -> RenderJob:
        return RenderJob(key, html, self._css, self._fonts, is_contents=key == CONTENTS_KEY, tagged=tagged)

    def _section_job(self, section: PdfSection) -> RenderJob:
        from django.template.loader import render_to_string
        from django.utils.safestring import mark_safe

        # The fragment comes from our own templates, which have escaped what people wrote.
        context = {
            "section": replace(section, html=mark_safe(section.html)),
            "language": self._document.language,
        }
        return self._job(section.key, render_to_string("paper/base.html", context))

    def _with_contents(self, parts: list[Part]) -> list[Part]:
        """Puts the list of contents in place; its own length moves the pages that it lists, so it may be made twice."""
        place = contents_position(self._document.sections)
        own_length = 1
        for _ in range(_CONTENTS_ATTEMPTS):
            pages = _first_pages(parts, place, own_length, first_page=self._document.first_page)
            section = contents_section(pages)
            listed = Part(section, self._render([self._section_job(section)])[CONTENTS_KEY])
            if listed.page_count == own_length:
                return [*parts[:place], listed, *parts[place:]]
            own_length = listed.page_count
        raise PdfError(
            "The list of contents does not settle on a length. Shorten the titles of the sections."
        )


def _first_pages(
    parts: Sequence[Part], place: int, contents_length: int, *, first_page: int
) -> list[tuple[PdfSection, int]]:
    """Each section that the list of contents names, with the page it starts on when the list fills so many pages."""
    entries, page = [], first_page
    for position, part in enumerate(parts):
        if position == place:
            page += contents_length
        if position >= place:
            entries.append((part.section, page))
        page += part.page_count
    return entries


def _attach(pdf: Any, document: PdfDocument) -> None:
    """Embeds the attachments as the data that the document was made from (PDF/A-3, §6.8)."""
    import pikepdf
    from pikepdf import Array, Name

    if not document.attachments:
        return
    moment = pdf_date(document)
    for attachment in document.attachments:
        specification = pikepdf.AttachedFileSpec(
            pdf,
            attachment.content,
            description=attachment.description,
            filename=attachment.name,
            mime_type=attachment.mime_type,
            creation_date=moment,
            mod_date=moment,
        )
        specification.relationship = Name.Data
        pdf.attachments[attachment.name] = specification
    pdf.Root.AF = Array([pdf.attachments[attachment.name].obj for attachment in document.attachments])


def _saved(pdf: Any) -> bytes:
    import pikepdf

    target = io.BytesIO()
    pdf.save(
        target,
        min_version="1.7",
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
    )
    return target.getvalue()
