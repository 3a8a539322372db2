"""Money planned, requested, approved and applied: the steps that uses of reserves and one-off funding share."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.utils import timezone

from accounts.models import User
from services import audit
from services.models import MonitoringPeriod, OneOffFunding, ReserveUse, UseState
from services.operations.authority import authorise, open_for_figures, refuse_own_work
from services.operations.refusals import (
    AlreadyDoneError,
    StaleVersionError,
)
from services.operations.staleness import last_saved, theirs
from services.roles import Permission

Money = TypeVar("Money", ReserveUse, OneOffFunding)
PROPOSING = ("plan", "request", "change")
"""First words of the audit actions of a person who stands behind a request."""


def fresh(*, by: User, money: Money, needs: Permission, seen: int | None = None) -> Money:
    """The use as it is now, held with its open period; refuses who may not, a closed period, and another version than was `seen`.

    Three queries.
    """
    open_for_figures(money.period)
    related = ["period__council", "council", "service_line__division__directorate"]
    if isinstance(money, ReserveUse):
        related.append("reserve")
    now = (
        type(money)._default_manager.select_for_update(of=("self",)).select_related(*related).get(pk=money.pk)
    )
    authorise(
        by=by,
        council=now.council,
        needs=needs,
        directorate_ids=[now.service_line.division.directorate_id],
    )
    if seen is not None:
        refuse_stale(now, seen)
    return now


def refuse_stale(money: ReserveUse | OneOffFunding, expected_version: int) -> None:
    """Refuse an edit of a version that is no longer held."""
    if money.version != expected_version:
        kind = money._meta.model_name or ""
        saved = last_saved(council_id=money.council_id, kind=kind, ids=[money.pk])
        held = theirs(
            subject=str(money),
            record_id=money.pk,
            expected_version=expected_version,
            version=money.version,
            values=_values(money),
            entry=saved.get(money.pk),
        )
        raise StaleVersionError([held])


def _values(money: ReserveUse | OneOffFunding) -> dict[str, Any]:
    """What a person compares with their own entries; a reserve by its number."""
    names = ["amount", "purpose", "included_in_budget", "included_in_forecast", "state"]
    if isinstance(money, ReserveUse):
        return {
            **{name: getattr(money, name) for name in (*names, "decision_reference")},
            "reserve": money.reserve_id,
        }
    return {name: getattr(money, name) for name in (*names, "is_recurrent", "ends_on")}


def refuse_unless(money: ReserveUse | OneOffFunding, *states: str) -> None:
    """Refuse a step that does not follow from where the money has got to."""
    if money.state not in states:
        raise AlreadyDoneError(
            f"{money} is {money.get_state_display().lower()}, so this cannot be done to it now."
        )


def refuse_self_approval(*, by: User, money: ReserveUse | OneOffFunding) -> None:
    """Refuse an approval by anybody who planned, requested or changed it, in this period or in one that it was carried forward from."""
    same: list[ReserveUse | OneOffFunding] = []
    one: ReserveUse | OneOffFunding | None = money
    while one is not None:
        same.append(one)
        one = one.carried_from
    refuse_own_work(by=by, subjects=same, actions=PROPOSING, what=str(money))


def move_on(
    *,
    by: User,
    money: Money,
    state: str,
    action: str,
    decided: bool,
    set_to: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Money:
    """Set the state, and who decided if it is a decision; record it."""
    before: dict[str, Any] = {"state": str(money.state)}
    after: dict[str, Any] = {"state": str(state)}
    money.state = state
    if decided:
        money.decided_by, money.decided_at = by, timezone.now()
        money.decided_for = audit.holders(by)
    for name, value in (set_to or {}).items():
        before[name], after[name] = getattr(money, name), value
        setattr(money, name, value)
    money.version += 1
    after["version"] = money.version
    money.save()
    record(by=by, money=money, action=action, before=before, after=after, period=money.period, reason=reason)
    return money


def record(
    *,
    by: User,
    money: ReserveUse | OneOffFunding,
    action: str,
    after: Mapping[str, Any],
    period: MonitoringPeriod,
    before: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Append one entry about the money."""
    change = audit.Change(
        action=action, subject=money, before=before, after=after, period=period, reason=reason
    )
    audit.record(by=by, council=money.council, changes=[change])


def unapproved(money: Money) -> Money:
    """Take an approval back, because what was approved is being changed."""
    if money.state in (UseState.APPROVED, UseState.APPLIED):
        money.state = UseState.REQUESTED
        money.decided_by, money.decided_at, money.decided_for = None, None, ""
        if isinstance(money, ReserveUse):
            money.decision_reference = ""
    return money
