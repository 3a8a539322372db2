"""Spending controls, reviews with their findings, and business cases: of recovery plans, and of none."""

from collections import defaultdict

from django.db.models import Q, QuerySet

from savings.entries import CaseEntry, ControlEntry, FindingEntry, ReviewEntry
from savings.models import BusinessCase, ExternalFinding, ExternalReview, SpendingControl
from savings.position.proposals import case_entry
from savings.position.sources import marks_by_subject
from services.models import Council, MonitoringPeriod


def controls_in_force(council: Council, period: MonitoringPeriod) -> tuple[ControlEntry, ...]:
    """The spending controls of no plan that are in force at some time in the period's year up to its end. One query."""
    first, last = period.period.year.start, period.period.end_date
    rows = SpendingControl.objects.filter(council=council, plan__isnull=True)
    in_force = rows.filter(Q(from_date__isnull=True) | Q(from_date__lte=last))
    in_force = in_force.filter(Q(to_date__isnull=True) | Q(to_date__gte=first))
    return tuple(control_entry(row) for row in in_force)


def reviews_of(council: Council) -> tuple[ReviewEntry, ...]:
    """The reviews that belong to no plan, with their findings. Two queries."""
    return tuple(
        reviews_by_plan(ExternalReview.objects.filter(council=council, plan__isnull=True)).get(None, ())
    )


def cases_of(council: Council) -> tuple[CaseEntry, ...]:
    """The business cases of neither a plan nor a proposal. Two queries."""
    rows = BusinessCase.objects.filter(council=council, plan__isnull=True, proposal__isnull=True)
    marks = marks_by_subject(council, "case")
    return tuple(case_entry(row, marks.get(f"case:{row.pk}", ())) for row in rows)


def reviews_by_plan(rows: QuerySet[ExternalReview]) -> dict[int | None, list[ReviewEntry]]:
    """Reviews by the key of their plan, each with its findings. Two queries."""
    found: dict[int | None, list[ReviewEntry]] = defaultdict(list)
    for row in rows.prefetch_related("findings"):
        found[row.plan_id].append(
            ReviewEntry(
                reviewer=row.reviewer,
                scope=row.scope,
                is_complete=row.is_complete,
                status_words=row.status_words,
                findings=tuple(_finding_entry(finding) for finding in row.findings.all()),
            )
        )
    return found


def _finding_entry(row: ExternalFinding) -> FindingEntry:
    return FindingEntry(
        reference=row.reference,
        finding=row.finding,
        response=row.response,
        status_label=row.get_status_display(),
        owner_role=row.owner_role,
        due=row.due,
    )


def control_entry(row: SpendingControl) -> ControlEntry:
    """A spending control as a value."""
    return ControlEntry(
        covers=row.covers,
        rule=row.rule,
        authorised_by=row.authorised_by,
        from_date=row.from_date,
        to_date=row.to_date,
    )
