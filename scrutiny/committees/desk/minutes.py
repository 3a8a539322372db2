"""A meeting's minutes as the clerk keeps them: every item's, exempt ones included."""

from scrutiny.committees.desk.questions import questions_of_meeting
from scrutiny.committees.entries.minutes import ItemMinutes, in_order
from scrutiny.committees.reading_minutes import paragraph_entry
from scrutiny.models import Meeting, MinuteParagraph


def minutes_of(meeting: Meeting) -> tuple[ItemMinutes, ...]:
    """Every item with its paragraphs and questions. Six queries."""
    questions = questions_of_meeting(meeting)
    paragraphs = list(MinuteParagraph.objects.filter(item__meeting=meeting))
    return tuple(
        ItemMinutes(
            item_id=item.pk,
            number=item.number,
            title=item.title,
            start_time=item.start_time,
            is_exempt=item.exemption_paragraph is not None,
            ground="",
            entries=in_order(
                tuple(paragraph_entry(row) for row in paragraphs if row.item_id == item.pk),
                tuple(one for one in questions if one.item_id == item.pk),
            ),
        )
        for item in meeting.items.all()
    )
