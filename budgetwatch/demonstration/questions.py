"""Loads what was asked, answered and agreed at meetings from a file: through the clerk's own operations, and once."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from accounting.periods import Period
from accounts.models import User
from scrutiny.committees.entries.pins import Pin
from scrutiny.committees.operations.actions import raise_action, record_response
from scrutiny.committees.operations.answers import record_answer
from scrutiny.committees.operations.meetings import publish_minutes
from scrutiny.committees.operations.minutes import record_paragraph
from scrutiny.committees.operations.questions import record_question
from scrutiny.committees.operations.recommendations import (
    make_recommendation,
    note_receipt,
    record_executive_response,
)
from scrutiny.models import AgendaItem, Meeting, Publication, Question, Recommendation
from scrutiny.published import content_from
from services.models import Council

Table = Mapping[str, Any]
QUESTION = ("number", "topic", "asked_by", "parts")
PARAGRAPH = ("number", "heading", "words")
ACTION = ("reference", "words", "owners", "type", "forum", "due_on", "due_words")
OUTCOME = ("number", "kind", "words", "addressee", "timescale")


class UnknownPlaceError(ValueError):
    """The file names an item or a figure that is not there."""


@transaction.atomic
def load(path: Path, *, council: Council, clerk: User) -> bool:
    """Load what a file says of each item, then publish the minutes; whether there was anything to do. An item that is minuted is left as it is.

    All of it or none, so that a load cut short can be repeated. Raises `UnknownPlaceError` for an item or figure that is not there.
    """
    if not path.exists():
        return False
    with path.open("rb") as file:
        rows = tomllib.load(file)["items"]
    places = [(row, _item(row, council)) for row in rows]
    waiting = [(row, item) for row, item in places if _is_untouched(item)]
    for row, item in waiting:
        _minute(row, item, clerk=clerk)
    for meeting_id in dict.fromkeys(item.meeting_id for _, item in waiting):
        meeting = Meeting.objects.get(pk=meeting_id)
        publish_minutes(by=clerk, meeting=meeting, expected_version=meeting.version)
    return bool(waiting)


def _item(row: Table, council: Council) -> AgendaItem:
    """The item by its committee, its number and, where the committee met more than once, the meeting's day."""
    found = AgendaItem.objects.filter(
        council=council, meeting__committee__slug=row["committee"], number=row["item"]
    ).select_related("meeting__committee")
    if "day" in row:
        found = found.filter(meeting__day=row["day"])
    item = found.first()
    if item is None:
        raise UnknownPlaceError(f"{council} has no item {row['item']} of {row['committee']}.")
    return item


def _is_untouched(item: AgendaItem) -> bool:
    """Whether the meeting was held and nobody has recorded anything of the item."""
    recorded = (item.minutes, item.questions, item.actions, item.recommendations)
    return item.meeting.state == Meeting.State.HELD and not any(rows.exists() for rows in recorded)


def _minute(row: Table, item: AgendaItem, *, clerk: User) -> None:
    """One item's paragraphs and questions in their order, then what was agreed."""
    publication = _publication(row, item.council)
    for entry in row.get("entries", ()):
        if "question" in entry:
            _question(entry, item, publication=publication, clerk=clerk)
        else:
            record_paragraph(by=clerk, item=item, **_of(entry, PARAGRAPH))
    for action in row.get("actions", ()):
        asked = item.questions.filter(number=action["question"]).first() if "question" in action else None
        _action(action, item, question=asked, clerk=clerk)
    for outcome in row.get("recommendations", ()):
        _outcome(outcome, item, clerk=clerk)


def _question(entry: Table, item: AgendaItem, *, publication: Publication | None, clerk: User) -> None:
    pin = _pin(entry["about"], publication) if "about" in entry and publication else None
    question = record_question(
        by=clerk,
        item=item,
        words=entry["question"],
        publication=publication if pin else None,
        pin=pin,
        **_of(entry, QUESTION),
    )
    for answer in entry.get("answers", ()):
        record_answer(
            by=clerk,
            question=question,
            by_role=answer["role"],
            points=answer["points"],
            is_declined=answer.get("declined", False),
            **_of(answer, ("code", "number", "will_write")),
        )
    if "agreed" in entry:
        _action(entry["agreed"], item, question=question, clerk=clerk)


def _action(row: Table, item: AgendaItem, *, question: Question | None, clerk: User) -> None:
    action = raise_action(
        by=clerk,
        committee=item.meeting.committee,
        raised_at=item.meeting,
        item=item,
        question=question,
        is_due_next_meeting=row.get("next_meeting", False),
        **_of(row, ACTION),
    )
    if "response" in row:
        record_response(
            by=clerk, action=action, expected_version=action.version, **_of(row, ("response", "evidence"))
        )


def _outcome(row: Table, item: AgendaItem, *, clerk: User) -> None:
    made = make_recommendation(
        by=clerk, committee=item.meeting.committee, meeting=item.meeting, item=item, **_of(row, OUTCOME)
    )
    if "received_on" in row:
        received = {"received_on": row["received_on"]}
        made = note_receipt(by=clerk, recommendation=made, expected_version=made.version, **received)
    if "response" in row:
        _responded(row, made, clerk=clerk)


def _responded(row: Table, made: Recommendation, *, clerk: User) -> None:
    record_executive_response(
        by=clerk,
        recommendation=made,
        expected_version=made.version,
        response=row["response"],
        responded_on=row["responded_on"],
        words=row.get("reasons", ""),
    )


def _publication(row: Table, council: Council) -> Publication | None:
    """The first version of the period that the item's questions are about: the one that the meeting had before it."""
    if "publication" not in row:
        return None
    period = Period.parse(row["publication"])
    found = Publication.objects.filter(
        council=council, period_year=period.year.first_year, period_number=period.number
    )
    publication = found.order_by("version").first()
    if publication is None:
        raise UnknownPlaceError(f"{council} has published nothing for {period.label} of {period.year}.")
    return publication


def _pin(about: Table, publication: Publication) -> Pin:
    """A figure by the name of its line, saving or total."""
    figure = about["figure"]
    if "saving" in about:
        savings = content_from(publication.content).savings.savings
        titles = {one.proposal.title: one.proposal.key for one in savings}
        if about["saving"] not in titles:
            raise UnknownPlaceError(f"{publication} has no saving “{about['saving']}”.")
        return Pin(scope="saving", key=titles[about["saving"]], fund="", figure=figure)
    scope = "line" if "line" in about else about["total"]
    rows = publication.figures.filter(scope=scope)
    row = (rows.filter(name=about["line"]) if "line" in about else rows.filter(fund="general_fund")).first()
    if row is None:
        raise UnknownPlaceError(f"{publication} has no figure of {dict(about)}.")
    return Pin(scope=scope, key=row.key, fund=row.fund, figure=figure)


def _of(row: Table, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names if name in row}
