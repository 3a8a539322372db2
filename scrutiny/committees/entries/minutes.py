"""The minutes of a meeting as values: paragraphs and questions in one order, then what was agreed. No model and no query."""

from dataclasses import dataclass

from scrutiny.committees.entries.actions import ActionEntry, RecommendationEntry
from scrutiny.committees.entries.meetings import MeetingEntry
from scrutiny.committees.entries.questions import QuestionEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphEntry:
    """A paragraph or a heading."""

    id: int
    number: str
    heading: str
    words: str
    order: int

    @property
    def lines(self) -> tuple[str, ...]:
        """Its lines, each a paragraph on paper."""
        return tuple(line for line in self.words.splitlines() if line.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class MinuteEntry:
    """One place in the minutes: a paragraph or a question, never both."""

    paragraph: ParagraphEntry | None = None
    question: QuestionEntry | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemMinutes:
    """One item's minutes. Of an exempt item the public's hold no entry, only that it is exempt and why."""

    item_id: int
    number: str
    title: str
    start_time: str
    is_exempt: bool
    ground: str
    entries: tuple[MinuteEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Minutes:
    """A meeting's minutes as they are printed."""

    council_name: str
    meeting: MeetingEntry
    items: tuple[ItemMinutes, ...]
    closed: tuple[ActionEntry, ...]
    """Actions of earlier meetings that this one closed."""
    actions: tuple[ActionEntry, ...]
    outcomes: tuple[RecommendationEntry, ...]

    @property
    def title(self) -> str:
        """“Minutes: Scrutiny Commission, 11 December 2023”."""
        return f"Minutes: {self.meeting.name}"


def in_order(
    paragraphs: tuple[ParagraphEntry, ...], questions: tuple[QuestionEntry, ...]
) -> tuple[MinuteEntry, ...]:
    """Paragraphs and questions of one item in the order that they share."""
    placed = [(one.order, 0, one.id, MinuteEntry(paragraph=one)) for one in paragraphs]
    placed += [(one.order, 1, one.id, MinuteEntry(question=one)) for one in questions]
    return tuple(entry for *_, entry in sorted(placed, key=lambda place: place[:3]))
