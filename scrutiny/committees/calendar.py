"""Published meetings as a calendar file (RFC 5545), to be opened in any calendar. Meetings without a date are left out."""

from collections.abc import Iterable
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from django.utils import timezone
from icalendar import Calendar, Event

from scrutiny.committees.entries.meetings import MeetingEntry
from scrutiny.committees.navigation import meeting_address
from services.access import Grant


def calendar_of(grant: Grant, meetings: Iterable[MeetingEntry], *, address: str) -> bytes:
    """The file; `address` is the site’s. The same meetings give the same bytes, whenever it is fetched."""
    calendar = Calendar()
    calendar.add("prodid", "-//BudgetWatch//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"{grant.council.name}: committee meetings")
    for meeting in sorted(meetings, key=lambda one: one.id):
        if meeting.day is not None:
            calendar.add_component(_event(meeting, slug=grant.council.slug, address=address))
    content: bytes = calendar.to_ical()
    return content


def _event(meeting: MeetingEntry, *, slug: str, address: str) -> Event:
    event = Event()
    event.add("uid", f"meeting-{meeting.id}@{urlsplit(address).hostname}")
    event.add("dtstamp", meeting.agenda_published_at)
    event.add("sequence", meeting.version)
    event.add("summary", meeting.name)
    event.add("dtstart", _start(meeting))
    event.add("status", "CANCELLED" if meeting.is_cancelled else "CONFIRMED")
    event.add("url", urljoin(address, meeting_address(slug, meeting.id)))
    if meeting.place:
        event.add("location", meeting.place)
    if meeting.note:
        event.add("description", meeting.note)
    return event


def _start(meeting: MeetingEntry) -> object:
    """The instant in UTC, so that no reader needs a time-zone table; the day alone where no time is known."""
    if meeting.day is None or meeting.starts_at is None:
        return meeting.day
    london = timezone.make_aware(datetime.combine(meeting.day, meeting.starts_at))
    return london.astimezone(UTC)
