"""Committees, meetings and agenda items as values: what pages, feeds and packs show. No model and no query."""

from dataclasses import dataclass
from datetime import date, datetime, time

from accounting.periods import Period
from scrutiny.committees.grounds import ground_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatEntry:
    """A role that sits on a committee or serves it, and how many hold it."""

    kind: str
    kind_label: str
    role: str
    code: str
    number: int

    @property
    def words(self) -> str:
        """“Member (4)”, “Director of Children’s Social Care (DCSC)”."""
        extra = [self.code] if self.code else []
        extra += [str(self.number)] if self.number > 1 else []
        return f"{self.role} ({', '.join(extra)})" if extra else self.role


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkEntry:
    """An entry of a work programme. The meeting is named only where the reader may see it."""

    id: int
    title: str
    words: str
    state: str
    state_label: str
    suggested_by: str
    meeting_id: int | None
    meeting_label: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeName:
    """A committee as other pages name it."""

    id: int
    slug: str
    name: str
    kind_label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitteeEntry:
    """A committee with its seats, the groups that it set up, and its work programme."""

    id: int
    slug: str
    name: str
    short_name: str
    kind: str
    kind_label: str
    remit: str
    procedure: str
    clerk_team: str
    clear_days: int
    ended_on: date | None
    parent: CommitteeName | None
    groups: tuple[CommitteeName, ...]
    seats: tuple[SeatEntry, ...]
    work: tuple[WorkEntry, ...]
    version: int

    @property
    def clerk_words(self) -> str:
        """Who clerks it, where no seat says so."""
        return "" if any(seat.kind == "clerk" for seat in self.seats) else self.clerk_team

    @property
    def state_words(self) -> str:
        """Whether it stands, or was set up for a time, and when it ended."""
        if self.ended_on:
            return f"Ended on {self.ended_on:%-d %B %Y}"
        return "Set up for a time" if self.kind in {"task_group", "mini_group"} else "Standing"


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresOfItem:
    """The publication that an item is about."""

    id: int
    period: Period
    version: int

    @property
    def label(self) -> str:
        """“Month 7, October 2023, version 1”."""
        return f"{self.period.label}, version {self.version}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEntry:
    """One item of an agenda. Of an exempt item the public's has number, title, paragraph and ground; all else is blank."""

    id: int
    number: str
    title: str
    is_exempt: bool
    exemption_paragraph: int | None
    exemption_reason: str
    start_time: str = ""
    purpose_label: str = ""
    words: str = ""
    lead_role: str = ""
    late_reason: str = ""
    late_agreed_by: str = ""
    figures: FiguresOfItem | None = None
    paper_id: int | None = None
    paper_title: str = ""
    version: int = 0

    @property
    def ground(self) -> str:
        """“Paragraph 3: information relating to …”; empty for an item that is open to the public."""
        return ground_of(self.exemption_paragraph) if self.exemption_paragraph else ""

    @property
    def is_late(self) -> bool:
        """Whether the chair takes it late."""
        return bool(self.late_reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingEntry:
    """One meeting with its agenda. `items` is empty in a list of meetings."""

    id: int
    committee: CommitteeName
    title: str
    day: date | None
    starts_at: time | None
    place: str
    state: str
    state_label: str
    note: str
    agenda_published_at: datetime | None
    minutes_published_at: datetime | None
    clear_days: int
    """How many the committee’s rule asks for."""
    items: tuple[ItemEntry, ...] = ()
    version: int = 0

    @property
    def day_words(self) -> str:
        """“Tuesday 16 January 2024”, or that the paper states none."""
        return f"{self.day:%A %-d %B %Y}" if self.day else "Date not stated in the record"

    @property
    def when_words(self) -> str:
        """The day and, where it is known, the time: “Tuesday 16 January 2024, 19:00”."""
        return f"{self.day_words}, {self.starts_at:%H:%M}" if self.starts_at else self.day_words

    @property
    def name(self) -> str:
        """The committee and, where the meeting has one, its title."""
        return f"{self.committee.name}: {self.title}" if self.title else self.committee.name

    @property
    def is_cancelled(self) -> bool:
        """Whether it does not take place."""
        return self.state == "cancelled"

    @property
    def is_recorded(self) -> bool:
        """Whether it is over: held, or held and minuted."""
        return self.state in {"held", "minuted"}
