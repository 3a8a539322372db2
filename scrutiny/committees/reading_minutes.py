"""Rows of minutes as entries."""

from scrutiny.committees.entries.minutes import ParagraphEntry
from scrutiny.models import MinuteParagraph


def paragraph_entry(row: MinuteParagraph) -> ParagraphEntry:
    """A paragraph."""
    return ParagraphEntry(id=row.pk, number=row.number, heading=row.heading, words=row.words, order=row.order)
