"""Rows of reports as entries, for the public's queries and the desk alike. What may be read is decided by who asks, never here."""

from typing import Any

from django.db.models import QuerySet

from scrutiny.committees.entries.papers import (
    FiguresQuoted,
    OptionEntry,
    PaperEntry,
    ParagraphEntry,
    SectionEntry,
)
from scrutiny.models import Paper, PaperSection, Publication, RenderedPaper, ReportOption


def with_all(rows: QuerySet[Paper]) -> QuerySet[Paper]:
    """Reports with everything that an entry says. Four queries more."""
    return (
        rows.select_related("publication")
        .defer("publication__content")
        .prefetch_related("sections__paragraphs", "options__chosen_at__committee")
    )


def paper_entry(row: Paper, *, shows_unpublished_meeting: bool) -> PaperEntry:
    """A report; `row` from `with_all`. The meeting that chose is named only where the reader may see it."""
    options = list(row.options.all())
    return PaperEntry(
        id=row.pk,
        template=row.template,
        state=row.state,
        state_label=row.get_state_display(),
        title=row.title,
        authority=row.authority,
        body=row.body,
        day=row.day,
        report_of=row.report_of,
        portfolio=row.portfolio,
        wards=row.wards,
        key_decision=row.key_decision,
        access=row.access,
        stamp=row.stamp,
        abstract=row.abstract,
        contact_role=row.contact_role,
        background_papers=row.background_papers,
        figures=_figures(row.publication) if row.publication else None,
        sections=tuple(section_entry(section) for section in row.sections.all()),
        version=row.version,
        **_choice(options, shows_unpublished_meeting=shows_unpublished_meeting),
    )


def section_entry(row: PaperSection) -> SectionEntry:
    """A section; `row` with its paragraphs."""
    return SectionEntry(
        id=row.pk,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        number=row.number,
        heading=row.heading,
        paragraphs=tuple(
            ParagraphEntry(number=one.number, style=one.style, words=one.words)
            for one in row.paragraphs.all()
        ),
        version=row.version,
    )


def _choice(options: list[ReportOption], *, shows_unpublished_meeting: bool) -> dict[str, Any]:
    """The options, and what a meeting made of them: said where its minutes are published, or to those who keep them."""
    meeting = next((option.chosen_at for option in options if option.chosen_at), None)
    is_told = meeting is not None and (shows_unpublished_meeting or meeting.minutes_published_at is not None)
    chosen = next((option.chosen_words for option in options if option.chosen_words), "")
    return {
        "options": tuple(
            _option(option, options, is_told=is_told) for option in options if option.parent_id is None
        ),
        "chosen_words": chosen if is_told else "",
        "chosen_at": str(meeting) if is_told else "",
    }


def _option(row: ReportOption, every: list[ReportOption], *, is_told: bool) -> OptionEntry:
    return OptionEntry(
        id=row.pk,
        number=row.number,
        words=row.words,
        is_chosen=row.is_chosen if is_told else None,
        sub_options=tuple(_option(one, every, is_told=is_told) for one in every if one.parent_id == row.pk),
    )


def _figures(row: Publication) -> FiguresQuoted:
    return FiguresQuoted(id=row.pk, period=row.period, version=row.version)


def paper_to_print(paper_id: int) -> PaperEntry:
    """A final report, for the job worker, which acts for nobody: no view may call this. Five queries."""
    row = with_all(Paper.objects.filter(state=Paper.State.FINAL)).get(pk=paper_id)
    return paper_entry(row, shows_unpublished_meeting=False)


def paper_file(paper_id: int) -> bytes | None:
    """A final report's PDF, for those who have been given the report; `None` while there is none. One query."""
    rows = RenderedPaper.objects.filter(paper_id=paper_id, state=RenderedPaper.State.DONE)
    content = rows.values_list("content", flat=True).first()
    return None if content is None else bytes(content)
