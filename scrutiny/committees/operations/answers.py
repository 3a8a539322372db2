"""Answers by role: several points, or that an officer declines for now and undertakes to write."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from scrutiny.committees.operations.held import fields_of, held_now, noted, put
from scrutiny.committees.operations.questions import FIELDS as QUESTION_FIELDS
from scrutiny.committees.operations.questions import settle
from scrutiny.models import Answer, Question
from services.operations.authority import authorise
from services.operations.entries import checked_name, checked_words
from services.operations.refusals import AlreadyDoneError, InvalidEntryError
from services.roles import Permission

FIELDS = ("by_role", "code", "number", "points", "is_declined", "will_write", "given_on")


@transaction.atomic
def answer(
    *,
    by: User,
    question: Question,
    by_role: str,
    points: Sequence[str],
    given_on: date,
    will_write: bool = False,
    expected_version: int | None = None,
) -> Answer:
    """Answer as an officer, in the post that answers. With `expected_version` it refuses a question that changed since it was read."""
    authorise(by=by, council=question.council, needs=Permission.ANSWER_QUESTIONS)
    return _add(
        by=by,
        question=held_now(question, names=QUESTION_FIELDS, expected_version=expected_version),
        action="answer",
        by_role=by_role,
        points=points,
        will_write=will_write,
        given_on=given_on,
    )


@transaction.atomic
def record_answer(
    *,
    by: User,
    question: Question,
    by_role: str,
    points: Sequence[str] = (),
    code: str = "",
    number: str = "",
    is_declined: bool = False,
    will_write: bool = False,
    given_on: date | None = None,
) -> Answer:
    """Record an answer as the minutes give it: the role's abbreviation, its points, and whether it was declined with a promise to write."""
    authorise(by=by, council=question.council, needs=Permission.KEEP_MEETINGS)
    return _add(
        by=by,
        question=held_now(question, names=QUESTION_FIELDS),
        action="record answer",
        by_role=by_role,
        points=points,
        code=code,
        number=number,
        is_declined=is_declined,
        will_write=will_write,
        given_on=given_on,
    )


@transaction.atomic
def change_answer(*, by: User, answer: Answer, expected_version: int, **given: Any) -> Answer:
    """Correct a recorded answer: any of `by_role`, `code`, `number`, `points`, `is_declined`, `will_write`, `given_on`."""
    authorise(by=by, council=answer.council, needs=Permission.KEEP_MEETINGS)
    now = held_now(answer, names=FIELDS, expected_version=expected_version)
    unknown = set(given) - set(FIELDS)
    if unknown:
        raise TypeError(f"An answer has no {', '.join(sorted(unknown))}.")
    whole = {name: getattr(now, name) for name in FIELDS} | given
    before, after = put(now, _checked(**whole))
    if not after:
        return now
    now.version += 1
    now.save()
    settle(now.question)
    noted(by=by, council=now.council, action="change answer", subject=now, before=before, after=after)
    return now


def _add(*, by: User, question: Question, action: str, **given: Any) -> Answer:
    if question.state == Question.State.WITHDRAWN:
        raise AlreadyDoneError("The question was withdrawn: it needs no answer.")
    made = Answer(
        council=question.council,
        question=question,
        recorded_by=by,
        order=question.answers.count(),
        **_checked(**given),
    )
    made.save()
    settle(question)
    noted(by=by, council=question.council, action=action, subject=made, after=fields_of(made, FIELDS))
    return made


def _checked(
    *,
    by_role: str,
    points: Sequence[str],
    code: str = "",
    number: str = "",
    is_declined: bool = False,
    will_write: bool = False,
    given_on: date | None = None,
) -> dict[str, Any]:
    said = [checked_words("points", point, required=True) for point in points]
    if not said and not (is_declined or will_write):
        raise InvalidEntryError("points", "an answer says something, or says that the officer will write.")
    return {
        "by_role": checked_name("by_role", by_role),
        "points": said,
        "code": checked_name("code", code, required=False, limit=20),
        "number": checked_name("number", number, required=False, limit=12),
        "is_declined": is_declined,
        "will_write": will_write,
        "given_on": given_on,
    }
