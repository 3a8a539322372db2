"""Every operation on committees, meetings and agendas with an example of it and who may do it."""

from types import SimpleNamespace
from typing import Any

from scrutiny.committees.operations import agenda, committees, meetings
from scrutiny.models import WorkItem
from services.roles import Role
from tests.scrutiny.meeting_records import (
    in_days,
    make_committee,
    make_item,
    make_meeting,
    make_paragraph,
)
from tests.services.catalogue import Example

CLERKS = frozenset({Role.CLERK})


def _with_item(w: SimpleNamespace, **fields: Any) -> Any:
    meeting = make_meeting(make_committee(w.council), **fields)
    make_item(meeting)
    return meeting


def _held(w: SimpleNamespace) -> Any:
    meeting = _with_item(w, state="held", day=in_days(-3))
    make_paragraph(meeting.items.get())
    return meeting


def _work(w: SimpleNamespace) -> WorkItem:
    return WorkItem.objects.create(
        council=w.council, committee=make_committee(w.council), title="Zero-based budgeting"
    )


def _item(w: SimpleNamespace) -> Any:
    return _with_item(w).items.get()


def _two_items(w: SimpleNamespace) -> Any:
    return make_item(_with_item(w), "2", "Action tracker")


EXAMPLES = (
    Example(
        committees.record_committee,
        CLERKS,
        lambda w: {"council": w.council, "name": "Children and Young People Panel", "kind": "panel"},
    ),
    Example(
        committees.change_committee,
        CLERKS,
        lambda w: {"committee": make_committee(w.council), "expected_version": 1, "clear_days": 6},
    ),
    Example(
        committees.set_seats,
        CLERKS,
        lambda w: {
            "committee": make_committee(w.council),
            "expected_version": 1,
            "seats": [committees.SeatGiven(kind="chair", role="Chair")],
        },
    ),
    Example(
        committees.record_work,
        CLERKS,
        lambda w: {"committee": make_committee(w.council), "title": "Poverty and child protection"},
    ),
    Example(
        committees.change_work,
        CLERKS,
        lambda w: {"work": _work(w), "expected_version": 1, "state": "dropped"},
    ),
    Example(
        meetings.record_meeting,
        CLERKS,
        lambda w: {"committee": make_committee(w.council), "day": in_days(60)},
    ),
    Example(
        meetings.change_meeting,
        CLERKS,
        lambda w: {"meeting": _with_item(w), "expected_version": 1, "place": "Town Hall"},
    ),
    Example(meetings.publish_agenda, CLERKS, lambda w: {"meeting": _with_item(w), "expected_version": 1}),
    Example(
        meetings.record_as_held,
        CLERKS,
        lambda w: {"meeting": _with_item(w, day=None, note="From the minutes."), "expected_version": 1},
    ),
    Example(
        meetings.mark_held,
        CLERKS,
        lambda w: {"meeting": _with_item(w, state="published", day=in_days(0)), "expected_version": 1},
    ),
    Example(meetings.publish_minutes, CLERKS, lambda w: {"meeting": _held(w), "expected_version": 1}),
    Example(
        meetings.cancel_meeting,
        CLERKS,
        lambda w: {"meeting": _with_item(w), "expected_version": 1, "reason": "The room is flooded."},
    ),
    Example(
        agenda.add_item,
        CLERKS,
        lambda w: {"meeting": _with_item(w), "number": "2", "title": "Action tracker"},
    ),
    Example(
        agenda.change_item,
        CLERKS,
        lambda w: {"item": _item(w), "expected_version": 1, "start_time": "20.05"},
    ),
    Example(
        agenda.classify_item,
        CLERKS,
        lambda w: {
            "item": _item(w),
            "expected_version": 1,
            "classification": "exempt",
            "paragraph": 3,
            "reason": "Prices are still being agreed.",
        },
    ),
    Example(agenda.move_item, CLERKS, lambda w: {"item": _two_items(w), "expected_version": 1, "to": 1}),
    Example(
        agenda.withdraw_item,
        CLERKS,
        lambda w: {"item": _item(w), "expected_version": 1, "reason": "Not ready."},
    ),
)

SHARED = frozenset({"keep_new", "keep_changed", "save_changes", "held", "write"})
"""Functions that the operations share; they take `by` and are no operation of their own."""
