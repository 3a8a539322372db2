"""Recovery plans and their actions, and the projections that show what they have done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypedDict, Unpack

from django.db import transaction

from accounting.periods import FinancialYear
from accounting.recovery import ProjectionStage
from accounts.models import User
from savings.models import Projection, ProjectionStep, RecoveryAction, RecoveryPlan
from savings.operations.progress import ProgressEdit, SavedProgress, save_progress
from savings.operations.recovery_records import (
    CHECKS,
    Check,
    as_it_is,
    authorise_for,
    choice,
    count,
    day,
    fresh,
    keep_changed,
    keep_new,
    name,
    unsigned,
)
from services import audit
from services.models import Council, Directorate, ServiceLine
from services.operations.authority import same_council
from services.operations.entries import checked_money, checked_name, checked_words, required_money
from services.operations.refusals import AlreadyDoneError, InvalidEntryError

__all__ = [
    "ProgressEdit",
    "SavedProgress",
    "StepFields",
    "change_action",
    "change_plan",
    "record_action",
    "record_plan",
    "record_projection",
    "save_progress",
    "withdraw_projection",
]


class PlanFields(TypedDict, total=False):
    """What else may be said of a plan. `total_as_printed` is pounds, as a paper prints it, kept beside the sum of the actions."""

    directorate: Directorate | None
    words: str
    total_as_printed: Decimal | None


class ChangedPlan(PlanFields, total=False):
    """What may be changed of a plan; its year stays."""

    name: str


class ActionFields(TypedDict, total=False):
    """What else may be said of an action. Pounds without a sign; `None` where it is not stated."""

    reference: str
    type: str
    horizon: str
    target: Decimal | None
    is_full_year_target: bool
    status: str
    owner_role: str
    due: date | None
    service_line: ServiceLine | None
    per_head_low: Decimal | None
    per_head_high: Decimal | None
    heads: int | None
    words: str
    order: int


class ChangedAction(ActionFields, total=False):
    """What may be changed of an action; its plan stays."""

    title: str


_PLAN: Final[dict[str, Check]] = {
    "name": name(required=True),
    "directorate": as_it_is,
    "words": CHECKS["words"],
    "total_as_printed": checked_money,
}
_ACTION: Final[dict[str, Check]] = {
    "title": name(required=True, limit=300),
    "reference": name(limit=40),
    "type": choice(RecoveryAction.Type.values),
    "horizon": choice(RecoveryAction.Horizon.values),
    "target": unsigned,
    "is_full_year_target": as_it_is,
    "status": choice(RecoveryAction.Status.values),
    "owner_role": name(),
    "due": day,
    "service_line": as_it_is,
    "per_head_low": unsigned,
    "per_head_high": unsigned,
    "heads": count,
    "words": CHECKS["words"],
    "order": CHECKS["order"],
}
_PROJECTION: Final[dict[str, Check]] = {
    "scope": name(required=True),
    "stage": choice(list(ProjectionStage)),
    "as_at": day,
    "as_at_words": name(limit=60),
    "amount": lambda field, amount: required_money(field, amount),
    "amount_high": checked_money,
    "is_at_most": as_it_is,
    "words": CHECKS["words"],
}


@transaction.atomic
def record_plan(
    *,
    by: User,
    council: Council,
    name: str,
    year: FinancialYear,
    **fields: Unpack[PlanFields],
) -> RecoveryPlan:
    """Record a plan to bring a year's projected overspend down. Raises `InvalidEntryError` where the year has a plan of that name."""
    audit.hold(council.pk)
    plan = RecoveryPlan(council=council, year=year.first_year)
    if RecoveryPlan.objects.filter(council=council, year=year.first_year, name=name.strip()).exists():
        raise InvalidEntryError("name", f"there is already a plan “{name}” for {year}. Choose another name.")
    return keep_new(
        by=by, record=plan, checks=_PLAN, given={"name": name, **fields}, action="record recovery plan"
    )


@transaction.atomic
def change_plan(
    *, by: User, plan: RecoveryPlan, expected_version: int, **changed: Unpack[ChangedPlan]
) -> RecoveryPlan:
    """Change what is said of a plan. Raises `StaleVersionError` if somebody changed it since."""
    named = str(changed.get("name", "")).strip()
    twins = RecoveryPlan.objects.filter(council_id=plan.council_id, year=plan.year, name=named)
    if named and twins.exclude(pk=plan.pk).exists():
        raise InvalidEntryError(
            "name", f"there is already a plan “{named}” for this year. Choose another name."
        )
    return keep_changed(
        by=by,
        record=plan,
        expected_version=expected_version,
        checks=_PLAN,
        changed=dict(changed),
        action="change recovery plan",
    )


@transaction.atomic
def record_action(
    *, by: User, plan: RecoveryPlan, title: str, **fields: Unpack[ActionFields]
) -> RecoveryAction:
    """Record an action of a plan. What it brings in is said period by period: `save_progress`."""
    action = RecoveryAction(council=plan.council, plan=plan)
    return keep_new(
        by=by,
        record=action,
        checks=_ACTION,
        given={"title": title, **fields},
        action="record recovery action",
    )


@transaction.atomic
def change_action(
    *, by: User, action: RecoveryAction, expected_version: int, **changed: Unpack[ChangedAction]
) -> RecoveryAction:
    """Change what is said of an action. Raises `StaleVersionError` if somebody changed it since."""
    return keep_changed(
        by=by,
        record=action,
        expected_version=expected_version,
        checks=_ACTION,
        changed=dict(changed),
        action="change recovery action",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFields:
    """What moved a projection since the one before of the same scope and stage; a reduction is negative."""

    label: str
    amount: Decimal
    action: RecoveryAction | None = None


class ProjectionFields(TypedDict, total=False):
    """What else may be said of a projection: a range's upper end, and whether it is “no more than”."""

    as_at_words: str
    amount_high: Decimal | None
    is_at_most: bool
    words: str


@transaction.atomic
def record_projection(
    *,
    by: User,
    plan: RecoveryPlan,
    scope: str,
    stage: str,
    as_at: date,
    amount: Decimal,
    steps: Sequence[StepFields] = (),
    **fields: Unpack[ProjectionFields],
) -> Projection:
    """Record a projected overspend, positive, as it stood on a date. Raises `AlreadyDoneError` where there is one of that scope, stage and date.

    `steps` say what moved it since the projection before; what they leave unexplained is shown as that. What was projected on a date does not
    change; one that was written down wrongly is withdrawn, with a reason, and recorded again.
    """
    audit.hold(plan.council_id)
    twins = Projection.objects.filter(plan=plan, scope=scope.strip(), stage=stage, as_at=as_at)
    if twins.exists():
        raise AlreadyDoneError(
            f"{scope} has a projection of {as_at:%-d %B %Y} at this stage. Withdraw it first, with a reason, to record another."
        )
    given: dict[str, Any] = {"scope": scope, "stage": stage, "as_at": as_at, "amount": amount, **fields}
    projection = Projection(council=plan.council, plan=plan)
    kept = keep_new(by=by, record=projection, checks=_PROJECTION, given=given, action="record projection")
    _write_steps(by=by, projection=kept, steps=steps)
    return kept


def _write_steps(*, by: User, projection: Projection, steps: Sequence[StepFields]) -> None:
    if not steps:
        return
    same_council(projection.council_id, *(step.action for step in steps))
    rows = [
        ProjectionStep(
            council=projection.council,
            projection=projection,
            label=checked_name("label", step.label),
            amount=required_money("amount", step.amount, nil=False),
            action=step.action,
            order=place,
        )
        for place, step in enumerate(steps)
    ]
    ProjectionStep.objects.bulk_create(rows)
    said = [{"label": row.label, "amount": row.amount, "action": str(row.action or "")} for row in rows]
    change = audit.Change(action="explain projection", subject=projection, after={"steps": said})
    audit.record(by=by, council=projection.council, changes=[change])


@transaction.atomic
def withdraw_projection(*, by: User, projection: Projection, reason: str) -> None:
    """Take a projection off its plan, with a reason; the audit trail keeps what it said."""
    reason = checked_words("reason", reason, required=True)
    now = fresh(projection)
    authorise_for(by=by, record=now)
    before: dict[str, Any] = {field: getattr(now, field) for field in _PROJECTION}
    before["steps"] = [{"label": row.label, "amount": row.amount} for row in now.steps.all()]
    change = audit.Change(action="withdraw projection", subject=now, before=before, reason=reason)
    audit.record(by=by, council=now.council, changes=[change])
    now.delete()
