"""Committees and meetings as everybody who may read published things may read them: for public pages, feeds and public packs.

A meeting is here from the moment its agenda is published. Of an exempt item the query itself reads nothing but number, title, paragraph and
ground. No argument widens any of this; who may read published things is asked before (`scrutiny.access.council_of`).
"""

from django.db.models import QuerySet
from django.http import Http404

from scrutiny.committees import reading
from scrutiny.committees.entries.meetings import CommitteeEntry, ItemEntry, MeetingEntry
from scrutiny.models import AgendaItem, Committee, Meeting, WorkItem

NOT_HERE = "There is no such page, or it is not for you."


def committees_of(council_id: int) -> tuple[CommitteeEntry, ...]:
    """The council's committees by name, each with its parent and without seats or work programme. One query."""
    rows = Committee.objects.filter(council_id=council_id).select_related("parent")
    return tuple(reading.committee_entry(row) for row in rows)


def committee_entry(council_id: int, slug: str) -> CommitteeEntry:
    """One committee with its seats, groups and work programme. `Http404` if it is not there. Four queries."""
    row = Committee.objects.filter(council_id=council_id, slug=slug).select_related("parent").first()
    if row is None:
        raise Http404(NOT_HERE)
    work = WorkItem.objects.filter(committee=row).select_related("meeting")
    return reading.committee_entry(
        row,
        seats=row.seats.all(),
        groups=row.groups.all(),
        work=[
            reading.work_entry(one, shows_meeting=bool(one.meeting and one.meeting.agenda_published_at))
            for one in work
        ],
    )


def meetings_of(council_id: int, *, committee_id: int | None = None) -> tuple[MeetingEntry, ...]:
    """Meetings whose agenda is published, newest first, those without a date last; without their items. One query."""
    rows = _published(council_id)
    if committee_id is not None:
        rows = rows.filter(committee_id=committee_id)
    return reading.by_day(rows)


def meeting_entry(council_id: int, meeting_id: int) -> MeetingEntry:
    """One meeting with its agenda in order. `Http404` if it is not there or its agenda is not published. Three queries."""
    row = _published(council_id).filter(pk=meeting_id).first()
    if row is None:
        raise Http404(NOT_HERE)
    return reading.meeting_entry(row, items=_items(row))


def _published(council_id: int) -> QuerySet[Meeting]:
    return Meeting.objects.filter(council_id=council_id, agenda_published_at__isnull=False).select_related(
        "committee"
    )


def _items(meeting: Meeting) -> tuple[ItemEntry, ...]:
    """Open items in full and exempt ones as far as they are public, in the agenda's order. Two queries."""
    items = AgendaItem.objects.filter(meeting=meeting)
    is_open = items.filter(classification=AgendaItem.Classification.PUBLIC)
    placed = [
        ((row.order, row.pk), reading.item_entry(row, shows_draft_paper=False))
        for row in is_open.select_related("publication", "paper").defer("publication__content")
    ]
    exempt = items.filter(classification=AgendaItem.Classification.EXEMPT).values_list(
        "order", "pk", "number", "title", "exemption_paragraph", "exemption_reason"
    )
    for order, pk, number, title, paragraph, reason in exempt:
        entry = ItemEntry(
            id=pk,
            number=number,
            title=title,
            is_exempt=True,
            exemption_paragraph=paragraph,
            exemption_reason=reason,
        )
        placed.append(((order, pk), entry))
    return tuple(entry for _, entry in sorted(placed, key=lambda one: one[0]))
