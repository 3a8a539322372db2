"""What a PDF is made from: its sections, its attachments, and the facts printed about it."""

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

CONTENTS_KEY = "contents"
COVER_KEY = "cover"

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_MIME_TYPE = re.compile(r"[a-z]+/[a-z0-9.+-]+")

_CONTROL = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


class PdfError(Exception):
    """A PDF that cannot be made; the message names the section and says what to put right.

    `section` is the section's key, or "" when the fault belongs to the whole document.
    """

    def __init__(self, problem: str, *, section: str = "", title: str = "") -> None:
        self.problem = problem
        self.section = section
        super().__init__(f"In “{title or section}” (section {section}): {problem}" if section else problem)


@dataclass(frozen=True)
class PdfSection:
    """One part of a document, rendered and cached by itself: a report, a table, an appendix.

    `key` is a unique slug. `html` is a body fragment made by our own templates (already escaped), with images as
    `data:` addresses. It links within itself with `#id`, and to other sections with `section:key` or
    `section:key#id`. `landscape` turns all its pages; for one wide block use the class `landscape` instead.
    `mark` stands at the head of each of its pages: why they are kept from the public.
    """

    key: str
    html: str
    title: str
    landscape: bool = False
    mark: str = ""


@dataclass(frozen=True)
class PdfAttachment:
    """A file carried inside the PDF, such as the figures of a table as CSV."""

    name: str
    content: bytes
    description: str
    mime_type: str = "text/csv"


@dataclass(frozen=True)
class PdfDocument:
    """A whole document.

    `dated` carries a time zone and is printed into the metadata instead of the clock, so that identical content gives
    identical bytes. `running_head` and `footer` stand on every page beside the section's title and "Page x of y".
    With `contents`, a list of sections comes first (or second, after a section whose key is "cover").
    Pages are numbered on from `first_page`: those of a supplement go on from the document that it supplements.
    `mark` stands at the head of every page whose section has no mark of its own, that of the contents among them.
    """

    title: str
    subject: str
    author: str
    dated: datetime
    sections: tuple[PdfSection, ...]
    attachments: tuple[PdfAttachment, ...] = ()
    running_head: str = ""
    footer: str = ""
    contents: bool = False
    language: str = "en-GB"
    first_page: int = 1
    mark: str = ""


def require_printable(document: PdfDocument) -> None:
    """Raises `PdfError` for a document that says too little about itself to be published."""
    if not document.title.strip():
        raise PdfError("The document has no title. Give it one: a screen reader announces it first.")
    for words in (document.title, document.subject, document.author):
        if _CONTROL.search(words):
            raise PdfError(f"“{words!r}” holds control characters. Type it again without them.")
    if not _LANGUAGE.fullmatch(document.language):
        raise PdfError(f"“{document.language}” is not a language code. Use one such as en-GB or cy.")
    if document.dated.tzinfo is None:
        raise PdfError(
            "The document's date has no time zone. Give it one, so that it means the same everywhere."
        )
    if document.first_page < 1:
        raise PdfError(
            f"Pages cannot be numbered from {document.first_page}. Begin with 1 or a later number."
        )
    if not document.sections:
        raise PdfError("The document has no sections, so there is nothing to print.")
    _require_sections(document)
    _require_attachments(document.attachments)


def _require_sections(document: PdfDocument) -> None:
    seen: set[str] = set()
    for section in document.sections:
        if not _SLUG.fullmatch(section.key):
            raise PdfError(f"“{section.key}” cannot name a section. Use small letters, digits and hyphens.")
        if section.key == CONTENTS_KEY and document.contents:
            raise PdfError(
                "The name “contents” is kept for the list of contents. Name the section otherwise."
            )
        if section.key in seen:
            raise PdfError("Two sections have this name. Each needs its own.", section=section.key)
        if not section.title.strip():
            raise PdfError(
                "The section has no title. Give it one: bookmarks and contents use it.", section=section.key
            )
        seen.add(section.key)


def _require_attachments(attachments: tuple[PdfAttachment, ...]) -> None:
    seen: set[str] = set()
    for attachment in attachments:
        name = attachment.name
        if not name or name != PurePath(name).name or "\\" in name or not name.isprintable():
            raise PdfError(f"“{name}” cannot name an attached file. Use a plain file name without folders.")
        if name in seen:
            raise PdfError(f"Two attached files are named “{name}”. Each needs its own name.")
        if not attachment.description.strip():
            raise PdfError(
                f"The attached file “{name}” has no description. Say in a few words what it holds."
            )
        if not _MIME_TYPE.fullmatch(attachment.mime_type):
            raise PdfError(f"The attached file “{name}” is of no known kind: “{attachment.mime_type}”.")
        seen.add(name)
