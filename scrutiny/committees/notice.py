"""The clock of a meeting's papers in words: when they are due, and how many clear days they are open. Days are London days."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounting.meetings import clear_days, papers_due
from scrutiny.committees.entries.meetings import MeetingEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """How a meeting stands with its clear days. `days` is `None` where they are not known: no date, or recorded after the meeting."""

    sentence: str
    due: date | None
    days: int | None
    is_late: bool


def notice_of(meeting: MeetingEntry, *, today: date) -> Notice:
    """What is said of a meeting's clear days: as published, or as it would be if published today."""
    if meeting.day is None:
        sentence = "The record gives no date, so for how many clear days the papers were open is not known."
        return Notice(sentence=sentence, due=None, days=None, is_late=False)
    needed, due = meeting.clear_days, papers_due(meeting.day, meeting.clear_days)
    published = timezone.localdate(meeting.agenda_published_at) if meeting.agenda_published_at else None
    if published is not None and published > meeting.day:
        sentence = (
            f"Recorded here on {_day(published)}, after the meeting. "
            "For how many clear days its papers were open is not known here."
        )
        return Notice(sentence=sentence, due=due, days=None, is_late=False)
    days = clear_days(published or today, meeting.day)
    is_late = (published or today) > due
    if published is not None:
        sentence = f"Agenda published on {_day(published)}: {days_words(days)} before the meeting, of the {needed} needed."
        if is_late:
            sentence += " The chair agreed to take what is late; the reasons stand with the items."
    elif is_late:
        sentence = (
            f"Papers were due by {_day(due)}. Published today they would be open for {days_words(days)} of the {needed} needed, "
            "so the chair’s reason is needed for every item."
        )
    else:
        sentence = f"Papers are due by {_day(due)}. Published today they would be open for {days_words(days)}; {needed} are needed."
    return Notice(sentence=sentence, due=due, days=days, is_late=is_late)


def days_words(days: int) -> str:
    """“1 clear day”, “6 clear days”."""
    return f"{days} clear day" if days == 1 else f"{days} clear days"


def _day(day: date) -> str:
    return f"{day:%A %-d %B %Y}"
