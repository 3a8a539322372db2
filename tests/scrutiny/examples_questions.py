"""Every operation on questions, answers, actions, recommendations and minutes with an example of it and who may do it."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from scrutiny.committees.operations import actions, answers, minutes, questions, recommendations
from services.roles import Role
from tests.scrutiny.meeting_records import make_committee, make_paragraph, the_clerk
from tests.scrutiny.question_records import (
    held_meeting,
    make_action,
    make_answer,
    make_asked,
    make_held_item,
    make_question,
    make_recommendation,
    pin_of,
    publish_figures,
)
from tests.services.catalogue import FINANCE, Example

CLERKS = frozenset({Role.CLERK})
ASKERS = CLERKS | {Role.SCRUTINY_MEMBER}
SHARED = frozenset({"noted"})


def _ask(w: SimpleNamespace) -> dict[str, Any]:
    publication = publish_figures(w)
    return {
        "publication": publication,
        "pin": pin_of(publication, "Corporate parenting"),
        "words": "Is it one-off?",
        "parts": ["Will it recur?"],
    }


def _question(w: SimpleNamespace) -> Any:
    return make_question(make_held_item(w.council))


def _answer(w: SimpleNamespace) -> Any:
    return make_answer(_question(w), "Prices have risen.")


def _action(w: SimpleNamespace) -> Any:
    return make_action(make_committee(w.council))


def _raised(w: SimpleNamespace) -> dict[str, Any]:
    meeting = held_meeting(w.council)
    action = make_action(meeting.committee, raised_at=meeting)
    return {"action": action, "meeting": meeting, "expected_version": 1}


def _recommendation(w: SimpleNamespace) -> dict[str, Any]:
    return {"recommendation": make_recommendation(make_committee(w.council)), "expected_version": 1}


def _accepted(w: SimpleNamespace) -> dict[str, Any]:
    made = recommendations.record_executive_response(
        by=the_clerk(w.council),
        **_recommendation(w),
        response="accepted",
        responded_on=date(2024, 1, 8),
    )
    return {"recommendation": made, "expected_version": 2}


def _seen(w: SimpleNamespace) -> dict[str, Any]:
    paragraph = make_paragraph(make_held_item(w.council))
    return {"paragraph": paragraph, "seen": {"words": paragraph.words}}


EXAMPLES = (
    Example(questions.ask, ASKERS, _ask),
    Example(
        questions.record_question,
        CLERKS,
        lambda w: {
            "item": make_held_item(w.council),
            "number": "5.3",
            "words": "Is inflation receding?",
            "asked_by": "the Chair",
        },
    ),
    Example(
        questions.change_question,
        CLERKS,
        lambda w: {"question": _question(w), "expected_version": 1, "topic": "Inflation"},
    ),
    Example(
        questions.put_to_meeting,
        CLERKS,
        lambda w: {
            "question": make_asked(w.council, w.head),
            "item": make_held_item(w.council),
            "expected_version": 1,
        },
    ),
    Example(
        questions.withdraw_question,
        CLERKS,
        lambda w: {"question": make_asked(w.council, w.head), "expected_version": 1, "reason": "Asked twice"},
    ),
    Example(
        answers.answer,
        FINANCE,
        lambda w: {
            "question": make_asked(w.council, w.head),
            "expected_version": 1,
            "by_role": "Head of Finance",
            "points": ["It recurs.", "Prices rose."],
            "given_on": date(2023, 12, 1),
        },
    ),
    Example(
        answers.record_answer,
        CLERKS,
        lambda w: {"question": _question(w), "by_role": "Head of Finance", "code": "HoF", "points": ["Yes."]},
    ),
    Example(
        answers.change_answer,
        CLERKS,
        lambda w: {"answer": _answer(w), "expected_version": 1, "will_write": True},
    ),
    Example(
        actions.raise_action,
        CLERKS,
        lambda w: {
            "committee": make_committee(w.council),
            "words": "Bring the list.",
            "owners": ["Head of Finance", "Director of Education"],
            "is_due_next_meeting": True,
        },
    ),
    Example(
        actions.change_action,
        CLERKS,
        lambda w: {"action": _action(w), "expected_version": 1, "due_on": date(2024, 3, 1)},
    ),
    Example(
        actions.respond_to_action,
        FINANCE,
        lambda w: {"action": _action(w), "expected_version": 1, "response": "Here it is."},
    ),
    Example(
        actions.record_response,
        CLERKS,
        lambda w: {"action": _action(w), "expected_version": 1, "response": "A letter of 1 March."},
    ),
    Example(
        actions.report_progress,
        FINANCE,
        lambda w: {"action": _action(w), "expected_version": 1, "words": "Half is gathered."},
    ),
    Example(actions.keep_open, CLERKS, lambda w: _raised(w) | {"words": "Members want the costs too."}),
    Example(actions.close_action, CLERKS, _raised),
    Example(
        recommendations.make_recommendation,
        CLERKS,
        lambda w: {
            "committee": make_committee(w.council),
            "number": "1",
            "kind": "welcome",
            "words": "The panel welcomes it.",
        },
    ),
    Example(recommendations.change_recommendation, CLERKS, lambda w: _recommendation(w) | {"number": "1a"}),
    Example(
        recommendations.note_receipt,
        CLERKS,
        lambda w: _recommendation(w) | {"received_on": date(2023, 12, 31)},
    ),
    Example(
        recommendations.record_executive_response,
        CLERKS,
        lambda w: (
            _recommendation(w)
            | {"response": "part", "words": "Yearly is enough.", "responded_on": date(2024, 1, 8)}
        ),
    ),
    Example(
        recommendations.report_implementation,
        CLERKS,
        lambda w: _accepted(w) | {"implementation": "done", "words": "Published in March."},
    ),
    Example(
        minutes.record_paragraph,
        CLERKS,
        lambda w: {
            "item": make_held_item(w.council),
            "number": "6.33",
            "words": "The Chair thanked officers.",
        },
    ),
    Example(
        minutes.change_paragraph, CLERKS, lambda w: _seen(w) | {"words": "The Chair welcomed everybody."}
    ),
    Example(minutes.remove_paragraph, CLERKS, lambda w: _seen(w) | {"reason": "Said elsewhere"}),
)
