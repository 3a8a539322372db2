"""The items of an agenda: added, changed, put in order, kept from the public with a ground, or taken late with the chair's reason."""

from typing import Any, Final, TypedDict, Unpack

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts.models import User
from scrutiny.committees.operations.meetings import LatePapersError, is_late
from scrutiny.committees.operations.records import (
    Check,
    as_it_is,
    choice,
    fresh,
    held,
    name,
    put,
    save_changes,
    values_of,
    words,
    write,
)
from scrutiny.models import AgendaItem, Meeting, Paper, Publication
from services.operations.authority import authorise
from services.operations.entries import checked_words
from services.operations.refusals import AlreadyDoneError, InvalidEntryError
from services.roles import Permission

PARAGRAPHS: Final = range(1, 8)
"""Of Part 1 of Schedule 12A to the Local Government Act 1972, as it stands for England."""
_OPEN = (Meeting.State.DRAFT, Meeting.State.PUBLISHED)


class ItemFields(TypedDict, total=False):
    """What else may be said of an item. `start_time` is text as printed; `late_agreed_by` is the role that agreed to take it late."""

    start_time: str
    purpose: str
    words: str
    lead_role: str
    late_reason: str
    late_agreed_by: str
    publication: Publication | None
    paper: Paper | None


class ChangedItem(ItemFields, total=False):
    """What may be changed of an item."""

    number: str
    title: str


_ITEM: Final[dict[str, Check]] = {
    "number": name(required=True, limit=12),
    "title": name(required=True, limit=300),
    "start_time": name(limit=12),
    "purpose": choice(AgendaItem.Purpose.values),
    "words": words(),
    "lead_role": name(),
    "late_reason": words(),
    "late_agreed_by": name(),
    "publication": as_it_is,
    "paper": as_it_is,
}
_CLASS: Final[dict[str, Check]] = {
    "classification": choice(AgendaItem.Classification.values),
    "exemption_paragraph": as_it_is,
    "exemption_reason": words(),
}
_EVERY: Final = _ITEM | _CLASS


@transaction.atomic
def add_item(
    *,
    by: User,
    meeting: Meeting,
    number: str,
    title: str,
    classification: str = AgendaItem.Classification.PUBLIC,
    exemption_paragraph: int | None = None,
    exemption_reason: str = "",
    **fields: Unpack[ItemFields],
) -> AgendaItem:
    """Put an item at the end of an agenda. On one that is published and past its clear days it is late, and needs the chair's reason.

    Raises `LatePapersError`, `InvalidEntryError` for a number that is taken or an exemption without its ground, and `AlreadyDoneError`.
    """
    now = _open_meeting(by=by, meeting=meeting)
    last = now.items.aggregate(last=Max("order"))["last"] or 0
    item = AgendaItem(council=now.council, meeting=now, order=last + 1)
    put(item, _ITEM, {"number": number, "title": title, **fields})
    _classify(item, classification, exemption_paragraph, exemption_reason)
    _refuse_number_taken(item)
    if now.state == Meeting.State.PUBLISHED:
        _refuse_late(item)
    item.save()
    _touch(now)
    write(
        by=by, record=item, action="add agenda item", after={"order": item.order, **values_of(item, _EVERY)}
    )
    return item


@transaction.atomic
def change_item(
    *, by: User, item: AgendaItem, expected_version: int, **changed: Unpack[ChangedItem]
) -> AgendaItem:
    """Change what is said of an item while the meeting is not held. Raises `StaleVersionError` if somebody changed it since."""
    meeting = _open_meeting(by=by, meeting=item.meeting)
    now = held(by=by, record=item, expected_version=expected_version, checks=_EVERY)
    before = values_of(now, _EVERY)
    put(now, _EVERY, changed)
    _refuse_number_taken(now)
    if meeting.state == Meeting.State.PUBLISHED and before["late_reason"]:
        _refuse_late(now)
    return _keep(by=by, item=now, meeting=meeting, before=before, action="change agenda item")


@transaction.atomic
def classify_item(
    *,
    by: User,
    item: AgendaItem,
    expected_version: int,
    classification: str,
    paragraph: int | None = None,
    reason: str = "",
) -> AgendaItem:
    """Open an item to the public, or make it exempt by a paragraph of Schedule 12A with why the public interest in keeping it so is greater.

    What has been open cannot be made exempt afterwards. Raises `AlreadyDoneError`, `InvalidEntryError` and `StaleVersionError`.
    """
    meeting = _open_meeting(by=by, meeting=item.meeting)
    now = held(by=by, record=item, expected_version=expected_version, checks=_EVERY)
    before = values_of(now, _EVERY)
    _classify(now, classification, paragraph, reason)
    was_open = before["classification"] == AgendaItem.Classification.PUBLIC
    if (
        meeting.state == Meeting.State.PUBLISHED
        and was_open
        and before["classification"] != now.classification
    ):
        raise AlreadyDoneError(
            f"Item {now.number} has been open to the public since the agenda was published, and cannot be made exempt now. "
            "Add an exempt item for what must be kept."
        )
    return _keep(by=by, item=now, meeting=meeting, before=before, action="classify agenda item")


@transaction.atomic
def move_item(*, by: User, item: AgendaItem, expected_version: int, to: int) -> Meeting:
    """Put an item at place `to`, counted from 1; numbers as printed stay. `expected_version` is the meeting's, whose order it is."""
    meeting = _open_meeting(by=by, meeting=item.meeting)
    held(by=by, record=meeting, expected_version=expected_version, checks={})
    rows = list(meeting.items.select_for_update())
    if not 1 <= to <= len(rows):
        raise InvalidEntryError("place", f"is a whole number from 1 to {len(rows)}.")
    before = [row.number for row in rows]
    rows.insert(to - 1, rows.pop(next(at for at, row in enumerate(rows) if row.pk == item.pk)))
    after = [row.number for row in rows]
    if after == before:
        return meeting
    for order, row in enumerate(rows, start=1):
        if row.order != order:
            row.order = order
            row.save(update_fields=["order"])
    _touch(meeting)
    write(by=by, record=meeting, action="order agenda", before={"order": before}, after={"order": after})
    return meeting


@transaction.atomic
def withdraw_item(*, by: User, item: AgendaItem, expected_version: int, reason: str) -> None:
    """Take an item off an agenda that is not published yet, with a reason; the audit trail keeps what it said."""
    reason = checked_words("reason", reason, required=True)
    meeting = _open_meeting(by=by, meeting=item.meeting)
    now = held(by=by, record=item, expected_version=expected_version, checks=_EVERY)
    if meeting.state != Meeting.State.DRAFT:
        raise AlreadyDoneError(
            f"Item {now.number} has been published. Say in its words that it is withdrawn; what readers saw stays there."
        )
    if any(now_has.exists() for now_has in (now.questions, now.actions, now.minutes, now.documents)):
        raise AlreadyDoneError(
            f"Item {now.number} has questions, actions, minutes or documents. Move or withdraw those first."
        )
    write(
        by=by,
        record=now,
        action="withdraw agenda item",
        before=values_of(now, _EVERY),
        after={},
        reason=reason,
    )
    now.delete()
    _touch(meeting)


def _open_meeting(*, by: User, meeting: Meeting) -> Meeting:
    """The meeting as it is now, held, for somebody who may, while its agenda can still change."""
    now = fresh(meeting)
    authorise(by=by, council=now.council, needs=Permission.KEEP_MEETINGS)
    if now.state not in _OPEN:
        raise AlreadyDoneError(
            f"The meeting is {now.get_state_display().lower()}: its agenda can no longer change."
        )
    return now


def _keep(*, by: User, item: AgendaItem, meeting: Meeting, before: dict[str, Any], action: str) -> AgendaItem:
    version = item.version
    kept = save_changes(by=by, record=item, checks=_EVERY, before=before, action=action)
    if kept.version != version:
        _touch(meeting)
    return kept


def _touch(meeting: Meeting) -> None:
    """Give the meeting its next version, so that nobody publishes an agenda other than the one they saw."""
    meeting.version += 1
    meeting.save(update_fields=["version"])


def _classify(item: AgendaItem, classification: str, paragraph: int | None, reason: str) -> None:
    put(item, _CLASS, {"classification": classification, "exemption_reason": reason})
    if classification == AgendaItem.Classification.PUBLIC:
        item.exemption_paragraph, item.exemption_reason = None, ""
        return
    if paragraph not in PARAGRAPHS:
        raise InvalidEntryError(
            "exemption_paragraph", "is one of paragraphs 1 to 7 of Part 1 of Schedule 12A."
        )
    checked_words("exemption_reason", reason, required=True)
    item.exemption_paragraph = paragraph


def _refuse_number_taken(item: AgendaItem) -> None:
    others = AgendaItem.objects.filter(meeting=item.meeting, number=item.number).exclude(pk=item.pk)
    if others.exists():
        raise InvalidEntryError("number", f"there is already an item {item.number} on this agenda.")


def _refuse_late(item: AgendaItem) -> None:
    if is_late(item.meeting, published=timezone.localdate()) and not (
        item.late_reason and item.late_agreed_by
    ):
        raise LatePapersError(
            f"Item {item.number} comes after the day on which papers were due. Give the special circumstances for which the chair "
            "takes it late, and who agreed it."
        )
