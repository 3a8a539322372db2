"""A committee's record as it is held now: found again inside the transaction, and compared with what the person saw."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Max, Model

from accounts.models import User
from scrutiny.models import AgendaItem
from services import audit
from services.models import Council
from services.operations.refusals import InvalidEntryError, StaleVersionError, WrongCouncilError
from services.operations.staleness import last_saved, theirs

Record = TypeVar("Record", bound=Model)
GONE = "It is not there any more, or belongs to another council."


def held_now(record: Record, *, names: tuple[str, ...], expected_version: int | None = None) -> Record:
    """The record as it stands. Raises `StaleVersionError`, with what is held, if its version is not the one that was seen; `None` asks nothing."""
    council_id: int = getattr(record, "council_id", 0)
    audit.hold(council_id)  # of two who save at once the second waits, and then sees what the first saved
    now = type(record)._default_manager.filter(pk=record.pk).first()
    if now is None:
        raise WrongCouncilError(GONE)
    version: int = getattr(now, "version")  # noqa: B009 - every record of these kinds has one; models of them share no base
    if expected_version is None or version == expected_version:
        return now
    kind = now._meta.model_name or ""
    entry = last_saved(council_id=council_id, kind=kind, ids=[now.pk]).get(now.pk)
    held = theirs(
        subject=str(now),
        record_id=now.pk,
        expected_version=expected_version,
        version=version,
        values=fields_of(now, names),
        entry=entry,
    )
    raise StaleVersionError([held])


def fields_of(record: Model, names: tuple[str, ...]) -> dict[str, Any]:
    """The named fields, lists as text a line each, for the audit trail and for a comparison."""
    return {name: _plain(getattr(record, name)) for name in names}


def _plain(value: Any) -> Any:
    return "\n".join(str(item) for item in value) if isinstance(value, list) else value


def put(record: Model, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Set fields on a record, not yet saved; what they were and are, of those that changed."""
    names = tuple(values)
    before = fields_of(record, names)
    for name, value in values.items():
        setattr(record, name, value)
    after = fields_of(record, names)
    changed = {name for name in names if before[name] != after[name]}
    return {name: before[name] for name in changed}, {name: after[name] for name in changed}


def noted(
    *,
    by: User,
    council: Council,
    action: str,
    subject: Model,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Record one change of a committee's record in the council's trail."""
    change = audit.Change(action=action, subject=subject, before=before, after=after, reason=reason)
    audit.record(by=by, council=council, changes=[change])


def of_council(council_id: int, *records: Model | None) -> None:
    """Refuse (`WrongCouncilError`) a record of another council."""
    for record in records:
        if record is not None and getattr(record, "council_id", None) != council_id:
            raise WrongCouncilError(GONE)


def one_of(field: str, value: str, allowed: list[str]) -> str:
    """A choice that the list has, or `InvalidEntryError`."""
    if value not in allowed:
        raise InvalidEntryError(field, f"“{value}” is not one of {', '.join(allowed)}.")
    return value


def next_place(item: AgendaItem) -> int:
    """Where the next paragraph or question stands in an item's minutes: both share one order. Two queries."""
    last = (rows.aggregate(last=Max("order"))["last"] for rows in (item.minutes, item.questions))
    return max((number + 1 for number in last if number is not None), default=0)
