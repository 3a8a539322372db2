"""Reports to committees: begun from a template, their header changed, and made final, after which nothing of them changes."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict, Unpack

from django.db import transaction

from accounts.models import User
from scrutiny.access import publication_to_print
from scrutiny.committees.operations.paper_drafts import HEADER, KEPT, NEEDS, draft_of
from scrutiny.committees.operations.paper_options import keep_options
from scrutiny.committees.operations.paper_sections import keep_section
from scrutiny.committees.operations.records import keep_new, put, save_changes, values_of, write
from scrutiny.committees.papers.beginnings import Beginning, beginning_of
from scrutiny.committees.papers.checking import Quotable
from scrutiny.committees.papers.lines import ParagraphGiven, Style
from scrutiny.models import Paper, PaperSection, Publication
from services.models import Council
from services.operations.authority import same_council
from services.operations.refusals import InvalidEntryError, Refused


class UnfinishedPaperError(Refused):
    """A report that still lacks something."""


class HeaderFields(TypedDict, total=False):
    """What may be said in the header block. Roles and groups, never names; `background_papers` has one a line, or “None”."""

    authority: str
    body: str
    day: date | None
    report_of: str
    portfolio: str
    wards: str
    key_decision: str
    access: str
    stamp: str
    abstract: str
    contact_role: str
    background_papers: str
    publication: Publication | None


class ChangedHeader(HeaderFields, total=False):
    """What may be changed of the header block."""

    title: str


@transaction.atomic
def record_paper(
    *,
    by: User,
    council: Council,
    title: str,
    template: str = Paper.Template.PLAIN,
    begins: bool = True,
    **header: Unpack[HeaderFields],
) -> Paper:
    """Begin a report with the sections of its template; without any where not `begins`.

    The budget monitoring report begins with the sentences and tables of its publication, every figure of them a reference.
    """
    publication = header.get("publication")
    if publication is not None:
        same_council(council.pk, publication)
    if template == Paper.Template.MONITORING and publication is None:
        raise InvalidEntryError(
            "publication", "a budget monitoring report quotes one. Choose the period's publication."
        )
    begun = _begun(template, publication) if begins else Beginning()
    given = {"title": title, "template": template, **_first_words(begun, council), **header}
    paper = keep_new(
        by=by,
        record=Paper(council=council),
        checks=KEPT,
        given=given,
        action="begin report",
        needs=NEEDS,
    )
    quotable = Quotable(publication.pk if publication else None)
    quotable.check_words("abstract", paper.abstract, place="The summary line")
    for section in begun.sections:
        keep_section(
            by=by,
            paper=paper,
            quotable=quotable,
            kind=section.kind,
            number=section.number,
            heading=section.heading,
            paragraphs=section.paragraphs,
        )
    if begun.options:
        keep_options(by=by, paper=paper, quotable=quotable, options=begun.options)
    return paper


@transaction.atomic
def change_header(
    *, by: User, paper: Paper, expected_version: int, **changed: Unpack[ChangedHeader]
) -> Paper:
    """Change the header block. Another publication is taken only if it has every figure and table that the report quotes.

    Raises `InvalidEntryError` with the place of a figure that it has not, and `StaleVersionError` if somebody changed the report since.
    """
    now = draft_of(by=by, paper=paper, expected_version=expected_version)
    before = values_of(now, KEPT)
    put(now, HEADER, changed)
    if now.publication is None and now.template == Paper.Template.MONITORING:
        raise InvalidEntryError("publication", "a budget monitoring report quotes one.")
    _check_everything(now)
    return save_changes(by=by, record=now, checks=KEPT, before=before, action="change report header")


@transaction.atomic
def finalise_paper(*, by: User, paper: Paper, expected_version: int) -> Paper:
    """Make a report final: from now on nothing of it changes, and with a public item of a published agenda it is public.

    Raises `UnfinishedPaperError` for a section without words, or a header without background papers (“None” is one answer).
    """
    now = draft_of(by=by, paper=paper, expected_version=expected_version)
    sections = list(now.sections.prefetch_related("paragraphs"))
    problems = list(_unfinished(now, sections))
    if problems:
        raise UnfinishedPaperError(f"The report is not ready: {'; '.join(problems)}.")
    _check_everything(now)
    now.state = Paper.State.FINAL
    now.version += 1
    now.save(update_fields=["state", "version"])
    write(
        by=by,
        record=now,
        action="finalise report",
        before={"state": Paper.State.DRAFT.value},
        after={"state": now.state, "version": now.version},
    )
    return now


def _begun(template: str, publication: Publication | None) -> Beginning:
    published = publication_to_print(publication.pk)[0] if publication else None
    return beginning_of(template, published)


def _first_words(begun: Beginning, council: Council) -> dict[str, str]:
    return {"authority": council.name, "background_papers": begun.background_papers, "stamp": begun.stamp}


def _unfinished(paper: Paper, sections: Sequence[PaperSection]) -> list[str]:
    found = []
    if not sections:
        found.append("it has no section")
    holds_options = PaperSection.Kind.OPTIONS.value
    has_options = paper.options.exists()
    for section in sections:
        is_said = section.paragraphs.all() or (section.kind == holds_options and has_options)
        if not is_said:
            found.append(f"section “{section}” has no words")
    if has_options and not any(section.kind == holds_options for section in sections):
        found.append("its options have no section of their kind to stand in")
    if not paper.background_papers:
        found.append("the header does not say which background papers were used; “None” is one answer")
    return found


def _check_everything(paper: Paper) -> None:
    """Refuse a report with a figure or table that its publication has not, or a table printed twice."""
    quotable = Quotable(paper.publication_id)
    quotable.check_words("abstract", paper.abstract, place="The summary line")
    tables: set[str] = set()
    for section in paper.sections.prefetch_related("paragraphs"):
        given = [
            ParagraphGiven(words=one.words, style=one.style, number=one.number)
            for one in section.paragraphs.all()
        ]
        quotable.check_paragraphs("publication", given)
        for one in given:
            if one.style == Style.TABLE and one.words in tables:
                raise InvalidEntryError("publication", f"the table “{one.words}” stands in the report twice.")
            tables |= {one.words} if one.style == Style.TABLE else set()
    for option in paper.options.all():
        quotable.check_words("publication", option.words, place=f"Option {option.number}")
