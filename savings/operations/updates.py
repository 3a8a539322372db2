"""The month's updates of savings, entered one at a time or a whole grid at once: how the target divides, the forecast, the colour and why."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from django.db import transaction

from accounts.models import User
from savings.models import SavingsUpdate
from savings.operations.held_updates import FIELDS, Held, held_updates
from savings.operations.update_rules import checked_update
from services import audit
from services.models import MonitoringPeriod
from services.operations import repeats
from services.operations.authority import authorise, open_for_figures
from services.operations.entries import UNCHANGED, Entered, Unchanged
from services.operations.refusals import (
    InvalidEntryError,
    Refused,
    StaleVersionError,
    SubmittedError,
    WrongCouncilError,
)
from services.operations.staleness import last_saved, theirs
from services.operations.submissions import HANDED_IN, mark_in_progress
from services.roles import Permission

__all__ = ["UNCHANGED", "SavedUpdates", "UpdateEdit", "save_updates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateEdit:
    """What is new for one saving, pounds without a sign; `None` makes a figure unknown, which is not nil.

    `expected_version` is the update's version when the person looked; 0 where there was none yet. `target` may be given only where the
    phasing gives none for the year.
    """

    proposal_id: int
    expected_version: int
    target: Entered = UNCHANGED
    delivered: Entered = UNCHANGED
    on_track: Entered = UNCHANGED
    at_risk: Entered = UNCHANGED
    undeliverable: Entered = UNCHANGED
    forecast: Entered = UNCHANGED
    rag: str | Unchanged = UNCHANGED
    reason: str | Unchanged = UNCHANGED
    confidence: str | Unchanged = UNCHANGED
    expected_on: date | Unchanged | None = UNCHANGED
    service_effect: str | Unchanged = UNCHANGED

    @property
    def entered(self) -> dict[str, Any]:
        """What the edit sets."""
        values = {one.name: getattr(self, one.name) for one in fields(self)[2:]}
        return {name: value for name, value in values.items() if value is not UNCHANGED}


@dataclass(frozen=True, slots=True)
class SavedUpdates:
    """What a save came to: each saving's version afterwards, and which savings changed."""

    versions: Mapping[int, int]
    changed: tuple[int, ...]


@transaction.atomic
def save_updates(
    *, by: User, period: MonitoringPeriod, edits: Sequence[UpdateEdit], retry_key: str = ""
) -> SavedUpdates:
    """Save all edits or none. A saved carried-forward update is thereby confirmed; an edit that changes nothing has no effect.

    The target is the phasing's. The four parts sum to it or the save is refused (`PartsRefusedError`, with the difference). A colour other than
    green needs a reason, and so does every part, forecast or colour that differs from the last period's: words of its own, not last month's.
    The same `retry_key` with the same edits gives the first answer and changes nothing. The queries do not grow with the edits. Raises
    `PeriodClosedError`, `NotAllowedError`, `SubmittedError`, `StaleVersionError` (nothing saved), `InvalidFigureError`, `InvalidEntryError`,
    `WrongCouncilError`, `RequestKeyReusedError`.
    """
    now = open_for_figures(period)
    held = held_updates(now, [edit.proposal_id for edit in edits])
    _authorise(by=by, period=now, held=held.values())
    asked = {
        "period": now.pk,
        "edits": [[edit.proposal_id, edit.expected_version, edit.entered] for edit in edits],
    }
    try:
        _refuse_wrong_savings(now, edits, held)
        _refuse_stale(now, edits, held)
        changes = [_Change.of(edit, held[edit.proposal_id], now) for edit in edits]
    except Refused:
        earlier = repeats.first_outcome(by=by, key=retry_key, operation="save savings updates", asked=asked)
        if earlier is None:
            raise
        return SavedUpdates(dict(earlier["versions"]), tuple(earlier["changed"]))
    written = [change for change in changes if change.after]
    _write(by=by, period=now, changes=written)
    mark_in_progress(
        by=by,
        period=now,
        states={
            change.held.directorate_id: change.held.submission
            for change in written
            if change.held.directorate_id is not None
        },
    )
    versions = {change.edit.proposal_id: change.update.version for change in changes}
    changed = tuple(change.edit.proposal_id for change in written)
    if changed:
        outcome = {"versions": list(versions.items()), "changed": changed}
        repeats.remember(by=by, key=retry_key, operation="save savings updates", asked=asked, outcome=outcome)
    return SavedUpdates(versions, changed)


def _authorise(*, by: User, period: MonitoringPeriod, held: Iterable[Held]) -> None:
    """Whoever may enter the forecasts of the savings' directorates; a saving of no directorate is the whole council's."""
    directorates = {one.directorate_id for one in held}
    known = {directorate_id for directorate_id in directorates if directorate_id is not None}
    authorise(
        by=by,
        council=period.council,
        needs=Permission.ENTER_FORECASTS,
        directorate_ids=None if None in directorates or not directorates else known,
    )


def _refuse_wrong_savings(
    period: MonitoringPeriod, edits: Sequence[UpdateEdit], held: Mapping[int, Held]
) -> None:
    seen: set[int] = set()
    for edit in edits:
        if edit.proposal_id not in held:
            raise WrongCouncilError(f"There is no saving {edit.proposal_id} at {period.council}.")
        one = held[edit.proposal_id]
        if edit.proposal_id in seen:
            raise InvalidEntryError("saving", f"{one.name} is there twice. Enter each saving once.")
        seen.add(edit.proposal_id)
        if one.why_not:
            raise InvalidEntryError("saving", one.why_not)
        if one.submission in HANDED_IN:
            raise SubmittedError(one.directorate, period.period)


def _refuse_stale(period: MonitoringPeriod, edits: Sequence[UpdateEdit], held: Mapping[int, Held]) -> None:
    """Refuse every edit if one was made against a version that is no longer held."""
    stale = [edit for edit in edits if edit.expected_version != held[edit.proposal_id].version]
    if not stale:
        return
    ids = [held[edit.proposal_id].update_id for edit in stale]
    saved = last_saved(
        council_id=period.council_id, kind="savingsupdate", ids=[pk for pk in ids if pk is not None]
    )
    raise StaleVersionError(
        [
            theirs(
                subject=held[edit.proposal_id].name,
                record_id=edit.proposal_id,
                expected_version=edit.expected_version,
                version=held[edit.proposal_id].version,
                values=held[edit.proposal_id].values,
                entry=saved.get(held[edit.proposal_id].update_id or 0),
            )
            for edit in stale
        ]
    )


@dataclass(frozen=True, slots=True)
class _Change:
    """One edit against what is held."""

    edit: UpdateEdit
    held: Held
    update: SavingsUpdate
    before: dict[str, Any]
    after: dict[str, Any]

    @classmethod
    def of(cls, edit: UpdateEdit, held: Held, period: MonitoringPeriod) -> "_Change":
        """What the edit changes; nothing for an edit that says only what is held."""
        entered = edit.entered
        values = checked_update(entered, held, period)
        changed = {name: value for name, value in values.items() if value != held.values[name]}
        is_said = held.update_id is not None or any(name != "target" for name in changed)
        after = changed if is_said else {}
        before = {name: held.values[name] for name in after}
        if held.is_carried:
            before["is_carried_forward"], after["is_carried_forward"] = True, False
        update = SavingsUpdate(
            pk=held.update_id,
            council=period.council,
            period=period,
            proposal=held.proposal,
            version=held.version + 1 if after else held.version,
            **values,
        )
        return cls(edit, held, update, before, after)


def _write(*, by: User, period: MonitoringPeriod, changes: Sequence[_Change]) -> None:
    """Insert what is new, update what is held, and record each saving's change."""
    if not changes:
        return
    SavingsUpdate.objects.bulk_create([change.update for change in changes if change.update.pk is None])
    SavingsUpdate.objects.bulk_create(
        [change.update for change in changes if change.held.version],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*FIELDS, "is_carried_forward", "version"],
    )
    audit.record(
        by=by,
        council=period.council,
        changes=[
            audit.Change(
                action="update saving",
                subject=change.update,
                before=change.before,
                after=change.after | {"version": change.update.version},
                period=period,
            )
            for change in changes
        ],
    )
