"""The records of what is public, and of what committees do with it."""

from scrutiny.models.actions import ActionStep, CommitteeAction, Recommendation
from scrutiny.models.closing import ClosingRequest
from scrutiny.models.committees import (
    AgendaItem,
    Committee,
    ItemDocument,
    Meeting,
    MinuteParagraph,
    Seat,
    WorkItem,
)
from scrutiny.models.minutes_files import MinutesFile
from scrutiny.models.packs import Pack, PackFetch, PackItem
from scrutiny.models.papers import Paper, PaperParagraph, PaperSection, RenderedPaper, ReportOption
from scrutiny.models.publications import Publication, PublicationProposal, PublishedFigure
from scrutiny.models.questions import Answer, Question, QuestionPart
from scrutiny.models.reports import RenderedReport
from scrutiny.models.savings import PublishedSaving

__all__ = [
    "ActionStep",
    "AgendaItem",
    "Answer",
    "ClosingRequest",
    "Committee",
    "CommitteeAction",
    "ItemDocument",
    "Meeting",
    "MinuteParagraph",
    "MinutesFile",
    "Pack",
    "PackFetch",
    "PackItem",
    "Paper",
    "PaperParagraph",
    "PaperSection",
    "Publication",
    "PublicationProposal",
    "PublishedFigure",
    "PublishedSaving",
    "Question",
    "QuestionPart",
    "Recommendation",
    "RenderedPaper",
    "RenderedReport",
    "ReportOption",
    "Seat",
    "WorkItem",
]
