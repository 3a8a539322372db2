"""Rows as entries, for the public's queries and the clerk's desk alike. What may be read is decided by who asks, never here."""

from collections.abc import Iterable
from datetime import date

from scrutiny.committees.entries.meetings import (
    CommitteeEntry,
    CommitteeName,
    FiguresOfItem,
    ItemEntry,
    MeetingEntry,
    SeatEntry,
    WorkEntry,
)
from scrutiny.models import AgendaItem, Committee, Meeting, Publication, Seat, WorkItem


def committee_name(row: Committee) -> CommitteeName:
    """A committee as other pages name it."""
    return CommitteeName(id=row.pk, slug=row.slug, name=row.name, kind_label=row.get_kind_display())


def committee_entry(
    row: Committee,
    *,
    seats: Iterable[Seat] = (),
    work: Iterable[WorkEntry] = (),
    groups: Iterable[Committee] = (),
) -> CommitteeEntry:
    """A committee; `row` with its parent beside it."""
    return CommitteeEntry(
        id=row.pk,
        slug=row.slug,
        name=row.name,
        short_name=row.short_name,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        remit=row.remit,
        procedure=row.procedure,
        clerk_team=row.clerk_team,
        clear_days=row.clear_days,
        ended_on=row.ended_on,
        parent=committee_name(row.parent) if row.parent else None,
        groups=tuple(committee_name(group) for group in groups),
        seats=tuple(seat_entry(seat) for seat in seats),
        work=tuple(work),
        version=row.version,
    )


def seat_entry(row: Seat) -> SeatEntry:
    """A seat."""
    return SeatEntry(
        kind=row.kind, kind_label=row.get_kind_display(), role=row.role, code=row.code, number=row.number
    )


def work_entry(row: WorkItem, *, shows_meeting: bool) -> WorkEntry:
    """An entry of the work programme; `row` with its meeting beside it, which is named only where the reader may see it."""
    meeting = row.meeting if shows_meeting else None
    return WorkEntry(
        id=row.pk,
        title=row.title,
        words=row.words,
        state=row.state,
        state_label=row.get_state_display(),
        suggested_by=row.suggested_by,
        meeting_id=meeting.pk if meeting else None,
        meeting_label=_day(meeting) if meeting else "",
        version=row.version,
    )


def _day(meeting: Meeting) -> str:
    return f"{meeting.day:%-d %B %Y}" if meeting.day else "date not stated"


def meeting_entry(row: Meeting, *, items: Iterable[ItemEntry] = ()) -> MeetingEntry:
    """A meeting; `row` with its committee beside it."""
    return MeetingEntry(
        id=row.pk,
        committee=committee_name(row.committee),
        title=row.title,
        day=row.day,
        starts_at=row.starts_at,
        place=row.place,
        state=row.state,
        state_label=row.get_state_display(),
        note=row.note,
        agenda_published_at=row.agenda_published_at,
        minutes_published_at=row.minutes_published_at,
        clear_days=row.committee.clear_days,
        items=tuple(items),
        version=row.version,
    )


def by_day(rows: Iterable[Meeting]) -> tuple[MeetingEntry, ...]:
    """Meetings newest first, those without a date last, without their items; each row with its committee beside it."""
    found = list(rows)
    dated = sorted(
        (row for row in found if row.day), key=lambda row: (row.day or date.min, row.pk), reverse=True
    )
    return tuple(meeting_entry(row) for row in (*dated, *(row for row in found if not row.day)))


def item_entry(row: AgendaItem, *, shows_draft_paper: bool) -> ItemEntry:
    """An item in full; `row` with its publication and paper beside it."""
    paper = row.paper
    if paper is not None and not shows_draft_paper and paper.state != paper.State.FINAL:
        paper = None
    return ItemEntry(
        id=row.pk,
        number=row.number,
        title=row.title,
        is_exempt=row.classification == AgendaItem.Classification.EXEMPT,
        exemption_paragraph=row.exemption_paragraph,
        exemption_reason=row.exemption_reason,
        start_time=row.start_time,
        purpose_label=row.get_purpose_display(),
        words=row.words,
        lead_role=row.lead_role,
        late_reason=row.late_reason,
        late_agreed_by=row.late_agreed_by,
        figures=_figures(row.publication) if row.publication else None,
        paper_id=paper.pk if paper else None,
        paper_title=paper.title if paper else "",
        version=row.version,
    )


def _figures(row: Publication) -> FiguresOfItem:
    return FiguresOfItem(id=row.pk, period=row.period, version=row.version)
