"""Recommendations: what a committee resolved, by kind; the executive's response within two months of receipt; what came of it."""

from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from scrutiny.committees.operations.held import fields_of, held_now, noted, of_council, one_of, put
from scrutiny.models import AgendaItem, Committee, Meeting, Recommendation
from services.operations.authority import authorise
from services.operations.entries import checked_name, checked_words
from services.operations.refusals import AlreadyDoneError, InvalidEntryError, Refused
from services.roles import Permission

Kind, Response, Implementation = Recommendation.Kind, Recommendation.Response, Recommendation.Implementation
TERMS = ("number", "kind", "words", "addressee", "timescale", "order")
FIELDS = (
    *TERMS, "sent_on", "received_on", "response", "response_words", "responded_on", "implementation",
    "implementation_words",
)  # fmt: skip
ASKS = frozenset({Kind.RECOMMEND, Kind.REQUEST, Kind.REFER})
"""The kinds that ask something of somebody; to note or to welcome asks for no response."""
KEEP = Permission.KEEP_MEETINGS


class NothingAskedError(Refused):
    """A committee that notes or welcomes asks for no response."""


@transaction.atomic
def make_recommendation(
    *,
    by: User,
    committee: Committee,
    number: str,
    kind: str,
    words: str,
    meeting: Meeting | None = None,
    item: AgendaItem | None = None,
    **terms: Any,
) -> Recommendation:
    """Record one outcome that a committee agreed. `terms`: `addressee`, `timescale`, `order`."""
    authorise(by=by, council=committee.council, needs=KEEP)
    of_council(committee.council_id, meeting, item)
    values = _checked(
        number=number, kind=kind, words=words, **{"order": committee.recommendations.count(), **terms}
    )
    is_asking = values["kind"] in ASKS
    made = Recommendation(
        council=committee.council,
        committee=committee,
        meeting=meeting,
        item=item,
        response=Response.NONE if is_asking else Response.NOT_NEEDED,
        implementation=Implementation.NOT_STARTED if is_asking else Implementation.NOT_APPLICABLE,
        **values,
    )
    made.save()
    noted(by=by, council=made.council, action="recommend", subject=made, after=fields_of(made, TERMS))
    return made


@transaction.atomic
def change_recommendation(
    *, by: User, recommendation: Recommendation, expected_version: int, **given: Any
) -> Recommendation:
    """Correct how an outcome was recorded, before anybody has responded: any of what `make_recommendation` takes but the kind."""
    authorise(by=by, council=recommendation.council, needs=KEEP)
    now = held_now(recommendation, names=FIELDS, expected_version=expected_version)
    if now.responded_on:
        raise AlreadyDoneError("The executive has responded to it as it stands.")
    unknown = set(given) - (set(TERMS) - {"kind"})
    if unknown:
        raise TypeError(f"A recommendation’s {', '.join(sorted(unknown))} cannot be changed.")
    values = _checked(**{name: getattr(now, name) for name in TERMS} | given)
    return _saved(now, values, by=by, action="change recommendation")


@transaction.atomic
def note_receipt(
    *,
    by: User,
    recommendation: Recommendation,
    expected_version: int,
    received_on: date,
    sent_on: date | None = None,
) -> Recommendation:
    """Record when the executive received it: from then its two months run."""
    authorise(by=by, council=recommendation.council, needs=KEEP)
    now = _asked(recommendation, expected_version)
    if sent_on and sent_on > received_on:
        raise InvalidEntryError("received_on", "it cannot be received before it was sent.")
    values = {"received_on": received_on, "sent_on": sent_on or now.sent_on}
    return _saved(now, values, by=by, action="note receipt")


@transaction.atomic
def record_executive_response(
    *,
    by: User,
    recommendation: Recommendation,
    expected_version: int,
    response: str,
    responded_on: date,
    words: str = "",
) -> Recommendation:
    """Record the executive's response: accepted, or in part or not at all with its reasons."""
    authorise(by=by, council=recommendation.council, needs=KEEP)
    now = _asked(recommendation, expected_version)
    allowed = [Response.ACCEPTED, Response.PART, Response.REJECTED]
    one_of("response", response, [str(choice.value) for choice in allowed])
    said = checked_words("words", words, required=response != Response.ACCEPTED)
    if now.received_on and responded_on < now.received_on:
        raise InvalidEntryError("responded_on", "is before the executive received the recommendation.")
    values: dict[str, Any] = {"response": response, "response_words": said, "responded_on": responded_on}
    if response == Response.REJECTED:
        values["implementation"] = Implementation.NOT_APPLICABLE
    return _saved(now, values, by=by, action="record executive response")


@transaction.atomic
def report_implementation(
    *, by: User, recommendation: Recommendation, expected_version: int, implementation: str, words: str
) -> Recommendation:
    """Record how far what was accepted has been done, with the evidence in words."""
    authorise(by=by, council=recommendation.council, needs=KEEP)
    now = _asked(recommendation, expected_version)
    if now.response not in (Response.ACCEPTED, Response.PART):
        raise NothingAskedError("The executive has not accepted it, so there is nothing to follow.")
    chosen = one_of("implementation", implementation, list(Implementation.values))
    values = {"implementation": chosen, "implementation_words": checked_words("words", words, required=True)}
    return _saved(now, values, by=by, action="report implementation")


def _asked(recommendation: Recommendation, expected_version: int) -> Recommendation:
    now = held_now(recommendation, names=FIELDS, expected_version=expected_version)
    if now.kind not in ASKS:
        raise NothingAskedError(
            f"The committee {now.get_kind_display().lower()} this: it asks for no response."
        )
    return now


def _saved(
    recommendation: Recommendation, values: dict[str, Any], *, by: User, action: str
) -> Recommendation:
    before, after = put(recommendation, values)
    if not after:
        return recommendation
    recommendation.version += 1
    recommendation.save()
    noted(
        by=by,
        council=recommendation.council,
        action=action,
        subject=recommendation,
        before=before,
        after=after,
    )
    return recommendation


def _checked(
    *, number: str, kind: str, words: str, order: int, addressee: str = "", timescale: str = ""
) -> dict[str, Any]:
    return {
        "number": checked_name("number", number, limit=12),
        "kind": one_of("kind", kind, list(Kind.values)),
        "words": checked_words("words", words, required=True),
        "addressee": checked_name("addressee", addressee, required=False),
        "timescale": checked_name("timescale", timescale, required=False),
        "order": order,
    }
