"""A row of the grid that was not saved: what is shown of it again, and why."""

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


def unsaved(sent: RowSent, refusal: Exception) -> tuple[RowEntry, HTTPStatus]:
    """What the page shows of a row that was not saved, and its status."""
    status, version, wrong = HTTPStatus.UNPROCESSABLE_ENTITY, sent.version, frozenset(sent.problems)
    messages = ("Not saved; what you typed is still in the row.", *sent.problems.values())
    if isinstance(refusal, StaleVersionError):
        status, version = HTTPStatus.CONFLICT, refusal.theirs[0].version
        messages = _conflict_words(sent, refusal.theirs[0])
    elif isinstance(refusal, QuestionedError):
        wrong = frozenset(question.column for question in refusal.questions)
        messages = ("Not saved yet: please look again.", *(q.finding.words for q in refusal.questions))
    elif isinstance(refusal, Refused):
        if isinstance(refusal, PeriodClosedError | SubmittedError):
            status = HTTPStatus.CONFLICT
        wrong = frozenset({refusal.field} if isinstance(refusal, InvalidEntryError) else ())
        messages = ("Not saved; what you typed is still in the row.", str(refusal))
    entry = RowEntry(
        typed=sent.typed,
        wrong=wrong,
        messages=messages,
        asks_reason=isinstance(refusal, QuestionedError),
        reason=sent.reason,
        version=version,
    )
    return entry, status


def _conflict_words(sent: RowSent, theirs: Theirs) -> tuple[str, ...]:
    """Both figures, where they differ; saving again then keeps what is in the row."""
    at = f" at {localtime(when):%H:%M on %-d %B}" if (when := parse_datetime(theirs.saved_at or "")) else ""
    head = f"Not saved: {theirs.saved_by or 'somebody else'} saved this line{at}. Save again to keep what is in the row, or type their figure."
    differing = [
        f"{BY_KEY[name].heading}: yours {sent.typed[name] or BY_KEY[name].unknown}, theirs {_held(theirs, name)}."
        for name, amount in sent.amounts.items()
        if amount != theirs.values[name]
    ]
    return (head, *differing)


def _held(theirs: Theirs, name: str) -> str:
    amount = theirs.values[name]
    return exact(amount) if isinstance(amount, Decimal) else BY_KEY[name].unknown
