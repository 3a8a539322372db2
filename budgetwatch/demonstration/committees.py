"""Loads a council's committees, their meetings and agendas from a file: through the clerk's own operations, and once."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounting.periods import Period
from accounts.models import User
from scrutiny.committees.operations.agenda import add_item
from scrutiny.committees.operations.committees import (
    SeatGiven,
    record_committee,
    record_work,
    set_seats,
)
from scrutiny.committees.operations.meetings import (
    is_late,
    publish_agenda,
    record_as_held,
    record_meeting,
)
from scrutiny.models import Committee, Meeting, Paper, Publication
from services.models import Council

Table = Mapping[str, Any]
ITEM = (
    "number", "title", "start_time", "purpose", "words", "lead_role", "classification", "exemption_paragraph", "exemption_reason",
)  # fmt: skip
WORK = ("title", "words", "state", "suggested_by")
MEETING = ("starts_at", "place", "title", "note")
COMMITTEE = (
    "slug", "name", "kind", "short_name", "remit", "procedure", "clerk_team", "clear_days",
)  # fmt: skip


@transaction.atomic
def load(path: Path, *, council: Council, clerk: User) -> bool:
    """Load the committees of a file, in its order; whether there was anything to do. A council that has a committee is left as it is.

    All of it or none, so that a load cut short can be repeated.
    """
    if not path.exists() or Committee.objects.filter(council=council).exists():
        return False
    with path.open("rb") as file:
        rows = tomllib.load(file)["committees"]
    made: dict[str, Committee] = {}
    for row in rows:
        made[row["slug"]] = _committee(row, made, council=council, clerk=clerk)
    return True


def _committee(row: Table, made: Mapping[str, Committee], *, council: Council, clerk: User) -> Committee:
    parent = made[row["parent"]] if "parent" in row else None
    committee = record_committee(by=clerk, council=council, parent=parent, **_of(row, COMMITTEE))
    seats = [
        SeatGiven(kind=kind, role=role, code=code, number=number)
        for kind, role, code, number in row.get("seats", ())
    ]
    committee = set_seats(by=clerk, committee=committee, expected_version=1, seats=seats)
    for order, work in enumerate(row.get("work", ())):
        record_work(by=clerk, committee=committee, order=order, **_of(work, WORK))
    for meeting in row.get("meetings", ()):
        _meeting(meeting, committee=committee, clerk=clerk)
    return committee


def _meeting(row: Table, *, committee: Committee, clerk: User) -> None:
    """A meeting with its agenda. One that is past is recorded as held; one to come is published if it is to be and its clear days are left."""
    meeting = record_meeting(by=clerk, committee=committee, day=row.get("day"), **_of(row, MEETING))
    for item in row.get("items", ()):
        publication = _publication(committee.council, item.get("publication"))
        paper = Paper.objects.filter(council=committee.council, title=item.get("paper")).first()
        add_item(by=clerk, meeting=meeting, publication=publication, paper=paper, **_of(item, ITEM))
    meeting = Meeting.objects.get(pk=meeting.pk)
    today = timezone.localdate()
    if meeting.day is None or (meeting.day < today and meeting.note):
        record_as_held(by=clerk, meeting=meeting, expected_version=meeting.version)
    elif row.get("publish") and meeting.day >= today and not is_late(meeting, published=today):
        publish_agenda(by=clerk, meeting=meeting, expected_version=meeting.version)


def _publication(council: Council, period: str | None) -> Publication | None:
    """The latest version of what was published of the period; `None` where none is named or it is not published."""
    if period is None:
        return None
    found = Period.parse(period)
    return (
        Publication.objects.filter(
            council=council, period_year=found.year.first_year, period_number=found.number
        )
        .order_by("-version")
        .first()
    )


def _of(row: Table, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names if name in row}
