"""Meetings in the order in which people look for them."""

from collections.abc import Iterable
from datetime import date

from scrutiny.committees.entries.meetings import MeetingEntry

Meetings = tuple[MeetingEntry, ...]


def coming_and_past(meetings: Iterable[MeetingEntry], *, today: date) -> tuple[Meetings, Meetings]:
    """Those that are today or later and not yet held, soonest first; and the others as they came, newest first."""
    found = tuple(meetings)
    coming = [one for one in found if one.day is not None and one.day >= today and not one.is_recorded]
    past = tuple(one for one in found if one not in coming)
    return tuple(sorted(coming, key=lambda one: (one.day or date.max, one.id))), past
