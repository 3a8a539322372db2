"""Actions and recommendations as values, with what is overdue on a given day. No model and no query."""

from dataclasses import dataclass
from datetime import date, datetime

from accounting.meetings import response_due


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionStepEntry:
    """One step of an action's life."""

    status_label: str
    words: str
    by: str
    at: datetime
    meeting_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionEntry:
    """One action as it stands on the day the page is made."""

    id: int
    reference: str
    words: str
    type_label: str
    owners: tuple[str, ...]
    forum: str
    status: str
    status_label: str
    response: str
    evidence: str
    committee: str
    committee_slug: str
    meeting_id: int | None
    meeting_label: str
    """Where it was raised."""
    item_label: str
    question_id: int | None
    due_on: date | None
    """Its date, or the day of the next meeting where it is due then and that is known."""
    is_due_next_meeting: bool
    due_words: str
    closed_label: str
    """The meeting at which the committee closed it; empty while it is open."""
    closed_meeting_id: int | None
    steps: tuple[ActionStepEntry, ...]
    today: date
    version: int

    @property
    def owner_words(self) -> str:
        """“AD Adult Social Care; AD Commissioning”."""
        return "; ".join(self.owners)

    @property
    def is_overdue(self) -> bool:
        """Whether its day has passed without a response. One that was answered waits for the committee, not for its owners."""
        return self.status in ("open", "in_progress") and self.due_on is not None and self.due_on < self.today

    @property
    def due_label(self) -> str:
        """“4 March 2024”, “the next meeting, 11 January 2024”, “no date was set”."""
        on = f"{self.due_on:%-d %B %Y}" if self.due_on else ""
        if self.is_due_next_meeting:
            return f"the next meeting, {on}" if on else "the next meeting"
        return on or self.due_words or "no date was set"

    @property
    def due_as_minuted(self) -> str:
        """When it is due, in words that do not change when a later meeting is arranged."""
        return "the next meeting" if self.is_due_next_meeting else self.due_label

    @property
    def state_words(self) -> str:
        """“Open, overdue since 4 March 2024”; “Closed by the committee, 11 January 2024”."""
        if self.is_overdue and self.due_on:
            return f"{self.status_label}, overdue since {self.due_on:%-d %B %Y}"
        return f"{self.status_label}: {self.closed_label}" if self.closed_label else self.status_label


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationEntry:
    """One outcome that a committee agreed, as it stands on the day the page is made."""

    id: int
    number: str
    kind: str
    kind_label: str
    words: str
    addressee: str
    timescale: str
    committee: str
    committee_slug: str
    meeting_id: int | None
    meeting_label: str
    sent_on: date | None
    received_on: date | None
    response: str
    response_label: str
    response_words: str
    responded_on: date | None
    implementation_label: str
    implementation_words: str
    today: date
    version: int

    @property
    def due_on(self) -> date | None:
        """When the response is due: two months after receipt (Local Government Act 2000, s9FE); `None` before, and where none is asked."""
        if self.received_on is None or self.response == "not_needed":
            return None
        return response_due(self.received_on)

    @property
    def is_overdue(self) -> bool:
        """Whether the two months have passed without a response."""
        return self.response == "none" and self.due_on is not None and self.due_on < self.today

    @property
    def state_words(self) -> str:
        """“No response yet, due by 28 February 2024”, “Accepted in part, 8 January 2024”."""
        if self.responded_on:
            return f"{self.response_label}, {self.responded_on:%-d %B %Y}"
        if self.due_on:
            return f"{self.response_label}, {'overdue since' if self.is_overdue else 'due by'} {self.due_on:%-d %B %Y}"
        if self.response == "none":
            return f"{self.response_label}; receipt is not recorded"
        return self.response_label
