"""Questions and answers as everybody who may read published things may read them.

A question that a member asked here is public, for it is about a published figure; one recorded from a meeting is public with that meeting's
minutes. An answer given before the day of the meeting is public at once, and what was answered at the meeting with its minutes. Nothing that
belongs to an exempt item is here, nor what was withdrawn.
"""

from dataclasses import replace

from django.db.models import F, Prefetch, Q, QuerySet
from django.http import Http404

from scrutiny.committees import reading_questions as reading
from scrutiny.committees.entries.questions import QuestionEntry
from scrutiny.committees.public.actions import SHOWN as SHOWN_ACTIONS
from scrutiny.committees.public.pins import values_since
from scrutiny.models import AgendaItem, Answer, CommitteeAction, Meeting, Question

NOT_HERE = "There is no such page, or it is not for you."
_OPEN_ITEM = Q(item__classification=AgendaItem.Classification.PUBLIC)
SHOWN = ~Q(state=Question.State.WITHDRAWN) & (
    Q(asked_at__isnull=False) & (Q(item__isnull=True) | _OPEN_ITEM)
    | _OPEN_ITEM & Q(item__meeting__minutes_published_at__isnull=False)
)
_ANSWERS = (
    Q(question__item__isnull=True)
    | Q(question__item__meeting__minutes_published_at__isnull=False)
    | Q(given_on__lt=F("question__item__meeting__day"))
)


def questions_of(council_id: int, *, topic: str = "", state: str = "") -> tuple[QuestionEntry, ...]:
    """A council's questions: those asked here newest first, then those recorded from meetings in the minutes' order. Four queries."""
    rows = _rows(council_id)
    if topic:
        rows = rows.filter(topic=topic)
    if state:
        rows = rows.filter(state=state)
    asked = rows.order_by(
        F("asked_at").desc(nulls_last=True), "-item__meeting__day", "item__order", "order", "pk"
    )
    return tuple(_entry(row) for row in asked)


def questions_of_item(council_id: int, item_id: int) -> tuple[QuestionEntry, ...]:
    """The questions of one item of a meeting, in the minutes' order. Four queries."""
    return tuple(_entry(row) for row in _rows(council_id).filter(item_id=item_id).order_by("order", "pk"))


def questions_about(publication_id: int, *, scope: str, key: str) -> tuple[QuestionEntry, ...]:
    """What was asked of one line, total or saving in one publication."""
    rows = Question.objects.filter(SHOWN, publication_id=publication_id, scope=scope, key=key)
    return tuple(_entry(row) for row in _with_all(rows).order_by("-asked_at", "order", "pk"))


def question_entry(council_id: int, question_id: int) -> QuestionEntry:
    """One question, its figure with its later values. `Http404` if it is not there, or not public."""
    row = _rows(council_id).filter(pk=question_id).first()
    if row is None:
        raise Http404(NOT_HERE)
    entry, pin = _entry(row), reading.pin_of(row)
    if entry.about is None or pin is None or row.publication is None:
        return entry
    return replace(entry, about=replace(entry.about, values=values_since(row.publication, pin)))


def topics_of(council_id: int) -> tuple[str, ...]:
    """Every topic of a public question, by name. One query."""
    rows = Question.objects.filter(SHOWN, council_id=council_id).exclude(topic="")
    return tuple(rows.order_by("topic").values_list("topic", flat=True).distinct())


def _rows(council_id: int) -> QuerySet[Question]:
    return _with_all(Question.objects.filter(SHOWN, council_id=council_id))


def _with_all(rows: QuerySet[Question]) -> QuerySet[Question]:
    answers = Answer.objects.filter(_ANSWERS).order_by("order", "pk")
    actions = CommitteeAction.objects.filter(SHOWN_ACTIONS)
    beside = ("council", "committee", "publication", "item__meeting__committee")
    return (
        rows.select_related(*beside)
        .defer("publication__content")
        .prefetch_related(
            "parts",
            Prefetch("answers", queryset=answers, to_attr="shown_answers"),
            Prefetch("actions", queryset=actions, to_attr="shown_actions"),
        )
    )


def _entry(row: Question) -> QuestionEntry:
    shown: list[Answer] = getattr(row, "shown_answers", [])
    entry = reading.question_entry(
        row, answers=shown, agreed=getattr(row, "shown_actions", []), shows_meeting=_is_announced
    )
    if shown or row.state == Question.State.ASKED:
        return entry
    return replace(entry, state=Question.State.ASKED.value, state_label=str(Question.State.ASKED.label))


def _is_announced(meeting: Meeting) -> bool:
    return meeting.agenda_published_at is not None
