"""That a person read the warning about words that may tell who a child is, and accepts them."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Model

from accounts.models import User
from services import audit
from services.models import Council, MonitoringPeriod


def note_accepted_words(*, by: User, record: object, passages: Sequence[str]) -> None:
    """Record which passages of a record, just saved in the same transaction, its author has checked. Nothing where there are none."""
    if not passages:
        return
    if not isinstance(record, Model) or not isinstance(council := getattr(record, "council", None), Council):
        raise TypeError(f"Words can be accepted for a record of a council, not for {record!r}.")
    if not connection.in_atomic_block:
        raise RuntimeError("Words are accepted in the transaction that saves them.")
    period = getattr(record, "period", None) or getattr(record, "effective_period", None)
    change = audit.Change(
        action="accept words",
        subject=record,
        after={"words_accepted": list(passages)},
        period=period if isinstance(period, MonitoringPeriod) else None,
    )
    audit.record(by=by, council=council, changes=[change])
