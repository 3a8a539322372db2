"""Records the recovery plans and strategies of a fixture, with their actions, projections, controls, reviews and business cases."""

from collections.abc import Mapping
from typing import Any

from accounting.periods import FinancialYear
from budgetwatch.demonstration.savings_proposals import Setting
from budgetwatch.demonstration.savings_tables import Table, figures_of, known, pounds, text
from savings.models import RecoveryAction, RecoveryPlan
from savings.operations.progress import ProgressEdit
from savings.operations.recovery import (
    record_action,
    record_plan,
    record_projection,
    save_progress,
)
from savings.operations.reviews import record_case, record_control, record_finding, record_review
from savings.operations.sources import SourceFields, note_sources
from savings.operations.strategies import set_strategy
from services.models import MonitoringPeriod

ACTION = (
    "reference",
    "type",
    "horizon",
    "is_full_year_target",
    "status",
    "owner_role",
    "due",
    "heads",
    "words",
)
PROJECTION = ("scope", "stage", "as_at", "as_at_words", "is_at_most", "words")
REVIEW = ("reviewer", "scope", "is_complete", "status_words")
CASE = ("title", "decided_by_role", "consultees", "state", "decided_on", "decision_reference", "words")
MONEY = ("target", "per_head_low", "per_head_high")
PROGRESS = ("identified", "recouped", "progress_words")


def strategy(row: Table, setting: Setting) -> None:
    """Record a strategy, with or without figures; it becomes the current one."""
    known(row, "at", "title", "first_year", "last_year", "words", "figures", "sources", where=row["title"])
    recorded = set_strategy(
        by=setting.officer,
        council=setting.council,
        title=row["title"],
        first_year=FinancialYear.parse(row["first_year"]),
        last_year=FinancialYear.parse(row["last_year"]),
        figures=figures_of(row.get("figures", ())),
        words=row.get("words", ""),
        is_public=True,
    )
    note_sources(by=setting.officer, council=setting.council, notes=_marks(row, f"strategy:{recorded.pk}"))


def plan(
    row: Table, *, period: MonitoringPeriod, setting: Setting
) -> tuple[RecoveryPlan, list[RecoveryAction]]:
    """Record a recovery plan with all that belongs to it and where its figures come from."""
    parts = ("actions", "projections", "controls", "reviews", "cases", "sources", "at")
    known(row, "name", "directorate", "words", "total_as_printed", *parts, where=row["name"])
    recorded = record_plan(
        by=setting.officer,
        council=setting.council,
        name=row["name"],
        year=period.period.year,
        directorate=setting.directorates[row["directorate"]] if "directorate" in row else None,
        **text(row, "words"),
        **pounds(row, "total_as_printed"),
    )
    marks = _marks(row, f"plan:{recorded.pk}")
    actions = [_action(one, recorded, place, setting) for place, one in enumerate(row.get("actions", ()))]
    for action, one in zip(actions, row.get("actions", ()), strict=True):
        marks += _marks(one, f"action:{action.pk}")
    _progress(
        [(action, one) for action, one in zip(actions, row.get("actions", ()), strict=True)], period, setting
    )
    for one in row.get("projections", ()):
        known(one, *PROJECTION, "amount", "amount_high", "sources", where="projection")
        projection = record_projection(
            by=setting.officer,
            plan=recorded,
            **text(one, *PROJECTION),
            **pounds(one, "amount", "amount_high"),
        )
        marks += _marks(one, f"projection:{projection.pk}")
    _controls_and_reviews(row, recorded, setting)
    note_sources(by=setting.officer, council=setting.council, notes=marks)
    return recorded, actions


def _action(row: Table, recorded: RecoveryPlan, place: int, setting: Setting) -> RecoveryAction:
    known(row, *ACTION, *MONEY, *PROGRESS, "title", "service_line", "progress", "sources", where=row["title"])
    line = row.get("service_line")
    return record_action(
        by=setting.officer,
        plan=recorded,
        title=row["title"],
        order=place,
        service_line=setting.lines[line] if line else None,
        **text(row, *ACTION),
        **pounds(row, *MONEY),
    )


def _progress(rows: list[tuple[RecoveryAction, Table]], period: MonitoringPeriod, setting: Setting) -> None:
    """What a paper says has been identified or has come in."""
    edits = [
        ProgressEdit(
            action_id=action.pk,
            expected_version=0,
            words=row.get("progress_words", ""),
            status=row.get("status", RecoveryAction.Status.NOT_STATED.value),
            **pounds(row, "identified", "recouped"),
        )
        for action, row in rows
        if "identified" in row
    ]
    if edits:
        save_progress(by=setting.officer, period=period, edits=edits)


def _controls_and_reviews(row: Table, recorded: RecoveryPlan, setting: Setting) -> None:
    council, by = setting.council, setting.officer
    for place, one in enumerate(row.get("controls", ())):
        record_control(by=by, council=council, plan=recorded, order=place, **one)
    for place, one in enumerate(row.get("reviews", ())):
        known(one, *REVIEW, "findings", where=one["reviewer"])
        review = record_review(by=by, council=council, plan=recorded, order=place, **text(one, *REVIEW))
        for order, (reference, finding, response, status) in enumerate(one.get("findings", ())):
            record_finding(
                by=by,
                review=review,
                reference=reference,
                finding=finding,
                response=response,
                status=status,
                order=order,
            )
    costs = ("cost_now", "cost_after", "one_off_cost")
    for place, one in enumerate(row.get("cases", ())):
        known(one, *CASE, *costs, where=one["title"])
        given: Mapping[str, Any] = {**text(one, *CASE), **pounds(one, *costs)}
        record_case(by=by, council=council, plan=recorded, order=place, **given)


def _marks(row: Table, subject: str) -> list[SourceFields]:
    return [
        SourceFields(subject=subject, figure=figure, basis=basis, citation=citation)
        for figure, (basis, citation) in row.get("sources", {}).items()
    ]
