"""Recovery plans: which there are, and everything of one of them, with what may be changed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounting.periods import FinancialYear
from savings.entries import RecoveryEntry
from savings.models import BusinessCase, ExternalReview, RecoveryPlan, SpendingControl
from savings.position.recovery import recovery_of
from savings.position.reviews import cases_of, control_entry, reviews_of
from savings.views.desk import KEEP, SavingsDesk, arrive, plan_for
from savings.views.files import TableSet, csv_file, xlsx_file
from savings.views.recovery_tables import PLAN_TABLES, around_tables, plan_tables
from services.models import MonitoringPeriod
from services.position.trail import history_of

HERE = "recovery"


@require_safe
def recovery(request: HttpRequest, council: str) -> HttpResponse:
    """Every plan, and the controls, reviews and business cases that belong to none."""
    desk = arrive(request, council, here=HERE, is_whole=True)
    plans = RecoveryPlan.objects.filter(council=desk.council).select_related("directorate")
    context = {
        **desk.frame(),
        "plans": [
            {"plan": plan, "year": FinancialYear(plan.year)} for plan in plans.order_by("-year", "name")
        ],
        "files": _around(desk).by_key(f"{desk.address('recovery')}files/"),
        "controls": SpendingControl.objects.filter(council=desk.council, plan=None),
        "reviews": ExternalReview.objects.filter(council=desk.council, plan=None).prefetch_related(
            "findings"
        ),
        "cases": BusinessCase.objects.filter(council=desk.council, plan=None, proposal=None),
        "may_keep": desk.grant.allows_everywhere(KEEP),
    }
    return render(request, "savings/recovery.html", context)


def _around(desk: SavingsDesk) -> TableSet:
    """Controls, reviews and cases of no plan."""
    controls = SpendingControl.objects.filter(council=desk.council, plan=None)
    return around_tables(
        [control_entry(one) for one in controls], reviews_of(desk.council), cases_of(desk.council)
    )


@require_safe
def recovery_csv(request: HttpRequest, council: str, around_table: str) -> HttpResponse:
    """One table of what belongs to no plan as CSV."""
    return csv_file(_around(arrive(request, council, here=HERE, is_whole=True)), around_table)


@require_safe
def recovery_xlsx(request: HttpRequest, council: str) -> HttpResponse:
    """What belongs to no plan as a workbook."""
    desk = arrive(request, council, here=HERE, is_whole=True)
    return xlsx_file(_around(desk), by=desk.user)


@require_safe
def plan(request: HttpRequest, council: str, plan_id: int) -> HttpResponse:
    """Everything of one plan, at the newest period of its year."""
    desk = arrive(request, council, here=HERE, is_whole=True)
    found = plan_for(desk, plan_id)
    period = _period(desk, found)
    entry = _entry(desk, found, period)
    base = f"{desk.address('plan', found.pk)}files/"
    files = plan_tables(entry).by_key(base) if entry else {}
    bridges = [one for key, one in files.items() if key.startswith("bridge-")]
    may_keep = desk.may(KEEP, found.directorate_id)
    context: dict[str, Any] = {
        **desk.frame(),
        "plan": found,
        "year": FinancialYear(found.year),
        "period": period,
        "entry": entry,
        "files": {**dict.fromkeys(PLAN_TABLES), **files},
        "bridges": list(zip(bridges, entry.bridges if entry else (), strict=True)),
        "actions": found.actions.all(),
        "projections": found.projections.all(),
        "controls": found.controls.all(),
        "reviews": found.reviews.prefetch_related("findings"),
        "cases": found.business_cases.all(),
        "history": history_of(found, desk.council),
        "may_keep": may_keep,
    }
    return render(request, "savings/plan.html", context)


def _period(desk: SavingsDesk, found: RecoveryPlan) -> MonitoringPeriod | None:
    """The newest period of the plan's year; `None` where none has been opened."""
    rows = MonitoringPeriod.objects.filter(council=desk.council, year=found.year)
    return rows.order_by("-number").first()


def _entry(desk: SavingsDesk, found: RecoveryPlan, period: MonitoringPeriod | None) -> RecoveryEntry | None:
    if period is None:
        return None
    return next((one for one in recovery_of(desk.council, period) if one.key == f"plan-{found.pk}"), None)


def _plan_set(request: HttpRequest, council: str, plan_id: int) -> tuple[SavingsDesk, TableSet]:
    desk = arrive(request, council, here=HERE, is_whole=True)
    found = plan_for(desk, plan_id)
    entry = _entry(desk, found, _period(desk, found))
    if entry is None:
        raise Http404("No period of the plan’s year has been opened.")
    return desk, plan_tables(entry)


@require_safe
def plan_csv(request: HttpRequest, council: str, plan_id: int, plan_table: str) -> HttpResponse:
    """One table of a plan as CSV."""
    return csv_file(_plan_set(request, council, plan_id)[1], plan_table)


@require_safe
def plan_xlsx(request: HttpRequest, council: str, plan_id: int) -> HttpResponse:
    """A plan as a workbook."""
    desk, tables = _plan_set(request, council, plan_id)
    return xlsx_file(tables, by=desk.user)
