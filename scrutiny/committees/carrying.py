"""How actions are carried from meeting to meeting: onto every next agenda of their committee until it closes them."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from scrutiny.models import CommitteeAction, Meeting


def on_agenda_of(rows: QuerySet[CommitteeAction], meeting: Meeting) -> QuerySet[CommitteeAction]:
    """Of these actions, those that stand on the meeting's agenda: of its committee, raised before it, and not closed before it, oldest first.

    What the meeting itself closes still stands on its agenda. A meeting without a day is before every other: nothing is carried to it.
    """
    if meeting.day is None:
        return rows.none()
    before = Q(raised_at__isnull=True) | Q(raised_at__day__isnull=True) | Q(raised_at__day__lt=meeting.day)
    still = Q(closed_at__isnull=True) | Q(closed_at__day__gte=meeting.day)
    own = Q(committee_id=meeting.committee_id)
    return (
        rows.filter(own, before, still).exclude(raised_at=meeting).order_by("raised_at__day", "order", "pk")
    )


def next_meetings(rows: Sequence[CommitteeAction], *, is_public: bool) -> dict[int, date]:
    """The day of the committee's next meeting after the one that raised each action due then, where it is known. One query."""
    waiting = [row for row in rows if row.is_due_next_meeting and row.raised_at and row.raised_at.day]
    if not waiting:
        return {}
    meetings = Meeting.objects.filter(
        committee_id__in={row.committee_id for row in waiting}, day__isnull=False
    ).exclude(state=Meeting.State.CANCELLED)
    if is_public:
        meetings = meetings.filter(agenda_published_at__isnull=False)
    days = sorted(meetings.values_list("day", "committee_id"))
    found: dict[int, date] = {}
    for row in waiting:
        raised = row.raised_at.day if row.raised_at else None
        later = (
            day
            for day, committee_id in days
            if committee_id == row.committee_id and day and raised and day > raised
        )
        following = next(later, None)
        if following is not None:
            found[row.pk] = following
    return found
