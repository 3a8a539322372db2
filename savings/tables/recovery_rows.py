"""Rows of recovery plans: actions, projections, bridges, controls, findings and business cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounting.wording import format_money
from savings.entries import (
    ActionEntry,
    BridgeEntry,
    ControlEntry,
    FindingEntry,
    ProjectionEntry,
    RecoveryEntry,
    ReviewEntry,
)
from savings.tables.rows import StepRow, marks_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """One recovery action, or the plan's total."""

    name: str
    type_label: str
    horizon_label: str
    owner_role: str
    status_label: str
    service: str
    target: Decimal | None
    identified: Decimal | None
    recouped: Decimal | None
    to_identify: Decimal | None
    remaining: Decimal | None
    identified_percent: Decimal | None
    words: str
    due: date | None
    marks: Mapping[str, str]
    row_kind: str = "line"


def action_rows(plan: RecoveryEntry) -> tuple[ActionRow, ...]:
    """The plan's actions that have a £, then the total of those for this year; nothing where none has."""
    priced = [_action_row(action) for action in plan.actions if has_amount(action)]
    return (*priced, _total_row(plan)) if priced else ()


def step_actions(plan: RecoveryEntry) -> tuple[ActionRow, ...]:
    """The plan's actions without any £: next steps, and changes over the longer term."""
    return tuple(_action_row(action) for action in plan.actions if not has_amount(action))


def has_amount(action: ActionEntry) -> bool:
    """Whether there is a £ to follow."""
    return not action.target is action.identified is action.recouped is None


def _action_row(action: ActionEntry) -> ActionRow:
    return ActionRow(
        name=f"{action.reference} {action.title}".strip(),
        type_label=action.type_label,
        horizon_label=action.horizon_label,
        owner_role=action.owner_role,
        status_label=action.status_label,
        service=action.service,
        target=action.target,
        identified=action.identified,
        recouped=action.recouped,
        to_identify=action.to_identify,
        remaining=action.remaining,
        identified_percent=action.identified_percent,
        words=action_words(action),
        due=action.due,
        marks=marks_of(action.sources),
    )


def action_words(action: ActionEntry) -> str:
    """What is said of an action: its own words, this period's, what a full year means, what a post saves."""
    parts = [action.words, action.progress_words]
    if action.is_full_year_target:
        parts.append("The target is a full year’s, and is not counted in this year’s total.")
    parts.append(per_head_words(action))
    return " ".join(part for part in parts if part)


def per_head_words(action: ActionEntry) -> str:
    """“Each post made permanent saves £10,000 to £20,000 a year; 4 so far, £40,000 to £80,000.”"""
    if action.per_head_low is None:
        return ""
    words = f"Each post saves {_range(action.per_head_low, action.per_head_high)} a year"
    if action.heads is not None and action.conversion_low is not None:
        words += f"; {action.heads} so far, {_range(action.conversion_low, action.conversion_high)} a year"
    return f"{words}."


def _range(low: Decimal, high: Decimal | None) -> str:
    return (
        format_money(low) if high is None or high == low else f"{format_money(low)} to {format_money(high)}"
    )


def _total_row(plan: RecoveryEntry) -> ActionRow:
    return ActionRow(
        name=f"Total for {plan.year}",
        type_label="all",
        horizon_label="this year",
        owner_role="all",
        status_label="all",
        service="all",
        target=plan.target,
        identified=plan.identified,
        recouped=plan.recouped,
        to_identify=None,
        remaining=plan.remaining,
        identified_percent=None,
        words="total of the actions for this year",
        due=None,
        marks=marks_of(plan.sources),
        row_kind="total",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectionRow:
    """A projected overspend on a date."""

    name: str
    scope: str
    stage_label: str
    amount: Decimal
    amount_high: Decimal | None
    words: str
    marks: Mapping[str, str]


def projection_rows(projections: Iterable[ProjectionEntry]) -> tuple[ProjectionRow, ...]:
    """Projections in their order."""
    return tuple(
        ProjectionRow(
            name=one.as_at_words or f"{one.as_at:%-d %B %Y}",
            scope=one.scope,
            stage_label=one.stage_label,
            amount=one.amount,
            amount_high=one.amount_high,
            words=" ".join(
                part for part in ("No more than this." if one.is_at_most else "", one.words) if part
            ),
            marks=marks_of(one.sources),
        )
        for one in projections
    )


def bridge_rows(bridge: BridgeEntry) -> tuple[StepRow, ...]:
    """Where it starts, each step, what nothing explains, and where it ends."""
    rows = [StepRow(name=bridge.start_label, amount=bridge.start, row_kind="total")]
    rows += [StepRow(name=step.label, amount=step.amount) for step in bridge.steps]
    if bridge.unexplained:
        rows.append(StepRow(name=unexplained_words(bridge), amount=bridge.unexplained))
    return (*rows, StepRow(name=bridge.end_label, amount=bridge.end, row_kind="total"))


def unexplained_words(bridge: BridgeEntry) -> str:
    """What the part of a change is called that no step explains."""
    return "Not explained by these" if bridge.steps else "Change, not broken down"


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One finding, with the review it is of."""

    name: str
    reviewer: str
    entry: FindingEntry


def finding_rows(reviews: Iterable[ReviewEntry]) -> tuple[FindingRow, ...]:
    """Every finding of every review."""
    return tuple(
        FindingRow(
            name=f"{finding.reference} {finding.finding}".strip(), reviewer=review.reviewer, entry=finding
        )
        for review in reviews
        for finding in review.findings
    )


def controls_of(plans: Iterable[RecoveryEntry], others: Iterable[ControlEntry]) -> tuple[ControlEntry, ...]:
    """Every spending control: the plans’ own, then those of no plan."""
    return (*(control for plan in plans for control in plan.controls), *others)
