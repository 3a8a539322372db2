"""Rows of questions, actions and recommendations as entries, for the public's queries and the desk's. Who may read is decided by who asks."""

from collections.abc import Callable, Iterable
from datetime import date

from scrutiny.committees.entries.actions import ActionEntry, ActionStepEntry, RecommendationEntry
from scrutiny.committees.entries.pins import Pin
from scrutiny.committees.entries.questions import AnswerEntry, AskedAbout, QuestionEntry
from scrutiny.models import ActionStep, Answer, CommitteeAction, Meeting, Question, Recommendation
from scrutiny.navigation import period_address


def question_entry(
    row: Question,
    *,
    answers: Iterable[Answer],
    agreed: Iterable[CommitteeAction] = (),
    shows_meeting: Callable[[Meeting], bool],
) -> QuestionEntry:
    """A question; `row` with its parts, committee, publication and item with its meeting beside it."""
    item = row.item
    meeting = item.meeting if item is not None and shows_meeting(item.meeting) else None
    return QuestionEntry(
        id=row.pk,
        number=row.number if meeting else "",
        words=row.words,
        parts=tuple(part.words for part in row.parts.all()),
        topic=row.topic,
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        state=row.state,
        state_label=row.get_state_display(),
        about=about(row),
        answers=tuple(answer_entry(answer) for answer in answers),
        agreed=tuple(f"{action.reference} {action.words}".strip() for action in agreed),
        committee=row.committee.name if row.committee else "",
        meeting_id=meeting.pk if meeting else None,
        meeting_label=str(meeting) if meeting else "",
        item_id=item.pk if item and meeting else None,
        item_label=f"{item.number}. {item.title}" if item and meeting else "",
        order=row.order,
        version=row.version,
    )


def about(row: Question) -> AskedAbout | None:
    """The figure that a question is pinned to, without its values."""
    pin = pin_of(row)
    if pin is None or row.publication is None:
        return None
    publication = row.publication
    address = period_address(row.council.slug, publication.period, publication.version)
    return AskedAbout(pin=pin, subject=row.subject, address=address)


def pin_of(row: Question) -> Pin | None:
    """The name of the figure that a question is about; `None` for one about none."""
    return Pin(scope=row.scope, key=row.key, fund=row.fund, figure=row.figure) if row.scope else None


def answer_entry(row: Answer) -> AnswerEntry:
    """An answer."""
    return AnswerEntry(
        id=row.pk,
        by_role=row.by_role,
        code=row.code,
        number=row.number,
        points=tuple(row.points),
        is_declined=row.is_declined,
        will_write=row.will_write,
        given_on=row.given_on,
        version=row.version,
    )


def action_entry(
    row: CommitteeAction, *, today: date, next_meeting: date | None, shows_question: bool = True
) -> ActionEntry:
    """An action; `row` with its committee, meetings, item and steps beside it. `next_meeting` is the committee's after the one that raised it."""
    raised, closed = row.raised_at, row.closed_at
    return ActionEntry(
        id=row.pk,
        reference=row.reference,
        words=row.words,
        type_label=row.get_type_display(),
        owners=tuple(row.owners),
        forum=row.forum,
        status=row.status,
        status_label=row.get_status_display(),
        response=row.response,
        evidence=row.evidence,
        committee=row.committee.name,
        committee_slug=row.committee.slug,
        meeting_id=raised.pk if raised else None,
        meeting_label=meeting_day(raised) if raised else "",
        item_label=f"{row.item.number}. {row.item.title}" if row.item else "",
        question_id=row.question_id if shows_question else None,
        due_on=next_meeting if row.is_due_next_meeting else row.due_on,
        is_due_next_meeting=row.is_due_next_meeting,
        due_words=row.due_words,
        closed_label=meeting_day(closed) if closed else "",
        closed_meeting_id=row.closed_at_id,
        steps=tuple(_step(step) for step in row.steps.all()),
        today=today,
        version=row.version,
    )


def recommendation_entry(row: Recommendation, *, today: date) -> RecommendationEntry:
    """A recommendation; `row` with its committee and meeting beside it."""
    return RecommendationEntry(
        id=row.pk,
        number=row.number,
        kind=row.kind,
        kind_label=row.get_kind_display(),
        words=row.words,
        addressee=row.addressee,
        timescale=row.timescale,
        committee=row.committee.name,
        committee_slug=row.committee.slug,
        meeting_id=row.meeting_id,
        meeting_label=meeting_day(row.meeting) if row.meeting else "",
        sent_on=row.sent_on,
        received_on=row.received_on,
        response=row.response,
        response_label=row.get_response_display(),
        response_words=row.response_words,
        responded_on=row.responded_on,
        implementation_label=row.get_implementation_display(),
        implementation_words=row.implementation_words,
        today=today,
        version=row.version,
    )


def meeting_day(meeting: Meeting) -> str:
    """“11 January 2024”, or that the paper gives no date."""
    return f"{meeting.day:%-d %B %Y}" if meeting.day else "meeting of a date not stated"


def _step(row: ActionStep) -> ActionStepEntry:
    return ActionStepEntry(
        status_label=row.get_status_display(),
        words=row.words,
        by=str(row.by),
        at=row.at,
        meeting_label=meeting_day(row.meeting) if row.meeting else "",
    )
