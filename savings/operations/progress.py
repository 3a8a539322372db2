"""What recovery actions have brought in by a period: identified is found, recouped is in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from django.db import transaction

from accounting.wording import format_money
from accounts.models import User
from savings.models import RecoveryAction, RecoveryProgress
from savings.operations.entries import checked_choice
from savings.operations.recovery_records import directorate_of
from services import audit
from services.models import DirectorateSubmission, MonitoringPeriod
from services.operations import repeats
from services.operations.authority import authorise, open_for_figures
from services.operations.entries import UNCHANGED, Entered, Unchanged, checked_money, checked_words
from services.operations.refusals import (
    InvalidEntryError,
    InvalidFigureError,
    Refused,
    StaleVersionError,
    SubmittedError,
    WrongCouncilError,
)
from services.operations.staleness import last_saved, theirs
from services.operations.submissions import HANDED_IN
from services.roles import Permission

_FIELDS = ("identified", "recouped", "status", "words")
_BLANK: dict[str, Any] = {
    "identified": None,
    "recouped": None,
    "status": RecoveryAction.Status.NOT_STATED.value,
    "words": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressEdit:
    """What is new for one action, pounds without a sign; `None` makes a figure unknown. `expected_version` 0 is none yet."""

    action_id: int
    expected_version: int
    identified: Entered = UNCHANGED
    recouped: Entered = UNCHANGED
    status: str | Unchanged = UNCHANGED
    words: str | Unchanged = UNCHANGED

    @property
    def entered(self) -> dict[str, Any]:
        """What the edit sets."""
        values = {one.name: getattr(self, one.name) for one in fields(self)[2:]}
        return {name: value for name, value in values.items() if value is not UNCHANGED}


@dataclass(frozen=True, slots=True)
class SavedProgress:
    """What a save came to: each action's version afterwards, and which changed."""

    versions: Mapping[int, int]
    changed: tuple[int, ...]


@transaction.atomic
def save_progress(
    *, by: User, period: MonitoringPeriod, edits: Sequence[ProgressEdit], retry_key: str = ""
) -> SavedProgress:
    """Save all edits or none; a carried-forward one is thereby confirmed. Recouped is part of what was identified, never more.

    The queries do not grow with the edits. Raises `PeriodClosedError`, `NotAllowedError`, `SubmittedError`, `StaleVersionError`,
    `InvalidFigureError`, `InvalidEntryError`, `WrongCouncilError`, `RequestKeyReusedError`.
    """
    now = open_for_figures(period)
    actions = _actions(now, edits)
    where = {directorate_of(action) for action in actions.values()}
    known = {directorate_id for directorate_id in where if directorate_id is not None}
    authorise(
        by=by,
        council=now.council,
        needs=Permission.ENTER_FORECASTS,
        directorate_ids=None if None in where or not where else known,
    )
    asked = {
        "period": now.pk,
        "edits": [[edit.action_id, edit.expected_version, edit.entered] for edit in edits],
    }
    rows = RecoveryProgress.objects.filter(period=now, action__in=list(actions))
    held = {row.action_id: row for row in rows}
    try:
        _refuse_wrong_actions(now, edits, actions)
        _refuse_handed_in(now, known)
        _refuse_stale(now, edits, actions, held)
        changes = [_change(edit, actions[edit.action_id], held.get(edit.action_id), now) for edit in edits]
    except Refused:
        earlier = repeats.first_outcome(by=by, key=retry_key, operation="save recovery progress", asked=asked)
        if earlier is None:
            raise
        return SavedProgress(dict(earlier["versions"]), tuple(earlier["changed"]))
    written = [change for change in changes if change.after]
    _write(by=by, period=now, changes=written)
    versions = {change.row.action_id: change.row.version for change in changes}
    changed = tuple(change.row.action_id for change in written)
    if changed:
        outcome = {"versions": list(versions.items()), "changed": changed}
        repeats.remember(
            by=by, key=retry_key, operation="save recovery progress", asked=asked, outcome=outcome
        )
    return SavedProgress(versions, changed)


@dataclass(frozen=True, slots=True)
class _Change:
    """One edit against what is held."""

    row: RecoveryProgress
    is_new: bool
    before: dict[str, Any]
    after: dict[str, Any]


def _actions(period: MonitoringPeriod, edits: Sequence[ProgressEdit]) -> dict[int, RecoveryAction]:
    rows = RecoveryAction.objects.filter(
        council=period.council, pk__in=[edit.action_id for edit in edits]
    ).select_related("plan", "service_line__division__directorate")
    return {row.pk: row for row in rows}


def _refuse_wrong_actions(
    period: MonitoringPeriod, edits: Sequence[ProgressEdit], actions: Mapping[int, RecoveryAction]
) -> None:
    seen: set[int] = set()
    for edit in edits:
        action = actions.get(edit.action_id)
        if action is None:
            raise WrongCouncilError(f"There is no recovery action {edit.action_id} at {period.council}.")
        if edit.action_id in seen:
            raise InvalidEntryError("action", f"{action} is there twice. Enter each action once.")
        seen.add(edit.action_id)
        if action.plan.year != period.year:
            raise InvalidEntryError(
                "action", f"{action} belongs to a plan of another year than {period.period.label}."
            )


def _refuse_handed_in(period: MonitoringPeriod, directorate_ids: set[int]) -> None:
    rows = DirectorateSubmission.objects.filter(
        period=period, directorate__in=directorate_ids, state__in=HANDED_IN
    )
    first = rows.select_related("directorate").order_by("directorate__name").first()
    if first is not None:
        raise SubmittedError(first.directorate.name, period.period)


def _refuse_stale(
    period: MonitoringPeriod,
    edits: Sequence[ProgressEdit],
    actions: Mapping[int, RecoveryAction],
    held: Mapping[int, RecoveryProgress],
) -> None:
    versions = {
        edit.action_id: held[edit.action_id].version if edit.action_id in held else 0 for edit in edits
    }
    late = [edit for edit in edits if edit.expected_version != versions[edit.action_id]]
    if not late:
        return
    ids = [held[edit.action_id].pk for edit in late if edit.action_id in held]
    saved = last_saved(council_id=period.council_id, kind="recoveryprogress", ids=ids)
    raise StaleVersionError(
        [
            theirs(
                subject=str(actions[edit.action_id]),
                record_id=edit.action_id,
                expected_version=edit.expected_version,
                version=versions[edit.action_id],
                values=_values(held.get(edit.action_id)),
                entry=saved.get(held[edit.action_id].pk) if edit.action_id in held else None,
            )
            for edit in late
        ]
    )


def _values(row: RecoveryProgress | None) -> dict[str, Any]:
    return _BLANK if row is None else {name: getattr(row, name) for name in _FIELDS}


def _change(
    edit: ProgressEdit, action: RecoveryAction, held: RecoveryProgress | None, period: MonitoringPeriod
) -> _Change:
    was = _values(held)
    values = was | {name: _checked(name, value, action) for name, value in edit.entered.items()}
    identified, recouped = values["identified"], values["recouped"]
    if recouped is not None and (identified is None or recouped > identified):
        found = format_money(identified, places=2, unknown="nothing")
        raise _refused(
            "recouped", f"is more than was identified ({found}): only what was found can come in.", action
        )
    after: dict[str, Any] = {name: value for name, value in values.items() if value != was[name]}
    before: dict[str, Any] = {name: was[name] for name in after}
    if held is not None and held.is_carried_forward:
        before["is_carried_forward"], after["is_carried_forward"] = True, False
    version = held.version if held else 0
    row = RecoveryProgress(
        pk=held.pk if held else None,
        council=period.council,
        period=period,
        action=action,
        version=version + 1 if after else version,
        **values,
    )
    return _Change(row, held is None, before, after)


def _checked(name: str, value: Any, action: RecoveryAction) -> Any:
    if name in ("identified", "recouped"):
        pounds = checked_money(name, value, line=str(action), line_id=action.pk)
        if pounds is not None and pounds < 0:
            raise _refused(name, "is pounds without a sign, nil or more.", action)
        return pounds
    if name == "status":
        return checked_choice(name, value, RecoveryAction.Status.values)
    return checked_words(name, value)


def _refused(field: str, words: str, action: RecoveryAction) -> InvalidFigureError:
    return InvalidFigureError(field, words, line=str(action), line_id=action.pk)


def _write(*, by: User, period: MonitoringPeriod, changes: Sequence[_Change]) -> None:
    if not changes:
        return
    RecoveryProgress.objects.bulk_create([change.row for change in changes if change.is_new])
    RecoveryProgress.objects.bulk_create(
        [change.row for change in changes if not change.is_new],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*_FIELDS, "is_carried_forward", "version"],
    )
    audit.record(
        by=by,
        council=period.council,
        changes=[
            audit.Change(
                action="update recovery action",
                subject=change.row,
                before=change.before,
                after=change.after | {"version": change.row.version},
                period=period,
            )
            for change in changes
        ],
    )
