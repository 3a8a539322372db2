"""What operations on committees share: each field's check, the version compared, and the record of the change."""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, TypeVar

from django.db.models import Model

from accounts.models import User
from services import audit
from services.operations.authority import authorise, same_council
from services.operations.entries import checked_name, checked_words
from services.operations.refusals import InvalidEntryError, StaleVersionError, WrongCouncilError
from services.operations.staleness import last_saved, theirs
from services.roles import Permission

Check = Callable[[str, Any], Any]
Record = TypeVar("Record", bound=Model)
MOST = 10_000


def name(*, required: bool = False, limit: int = 200) -> Check:
    """One line of text."""
    return lambda field, value: checked_name(field, value, required=required, limit=limit)


def words(*, required: bool = False) -> Check:
    """Running text."""
    return lambda field, value: checked_words(field, value, required=required)


def choice(allowed: list[str]) -> Check:
    """One of these."""

    def check(field: str, value: Any) -> Any:
        if value not in allowed:
            raise InvalidEntryError(field, f"“{value}” is not one of {', '.join(allowed)}.")
        return value

    return check


def count(*, least: int = 0, most: int = MOST) -> Check:
    """A whole number between these."""

    def check(field: str, value: Any) -> Any:
        if not isinstance(value, int) or not least <= value <= most:
            raise InvalidEntryError(field, f"is a whole number from {least:,} to {most:,}.")
        return value

    return check


def day(field: str, value: date | None) -> date | None:
    """A date; `None` is not stated."""
    if value is not None and not isinstance(value, date):
        raise InvalidEntryError(field, "must be a date.")
    return value


def clock_time(field: str, value: time | None) -> time | None:
    """A time of day in London; `None` is not stated."""
    if value is not None and not isinstance(value, time):
        raise InvalidEntryError(field, "must be a time of day, for example 19:00.")
    return value


def as_it_is(_field: str, value: Any) -> Any:
    """A yes, a no, or another record of the council."""
    return value


def keep_new(
    *,
    by: User,
    record: Record,
    checks: Mapping[str, Check],
    given: Mapping[str, Any],
    action: str,
    needs: Permission = Permission.KEEP_MEETINGS,
) -> Record:
    """Check and save a new record of `record.council`, for somebody who may, and write down what it says."""
    council = record.council  # type: ignore[attr-defined]  # every record here belongs to a council
    audit.hold(council.pk)
    authorise(by=by, council=council, needs=needs)
    put(record, checks, given)
    record.save()
    write(by=by, record=record, action=action, after=values_of(record, checks))
    return record


def keep_changed(
    *,
    by: User,
    record: Record,
    expected_version: int,
    checks: Mapping[str, Check],
    changed: Mapping[str, Any],
    action: str,
    needs: Permission = Permission.KEEP_MEETINGS,
) -> Record:
    """Check and save what is new of a record; nothing is written where nothing is new. Raises `StaleVersionError` with theirs."""
    now = held(by=by, record=record, expected_version=expected_version, checks=checks, needs=needs)
    before = values_of(now, checks)
    put(now, checks, changed)
    return save_changes(by=by, record=now, checks=checks, before=before, action=action)


def save_changes(
    *,
    by: User,
    record: Record,
    checks: Mapping[str, Check],
    before: Mapping[str, Any],
    action: str,
    reason: str = "",
) -> Record:
    """Save a record with its next version and write down what differs from `before`; nothing where nothing does."""
    after = {field: value for field, value in values_of(record, checks).items() if value != before[field]}
    if not after:
        return record
    was = {field: before[field] for field in after}
    now: Any = record
    now.version += 1
    now.save()
    write(
        by=by,
        record=now,
        action=action,
        before=was,
        after=after | {"version": now.version},
        reason=reason,
    )
    return record


def held(
    *,
    by: User,
    record: Record,
    expected_version: int,
    checks: Mapping[str, Check],
    needs: Permission = Permission.KEEP_MEETINGS,
) -> Record:
    """The record as it is now, held, for somebody who may change it and saw its last version. Raises `StaleVersionError` with theirs."""
    now: Any = fresh(record)
    authorise(by=by, council=now.council, needs=needs)
    if now.version != expected_version:
        raise stale(now, expected_version=expected_version, values=values_of(now, checks))
    return now  # type: ignore[no-any-return]


def fresh(record: Record) -> Record:
    """The record as it is now, held until the transaction ends: the council's chain first, as every writer does."""
    audit.hold(record.council_id)  # type: ignore[attr-defined]
    kind = type(record)
    now = kind._default_manager.select_for_update(of=("self",)).filter(pk=record.pk).first()
    if now is None:
        raise WrongCouncilError(f"“{record}” is no longer there.")
    return now


def stale(record: Any, *, expected_version: int, values: Mapping[str, Any]) -> StaleVersionError:
    """The refusal that tells what is held now, and who saved it."""
    kind = record._meta.model_name
    saved = last_saved(council_id=record.council_id, kind=kind, ids=[record.pk])
    now = theirs(
        subject=str(record),
        record_id=record.pk,
        expected_version=expected_version,
        version=record.version,
        values={field: value.pk if isinstance(value, Model) else value for field, value in values.items()},
        entry=saved.get(record.pk),
    )
    return StaleVersionError([now])


def put(record: Any, checks: Mapping[str, Check], given: Mapping[str, Any]) -> None:
    """Check what is given and set it; records of another council are refused."""
    for field, value in given.items():
        if field not in checks:
            raise TypeError(f"{type(record).__name__} has no field “{field}” that may be set.")
        setattr(record, field, checks[field](field, value))
        if isinstance(value, Model):
            same_council(record.council_id, value)


def values_of(record: Any, checks: Mapping[str, Check]) -> dict[str, Any]:
    """What the record says in these fields."""
    return {field: getattr(record, field) for field in checks}


def write(
    *,
    by: User,
    record: Any,
    action: str,
    after: Mapping[str, Any],
    before: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Record a change in the audit trail, in the caller's transaction."""
    change = audit.Change(
        action=action, subject=record, before=_plain(before or {}), after=_plain(after), reason=reason
    )
    audit.record(by=by, council=record.council, changes=[change])


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        field: value.isoformat("minutes") if isinstance(value, time) else value
        for field, value in values.items()
    }
