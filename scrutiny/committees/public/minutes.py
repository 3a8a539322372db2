"""A meeting's published minutes: of an exempt item only that it was taken, and the ground."""

from django.http import Http404

from scrutiny.committees.entries.meetings import ItemEntry
from scrutiny.committees.entries.minutes import ItemMinutes, Minutes, ParagraphEntry, in_order
from scrutiny.committees.public.actions import (
    actions_carried_to,
    actions_raised_at,
    recommendations_of_meeting,
)
from scrutiny.committees.public.meetings import meeting_entry
from scrutiny.committees.public.questions import questions_of_item
from scrutiny.committees.reading_minutes import paragraph_entry
from scrutiny.models import AgendaItem, Meeting, MinuteParagraph

NOT_HERE = "There are no such minutes, or they are not published."


def minutes_of(council_id: int, meeting_id: int, *, council_name: str) -> Minutes:
    """The minutes of a meeting; `Http404` until they are published."""
    meeting = meeting_entry(council_id, meeting_id)
    if meeting.minutes_published_at is None:
        raise Http404(NOT_HERE)
    carried = actions_carried_to(council_id, meeting_id)
    return Minutes(
        council_name=council_name,
        meeting=meeting,
        items=tuple(_item(council_id, item) for item in meeting.items),
        closed=tuple(action for action in carried if action.closed_meeting_id == meeting_id),
        actions=actions_raised_at(council_id, meeting_id),
        outcomes=recommendations_of_meeting(council_id, meeting_id),
    )


def minutes_to_print(meeting_id: int) -> Minutes:
    """A meeting's published minutes for the job worker, which acts for nobody: no view may call this."""
    meeting = Meeting.objects.select_related("council").get(pk=meeting_id)
    return minutes_of(meeting.council_id, meeting_id, council_name=meeting.council.name)


def _item(council_id: int, item: ItemEntry) -> ItemMinutes:
    if item.is_exempt:
        return ItemMinutes(
            item_id=item.id,
            number=item.number,
            title=item.title,
            start_time="",
            is_exempt=True,
            ground=f"{item.ground}. {item.exemption_reason}",
            entries=(),
        )
    return ItemMinutes(
        item_id=item.id,
        number=item.number,
        title=item.title,
        start_time=item.start_time,
        is_exempt=False,
        ground="",
        entries=in_order(_paragraphs(council_id, item.id), questions_of_item(council_id, item.id)),
    )


def _paragraphs(council_id: int, item_id: int) -> tuple[ParagraphEntry, ...]:
    rows = MinuteParagraph.objects.filter(
        council_id=council_id, item_id=item_id, item__classification=AgendaItem.Classification.PUBLIC
    )
    return tuple(paragraph_entry(row) for row in rows)
