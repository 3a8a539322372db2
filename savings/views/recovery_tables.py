"""The tables of recovery plans on officers' pages and in their files."""

from collections.abc import Iterable, Sequence
from typing import Any

from presentation.tables import FigureTable
from savings import tables as of
from savings.entries import CaseEntry, ControlEntry, RecoveryEntry, ReviewEntry
from savings.views.files import TableSet, table

NOTE = "Working records. Not published."
PLAN_TABLES = ("actions", "steps", "projections", "controls", "findings", "cases")
"""The tables that every plan's page has a place for, beside its bridges."""


def plan_tables(plan: RecoveryEntry) -> TableSet:
    """Everything of one plan at one period."""
    rows: list[tuple[type[FigureTable], Sequence[Any], str, str]] = [
        (of.ActionsTable, of.action_rows(plan), "actions", "Actions with a £"),
        (of.ActionStepsTable, of.step_actions(plan), "steps", "Other steps"),
        (of.ProjectionsTable, of.projection_rows(plan.projections), "projections", "Projected overspends"),
    ]
    rows += [
        (of.BridgeTable, of.bridge_rows(bridge), f"bridge-{number}", bridge.title)
        for number, bridge in enumerate(plan.bridges, start=1)
    ]
    tables = [table(kind, found, key=key, caption=caption) for kind, found, key, caption in rows]
    beside = around_tables(plan.controls, plan.reviews, plan.business_cases)
    return TableSet(title=f"{plan.name}, {plan.year}", note=NOTE, tables=[*tables, *beside.tables])


def around_tables(
    controls: Iterable[ControlEntry], reviews: Sequence[ReviewEntry], cases: Iterable[CaseEntry]
) -> TableSet:
    """Controls, what reviews found, and business cases."""
    return TableSet(
        title="Spending controls, reviews and business cases",
        note=NOTE,
        tables=[
            table(of.ControlsTable, list(controls), key="controls", caption="Who may authorise spending"),
            table(of.FindingsTable, of.finding_rows(reviews), key="findings", caption="What reviews found"),
            table(of.CasesTable, list(cases), key="cases", caption="Business cases"),
        ],
    )
