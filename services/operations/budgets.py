"""Budgets: as the council set them, and as returns print them. Virements and funding changes are beside this."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounting.periods import FinancialYear
from accounts.models import User
from services import audit
from services.models import (
    Council,
    MonitoringPeriod,
    OriginalBudget,
    ReportedBudget,
    ServiceLine,
)
from services.operations.authority import (
    LOCKED_STATES,
    authorise,
    not_reporting,
    open_for_figures,
    same_council,
)
from services.operations.entries import checked_money, required_money
from services.operations.funding_changes import (
    approve_funding_change,
    reject_funding_change,
    request_funding_change,
)
from services.operations.refusals import (
    AlreadyDoneError,
    AlreadyReportedError,
    PeriodClosedError,
)
from services.operations.virements import (
    approve_virement,
    post_virement,
    reject_virement,
    request_virement,
)
from services.roles import Permission

__all__ = [
    "AlreadyReportedError",
    "ReturnedBudget",
    "approve_funding_change",
    "approve_virement",
    "post_virement",
    "reject_funding_change",
    "reject_virement",
    "request_funding_change",
    "request_virement",
    "set_original_budgets",
    "set_reported_budgets",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedBudget:
    """A line's budget as a return prints it: revised is always printed, the rest perhaps."""

    line: ServiceLine
    revised: Decimal
    original: Decimal | None = None
    virements: Decimal | None = None


def _directorates(lines: Iterable[ServiceLine]) -> set[int]:
    """The directorates of some lines. One query."""
    ids = {line.division_id for line in lines}
    return set(
        ServiceLine.objects.filter(division_id__in=ids)
        .values_list("division__directorate_id", flat=True)
        .distinct()
    )


@transaction.atomic
def set_original_budgets(
    *, by: User, council: Council, year: FinancialYear, amounts: Mapping[ServiceLine, Decimal]
) -> list[OriginalBudget]:
    """Set lines' budgets for a year, in signed pounds, as the council approved them; they never change after. Returns those that are new.

    An amount that is there already is left; another amount is refused (`AlreadyDoneError`): budgets move by virement and funding change.
    """
    same_council(council.pk, *amounts)
    authorise(by=by, council=council, needs=Permission.KEEP_BUDGETS, directorate_ids=_directorates(amounts))
    audit.hold(council.pk)
    held = {
        row.service_line_id: row.amount
        for row in OriginalBudget.objects.filter(council=council, year=year.first_year)
    }
    rows = []
    for line, amount in amounts.items():
        pounds = required_money("original_budget", amount)
        if line.pk not in held:
            rows.append(
                OriginalBudget(council=council, service_line=line, year=year.first_year, amount=pounds)
            )
        elif held[line.pk] != pounds:
            raise AlreadyDoneError(
                f"{line}: the original budget for {year} is set and never changes. Move the budget by a virement or a funding change."
            )
    _refuse_closed_year(council, year, [row.service_line for row in rows])
    OriginalBudget.objects.bulk_create(rows)
    changes = [
        audit.Change(action="set original budget", subject=row, after={"amount": row.amount}) for row in rows
    ]
    audit.record(by=by, council=council, changes=changes)
    return rows


def _refuse_closed_year(council: Council, year: FinancialYear, lines: Sequence[ServiceLine]) -> None:
    """Refuse to give a line a budget that a closed period of the year would then show."""
    closed = MonitoringPeriod.objects.filter(council=council, year=year.first_year, state__in=LOCKED_STATES)
    for period in closed.order_by("number") if lines else ():
        reporting = ServiceLine.objects.filter(council=council).exclude(not_reporting(period))
        if {line.pk for line in lines} & set(reporting.values_list("pk", flat=True)):
            raise PeriodClosedError(period.period, period.get_state_display())


@transaction.atomic
def set_reported_budgets(
    *, by: User, period: MonitoringPeriod, budgets: Sequence[ReturnedBudget]
) -> list[ReportedBudget]:
    """Keep the budgets that a return prints for a period, in signed pounds, for lines whose own budgets are not kept here.

    Returns those that are new or changed. The number of queries does not grow with the lines, but for the database's batches.
    """
    now = open_for_figures(period)
    same_council(now.council_id, *(budget.line for budget in budgets))
    authorise(
        by=by,
        council=now.council,
        needs=Permission.KEEP_BUDGETS,
        directorate_ids=_directorates(budget.line for budget in budgets),
    )
    held = {row.service_line_id: row for row in ReportedBudget.objects.filter(period=now)}
    rows, changes = [], []
    for budget in budgets:
        row = _reported(budget, now)
        before = held.get(budget.line.pk)
        row.pk = before.pk if before else None
        if before is None or _printed(before) != _printed(row):
            rows.append(row)
            was = _printed(before) if before else {}
            changes.append(
                audit.Change(
                    action="report budget", subject=budget.line, before=was, after=_printed(row), period=now
                )
            )
    ReportedBudget.objects.bulk_create([row for row in rows if row.pk is None])
    ReportedBudget.objects.bulk_create(
        [row for row in rows if row.service_line_id in held],
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["original", "virements", "revised"],
    )
    audit.record(by=by, council=now.council, changes=changes)
    return rows


def _reported(budget: ReturnedBudget, period: MonitoringPeriod) -> ReportedBudget:
    return ReportedBudget(
        council=period.council,
        service_line=budget.line,
        period=period,
        original=checked_money("original_budget", budget.original, line=budget.line.name),
        virements=checked_money("virements", budget.virements, line=budget.line.name),
        revised=required_money("revised_budget", budget.revised),
    )


def _printed(row: ReportedBudget) -> dict[str, Decimal | None]:
    return {"original": row.original, "virements": row.virements, "revised": row.revised}
