"""Questions and answers as values: what pages, minutes and packs show. No model and no query."""

from dataclasses import dataclass
from datetime import date, datetime

from scrutiny.committees.entries.pins import Pin, PinnedValue, since_then


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEntry:
    """What one role answered."""

    id: int
    by_role: str
    code: str
    number: str
    points: tuple[str, ...]
    is_declined: bool
    will_write: bool
    given_on: date | None
    version: int

    @property
    def who(self) -> str:
        """“Head of Finance (HoF)”."""
        return f"{self.by_role} ({self.code})" if self.code else self.by_role

    @property
    def undertaking(self) -> str:
        """That it was declined, and that an officer will write; empty where it was simply answered."""
        if self.is_declined and self.will_write:
            return "Declined to answer there and undertook to give more information."
        if self.is_declined:
            return "Declined to answer."
        return "Undertook to give more information." if self.will_write else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedAbout:
    """The figure that a question is about. `values` are those of the publication asked about and of later ones, oldest first."""

    pin: Pin
    subject: str
    address: str
    """Of the page of that publication."""
    values: tuple[PinnedValue, ...] = ()

    @property
    def since(self) -> str:
        """“Was £2.7m over in month 7 …; now £3.1m over in month 9 …”; empty where the values were not asked for."""
        return since_then(self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionEntry:
    """One question with its answers. The meeting is named only where the reader may see it."""

    id: int
    number: str
    words: str
    parts: tuple[str, ...]
    topic: str
    asked_by: str
    asked_at: datetime | None
    state: str
    state_label: str
    about: AskedAbout | None
    answers: tuple[AnswerEntry, ...]
    agreed: tuple[str, ...]
    """The actions agreed upon it, in words."""
    committee: str
    meeting_id: int | None
    meeting_label: str
    item_id: int | None
    item_label: str
    order: int
    version: int

    @property
    def heading(self) -> str:
        """A name for the page and for links: the number and the first words."""
        words = self.words if len(self.words) <= 90 else f"{self.words[:88].rsplit(' ', 1)[0]} …"
        return f"{self.number} {words}".strip()
