"""Reports as those who write them see them: drafts with the rest. Nothing that is public reads this."""

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from accounts.models import User
from scrutiny.committees.entries.papers import PaperEntry
from scrutiny.committees.reading_papers import paper_entry as entry_of
from scrutiny.committees.reading_papers import with_all
from scrutiny.models import AgendaItem, Meeting, Paper, PaperSection, Publication
from services.access import Grant, council_for
from services.roles import Permission

NOT_HERE = "There is no such page, or it is not for you."
WRITES = Permission.EXPORT_PAPERS


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperListed:
    """A report in the list of them."""

    id: int
    title: str
    template_label: str
    state: str
    state_label: str
    body: str
    items: tuple[str, ...]
    """Where it is on an agenda: “Item 4, Scrutiny Commission, 16 January 2024”."""


def writers_desk(user: User | AnonymousUser, slug: str) -> Grant:
    """The council whose reports this person writes. `Http404` for everybody else. One query or two."""
    grant = council_for(user, slug, needs=WRITES)
    if not grant.allows_everywhere(WRITES):
        raise Http404(NOT_HERE)
    return grant


def papers_of(grant: Grant) -> tuple[PaperListed, ...]:
    """Every report that this person may see, drafts first, then the newest. Two queries."""
    rows = (
        _readable(grant).prefetch_related("agenda_items__meeting__committee").order_by("state", "-day", "-pk")
    )
    return tuple(_listed(row) for row in rows)


def _listed(row: Paper) -> PaperListed:
    return PaperListed(
        id=row.pk,
        title=row.title,
        template_label=row.get_template_display(),
        state=row.state,
        state_label=row.get_state_display(),
        body=row.body,
        items=tuple(f"Item {item.number}, {item.meeting}" for item in row.agenda_items.all()),
    )


def paper_row(grant: Grant, paper_id: int) -> Paper:
    """The report, to be changed. `Http404` if it is not there, or exempt and not for this person."""
    row = _readable(grant).select_related("council", "publication").defer("publication__content")
    found = row.filter(pk=paper_id).first()
    if found is None:
        raise Http404(NOT_HERE)
    return found


def paper_entry(grant: Grant, paper_id: int) -> PaperEntry:
    """The report as it stands, with all that is in it. Five queries."""
    row = with_all(_readable(grant)).filter(pk=paper_id).first()
    if row is None:
        raise Http404(NOT_HERE)
    return entry_of(row, shows_unpublished_meeting=True)


def section_row(grant: Grant, paper_id: int, section_id: int) -> PaperSection:
    """A section of the report, to be changed. `Http404` if it is not there."""
    rows = PaperSection.objects.filter(paper__in=_readable(grant), paper_id=paper_id, pk=section_id)
    row = (
        rows.select_related("paper__council", "paper__publication")
        .defer("paper__publication__content")
        .first()
    )
    if row is None:
        raise Http404(NOT_HERE)
    return row


def publications_to_quote(council_id: int) -> QuerySet[Publication]:
    """The publications that a report may quote, newest first."""
    rows = Publication.objects.filter(council_id=council_id).defer("content")
    return rows.order_by("-period_year", "-period_number", "-version")


def meetings_that_had(paper: Paper) -> QuerySet[Meeting]:
    """The meetings that had the report and are over: one of them may have chosen among its options."""
    rows = Meeting.objects.filter(
        items__paper=paper, state__in=[Meeting.State.HELD, Meeting.State.MINUTED]
    ).distinct()
    return rows.select_related("committee")


def _readable(grant: Grant) -> QuerySet[Paper]:
    rows = Paper.objects.filter(council=grant.council)
    if grant.allows_everywhere(Permission.VIEW_EXEMPT):
        return rows
    exempt = AgendaItem.objects.filter(paper=OuterRef("pk"), classification=AgendaItem.Classification.EXEMPT)
    return rows.filter(~Exists(exempt))
