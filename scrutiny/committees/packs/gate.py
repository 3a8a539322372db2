"""The gate before a public pack: words that are kept from the public may stand nowhere in what is about to be printed.

The public pack is made from public queries alone, so the gate should never close. It closes when what is exempt was typed into something open.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape

from presentation.pdf import PdfDocument, PdfError
from scrutiny.committees.desk.packs import kept_words

SHORTEST = 24
"""In characters. What is shorter, such as a role or “Contract”, stands in many places without giving anything away."""
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptWords:
    """Words that are not for the public, and where they stand."""

    where: str
    words: str


def kept_from_public(meeting_id: int) -> tuple[KeptWords, ...]:
    """What exempt items of the meeting say, in passages long enough to be theirs alone."""
    found = (
        KeptWords(where=where, words=passage)
        for where, text in kept_words(meeting_id)
        for line in text.splitlines()
        if len(passage := _plain(line)) >= SHORTEST
    )
    return tuple(dict.fromkeys(found))


def require_clean(document: PdfDocument, kept: Iterable[KeptWords]) -> None:
    """Raises `PdfError`, naming the section, where kept words stand in a document about to be printed."""
    places = tuple(_places(document))
    for one in kept:
        for section, title, text in places:
            if one.words in text:
                raise PdfError(
                    f"It holds {one.where}, which are not for the public. Take them out of what is open, or open the item.",
                    section=section,
                    title=title,
                )


def _places(document: PdfDocument) -> Iterator[tuple[str, str, str]]:
    """Everything that a document prints or carries, with the section that it stands in."""
    for section in document.sections:
        # Attributes too: alternative text and addresses are read aloud and can be searched.
        tags = " ".join(_TAG.findall(section.html))
        yield (
            section.key,
            section.title,
            _plain(f"{section.title} {_TAG.sub(' ', section.html)} {tags} {section.mark}"),
        )
    about = (
        document.title,
        document.subject,
        document.author,
        document.running_head,
        document.footer,
        document.mark,
    )
    yield "the document", document.title, _plain(" ".join(about))
    for file in document.attachments:
        words = file.content.decode("utf-8-sig", errors="replace")
        yield "the files", file.name, _plain(f"{file.name} {file.description} {words}")


def _plain(text: str) -> str:
    return " ".join(unescape(text).split()).casefold()
