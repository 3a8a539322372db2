"""The invented council's recovery plan: recorded in its month, then each month's progress, and the projection as the position shows it."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from accounting.funds import Fund
from accounting.periods import Period
from accounting.recovery import ProjectionStage
from budgetwatch.demonstration import savings_recovery
from budgetwatch.demonstration.invented_savings import setting_of
from budgetwatch.demonstration.loading import Thamesmere
from budgetwatch.demonstration.savings_tables import Table
from savings.models import RecoveryAction, RecoveryPlan, RecoveryProgress
from savings.operations.progress import ProgressEdit, save_progress
from savings.operations.recovery import StepFields, record_projection
from services.models import MonitoringPeriod
from services.position import CouncilPosition, Scope, council_position


def recovery(
    loaded: Thamesmere, opened: MonitoringPeriod, position: CouncilPosition, *, is_open_month: bool
) -> None:
    """The month's part of every plan that there is by then."""
    month = opened.period
    for row in loaded.savings.get("plans", ()):
        if row["at"] == month.slug:
            _begin(row, loaded, opened)
        began = Period.parse(row["at"])
        if began.year != month.year or month < began:
            continue
        plan = RecoveryPlan.objects.get(council=loaded.council, name=row["name"])
        steps = _progress(row, plan, loaded, opened, is_open_month=is_open_month)
        if not is_open_month:
            _project(plan, row["projects"], loaded, position, steps)


def _begin(row: Table, loaded: Thamesmere, opened: MonitoringPeriod) -> None:
    """Record the plan, and the projection from which it set out: that of the month before."""
    actions = [
        {name: _pounds(name, value) for name, value in one.items() if name != "progress"}
        for one in row["actions"]
    ]
    once = {name: value for name, value in row.items() if name != "projects"}
    plan, _ = savings_recovery.plan({**once, "actions": actions}, period=opened, setting=setting_of(loaded))
    before = MonitoringPeriod.objects.get(council=loaded.council, year=opened.year, number=opened.number - 1)
    before.council = loaded.council
    _project(plan, row["projects"], loaded, council_position(loaded.council, before), ())


def _pounds(name: str, value: Any) -> Any:
    return f"{Decimal(value) * 1000:.2f}" if name in savings_recovery.MONEY else value


def _progress(
    row: Table, plan: RecoveryPlan, loaded: Thamesmere, opened: MonitoringPeriod, *, is_open_month: bool
) -> list[StepFields]:
    """Enter what is new, confirm the rest; return what came in since the month before."""
    actions = {one.title: one for one in RecoveryAction.objects.filter(plan=plan)}
    held = {one.action_id: one for one in RecoveryProgress.objects.filter(period=opened)}
    edits, steps = [], []
    for one in row["actions"]:
        action = actions[one["title"]]
        carried = held.get(action.pk)
        new = next((said for at, *said in one.get("progress", ()) if at == opened.period.slug), None)
        if new is None and (carried is None or is_open_month):
            continue
        edit = _edit(action, new, carried)
        edits.append(edit)
        came_in = (edit.recouped if isinstance(edit.recouped, Decimal) else Decimal(0)) - (
            (carried.recouped if carried else None) or Decimal(0)
        )
        if new is not None and came_in:
            steps.append(StepFields(label=action.title, amount=-came_in, action=action))
    if edits:
        save_progress(by=loaded.officer, period=opened, edits=edits)
    return steps


def _edit(
    action: RecoveryAction, new: Sequence[Any] | None, carried: RecoveryProgress | None
) -> ProgressEdit:
    version = carried.version if carried else 0
    if new is None:
        return ProgressEdit(action_id=action.pk, expected_version=version)
    identified, recouped, status, words = new
    return ProgressEdit(
        action_id=action.pk,
        expected_version=version,
        identified=None if identified == "" else Decimal(identified) * 1000,
        recouped=None if recouped == "" else Decimal(recouped) * 1000,
        status=status,
        words=words,
    )


def _project(
    plan: RecoveryPlan,
    directorate: str,
    loaded: Thamesmere,
    position: CouncilPosition,
    steps: Sequence[StepFields],
) -> None:
    """The directorate's projected overspend at the month's end, before and after reserves, as its position has it."""
    found = position.total(Scope.DIRECTORATE, Fund.GENERAL_FUND, directorate)
    if found is None:
        return
    total = found.position
    by_stage = (
        (ProjectionStage.GROSS, total.variance_before_reserves, steps),
        (ProjectionStage.AFTER_RESERVES, total.variance_after_reserves, steps),
    )
    for stage, amount, moved in by_stage:
        if amount is None:
            continue
        record_projection(
            by=loaded.officer,
            plan=plan,
            scope=directorate,
            stage=stage.value,
            as_at=position.period.period.end_date,
            as_at_words=position.period.period.label,
            amount=amount,
            steps=moved,
        )
