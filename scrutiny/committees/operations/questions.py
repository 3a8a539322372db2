"""Questions: asked by members about a published figure, and recorded by clerks as minutes give them."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from scrutiny.committees.entries.pins import Pin
from scrutiny.committees.operations.held import fields_of, held_now, next_place, noted, of_council, put
from scrutiny.committees.public.pins import NoSuchFigureError, subject_of
from scrutiny.models import AgendaItem, Answer, Committee, Publication, Question, QuestionPart
from services.access import grant_for
from services.grants import Grant
from services.models import Council
from services.operations.authority import authorise
from services.operations.entries import UNCHANGED, Unchanged, checked_name, checked_words
from services.operations.refusals import AlreadyDoneError, BrokenRuleError, InvalidEntryError, NotAllowedError
from services.roles import Permission, Role

FIELDS = ("number", "words", "topic", "asked_by", "order")
ASK, KEEP = Permission.ASK_QUESTIONS, Permission.KEEP_MEETINGS


@transaction.atomic
def ask(
    *,
    by: User,
    publication: Publication,
    pin: Pin,
    words: str,
    topic: str = "",
    parts: Sequence[str] = (),
    committee: Committee | None = None,
) -> Question:
    """Ask about one published figure, in the person's own role. What the figure is and said is kept as published.

    Raises `BrokenRuleError` where the publication has no such figure.
    """
    authorise(by=by, council=publication.council, needs=ASK)
    of_council(publication.council_id, committee)
    question = Question(
        council=publication.council,
        committee=committee,
        asked_by=_role_of(by, publication.council),
        asked_at=timezone.now(),
        recorded_by=by,
        **_checked(words=words, topic=topic),
        **_pinned(publication, pin),
    )
    _save_new(question, parts)
    noted(by=by, council=question.council, action="ask", subject=question, after=_said(question))
    return question


@transaction.atomic
def record_question(
    *,
    by: User,
    item: AgendaItem,
    words: str,
    asked_by: str,
    number: str = "",
    topic: str = "",
    parts: Sequence[str] = (),
    publication: Publication | None = None,
    pin: Pin | None = None,
    order: int | None = None,
) -> Question:
    """Record a question as the minutes of a meeting give it. Its number is text, never recounted; `AlreadyDoneError` if the item has it."""
    authorise(by=by, council=item.council, needs=KEEP)
    of_council(item.council_id, publication)
    if (publication is None) != (pin is None):
        raise InvalidEntryError("figure", "names a figure and the publication that it stands in, or neither.")
    _refuse_number(item, number)
    question = Question(
        council=item.council,
        committee=item.meeting.committee,
        item=item,
        recorded_by=by,
        order=next_place(item) if order is None else order,
        **_checked(words=words, topic=topic, number=number, asked_by=asked_by),
        **(_pinned(publication, pin) if publication and pin else {}),
    )
    _save_new(question, parts)
    noted(by=by, council=question.council, action="record question", subject=question, after=_said(question))
    return question


@transaction.atomic
def change_question(
    *,
    by: User,
    question: Question,
    expected_version: int,
    words: str | Unchanged = UNCHANGED,
    topic: str | Unchanged = UNCHANGED,
    number: str | Unchanged = UNCHANGED,
    asked_by: str | Unchanged = UNCHANGED,
    order: int | Unchanged = UNCHANGED,
    parts: Sequence[str] | Unchanged = UNCHANGED,
) -> Question:
    """Correct how a question was recorded. A member's own words, asked here, are not the clerk's to change (`AlreadyDoneError`)."""
    authorise(by=by, council=question.council, needs=KEEP)
    now = held_now(question, names=FIELDS, expected_version=expected_version)
    given = {"words": words, "topic": topic, "number": number, "asked_by": asked_by, "order": order}
    entered = {name: value for name, value in given.items() if value is not UNCHANGED}
    if now.asked_at is not None and entered.get("words", now.words) != now.words:
        raise AlreadyDoneError("A member asked this here in their own words; the record keeps them.")
    if isinstance(number, str) and number != now.number and now.item is not None:
        _refuse_number(now.item, number)
    before, after = put(now, _checked(**entered))
    if parts is not UNCHANGED:
        before["parts"] = [part.words for part in now.parts.all()]
        after["parts"] = list(parts)
        now.parts.all().delete()
        _save_parts(now, parts)
    now.version += 1
    now.save()
    noted(by=by, council=now.council, action="change question", subject=now, before=before, after=after)
    return now


@transaction.atomic
def put_to_meeting(
    *, by: User, question: Question, item: AgendaItem, expected_version: int, number: str = ""
) -> Question:
    """Put a question that a member asked to an item of a meeting's agenda; it may be moved until the minutes number it."""
    authorise(by=by, council=question.council, needs=KEEP)
    of_council(question.council_id, item)
    now = held_now(question, names=FIELDS, expected_version=expected_version)
    if now.state == Question.State.WITHDRAWN:
        raise AlreadyDoneError("The question was withdrawn.")
    _refuse_number(item, number)
    values = {
        "item": item,
        "committee": item.meeting.committee,
        "number": checked_name("number", number, required=False, limit=12),
    }
    before, after = put(now, values)
    now.version += 1
    now.save()
    noted(
        by=by, council=now.council, action="put question to meeting", subject=now, before=before, after=after
    )
    return now


@transaction.atomic
def withdraw_question(*, by: User, question: Question, expected_version: int, reason: str) -> Question:
    """Take back a question that nobody has answered: whoever asked it, or a clerk. The record keeps it."""
    grant = grant_for(by, question.council)
    is_theirs = question.recorded_by_id == by.pk and grant is not None and grant.allows_everywhere(ASK)
    if not is_theirs:
        authorise(by=by, council=question.council, needs=KEEP)
    reason = checked_words("reason", reason, required=True)
    now = held_now(question, names=FIELDS, expected_version=expected_version)
    if now.state == Question.State.WITHDRAWN or now.answers.exists():
        raise AlreadyDoneError("It was answered or withdrawn before.")
    before, after = put(now, {"state": Question.State.WITHDRAWN})
    now.version += 1
    now.save()
    noted(
        by=by,
        council=now.council,
        action="withdraw question",
        subject=now,
        before=before,
        after=after,
        reason=reason,
    )
    return now


def settle(question: Question) -> None:
    """Set the state of a question from its answers; its caller records the change that brought them."""
    answers = list(Answer.objects.filter(question=question).order_by("order", "pk"))
    if not answers:
        question.state = Question.State.ASKED
    elif any(answer.points for answer in answers) and not answers[-1].will_write:
        question.state = Question.State.ANSWERED
    else:
        question.state = Question.State.TO_WRITE
    question.version += 1
    question.save(update_fields=["state", "version"])


def _role_of(by: User, council: Council) -> str:
    """The role in which the person asks, in words."""
    grant = grant_for(by, council)
    asking = _asking_roles(grant) if grant else []
    if not asking:
        raise NotAllowedError("Your role does not let you ask about what is published.")
    return asking[0]


def _asking_roles(grant: Grant) -> list[str]:
    return sorted(Role(role).label for role, _ in grant.roles if ASK in role.permissions)


def _checked(**given: Any) -> dict[str, Any]:
    limits = {"number": 12, "topic": 200, "asked_by": 200}
    checked = dict(given)
    if "words" in given:
        checked["words"] = checked_words("words", given["words"], required=True)
    for name, limit in limits.items():
        if name in given:
            checked[name] = checked_name(name, given[name], required=name == "asked_by", limit=limit)
    return checked


def _pinned(publication: Publication, pin: Pin) -> dict[str, Any]:
    try:
        subject = subject_of(publication, pin)
    except NoSuchFigureError as error:
        raise BrokenRuleError(error) from error
    named = {"scope": pin.scope, "key": pin.key, "fund": pin.fund, "figure": pin.figure}
    return {"publication": publication, "subject": subject, **named}


def _refuse_number(item: AgendaItem, number: str) -> None:
    if number and item.questions.filter(number=number).exists():
        raise AlreadyDoneError(
            f"Item {item.number} has a question {number} already. Numbers are as minuted, and unique."
        )


def _save_new(question: Question, parts: Sequence[str]) -> None:
    question.save()
    _save_parts(question, parts)


def _save_parts(question: Question, parts: Sequence[str]) -> None:
    rows = [checked_words("parts", words, required=True) for words in parts]
    QuestionPart.objects.bulk_create(
        QuestionPart(council=question.council, question=question, words=words, order=order)
        for order, words in enumerate(rows)
    )


def _said(question: Question) -> dict[str, Any]:
    return fields_of(question, (*FIELDS, "subject")) | {
        "parts": [part.words for part in question.parts.all()]
    }
