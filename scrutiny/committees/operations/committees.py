"""Committees, the groups that they set up, who sits on them by role, and what they mean to look at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypedDict, Unpack

from django.db import transaction
from django.utils.text import slugify

from accounts.models import User
from scrutiny.committees.operations.records import (
    Check,
    as_it_is,
    choice,
    count,
    day,
    held,
    keep_changed,
    keep_new,
    name,
    put,
    save_changes,
    values_of,
    words,
    write,
)
from scrutiny.models import Committee, Meeting, Seat, WorkItem
from services import audit
from services.models import Council
from services.operations.authority import authorise
from services.operations.refusals import InvalidEntryError
from services.roles import Permission

MOST_SEATS: Final = 100


class CommitteeFields(TypedDict, total=False):
    """What else may be said of a committee. `clear_days` are working days between publication of papers and the meeting."""

    short_name: str
    parent: Committee | None
    remit: str
    procedure: str
    clerk_team: str
    clear_days: int
    ended_on: date | None


class ChangedCommittee(CommitteeFields, total=False):
    """What may be changed of a committee; its address stays."""

    name: str
    kind: str


class WorkFields(TypedDict, total=False):
    """What else may be said of an entry of the work programme; `suggested_by` is a role or body."""

    words: str
    state: str
    suggested_by: str
    meeting: Meeting | None
    order: int


class ChangedWork(WorkFields, total=False):
    """What may be changed of an entry of the work programme."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatGiven:
    """A role that sits on a committee or serves it, and how many hold it. Never a person's name."""

    kind: str
    role: str
    code: str = ""
    number: int = 1


_COMMITTEE: Final[dict[str, Check]] = {
    "name": name(required=True),
    "kind": choice(Committee.Kind.values),
    "short_name": name(limit=40),
    "parent": as_it_is,
    "remit": words(),
    "procedure": words(),
    "clerk_team": name(),
    "clear_days": count(most=30),
    "ended_on": day,
}
_SEAT: Final[dict[str, Check]] = {
    "kind": choice(Seat.Kind.values),
    "role": name(required=True),
    "code": name(limit=20),
    "number": count(least=1, most=200),
    "order": count(),
}
_WORK: Final[dict[str, Check]] = {
    "title": name(required=True, limit=300),
    "words": words(),
    "state": choice(WorkItem.State.values),
    "suggested_by": name(),
    "meeting": as_it_is,
    "order": count(),
}


@transaction.atomic
def record_committee(
    *, by: User, council: Council, name: str, kind: str, slug: str = "", **fields: Unpack[CommitteeFields]
) -> Committee:
    """Record a committee, or a group that one of them sets up. Its address is made of its name unless `slug` is given, and stays."""
    audit.hold(council.pk)
    authorise(by=by, council=council, needs=Permission.KEEP_MEETINGS)
    committee = Committee(council=council, slug=_free_slug(council, slug or name))
    given = {"name": name, "kind": kind, **fields}
    return keep_new(by=by, record=committee, checks=_COMMITTEE, given=given, action="record committee")


@transaction.atomic
def change_committee(
    *, by: User, committee: Committee, expected_version: int, **changed: Unpack[ChangedCommittee]
) -> Committee:
    """Change what is said of a committee; a group that has reported gets a last day. Raises `StaleVersionError` if somebody changed it since."""
    now = held(by=by, record=committee, expected_version=expected_version, checks=_COMMITTEE)
    before = values_of(now, _COMMITTEE)
    put(now, _COMMITTEE, changed)
    _refuse_own_descent(now)
    return save_changes(by=by, record=now, checks=_COMMITTEE, before=before, action="change committee")


@transaction.atomic
def set_seats(
    *, by: User, committee: Committee, expected_version: int, seats: Sequence[SeatGiven]
) -> Committee:
    """Say who sits on a committee, in this order, in place of what was said before. Raises `StaleVersionError` if somebody changed it since."""
    now = held(by=by, record=committee, expected_version=expected_version, checks=_COMMITTEE)
    if len(seats) > MOST_SEATS:
        raise InvalidEntryError(
            "seats", f"there are {len(seats)}; the limit is {MOST_SEATS}. Group them by role."
        )
    before = [_said(seat) for seat in now.seats.all()]
    made = [_seat(now, given, order) for order, given in enumerate(seats, start=1)]
    after = [_said(seat) for seat in made]
    if after == before:
        return now
    now.seats.all().delete()
    Seat.objects.bulk_create(made)
    now.version += 1
    now.save()
    write(
        by=by,
        record=now,
        action="set seats",
        before={"seats": before},
        after={"seats": after, "version": now.version},
    )
    return now


@transaction.atomic
def record_work(*, by: User, committee: Committee, title: str, **fields: Unpack[WorkFields]) -> WorkItem:
    """Put something on a committee's work programme: a suggestion, unless another state is given."""
    work = WorkItem(council=committee.council, committee=committee)
    _refuse_other_committee(committee, fields.get("meeting"))
    given = {"title": title, **fields}
    return keep_new(by=by, record=work, checks=_WORK, given=given, action="record work item")


@transaction.atomic
def change_work(
    *, by: User, work: WorkItem, expected_version: int, **changed: Unpack[ChangedWork]
) -> WorkItem:
    """Change an entry of the work programme: plan it for a meeting, say it is done or not taken up. Raises `StaleVersionError`."""
    _refuse_other_committee(work.committee, changed.get("meeting"))
    return keep_changed(
        by=by,
        record=work,
        expected_version=expected_version,
        checks=_WORK,
        changed=dict(changed),
        action="change work item",
    )


def _free_slug(council: Council, wanted: str) -> str:
    slug = slugify(wanted)[:60].strip("-")
    if not slug:
        raise InvalidEntryError("name", "must hold letters or digits, from which the address is made.")
    if Committee.objects.filter(council=council, slug=slug).exists():
        raise InvalidEntryError(
            "name", f"there is already a committee at “{slug}”. Give this one another name or short name."
        )
    return slug


def _refuse_own_descent(committee: Committee) -> None:
    above, seen = committee.parent, {committee.pk}
    while above is not None:
        if above.pk in seen:
            raise InvalidEntryError(
                "parent", f"{committee} cannot have been set up by itself or by its own group."
            )
        seen.add(above.pk)
        above = above.parent


def _refuse_other_committee(committee: Committee, meeting: Meeting | None) -> None:
    if meeting is not None and meeting.committee_id != committee.pk:
        raise InvalidEntryError("meeting", f"{meeting} is not a meeting of {committee}.")


def _seat(committee: Committee, given: SeatGiven, order: int) -> Seat:
    seat = Seat(council=committee.council, committee=committee)
    fields = {"kind": given.kind, "role": given.role, "code": given.code, "number": given.number}
    put(seat, _SEAT, {**fields, "order": order})
    return seat


def _said(seat: Seat) -> dict[str, str | int]:
    return {"kind": seat.kind, "role": seat.role, "code": seat.code, "number": seat.number}
