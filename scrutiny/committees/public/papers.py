"""Reports as everybody who may read published things may read them: final, and on an open item of a published agenda.

A report that any exempt item has is not here, whatever other items have it.
"""

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from scrutiny.committees.entries.papers import PaperEntry
from scrutiny.committees.reading_papers import paper_entry as entry_of
from scrutiny.committees.reading_papers import with_all
from scrutiny.models import AgendaItem, Paper

NOT_HERE = "There is no such page, or it is not for you."


def paper_entry(council_id: int, paper_id: int) -> PaperEntry:
    """One report. `Http404` if it is not there, or not public. Five queries."""
    row = with_all(shown(council_id)).filter(pk=paper_id).first()
    if row is None:
        raise Http404(NOT_HERE)
    return entry_of(row, shows_unpublished_meeting=False)


def is_public(council_id: int, paper_id: int) -> bool:
    """Whether everybody who may read published things may read it. One query."""
    return shown(council_id).filter(pk=paper_id).exists()


def shown(council_id: int) -> QuerySet[Paper]:
    """The council's public reports."""
    items = AgendaItem.objects.filter(paper=OuterRef("pk"))
    is_open = items.filter(
        classification=AgendaItem.Classification.PUBLIC, meeting__agenda_published_at__isnull=False
    )
    is_exempt = items.filter(classification=AgendaItem.Classification.EXEMPT)
    final = Paper.objects.filter(council_id=council_id, state=Paper.State.FINAL)
    return final.filter(Exists(is_open), ~Exists(is_exempt))
