"""What operations on recovery plans, reviews and business cases share: each field's check, the version compared, and the record of the change."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Model

from accounts.models import User
from savings.models import RecoveryAction
from savings.operations.entries import checked_choice, checked_place
from services import audit
from services.operations.authority import authorise, same_council
from services.operations.entries import checked_money, checked_name, checked_words
from services.operations.refusals import (
    InvalidEntryError,
    InvalidFigureError,
    StaleVersionError,
    WrongCouncilError,
)
from services.operations.staleness import last_saved, theirs
from services.roles import Permission

Check = Callable[[str, Any], Any]
Record = TypeVar("Record", bound=Model)
MOST = 1_000_000


def name(*, required: bool = False, limit: int = 200) -> Check:
    """One line of text."""
    return lambda field, value: checked_name(field, value, required=required, limit=limit)


def words(*, required: bool = False) -> Check:
    """Running text."""
    return lambda field, value: checked_words(field, value, required=required)


def choice(allowed: list[str]) -> Check:
    """One of these."""
    return lambda field, value: checked_choice(field, value, allowed)


def unsigned(field: str, amount: Decimal | None) -> Decimal | None:
    """Pounds without a sign, nil or more; `None` is unknown."""
    pounds = checked_money(field, amount)
    if pounds is not None and pounds < 0:
        raise InvalidFigureError(field, "is pounds without a sign, nil or more.")
    return pounds


def day(field: str, value: date | None) -> date | None:
    """A date; `None` is not stated."""
    if value is not None and not isinstance(value, date):
        raise InvalidEntryError(field, "must be a date.")
    return value


def count(field: str, value: int | None) -> int | None:
    """A whole number, nil or more; `None` is not stated."""
    if value is not None and (not isinstance(value, int) or not 0 <= value < MOST):
        raise InvalidEntryError(field, f"is a whole number, nil or more and below {MOST:,}.")
    return value


def as_it_is(_field: str, value: Any) -> Any:
    """A yes, a no, or another record of the council."""
    return value


CHECKS: dict[str, Check] = {
    "order": checked_place,
    "words": words(),
    "plan": as_it_is,
    "proposal": as_it_is,
    "directorate": as_it_is,
    "service_line": as_it_is,
}
"""The checks of fields that several kinds of record have."""


def directorate_of(record: Any) -> int | None:
    """Whose it is: the directorate of its line, or its own, or its plan's or proposal's; `None` is the whole council's."""
    line = getattr(record, "service_line", None)
    if line is not None:
        return int(line.division.directorate_id)
    if getattr(record, "directorate_id", None) is not None:
        return int(record.directorate_id)
    above = (
        getattr(record, "plan", None) or getattr(record, "proposal", None) or getattr(record, "review", None)
    )
    return None if above is None else directorate_of(above)


def authorise_for(*, by: User, record: Any, needs: Permission = Permission.KEEP_BUDGETS) -> None:
    """Refuse a person who may not do this for the record's directorate. One query."""
    where = directorate_of(record)
    authorise(by=by, council=record.council, needs=needs, directorate_ids=None if where is None else [where])


def keep_new(
    *, by: User, record: Record, checks: Mapping[str, Check], given: Mapping[str, Any], action: str
) -> Record:
    """Check and save a new record of `record.council`, for somebody who may, and write down what it says."""
    audit.hold(record.council_id)  # type: ignore[attr-defined]  # every record here belongs to a council
    _set(record, checks, given)
    authorise_for(by=by, record=record)
    refuse_disordered(record)
    record.save()
    _write(by=by, record=record, action=action, before={}, after=_values(record, checks))
    return record


def keep_changed(
    *,
    by: User,
    record: Record,
    expected_version: int,
    checks: Mapping[str, Check],
    changed: Mapping[str, Any],
    action: str,
) -> Record:
    """Check and save what is new of a record. Raises `StaleVersionError` with theirs where somebody changed it since `expected_version`."""
    now: Any = fresh(record)
    authorise_for(by=by, record=now)
    before = _values(now, checks)
    if now.version != expected_version:
        raise stale(now, expected_version=expected_version, values=before)
    _set(now, checks, changed)
    after = {field: value for field, value in _values(now, checks).items() if value != before[field]}
    if not after:
        return now  # type: ignore[no-any-return]
    authorise_for(by=by, record=now)  # it may have moved to another directorate
    refuse_disordered(now)
    now.version += 1
    now.save()
    was = {field: before[field] for field in after}
    _write(by=by, record=now, action=action, before=was, after=after | {"version": now.version})
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
    held = theirs(
        subject=str(record),
        record_id=record.pk,
        expected_version=expected_version,
        version=record.version,
        values=values,
        entry=saved.get(record.pk),
    )
    return StaleVersionError([held])


def refuse_disordered(record: Any) -> None:
    """Refuse an end before its beginning: days, and the two ends of a range."""
    for low, high in (
        ("from_date", "to_date"),
        ("per_head_low", "per_head_high"),
        ("amount", "amount_high"),
    ):
        first, last = getattr(record, low, None), getattr(record, high, None)
        if first is not None and last is not None and last < first:
            raise InvalidEntryError(high, f"comes before {low.replace('_', ' ')}. Put the two in order.")
    if isinstance(record, RecoveryAction) and (record.per_head_low is None) != (record.per_head_high is None):
        raise InvalidEntryError("per_head_high", "give both ends of the saving for each post, or neither.")


def _set(record: Any, checks: Mapping[str, Check], given: Mapping[str, Any]) -> None:
    for field, value in given.items():
        if field not in checks:
            raise TypeError(f"{type(record).__name__} has no field “{field}” that may be set.")
        setattr(record, field, checks[field](field, value))
    same_council(
        record.council_id,
        *(
            getattr(record, field, None)
            for field in ("plan", "proposal", "directorate", "service_line", "review")
        ),
    )


def _values(record: Any, checks: Mapping[str, Check]) -> dict[str, Any]:
    return {field: getattr(record, field) for field in checks}


def _write(
    *, by: User, record: Any, action: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    change = audit.Change(action=action, subject=record, before=before, after=after)
    audit.record(by=by, council=record.council, changes=[change])
