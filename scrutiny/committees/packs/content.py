"""What a pack is made from and what it holds: values that the public and the exempt pack share. No query."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.template.loader import render_to_string

from presentation.components import Definition
from presentation.pdf import PdfAttachment, PdfDocument, PdfSection
from scrutiny.committees.entries.packs import DocumentEntry
from scrutiny.navigation import published_on

COVER_KEY = "cover"
DIGEST_SHOWN = 16


class NothingNewError(Exception):
    """A supplement was asked for, and everything that it could hold is in the pack already."""

    def __init__(self) -> None:
        super().__init__(
            "Nothing of the agenda is new since the last pack was sealed, so there is nothing to print in a supplement. "
            "Add or change an item first."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PackAsked:
    """Which pack was asked for. `held` gives, for each item in the packs sealed before, the digest of what was printed of it last."""

    council_id: int
    council_slug: str
    council_name: str
    is_illustration: bool
    meeting_id: int
    number: int
    first_page: int
    asked_at: datetime
    site: str
    """The address at which readers find this site, without a slash at the end."""
    held: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_supplement(self) -> bool:
        """Whether a pack has been sealed before."""
        return self.number > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPart:
    """What is printed of one item: its sections and files, and the publication whose figures it prints."""

    item_id: int
    number: str
    title: str
    sections: tuple[PdfSection, ...]
    attachments: tuple[PdfAttachment, ...] = ()
    publication_id: int | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of what is printed of it."""
        return _digest(
            [self.number, self.title, *_section_words(self.sections), *_file_words(self.attachments)]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PackContent:
    """A whole pack, ready to be printed: SHA-256 of all that it is made from, and what it holds of each item."""

    document: PdfDocument
    content_digest: str
    items: tuple[ItemPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What stands on the first page. `kind` is “Public document pack”; `notice` says who may read it and what it leaves out."""

    heading: str
    kind: str
    facts: tuple[Definition, ...]
    notice: tuple[str, ...]
    is_open: bool = True
    """Whether anybody may check its digest."""
    seats: tuple[str, ...] = ()


def new_parts(parts: Iterable[ItemPart], asked: PackAsked) -> tuple[ItemPart, ...]:
    """Of these, what a supplement prints: what no sealed pack holds as it is now. Raises `NothingNewError`. The pack itself prints all."""
    found = tuple(parts)
    if not asked.is_supplement:
        return found
    new = tuple(part for part in found if asked.held.get(part.item_id) != part.digest)
    if not new:
        raise NothingNewError
    return new


def assembled(
    asked: PackAsked,
    *,
    cover: Cover,
    before: Iterable[PdfSection],
    parts: tuple[ItemPart, ...],
    after: Iterable[PdfSection] = (),
    mark: str = "",
) -> PackContent:
    """The pack: cover, what comes before the items, the items, what comes after. Its digest is printed on the cover and at the foot of each page.

    The digest is that of everything but the places in which it is itself printed. `mark` stands on every page that has none of its own.
    """
    sections = [*before, *(section for part in parts for section in part.sections), *after]
    document = PdfDocument(
        title=f"{cover.heading}: {cover.kind}",
        subject=f"{asked.council_name}, {cover.facts[2].words}",
        author=asked.council_name,
        dated=asked.asked_at,
        sections=(_cover(cover, asked, digest=""), *sections),
        attachments=_once(attachment for part in parts for attachment in part.attachments),
        running_head=f"{asked.council_name}: {cover.heading}",
        contents=True,
        first_page=asked.first_page,
        mark=mark,
    )
    digest = document_digest(document)
    printed = replace(
        document,
        sections=(_cover(cover, asked, digest=digest), *sections),
        footer=f"{cover.kind}, made {published_on(asked.asked_at)}. Content digest {digest[:DIGEST_SHOWN]}",
    )
    return PackContent(document=printed, content_digest=digest, items=parts)


def document_digest(document: PdfDocument) -> str:
    """SHA-256 of a document's words, sections and files."""
    facts = [
        document.mark,
        document.title,
        document.subject,
        document.author,
        document.dated.isoformat(),
        str(document.first_page),
    ]
    return _digest([*facts, *_section_words(document.sections), *_file_words(document.attachments)])


def document_definitions(
    documents: Iterable[DocumentEntry], asked: PackAsked
) -> tuple[tuple[DocumentEntry, str], ...]:
    """Attached documents with the address at which each is served."""
    return tuple((one, f"{asked.site}/{asked.council_slug}/documents/{one.id}/file.pdf") for one in documents)


def _cover(cover: Cover, asked: PackAsked, *, digest: str) -> PdfSection:
    body = {"cover": cover, "asked": asked, "digest": digest}
    return PdfSection(COVER_KEY, render_to_string("paper/pack/cover.html", body), cover.kind)


def _once(attachments: Iterable[PdfAttachment]) -> tuple[PdfAttachment, ...]:
    """Each file once: two items about the same figures carry the same files."""
    return tuple({one.name: one for one in attachments}.values())


def _section_words(sections: Iterable[PdfSection]) -> list[str]:
    return [word for one in sections for word in (one.key, one.title, one.html, str(one.landscape), one.mark)]


def _file_words(attachments: Iterable[PdfAttachment]) -> list[str]:
    return [word for one in attachments for word in (one.name, hashlib.sha256(one.content).hexdigest())]


def _digest(words: list[str]) -> str:
    return hashlib.sha256(json.dumps(words, ensure_ascii=False).encode()).hexdigest()
