"""Budgets: as the council set them, as returns print them, and the movements from outside. Virements are beside this."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounting.periods import FinancialYear
from accounts.models import User
from services import audit
from services.models import (
    ApprovalState,
    Council,
    FundingChange,
    MonitoringPeriod,
    OriginalBudget,
    ReportedBudget,
    ServiceLine,
)
from services.operations.authority import (
    LOCKED_STATES,
    authorise,
    fresh_line,
    not_reporting,
    open_for_figures,
    refuse_behind_closed_period,
    reports_in,
    same_council,
)
from services.operations.entries import checked_money, checked_name, checked_words, required_money
from services.operations.references import free_reference
from services.operations.refusals import (
    AlreadyDoneError,
    AlreadyReportedError,
    InvalidEntryError,
    LineNotReportingError,
    PeriodClosedError,
    SelfApprovalError,
)
from services.operations.virements import (
    approve_virement,
    post_virement,
    refuse_already_reported,
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


@transaction.atomic
def request_funding_change(
    *,
    by: User,
    line: ServiceLine,
    effective: MonitoringPeriod,
    type: str,  # noqa: A002 - the field's name
    amount: Decimal,
    reason: str,
    is_permanent: bool = False,
    reference: str = "",
) -> FundingChange:
    """Ask for budget from (+) or to (−) outside the council's lines: a grant, a pay award, a correction. It counts once approved."""
    period = open_for_figures(effective)
    line = fresh_line(line)
    same_council(period.council_id, line)
    authorise(
        by=by,
        council=period.council,
        needs=Permission.KEEP_BUDGETS,
        directorate_ids=[line.division.directorate_id],
    )
    if type not in FundingChange.Type.values:
        raise InvalidEntryError("type", f"“{type}” is not one of {', '.join(FundingChange.Type.values)}.")
    if not reports_in(line, period):
        raise LineNotReportingError(line.name, period.period)
    refuse_behind_closed_period(period)
    refuse_already_reported(period, [line])
    change = FundingChange.objects.create(
        council=period.council,
        service_line=line,
        reference=free_reference(
            FundingChange,
            council=period.council,
            prefix=f"F{period.year}",
            wanted=checked_name("reference", reference, required=False, limit=40),
        ),
        type=type,
        amount=required_money("amount", amount, nil=False),
        reason=checked_words("reason", reason, required=True),
        is_permanent=is_permanent,
        effective_period=period,
        requested_by=by,
    )
    _record(
        by=by,
        change=change,
        action="request funding change",
        after={"amount": change.amount, "line": line.name, "type": type},
    )
    return change


@transaction.atomic
def approve_funding_change(*, by: User, change: FundingChange) -> FundingChange:
    """Approve a funding change; it moves the budget from then on. Not by the person who asked for it."""
    now = _undecided(by=by, change=change)
    if now.requested_by_id == by.pk:
        raise SelfApprovalError(f"funding change {now.reference}")
    refuse_behind_closed_period(now.effective_period)
    refuse_already_reported(now.effective_period, [now.service_line])
    return _decide(by=by, change=now, state=ApprovalState.APPROVED, action="approve funding change")


@transaction.atomic
def reject_funding_change(*, by: User, change: FundingChange, note: str) -> FundingChange:
    """Reject a funding change, with a note that says why."""
    note = checked_words("note", note, required=True)
    now = _undecided(by=by, change=change)
    return _decide(by=by, change=now, state=ApprovalState.REJECTED, action="reject funding change", note=note)


def _undecided(*, by: User, change: FundingChange) -> FundingChange:
    now = (
        FundingChange.objects.select_for_update(of=("self",))
        .select_related("council", "service_line__division", "effective_period__council")
        .get(pk=change.pk)
    )
    authorise(
        by=by,
        council=now.council,
        needs=Permission.APPROVE_CHANGES,
        directorate_ids=[now.service_line.division.directorate_id],
    )
    if now.state != ApprovalState.REQUESTED:
        raise AlreadyDoneError(
            f"Funding change {now.reference} has already been {now.get_state_display().lower()}."
        )
    return now


def _decide(*, by: User, change: FundingChange, state: str, action: str, note: str = "") -> FundingChange:
    before = change.state
    change.state, change.decided_by, change.decided_at = state, by, timezone.now()
    change.save(update_fields=["state", "decided_by", "decided_at"])
    _record(
        by=by, change=change, action=action, before={"state": before}, after={"state": state}, reason=note
    )
    return change


def _record(
    *,
    by: User,
    change: FundingChange,
    action: str,
    after: Mapping[str, object],
    before: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    entry = audit.Change(
        action=action,
        subject=change,
        before=before,
        after=after,
        period=change.effective_period,
        reason=reason or change.reason,
    )
    audit.record(by=by, council=change.council, changes=[entry])
