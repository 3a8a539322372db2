"""Actions: raised at a meeting, owned by roles, answered by officers, and closed by the committee at a meeting and by nobody else."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from scrutiny.committees.operations.held import fields_of, held_now, noted, of_council, one_of, put
from scrutiny.models import ActionStep, AgendaItem, Committee, CommitteeAction, Meeting, Question
from services.operations.authority import authorise
from services.operations.entries import checked_name, checked_words
from services.operations.refusals import AlreadyDoneError, InvalidEntryError, Refused
from services.roles import Permission

Status = CommitteeAction.Status
TERMS = (
    "reference", "type", "words", "owners", "forum", "due_on", "is_due_next_meeting", "due_words", "order",
)  # fmt: skip
FIELDS = (*TERMS, "status", "response", "evidence")
KEEP, ANSWER = Permission.KEEP_MEETINGS, Permission.ANSWER_QUESTIONS


class NotHeldError(Refused):
    """A committee closes an action at a meeting that it has held."""


@transaction.atomic
def raise_action(
    *,
    by: User,
    committee: Committee,
    words: str,
    owners: Sequence[str],
    raised_at: Meeting | None = None,
    item: AgendaItem | None = None,
    question: Question | None = None,
    **terms: Any,
) -> CommitteeAction:
    """Record what one or more roles are to do; with `question`, what was agreed upon it. It stands on every next agenda until closed.

    `terms`: `reference` as minuted, `type`, `forum`, `due_on` or `is_due_next_meeting`, `due_words`, `order`.
    """
    authorise(by=by, council=committee.council, needs=KEEP)
    of_council(committee.council_id, raised_at, item, question)
    given = {"order": committee.actions.count(), **terms}
    action = CommitteeAction(
        council=committee.council,
        committee=committee,
        raised_at=raised_at,
        item=item,
        question=question,
        **_checked(words=words, owners=owners, **given),
    )
    action.save()
    _step(action, by=by, words="Agreed upon the question." if question else "Raised.", meeting=raised_at)
    noted(
        by=by, council=action.council, action="raise action", subject=action, after=fields_of(action, TERMS)
    )
    return action


@transaction.atomic
def change_action(
    *, by: User, action: CommitteeAction, expected_version: int, **given: Any
) -> CommitteeAction:
    """Correct how an action was recorded: its words, owners, due date and what else `raise_action` takes."""
    authorise(by=by, council=action.council, needs=KEEP)
    now = _open(action, expected_version)
    unknown = set(given) - set(TERMS)
    if unknown:
        raise TypeError(f"An action has no {', '.join(sorted(unknown))}.")
    before, after = put(now, _checked(**{name: getattr(now, name) for name in TERMS} | given))
    if not after:
        return now
    return _saved(now, by=by, deed="change action", before=before, after=after)


@transaction.atomic
def respond_to_action(
    *, by: User, action: CommitteeAction, expected_version: int, response: str, evidence: str = ""
) -> CommitteeAction:
    """Give the officers' response with where its evidence is. The committee has yet to close the action."""
    authorise(by=by, council=action.council, needs=ANSWER)
    return _responded(
        by=by, action=action, expected_version=expected_version, response=response, evidence=evidence
    )


@transaction.atomic
def record_response(
    *, by: User, action: CommitteeAction, expected_version: int, response: str, evidence: str = ""
) -> CommitteeAction:
    """Record, as a clerk, a response that came otherwise: at a meeting or in a letter."""
    authorise(by=by, council=action.council, needs=KEEP)
    return _responded(
        by=by, action=action, expected_version=expected_version, response=response, evidence=evidence
    )


@transaction.atomic
def report_progress(
    *, by: User, action: CommitteeAction, expected_version: int, words: str
) -> CommitteeAction:
    """Say, as an officer who owns it, how far an action has got."""
    authorise(by=by, council=action.council, needs=ANSWER)
    now = _open(action, expected_version)
    said = checked_words("words", words, required=True)
    before, after = put(now, {"status": Status.IN_PROGRESS})
    _step(now, by=by, words=said)
    return _saved(now, by=by, deed="report progress", before=before, after=after | {"words": said})


@transaction.atomic
def keep_open(
    *, by: User, action: CommitteeAction, expected_version: int, meeting: Meeting, words: str
) -> CommitteeAction:
    """Record that the committee looked at an action and wants more: it stays on the next agenda."""
    authorise(by=by, council=action.council, needs=KEEP)
    now = _open(action, expected_version)
    _refuse_other_meeting(now, meeting)
    said = checked_words("words", words, required=True)
    status = Status.IN_PROGRESS if now.status == Status.ANSWERED else now.status
    before, after = put(now, {"status": status})
    _step(now, by=by, words=said, meeting=meeting)
    return _saved(now, by=by, deed="keep action open", before=before, after=after | {"words": said})


@transaction.atomic
def close_action(
    *, by: User, action: CommitteeAction, expected_version: int, meeting: Meeting, words: str = ""
) -> CommitteeAction:
    """Record that the committee closed an action at a meeting it held; `NotHeldError` otherwise. A response is not enough to close it."""
    authorise(by=by, council=action.council, needs=KEEP)
    now = _open(action, expected_version)
    _refuse_other_meeting(now, meeting)
    said = checked_words("words", words)
    before, after = put(now, {"status": Status.CLOSED, "closed_at": meeting})
    _step(now, by=by, words=said, meeting=meeting)
    return _saved(now, by=by, deed="close action", before=before, after=after)


def _responded(
    *, by: User, action: CommitteeAction, expected_version: int, response: str, evidence: str
) -> CommitteeAction:
    now = _open(action, expected_version)
    said = checked_words("response", response, required=True)
    values = {"response": said, "evidence": checked_words("evidence", evidence), "status": Status.ANSWERED}
    before, after = put(now, values)
    _step(now, by=by, words=said)
    return _saved(now, by=by, deed="respond to action", before=before, after=after)


def _open(action: CommitteeAction, expected_version: int) -> CommitteeAction:
    now = held_now(action, names=FIELDS, expected_version=expected_version)
    if now.status == Status.CLOSED:
        raise AlreadyDoneError(f"The committee closed this action at its meeting: {now.closed_at}.")
    return now


def _refuse_other_meeting(action: CommitteeAction, meeting: Meeting) -> None:
    """The committee's own meetings that were held, or those of the committee that set it up."""
    of_council(action.council_id, meeting)
    if meeting.committee_id not in (action.committee_id, action.committee.parent_id):
        raise NotHeldError(f"{action.committee} deals with its actions at its own meetings.")
    if meeting.state not in (Meeting.State.HELD, Meeting.State.MINUTED):
        raise NotHeldError(
            "A committee deals with an action at a meeting that has been held. Mark the meeting as held first."
        )
    if action.raised_at and action.raised_at.day and meeting.day and meeting.day < action.raised_at.day:
        raise NotHeldError("That meeting was before the one at which the action was raised.")


def _step(action: CommitteeAction, *, by: User, words: str, meeting: Meeting | None = None) -> None:
    ActionStep.objects.create(
        council=action.council,
        action=action,
        status=action.status,
        words=words,
        meeting=meeting,
        by=by,
        at=timezone.now(),
    )


def _saved(
    action: CommitteeAction, *, by: User, deed: str, before: dict[str, Any], after: dict[str, Any]
) -> CommitteeAction:
    action.version += 1
    action.save()
    noted(by=by, council=action.council, subject=action, before=before, after=after, action=deed)
    return action


def _checked(
    *,
    words: str,
    owners: Sequence[str],
    order: int,
    reference: str = "",
    type: str = CommitteeAction.Type.OTHER,  # noqa: A002 - the record's own name for it
    forum: str = "",
    due_on: date | None = None,
    is_due_next_meeting: bool = False,
    due_words: str = "",
) -> dict[str, Any]:
    named = [checked_name("owners", owner) for owner in owners]
    if not named:
        raise InvalidEntryError("owners", "name at least one role that owns the action.")
    if due_on and is_due_next_meeting:
        raise InvalidEntryError("due_on", "an action is due on a date or at the next meeting, not both.")
    return {
        "words": checked_words("words", words, required=True),
        "owners": named,
        "order": order,
        "reference": checked_name("reference", reference, required=False, limit=20),
        "type": one_of("type", type, list(CommitteeAction.Type.values)),
        "forum": checked_name("forum", forum, required=False),
        "due_on": due_on,
        "is_due_next_meeting": is_due_next_meeting,
        "due_words": checked_name("due_words", due_words, required=False, limit=120),
    }
