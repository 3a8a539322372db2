"""The sections of a draft report: added, written, put in order, taken out."""

from collections.abc import Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from scrutiny.committees.operations.paper_drafts import draft_of, record_step
from scrutiny.committees.operations.records import Check, choice, fresh, name, put, stale
from scrutiny.committees.papers.checking import Quotable
from scrutiny.committees.papers.lines import ParagraphGiven, Style, text_of
from scrutiny.models import Paper, PaperParagraph, PaperSection
from services.operations.entries import checked_name, checked_words
from services.operations.refusals import InvalidEntryError

MOST_SECTIONS: Final = 60
MOST_PARAGRAPHS: Final = 400
_SECTION: Final[dict[str, Check]] = {
    "kind": choice(PaperSection.Kind.values),
    "number": name(limit=12),
    "heading": name(required=True, limit=300),
}


@transaction.atomic
def add_section(
    *,
    by: User,
    paper: Paper,
    heading: str,
    kind: str = PaperSection.Kind.BODY,
    number: str = "",
    paragraphs: Sequence[ParagraphGiven] = (),
) -> PaperSection:
    """Add a section at the end. Raises `InvalidEntryError` for a figure that the publication has not, with the paragraph named."""
    now = draft_of(by=by, paper=paper)
    return keep_section(
        by=by,
        paper=now,
        quotable=Quotable(now.publication_id),
        kind=kind,
        number=number,
        heading=heading,
        paragraphs=paragraphs,
    )


@transaction.atomic
def set_section(
    *,
    by: User,
    section: PaperSection,
    expected_version: int,
    heading: str,
    kind: str,
    number: str,
    paragraphs: Sequence[ParagraphGiven],
) -> PaperSection:
    """Write a section anew. Raises `StaleVersionError`, with what it says now, if somebody wrote it since."""
    paper = draft_of(by=by, paper=section.paper)
    now = fresh(section)
    before = _said(now)
    if now.version != expected_version:
        raise stale(now, expected_version=expected_version, values=before)
    put(now, _SECTION, {"kind": kind, "number": number, "heading": heading})
    made = _paragraphs(now, paragraphs, quotable=Quotable(paper.publication_id))
    after = {**_header(now), "text": text_of(made)}
    if after == before:
        return now
    now.version += 1
    now.save()
    now.paragraphs.all().delete()
    PaperParagraph.objects.bulk_create(made)
    record_step(by=by, paper=paper, record=now, action="write report section", before=before, after=after)
    return now


@transaction.atomic
def move_section(*, by: User, section: PaperSection, expected_version: int, to: int) -> Paper:
    """Put a section at place `to`, counted from 1; numbers stay as written. `expected_version` is the report's, whose order it is."""
    paper = draft_of(by=by, paper=section.paper, expected_version=expected_version)
    rows = list(paper.sections.select_for_update())
    if not 1 <= to <= len(rows):
        raise InvalidEntryError("place", f"is a whole number from 1 to {len(rows)}.")
    before = [str(row) for row in rows]
    rows.insert(to - 1, rows.pop(next(at for at, row in enumerate(rows) if row.pk == section.pk)))
    after = [str(row) for row in rows]
    if after == before:
        return paper
    for order, row in enumerate(rows, start=1):
        row.order = order
        row.save(update_fields=["order"])
    record_step(
        by=by,
        paper=paper,
        record=paper,
        action="order report",
        before={"order": before},
        after={"order": after},
    )
    return paper


@transaction.atomic
def remove_section(*, by: User, section: PaperSection, expected_version: int) -> None:
    """Take a section out of a draft; the audit trail keeps what it said."""
    paper = draft_of(by=by, paper=section.paper)
    now = fresh(section)
    before = _said(now)
    if now.version != expected_version:
        raise stale(now, expected_version=expected_version, values=before)
    record_step(by=by, paper=paper, record=now, action="remove report section", before=before, after={})
    now.delete()


def keep_section(
    *,
    by: User,
    paper: Paper,
    quotable: Quotable,
    kind: str,
    number: str,
    heading: str,
    paragraphs: Sequence[ParagraphGiven],
) -> PaperSection:
    """Add a section to a draft that is held already, in the caller's transaction."""
    last = paper.sections.aggregate(last=Max("order"))["last"] or 0
    if paper.sections.count() >= MOST_SECTIONS:
        raise InvalidEntryError("heading", f"a report has up to {MOST_SECTIONS} sections.")
    section = PaperSection(council=paper.council, paper=paper, order=last + 1)
    put(section, _SECTION, {"kind": kind, "number": number, "heading": heading})
    made = _paragraphs(section, paragraphs, quotable=quotable)
    section.save()
    PaperParagraph.objects.bulk_create(made)
    after = {**_header(section), "text": text_of(made)}
    record_step(by=by, paper=paper, record=section, action="add report section", before={}, after=after)
    return section


def _header(section: PaperSection) -> dict[str, Any]:
    return {field: getattr(section, field) for field in _SECTION}


def _said(section: PaperSection) -> dict[str, Any]:
    return {**_header(section), "text": text_of(section.paragraphs.all())}


def _paragraphs(
    section: PaperSection, given: Sequence[ParagraphGiven], *, quotable: Quotable
) -> list[PaperParagraph]:
    """The paragraphs as rows, not yet saved: each one line of text, every figure and table of them found in the publication."""
    if len(given) > MOST_PARAGRAPHS:
        raise InvalidEntryError(
            "text", f"there are {len(given):,} paragraphs; a section has up to {MOST_PARAGRAPHS}. Divide it."
        )
    quotable.check_paragraphs("text", given)
    _refuse_repeats(given)
    return [
        PaperParagraph(
            council=section.council,
            section=section,
            number=checked_name("text", one.number, required=False, limit=12),
            style=choice(Style.values)("text", one.style),
            words=_one_line(one.words),
            order=order,
        )
        for order, one in enumerate(given, start=1)
    ]


def _one_line(words: str) -> str:
    text = checked_words("text", words, required=True)
    if "\n" in text:
        raise InvalidEntryError("text", f"“{text[:60]} …” has more than one line. Each line is a paragraph.")
    return text


def _refuse_repeats(given: Sequence[ParagraphGiven]) -> None:
    seen: set[str] = set()
    for one in given:
        if one.style == Style.PARAGRAPH and one.number:
            if one.number in seen:
                raise InvalidEntryError("text", f"there are two paragraphs {one.number} in this section.")
            seen.add(one.number)
