"""Meetings: arranged, their agenda published in time, held, minuted, or cancelled. Days are London days."""

from datetime import date, time
from typing import Final, TypedDict, Unpack

from django.db import transaction
from django.utils import timezone

from accounting.meetings import clear_days, papers_due
from accounts.models import User
from scrutiny.committees.operations.records import (
    Check,
    clock_time,
    day,
    held,
    keep_new,
    name,
    put,
    save_changes,
    values_of,
    words,
    write,
)
from scrutiny.models import (
    AgendaItem,
    Committee,
    CommitteeAction,
    Meeting,
    MinuteParagraph,
    Question,
    Recommendation,
)
from services.operations.entries import checked_name, checked_words
from services.operations.refusals import AlreadyDoneError, InvalidEntryError, Refused

State = Meeting.State


class LatePapersError(Refused):
    """The papers would be open for fewer clear days than the rule asks, and an item has no reason of the chair's for being taken late."""


class NothingToPublishError(Refused):
    """There is nothing on the agenda, or nothing in the minutes."""


class MeetingFields(TypedDict, total=False):
    """What else may be said of a meeting. `starts_at` is London time."""

    title: str
    starts_at: time | None
    place: str
    note: str


class ChangedMeeting(MeetingFields, total=False):
    """What may be changed of a meeting."""

    day: date | None


_MEETING: Final[dict[str, Check]] = {
    "title": name(),
    "day": day,
    "starts_at": clock_time,
    "place": name(),
    "note": words(),
}


@transaction.atomic
def record_meeting(
    *, by: User, committee: Committee, day: date | None, **fields: Unpack[MeetingFields]
) -> Meeting:
    """Arrange a meeting. Without a day it can only be the record of one held before, so `note` must say where the record comes from."""
    meeting = Meeting(council=committee.council, committee=committee)
    given = {"day": day, **fields}
    _refuse_day(committee, day, note=fields.get("note", ""))
    return keep_new(by=by, record=meeting, checks=_MEETING, given=given, action="record meeting")


@transaction.atomic
def change_meeting(
    *, by: User, meeting: Meeting, expected_version: int, **changed: Unpack[ChangedMeeting]
) -> Meeting:
    """Change when or where a meeting is. One with a published agenda moves only to a day that leaves its clear days; one held stays where it was.

    Raises `LatePapersError`, `AlreadyDoneError`, and `StaleVersionError` if somebody changed it since.
    """
    now = held(by=by, record=meeting, expected_version=expected_version, checks=_MEETING)
    before = values_of(now, _MEETING)
    put(now, _MEETING, changed)
    if now.day != before["day"]:
        _refuse_day(now.committee, now.day, note=now.note)
        if now.state not in (State.DRAFT, State.PUBLISHED):
            raise AlreadyDoneError(
                f"The meeting is {now.get_state_display().lower()}: its day can no longer change."
            )
        if now.state == State.PUBLISHED and now.agenda_published_at is not None:
            _refuse_late(now, published=timezone.localdate(now.agenda_published_at))
    return save_changes(by=by, record=now, checks=_MEETING, before=before, action="change meeting")


@transaction.atomic
def publish_agenda(
    *,
    by: User,
    meeting: Meeting,
    expected_version: int,
    late_reason: str = "",
    late_agreed_by: str = "",
) -> Meeting:
    """Publish the agenda: from now on everybody who may read published things sees it.

    Published later than the clear days allow, every item is late, and each needs the chair's reason: its own, or `late_reason` for those that
    have none. Raises `LatePapersError`, `NothingToPublishError`, `AlreadyDoneError` and `StaleVersionError`.
    """
    now = held(by=by, record=meeting, expected_version=expected_version, checks=_MEETING)
    _refuse_unless(now, State.DRAFT)
    today = timezone.localdate()
    if not now.items.exists():
        raise NothingToPublishError(
            "The agenda has no item yet. Add what the meeting is for, then publish it."
        )
    if now.day is None or now.day < today:
        raise AlreadyDoneError(
            "The day of the meeting is past or not stated, so no notice can be given of it. Record it as held instead."
        )
    if is_late(now, published=today):
        _take_late(by=by, meeting=now, reason=late_reason, agreed_by=late_agreed_by)
        _refuse_late(now, published=today)
    return _enter(by=by, meeting=now, state=State.PUBLISHED, action="publish agenda", published=True)


@transaction.atomic
def record_as_held(*, by: User, meeting: Meeting, expected_version: int) -> Meeting:
    """Make public the record of a meeting that was held before it was entered here: its notice was given elsewhere, so no clock is asked.

    Its note must say where the record comes from. Raises `AlreadyDoneError`, `InvalidEntryError` and `StaleVersionError`.
    """
    now = held(by=by, record=meeting, expected_version=expected_version, checks=_MEETING)
    _refuse_unless(now, State.DRAFT)
    if now.day is not None and now.day >= timezone.localdate():
        raise InvalidEntryError("day", "the meeting has not been held yet. Publish its agenda instead.")
    checked_words("note", now.note, required=True)
    return _enter(by=by, meeting=now, state=State.HELD, action="record as held", published=True)


@transaction.atomic
def mark_held(*, by: User, meeting: Meeting, expected_version: int) -> Meeting:
    """Say that a meeting took place. Raises `InvalidEntryError` before its day, `AlreadyDoneError` and `StaleVersionError`."""
    now = held(by=by, record=meeting, expected_version=expected_version, checks=_MEETING)
    _refuse_unless(now, State.PUBLISHED)
    if now.day is None or now.day > timezone.localdate():
        raise InvalidEntryError("day", "the meeting has not been held yet.")
    return _enter(by=by, meeting=now, state=State.HELD, action="mark meeting held")


@transaction.atomic
def publish_minutes(*, by: User, meeting: Meeting, expected_version: int) -> Meeting:
    """Publish the minutes of a meeting that was held. Raises `NothingToPublishError`, `AlreadyDoneError` and `StaleVersionError`."""
    now = held(by=by, record=meeting, expected_version=expected_version, checks=_MEETING)
    _refuse_unless(now, State.HELD)
    if not _is_minuted(now):
        raise NothingToPublishError(
            "Nothing has been minuted yet: no paragraph, question, action or recommendation. Record what was said, then publish."
        )
    now.minutes_published_at = timezone.now()
    return _enter(by=by, meeting=now, state=State.MINUTED, action="publish minutes")


@transaction.atomic
def cancel_meeting(*, by: User, meeting: Meeting, expected_version: int, reason: str) -> Meeting:
    """Cancel a meeting that has not been held. The reason is added to its note; readers of a published agenda see both."""
    reason = checked_words("reason", reason, required=True, limit=1_000)
    now = held(by=by, record=meeting, expected_version=expected_version, checks=_MEETING)
    _refuse_unless(now, State.DRAFT, State.PUBLISHED)
    now.note = f"{now.note}\nCancelled: {reason}".strip()
    return _enter(by=by, meeting=now, state=State.CANCELLED, action="cancel meeting", reason=reason)


def is_late(meeting: Meeting, *, published: date) -> bool:
    """Whether what is published that day is open for fewer clear days than the committee's rule. A meeting without a day has no clock."""
    return meeting.day is not None and published > papers_due(meeting.day, meeting.committee.clear_days)


def _refuse_late(meeting: Meeting, *, published: date) -> None:
    if not is_late(meeting, published=published) or meeting.day is None:
        return
    without = [item for item in meeting.items.all() if not (item.late_reason and item.late_agreed_by)]
    if without:
        needed = meeting.committee.clear_days
        due = papers_due(meeting.day, needed)
        raise LatePapersError(
            f"Papers for {meeting.day:%-d %B %Y} were due by {due:%-d %B %Y}: published on {published:%-d %B %Y} they are open for "
            f"{clear_days(published, meeting.day)} clear days of the {needed} needed. "
            f"Give the chair’s reason for taking late: {', '.join(f'item {item.number}' for item in without)}; or choose a later day."
        )


def _take_late(*, by: User, meeting: Meeting, reason: str, agreed_by: str) -> None:
    """Give the chair's reason to every item that has none of its own."""
    reason = checked_words("late_reason", reason)
    agreed_by = checked_name("late_agreed_by", agreed_by, required=bool(reason))
    if not reason:
        return
    for item in meeting.items.all():
        if item.late_reason and item.late_agreed_by:
            continue
        item.late_reason, item.late_agreed_by = reason, agreed_by
        item.version += 1
        item.save()
        after = {"late_reason": reason, "late_agreed_by": agreed_by, "version": item.version}
        write(by=by, record=item, action="take item late", after=after)


def _refuse_day(committee: Committee, day: date | None, *, note: str) -> None:
    if day is None and not note.strip():
        raise InvalidEntryError(
            "day", "must be given, or the note must say from which paper the meeting is recorded."
        )
    if day is not None and committee.ended_on is not None and day > committee.ended_on:
        raise InvalidEntryError("day", f"{committee} ended on {committee.ended_on:%-d %B %Y}.")


def _refuse_unless(meeting: Meeting, *states: str) -> None:
    if meeting.state not in states:
        allowed = " or ".join(State(state).label.lower() for state in states)
        raise AlreadyDoneError(
            f"The meeting is {meeting.get_state_display().lower()}; this can be done only while it is {allowed}."
        )


def _is_minuted(meeting: Meeting) -> bool:
    items = AgendaItem.objects.filter(meeting=meeting)
    return (
        MinuteParagraph.objects.filter(item__in=items).exists()
        or Question.objects.filter(item__in=items).exists()
        or CommitteeAction.objects.filter(raised_at=meeting).exists()
        or Recommendation.objects.filter(meeting=meeting).exists()
    )


def _enter(
    *, by: User, meeting: Meeting, state: str, action: str, published: bool = False, reason: str = ""
) -> Meeting:
    before = {"state": meeting.state}
    meeting.state = state
    meeting.version += 1
    if published:
        meeting.agenda_published_at = timezone.now()
    meeting.save()
    after = {"state": state, "version": meeting.version}
    write(by=by, record=meeting, action=action, before=before, after=after, reason=reason)
    return meeting
