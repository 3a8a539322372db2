"""The publication that a report quotes, for somebody who has been given the report."""

from scrutiny.access import History, history_when_published, published_at
from scrutiny.committees.entries.papers import PaperEntry
from scrutiny.published import PublishedPeriod
from services.access import Grant


def figures_of(grant: Grant, entry: PaperEntry) -> tuple[PublishedPeriod | None, History]:
    """The figures and their history as they were when they were published; nothing where the report quotes none. Two or three queries."""
    if entry.figures is None:
        return None, ()
    published = published_at(grant, entry.figures.period, entry.figures.version)
    return published, history_when_published(grant.council.pk, published)
