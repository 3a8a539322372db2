"""Recovery plans at one period: actions with what they have brought in, projections and the bridges between them, controls, reviews, cases.

Eleven queries, whatever the number of plans and actions.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q, QuerySet

from accounting.money import total_or_unknown
from accounting.periods import FinancialYear
from accounting.recovery import (
    BridgeStep,
    Progress,
    ProjectionStage,
    conversion_saving,
    total_progress,
)
from savings.entries import (
    ActionEntry,
    CaseEntry,
    ControlEntry,
    Mark,
    ProjectionEntry,
    RecoveryEntry,
    ReviewEntry,
)
from savings.models import (
    BusinessCase,
    ExternalReview,
    Projection,
    RecoveryAction,
    RecoveryPlan,
    RecoveryProgress,
    SavingsProposal,
    SpendingControl,
)
from savings.position.bridges import bridges_of
from savings.position.proposals import case_entry
from savings.position.reviews import control_entry, reviews_by_plan
from savings.position.sources import marks_by_subject
from services.models import Council, MonitoringPeriod


@dataclass(frozen=True, slots=True)
class _Parts:
    """What belongs to the plans of a period, by plan."""

    actions: Mapping[int, list[RecoveryAction]]
    progress: Mapping[int, RecoveryProgress]
    projections: Mapping[int, list[Projection]]
    controls: Mapping[int | None, list[ControlEntry]]
    reviews: Mapping[int | None, list[ReviewEntry]]
    cases: Mapping[int | None, list[CaseEntry]]
    marks: Mapping[str, tuple[Mark, ...]]


def recovery_of(
    council: Council, period: MonitoringPeriod, *, public_only: bool = False
) -> tuple[RecoveryEntry, ...]:
    """Every recovery plan of the period's year, as it stands at the period. Queries: see the module."""
    plans = list(
        RecoveryPlan.objects.filter(council=council, year=period.year)
        .select_related("directorate")
        .order_by("pk")
    )
    if not plans:
        return ()
    parts = _parts(council, period, plans, public_only=public_only)
    return tuple(_plan_entry(plan, parts) for plan in plans)


def _parts(
    council: Council, period: MonitoringPeriod, plans: Sequence[RecoveryPlan], *, public_only: bool
) -> _Parts:
    actions: dict[int, list[RecoveryAction]] = defaultdict(list)
    for row in RecoveryAction.objects.filter(plan__in=plans).select_related("service_line"):
        actions[row.plan_id].append(row)
    progress = RecoveryProgress.objects.filter(period=period, action__plan__in=plans)
    projections: dict[int, list[Projection]] = defaultdict(list)
    rows = _known_then(Projection.objects.filter(plan__in=plans), period).prefetch_related("steps")
    for projection in rows.order_by("pk"):
        projections[projection.plan_id].append(projection)
    controls: dict[int | None, list[ControlEntry]] = defaultdict(list)
    for control in SpendingControl.objects.filter(plan__in=plans):
        controls[control.plan_id].append(control_entry(control))
    marks = marks_by_subject(council, "plan", "action", "projection", "case")
    return _Parts(
        actions=actions,
        progress={row.action_id: row for row in progress},
        projections=projections,
        controls=controls,
        reviews=reviews_by_plan(ExternalReview.objects.filter(plan__in=plans)),
        cases=_cases(plans, marks, public_only=public_only),
        marks=marks,
    )


def _known_then(rows: QuerySet[Projection], period: MonitoringPeriod) -> QuerySet[Projection]:
    """A projection dated after the month belongs to the report of a later one; only where none has been opened, to this month's."""
    later = MonitoringPeriod.objects.filter(
        council_id=period.council_id, year=period.year, number__gt=period.number
    )
    return rows.filter(as_at__lte=period.period.end_date) if later.exists() else rows


def _cases(
    plans: Sequence[RecoveryPlan], marks: Mapping[str, tuple[Mark, ...]], *, public_only: bool
) -> dict[int | None, list[CaseEntry]]:
    """Business cases by plan; for publication without those of a proposal that is not public."""
    rows = BusinessCase.objects.filter(plan__in=plans)
    if public_only:
        opened = SavingsProposal.objects.in_the_open().values("pk")
        rows = rows.filter(Q(proposal__isnull=True) | Q(proposal__in=opened))
    found: dict[int | None, list[CaseEntry]] = defaultdict(list)
    for row in rows:
        found[row.plan_id].append(case_entry(row, marks.get(f"case:{row.pk}", ())))
    return found


def _plan_entry(plan: RecoveryPlan, parts: _Parts) -> RecoveryEntry:
    actions = parts.actions.get(plan.pk, [])
    counted = [
        _progress_of(action, parts.progress.get(action.pk)) for action in actions if _is_of_this_year(action)
    ]
    sum_of = total_progress(counted)
    printed = plan.total_as_printed
    gap = None if printed is None or sum_of.target is None else sum_of.target - printed
    projections = parts.projections.get(plan.pk, [])
    return RecoveryEntry(
        key=f"plan-{plan.pk}",
        name=plan.name,
        year=FinancialYear(plan.year),
        directorate=plan.directorate.name if plan.directorate else "",
        words=plan.words,
        actions=tuple(_action_entry(action, parts) for action in actions),
        target=sum_of.target,
        identified=sum_of.identified,
        recouped=sum_of.recouped,
        remaining=_remaining(counted),
        total_as_printed=printed,
        gap=gap,
        projections=tuple(_projection_entry(row, parts) for row in _in_order(projections)),
        bridges=bridges_of(projections, {row.pk: _steps(row) for row in projections}),
        controls=tuple(parts.controls.get(plan.pk, ())),
        reviews=tuple(parts.reviews.get(plan.pk, ())),
        business_cases=tuple(parts.cases.get(plan.pk, ())),
        sources=parts.marks.get(f"plan:{plan.pk}", ()),
    )


def _is_of_this_year(action: RecoveryAction) -> bool:
    """Whether its target is one of this year's, and so counts in the plan's totals."""
    return action.horizon == RecoveryAction.Horizon.IN_YEAR and not action.is_full_year_target


def _progress_of(action: RecoveryAction, row: RecoveryProgress | None) -> Progress:
    return Progress(
        target=action.target,
        identified=row.identified if row else None,
        recouped=row.recouped if row else None,
    )


def _remaining(counted: Iterable[Progress]) -> Decimal | None:
    """What has still to come in; unknown while it is of one action with a target, and where there is none."""
    with_target = [one.remaining for one in counted if one.target is not None]
    return total_or_unknown(with_target) if with_target else None


def _action_entry(action: RecoveryAction, parts: _Parts) -> ActionEntry:
    row = parts.progress.get(action.pk)
    progress = _progress_of(action, row)
    low, high = _conversion(action)
    said = row if row and row.status != RecoveryAction.Status.NOT_STATED else None
    return ActionEntry(
        reference=action.reference,
        title=action.title,
        type_label=action.get_type_display(),
        horizon=action.horizon,
        horizon_label=action.get_horizon_display(),
        status_label=said.get_status_display() if said else action.get_status_display(),
        owner_role=action.owner_role,
        due=action.due,
        service=action.service_line.name if action.service_line else "",
        target=progress.target,
        is_full_year_target=action.is_full_year_target,
        identified=progress.identified,
        recouped=progress.recouped,
        to_identify=progress.to_identify,
        remaining=progress.remaining,
        identified_percent=progress.identified_percent,
        per_head_low=action.per_head_low,
        per_head_high=action.per_head_high,
        heads=action.heads,
        conversion_low=low,
        conversion_high=high,
        words=action.words,
        progress_words=row.words if row else "",
        sources=parts.marks.get(f"action:{action.pk}", ()),
    )


def _conversion(action: RecoveryAction) -> tuple[Decimal | None, Decimal | None]:
    if action.heads is None or action.per_head_low is None or action.per_head_high is None:
        return None, None
    return conversion_saving(action.heads, action.per_head_low, action.per_head_high)


def _projection_entry(row: Projection, parts: _Parts) -> ProjectionEntry:
    stage = ProjectionStage(row.stage)
    return ProjectionEntry(
        scope=row.scope,
        stage=stage.value,
        stage_label=stage.label,
        as_at=row.as_at,
        as_at_words=row.as_at_words,
        amount=row.amount,
        amount_high=row.amount_high,
        is_at_most=row.is_at_most,
        words=row.words,
        sources=parts.marks.get(f"projection:{row.pk}", ()),
    )


def _in_order(projections: Iterable[Projection]) -> list[Projection]:
    """Scopes in the order in which they were first recorded; within one, gross before net, earlier before later."""
    first: dict[str, int] = {}
    stages = list(ProjectionStage)
    ordered = sorted(projections, key=lambda row: row.pk)
    for row in ordered:
        first.setdefault(row.scope, row.pk)
    return sorted(
        ordered, key=lambda row: (first[row.scope], stages.index(ProjectionStage(row.stage)), row.as_at)
    )


def _steps(row: Projection) -> tuple[BridgeStep, ...]:
    return tuple(BridgeStep(label=step.label, amount=step.amount) for step in row.steps.all())
