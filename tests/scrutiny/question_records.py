"""Questions, answers, actions and recommendations as they stand in the database, and published figures to ask about."""

from typing import Any

from django.utils import timezone

from scrutiny.committees.entries.pins import Pin
from scrutiny.committees.operations import actions, recommendations
from scrutiny.models import (
    AgendaItem,
    Answer,
    Committee,
    CommitteeAction,
    Meeting,
    Publication,
    Question,
    Recommendation,
)
from scrutiny.operations import publish
from services.models import Council
from tests.scrutiny.meeting_records import make_committee, make_item, make_meeting, the_clerk


def publish_figures(world: Any, period: Any = None) -> Publication:
    """A world's period published by two people."""
    number = publish(
        by=world.officer, approved_by=world.head, council=world.council, period=period or world.period
    ).version
    period = period or world.period
    return Publication.objects.get(
        council=world.council, period_year=period.year, period_number=period.number, version=number
    )


def pin_of(publication: Publication, name: str, figure: str = "variance_after_reserves") -> Pin:
    """The named line's figure."""
    row = publication.figures.get(scope="line", name=name)
    return Pin(scope="line", key=row.key, fund=row.fund, figure=figure)


def make_question(item: AgendaItem, words: str = "What explains the overspend?", **fields: Any) -> Question:
    """A question recorded from minutes."""
    fields.setdefault("recorded_by", the_clerk(item.council))
    return Question.objects.create(
        council=item.council,
        committee=item.meeting.committee,
        item=item,
        words=words,
        asked_by=fields.pop("asked_by", "the Chair"),
        **fields,
    )


def make_asked(council: Council, by: Any, words: str = "Is it one-off?", **fields: Any) -> Question:
    """A question that a member asked here, about no figure in particular."""
    return Question.objects.create(
        council=council,
        words=words,
        asked_by="Scrutiny member",
        asked_at=timezone.now(),
        recorded_by=by,
        **fields,
    )


def make_answer(question: Question, *points: str, **fields: Any) -> Answer:
    """An answer by the head of finance."""
    return Answer.objects.create(
        council=question.council,
        question=question,
        by_role=fields.pop("by_role", "Head of Finance"),
        points=list(points),
        recorded_by=question.recorded_by,
        **fields,
    )


def make_action(
    committee: Committee, words: str = "Bring the list of placements.", **terms: Any
) -> CommitteeAction:
    """An action of the director's."""
    return actions.raise_action(
        by=the_clerk(committee.council),
        committee=committee,
        words=words,
        owners=terms.pop("owners", ["Director of Children’s Social Care"]),
        **terms,
    )


def make_recommendation(
    committee: Committee, kind: str = "recommend", number: str = "1", **terms: Any
) -> Recommendation:
    """A recommendation to the Cabinet."""
    return recommendations.make_recommendation(
        by=the_clerk(committee.council),
        committee=committee,
        number=number,
        kind=kind,
        words=terms.pop("words", "Publish unit costs every quarter."),
        addressee=terms.pop("addressee", "Cabinet"),
        **terms,
    )


def make_held_item(council: Council, **fields: Any) -> AgendaItem:
    """An item of a meeting that was held."""
    return make_item(held_meeting(council, **fields))


def held_meeting(council: Council, **fields: Any) -> Meeting:
    """A meeting that was held, of a new committee unless one is given."""
    committee = fields.pop("committee", None) or make_committee(council)
    return make_meeting(committee, state=fields.pop("state", "held"), **fields)
