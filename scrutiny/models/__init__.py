"""The records of what is public."""

from scrutiny.models.publications import Publication, PublicationProposal, PublishedFigure

__all__ = ["Publication", "PublicationProposal", "PublishedFigure"]
