"""A rendered report's file, for those who have been given its publication."""

from scrutiny.models import RenderedReport


def report_file(publication_id: int) -> bytes | None:
    """The PDF, or `None` while there is none. One query."""
    row = (
        RenderedReport.objects.filter(publication_id=publication_id, state=RenderedReport.State.DONE)
        .values_list("content", flat=True)
        .first()
    )
    return None if row is None else bytes(row)
