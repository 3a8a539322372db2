"""Questions, answers, actions and recommendations as clerks see them: all of a meeting's, drafts and exempt items included."""

from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from scrutiny.committees import reading_questions as reading
from scrutiny.committees.carrying import next_meetings, on_agenda_of
from scrutiny.committees.entries.actions import ActionEntry, RecommendationEntry
from scrutiny.committees.entries.questions import QuestionEntry
from scrutiny.models import CommitteeAction, Meeting, Question, Recommendation

_BESIDE = ("council", "committee", "publication", "item__meeting__committee")


def questions_of_meeting(meeting: Meeting) -> tuple[QuestionEntry, ...]:
    """Every question of a meeting's items, in the minutes' order. Four queries."""
    rows = Question.objects.filter(item__meeting=meeting).order_by("item__order", "order", "pk")
    return _questions(rows)


def questions_waiting(council_id: int) -> tuple[QuestionEntry, ...]:
    """Questions that members asked here and no meeting has yet, oldest first. Four queries."""
    rows = Question.objects.filter(council_id=council_id, item__isnull=True, asked_at__isnull=False)
    return _questions(rows.exclude(state=Question.State.WITHDRAWN).order_by("asked_at", "pk"))


def actions_carried_to(meeting: Meeting) -> tuple[ActionEntry, ...]:
    """Every action that stands on the meeting's agenda. Three queries."""
    return _actions(on_agenda_of(_action_rows(meeting.council_id), meeting))


def actions_raised_at(meeting: Meeting) -> tuple[ActionEntry, ...]:
    """Every action that the meeting raised. Three queries."""
    return _actions(_action_rows(meeting.council_id).filter(raised_at=meeting).order_by("order", "pk"))


def open_actions(council_id: int) -> tuple[ActionEntry, ...]:
    """Every action that no committee has closed, oldest first. Three queries."""
    rows = _action_rows(council_id).exclude(status=CommitteeAction.Status.CLOSED)
    return _actions(rows.order_by("raised_at__day", "order", "pk"))


def recommendations_of_meeting(meeting: Meeting) -> tuple[RecommendationEntry, ...]:
    """Everything that the meeting resolved, in order. One query."""
    rows = Recommendation.objects.filter(meeting=meeting).select_related("committee", "meeting")
    today: date = timezone.localdate()
    return tuple(reading.recommendation_entry(row, today=today) for row in rows.order_by("order", "pk"))


def recommendations_waiting(council_id: int) -> tuple[RecommendationEntry, ...]:
    """Recommendations without a response, oldest first. One query."""
    rows = Recommendation.objects.filter(council_id=council_id, response=Recommendation.Response.NONE)
    today: date = timezone.localdate()
    ordered = rows.select_related("committee", "meeting").order_by("received_on", "pk")
    return tuple(reading.recommendation_entry(row, today=today) for row in ordered)


def _questions(rows: QuerySet[Question]) -> tuple[QuestionEntry, ...]:
    whole = rows.select_related(*_BESIDE).defer("publication__content")
    return tuple(
        reading.question_entry(
            row, answers=row.answers.all(), agreed=row.actions.all(), shows_meeting=lambda _: True
        )
        for row in whole.prefetch_related("parts", "answers", "actions")
    )


def _action_rows(council_id: int) -> QuerySet[CommitteeAction]:
    rows = CommitteeAction.objects.filter(council_id=council_id)
    beside = rows.select_related("committee", "raised_at", "closed_at", "item")
    return beside.prefetch_related("steps__by", "steps__meeting")


def _actions(rows: Iterable[CommitteeAction]) -> tuple[ActionEntry, ...]:
    today: date = timezone.localdate()
    held = list(rows)
    following = next_meetings(held, is_public=False)
    return tuple(reading.action_entry(row, today=today, next_meeting=following.get(row.pk)) for row in held)
