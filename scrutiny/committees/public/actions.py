"""Actions and recommendations as everybody who may read published things may read them: with the minutes of the meeting that agreed them.

Nothing that belongs to an exempt item is here.
"""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from scrutiny.committees import reading_questions as reading
from scrutiny.committees.carrying import next_meetings, on_agenda_of
from scrutiny.committees.entries.actions import ActionEntry, RecommendationEntry
from scrutiny.models import AgendaItem, CommitteeAction, Meeting, Recommendation

NOT_HERE = "There is no such page, or it is not for you."
_OPEN_ITEM = Q(item__isnull=True) | Q(item__classification=AgendaItem.Classification.PUBLIC)
SHOWN = _OPEN_ITEM & Q(raised_at__minutes_published_at__isnull=False)
_RECOMMENDED = _OPEN_ITEM & Q(meeting__minutes_published_at__isnull=False)
_BESIDE = ("committee", "raised_at", "closed_at", "item", "question__item")


def actions_of(
    council_id: int, *, committee_slug: str = "", is_open: bool = False
) -> tuple[ActionEntry, ...]:
    """A council's actions, or one committee's: newest meeting first, in the minutes' order. Three queries."""
    rows = _actions(council_id)
    if committee_slug:
        rows = rows.filter(committee__slug=committee_slug)
    if is_open:
        rows = rows.exclude(status=CommitteeAction.Status.CLOSED)
    return _entries(rows.order_by("-raised_at__day", "-raised_at", "order", "pk"))


def actions_raised_at(council_id: int, meeting_id: int) -> tuple[ActionEntry, ...]:
    """What a meeting agreed should be done. Three queries."""
    return _entries(_actions(council_id).filter(raised_at_id=meeting_id).order_by("order", "pk"))


def actions_carried_to(council_id: int, meeting_id: int) -> tuple[ActionEntry, ...]:
    """The actions that stand on a meeting's agenda: raised before it and not closed before it. `Http404` if its agenda is not published."""
    meeting = Meeting.objects.filter(
        council_id=council_id, pk=meeting_id, agenda_published_at__isnull=False
    ).first()
    if meeting is None:
        raise Http404(NOT_HERE)
    return _entries(on_agenda_of(_actions(council_id), meeting))


def action_entry(council_id: int, action_id: int) -> ActionEntry:
    """One action. `Http404` if it is not there, or not public."""
    found = _entries(_actions(council_id).filter(pk=action_id))
    if not found:
        raise Http404(NOT_HERE)
    return found[0]


def recommendations_of(council_id: int, *, committee_slug: str = "") -> tuple[RecommendationEntry, ...]:
    """A council's recommendations and other outcomes, or one committee's: newest meeting first. One query."""
    rows = _recommendations(council_id)
    if committee_slug:
        rows = rows.filter(committee__slug=committee_slug)
    return _told(rows.order_by("-meeting__day", "-meeting", "order", "pk"))


def recommendations_of_meeting(council_id: int, meeting_id: int) -> tuple[RecommendationEntry, ...]:
    """What a meeting resolved, in order. One query."""
    return _told(_recommendations(council_id).filter(meeting_id=meeting_id).order_by("order", "pk"))


def _actions(council_id: int) -> QuerySet[CommitteeAction]:
    rows = CommitteeAction.objects.filter(SHOWN, council_id=council_id)
    return rows.select_related(*_BESIDE).prefetch_related("steps__by", "steps__meeting")


def _recommendations(council_id: int) -> QuerySet[Recommendation]:
    return Recommendation.objects.filter(_RECOMMENDED, council_id=council_id).select_related(
        "committee", "meeting"
    )


def _entries(rows: Iterable[CommitteeAction]) -> tuple[ActionEntry, ...]:
    today: date = timezone.localdate()
    held = list(rows)
    following = next_meetings(held, is_public=True)
    return tuple(
        reading.action_entry(
            row, today=today, next_meeting=following.get(row.pk), shows_question=_is_open(row)
        )
        for row in held
    )


def _is_open(row: CommitteeAction) -> bool:
    """Whether the question that it was agreed upon is public too."""
    item = row.question.item if row.question else None
    return item is None or item.classification == AgendaItem.Classification.PUBLIC


def _told(rows: Iterable[Recommendation]) -> tuple[RecommendationEntry, ...]:
    today: date = timezone.localdate()
    return tuple(reading.recommendation_entry(row, today=today) for row in rows)
