"""Committees, meetings and items as they stand in the database, for tests that need one in a given state."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from scrutiny.models import AgendaItem, Committee, Meeting, MinuteParagraph
from services.models import Council
from services.roles import Role
from tests.services.factories import make_member_of

_numbers = count(1)


def in_days(days: int) -> date:
    """The day so many days from today, in London."""
    return timezone.localdate() + timedelta(days=days)


def the_clerk(council: Council):
    """The council's clerk, made when first asked for."""
    return make_member_of(council, Role.CLERK, username=f"clerk-of-{council.slug}")


def make_committee(council: Council, name: str = "Scrutiny Commission", **fields: Any) -> Committee:
    """A standing commission unless told otherwise."""
    slug = fields.pop("slug", f"committee-{next(_numbers)}")
    return Committee.objects.create(
        council=council, name=name, slug=slug, kind=fields.pop("kind", "commission"), **fields
    )


def make_meeting(committee: Committee, *, state: str = "draft", **fields: Any) -> Meeting:
    """A meeting sixty days from now, in the state asked for."""
    fields.setdefault("day", in_days(60))
    published = None if state == "draft" else timezone.now()
    meeting = Meeting(council=committee.council, committee=committee, state=state, **fields)
    meeting.agenda_published_at = meeting.agenda_published_at or published
    meeting.save()
    return meeting


def make_item(
    meeting: Meeting, number: str = "1", title: str = "Budget monitoring", **fields: Any
) -> AgendaItem:
    """An item open to the public unless told otherwise, after those that are there."""
    order = fields.pop("order", meeting.items.count() + 1)
    return AgendaItem.objects.create(
        council=meeting.council, meeting=meeting, number=number, title=title, order=order, **fields
    )


def make_exempt(meeting: Meeting, number: str = "9", **fields: Any) -> AgendaItem:
    """An item that is exempt by paragraph 3."""
    ground = {"exemption_paragraph": 3, "exemption_reason": "Prices are still being agreed."}
    return make_item(
        meeting,
        number,
        fields.pop("title", "Placement contracts"),
        classification="exempt",
        **ground,
        **fields,
    )


def make_paragraph(item: AgendaItem, words: str = "The Chair welcomed members.") -> MinuteParagraph:
    """A paragraph of minutes."""
    return MinuteParagraph.objects.create(council=item.council, item=item, number="1.1", words=words)
