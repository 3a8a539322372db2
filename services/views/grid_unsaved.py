"""A row of the grid that was not saved: what is shown of it again, and why."""

from collections.abc import Mapping
from decimal import Decimal
from http import HTTPStatus

from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from services.forms.grid_row import RowSent
from services.operations.refusals import (
    InvalidEntryError,
    PeriodClosedError,
    Refused,
    StaleVersionError,
    SubmittedError,
    Theirs,
)
from services.tables.grid import BY_KEY, RowEntry, exact
from services.views.grid_saving import QuestionedError


def unsaved(
    sent: RowSent, refusal: Exception, *, base: Mapping[str, Decimal | None] | None = None
) -> tuple[RowEntry, HTTPStatus]:
    """What the page shows of a row that was not saved, and its status.

    `base` is what the row held when it was served, where somebody else saved it since: then what this person left alone is shown as it is now.
    """
    typed = sent.typed
    status, version, wrong = HTTPStatus.UNPROCESSABLE_ENTITY, sent.version, frozenset(sent.problems)
    messages = ("Not saved; what you typed is still in the row.", *sent.problems.values())
    if isinstance(refusal, StaleVersionError):
        status, version = HTTPStatus.CONFLICT, refusal.theirs[0].version
        typed = _over_theirs(sent, refusal.theirs[0], base or {})
        messages = _conflict_words(sent, refusal.theirs[0], base or {})
    elif isinstance(refusal, QuestionedError):
        wrong = frozenset(question.column for question in refusal.questions)
        messages = ("Not saved yet: please look again.", *(q.finding.words for q in refusal.questions))
    elif isinstance(refusal, Refused):
        if isinstance(refusal, PeriodClosedError | SubmittedError):
            status = HTTPStatus.CONFLICT
        wrong = frozenset({refusal.field} if isinstance(refusal, InvalidEntryError) else ())
        messages = ("Not saved; what you typed is still in the row.", str(refusal))
    entry = RowEntry(
        typed=typed,
        wrong=wrong,
        messages=messages,
        asks_reason=isinstance(refusal, QuestionedError),
        reason=sent.reason,
        version=version,
    )
    return entry, status


def _over_theirs(sent: RowSent, theirs: Theirs, base: Mapping[str, Decimal | None]) -> dict[str, str]:
    """What was typed, and in the fields that were left as they were served the figures held now: a second try puts nothing back."""
    left = {name for name, amount in sent.amounts.items() if name in base and amount == base[name]}
    held = {name: _amount(theirs, name) for name in left}
    return {name: exact(held[name]) if name in held else text for name, text in sent.typed.items()}


def _conflict_words(sent: RowSent, theirs: Theirs, base: Mapping[str, Decimal | None]) -> tuple[str, ...]:
    """Yours, theirs and what both began from, where they differ; saving again then keeps what is in the row."""
    at = f" at {localtime(when):%H:%M on %-d %B}" if (when := parse_datetime(theirs.saved_at or "")) else ""
    head = f"Not saved: {theirs.saved_by or 'somebody else'} saved this line{at}. Save again to keep what is in the row, or type their figure."
    differing = [
        f"{BY_KEY[name].heading}: yours {sent.typed[name] or BY_KEY[name].unknown}, theirs {_words(_amount(theirs, name), name)}"
        + (f", before both {_words(base[name], name)}." if name in base else ".")
        for name, amount in sent.amounts.items()
        if amount != theirs.values[name] and not (name in base and amount == base[name])
    ]
    return (head, *differing)


def _amount(theirs: Theirs, name: str) -> Decimal | None:
    amount = theirs.values[name]
    return amount if isinstance(amount, Decimal) else None


def _words(amount: Decimal | None, name: str) -> str:
    return BY_KEY[name].unknown if amount is None else exact(amount)
