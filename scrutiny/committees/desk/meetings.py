"""What a clerk sees of committees and meetings: drafts and exempt items with the rest. Nothing that is public reads this."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from accounts.models import User
from scrutiny.committees import reading
from scrutiny.committees.entries.meetings import CommitteeEntry, MeetingEntry
from scrutiny.committees.notice import Notice, notice_of
from scrutiny.models import AgendaItem, Committee, Meeting, Paper, Publication, WorkItem
from services.access import Grant, council_for
from services.roles import Permission

NOT_HERE = "There is no such page, or it is not for you."


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A meeting that waits for the clerk, and what for."""

    meeting: MeetingEntry
    notice: Notice
    step: str


def desk_of(user: User | AnonymousUser, slug: str) -> Grant:
    """The council whose committees this person keeps. `Http404` for everybody else. One query or two."""
    grant = council_for(user, slug, needs=Permission.KEEP_MEETINGS)
    if not grant.allows_everywhere(Permission.KEEP_MEETINGS):
        raise Http404(NOT_HERE)
    return grant


def committees_of(council_id: int) -> tuple[CommitteeEntry, ...]:
    """The council's committees by name, each with its parent and without seats or work programme. One query."""
    rows = Committee.objects.filter(council_id=council_id).select_related("parent")
    return tuple(reading.committee_entry(row) for row in rows)


def committee_row(grant: Grant, slug: str) -> Committee:
    """The committee at this address, to be changed. `Http404` if it is not there."""
    row = (
        Committee.objects.filter(council=grant.council, slug=slug).select_related("parent", "council").first()
    )
    if row is None:
        raise Http404(NOT_HERE)
    return row


def committee_entry(row: Committee) -> CommitteeEntry:
    """The committee with seats, groups, and its work programme with every meeting named. Three queries."""
    work = WorkItem.objects.filter(committee=row).select_related("meeting")
    return reading.committee_entry(
        row,
        seats=row.seats.all(),
        groups=row.groups.all(),
        work=[reading.work_entry(one, shows_meeting=True) for one in work],
    )


def meetings_of(council_id: int, *, committee_id: int | None = None) -> tuple[MeetingEntry, ...]:
    """Every meeting, newest first, drafts among them, those without a date last. One query."""
    rows = _meetings(council_id)
    if committee_id is not None:
        rows = rows.filter(committee_id=committee_id)
    return reading.by_day(rows)


def meeting_row(grant: Grant, meeting_id: int) -> Meeting:
    """The meeting, to be changed. `Http404` if it is not there."""
    row = _meetings(grant.council.pk).filter(pk=meeting_id).first()
    if row is None:
        raise Http404(NOT_HERE)
    return row


def meeting_entry(row: Meeting) -> MeetingEntry:
    """The meeting with its whole agenda, exempt items with all they hold. One query."""
    items = row.items.select_related("publication", "paper").defer("publication__content")
    return reading.meeting_entry(
        row, items=[reading.item_entry(item, shows_draft_paper=True) for item in items]
    )


def item_row(grant: Grant, meeting_id: int, item_id: int) -> AgendaItem:
    """An item of the meeting, to be changed. `Http404` if it is not there."""
    row = (
        AgendaItem.objects.filter(council=grant.council, meeting_id=meeting_id, pk=item_id)
        .select_related("meeting__committee", "publication", "paper")
        .defer("publication__content")
        .first()
    )
    if row is None:
        raise Http404(NOT_HERE)
    return row


def work_row(grant: Grant, slug: str, work_id: int) -> WorkItem:
    """An entry of the committee's work programme, to be changed. `Http404` if it is not there."""
    rows = WorkItem.objects.filter(council=grant.council, committee__slug=slug, pk=work_id)
    row = rows.select_related("committee", "meeting").first()
    if row is None:
        raise Http404(NOT_HERE)
    return row


def publications_to_choose(council_id: int) -> QuerySet[Publication]:
    """The publications that an item may be about, newest first."""
    rows = Publication.objects.filter(council_id=council_id).defer("content")
    return rows.order_by("-period_year", "-period_number", "-version")


def papers_to_choose(council_id: int) -> QuerySet[Paper]:
    """The reports that an item may have, drafts among them."""
    return Paper.objects.filter(council_id=council_id)


def worklist(council_id: int, *, today: date) -> tuple[Waiting, ...]:
    """The meetings that wait for the clerk, the next first: agendas to publish, meetings to be marked as held, minutes to publish. One query."""
    waiting = []
    for row in _meetings(council_id).exclude(state__in=[Meeting.State.CANCELLED, Meeting.State.MINUTED]):
        entry = reading.meeting_entry(row)
        step = _step(entry, today=today)
        if step:
            waiting.append(Waiting(meeting=entry, notice=notice_of(entry, today=today), step=step))
    return tuple(sorted(waiting, key=lambda one: (one.meeting.day or date.min, one.meeting.id)))


def _step(meeting: MeetingEntry, *, today: date) -> str:
    is_over = meeting.day is None or meeting.day < today
    if meeting.state == Meeting.State.DRAFT:
        return "Record it as held" if is_over else "Publish the agenda"
    if meeting.state == Meeting.State.PUBLISHED:
        return "Say that it was held" if is_over else ""
    return "Publish the minutes"


def _meetings(council_id: int) -> QuerySet[Meeting]:
    return Meeting.objects.filter(council_id=council_id).select_related("committee__parent", "council")
