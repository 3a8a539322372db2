"""The records of what is public."""

from scrutiny.models.publications import Publication, PublicationProposal, PublishedFigure
from scrutiny.models.reports import RenderedReport

__all__ = ["Publication", "PublicationProposal", "PublishedFigure", "RenderedReport"]
