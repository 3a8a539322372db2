"""Recording and changing recovery plans, their actions, spending controls, reviews, findings and business cases."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from savings.forms.proposals import CaseForm
from savings.forms.recovery import (
    ActionForm,
    ChangedFindingForm,
    ChangedPlanForm,
    ControlForm,
    FindingForm,
    PlanForm,
    ReviewForm,
)
from savings.models import (
    BusinessCase,
    ExternalFinding,
    ExternalReview,
    RecoveryAction,
    RecoveryPlan,
    SpendingControl,
)
from savings.operations import recovery as plans
from savings.operations import reviews
from savings.views.desk import KEEP, SavingsDesk, arrive, plan_for
from savings.views.sheets import Held, Lists, Sheet, sheet_page
from services import access
from services.forms.compared import ComparedForm

HERE = "recovery"
Put = Callable[[dict[str, Any]], object]


def _desk(request: HttpRequest, council: str) -> SavingsDesk:
    return arrive(request, council, here=HERE, needs=KEEP, is_whole=True)


def _new(
    request: HttpRequest,
    desk: SavingsDesk,
    *,
    what: str,
    form: type[ComparedForm],
    put: Put,
    back: str,
    values: Mapping[str, Any] | None = None,
    options: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A page that records something new."""

    def record(given: dict[str, Any], _: Lists) -> object:
        given.pop("expected_version")
        return put(given)

    sheet = Sheet(
        title=f"Record {what}",
        button=f"Record {what}",
        refused="It is not recorded",
        said="It is recorded.",
        back=back,
        form=form,
        options=options or {},
        put=record,
        held=lambda: Held(values=values or {}),
    )
    return sheet_page(request, desk.frame(), sheet)


def _change(
    request: HttpRequest,
    desk: SavingsDesk,
    found: Model,
    *,
    form: type[ComparedForm],
    put: Put,
    back: str,
    keys: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A page that changes a record, by the fields of its form. `keys` are those that hold another record."""
    names = [
        name
        for name, field in form.base_fields.items()
        if not field.widget.is_hidden and hasattr(type(found), name)
    ]

    def held() -> Held:
        now: Any = type(found)._default_manager.get(pk=found.pk)
        values = {name: getattr(now, f"{name}_id" if name in keys else name) for name in names}
        return Held(version=now.version, values=values)

    sheet = Sheet(
        title=f"Change “{found}”",
        button="Save the change",
        refused="The change is not saved",
        said="The change is saved.",
        back=back,
        form=form,
        options=options or {},
        put=lambda given, _: put(given),
        held=held,
    )
    return sheet_page(request, desk.frame(), sheet)


def _home(desk: SavingsDesk, plan: RecoveryPlan | None) -> str:
    """The plan's page, or that of all."""
    return desk.address("plan", plan.pk) if plan else desk.address("recovery")


@require_http_methods(["GET", "HEAD", "POST"])
def new_plan(request: HttpRequest, council: str) -> HttpResponse:
    """Record a recovery plan."""
    desk = _desk(request, council)
    values = {"year": desk.newest.period.year} if desk.newest else {}
    return _new(
        request,
        desk,
        what="a recovery plan",
        form=PlanForm,
        options={"council": desk.council},
        values=values,
        put=lambda given: plans.record_plan(by=desk.user, council=desk.council, **given),
        back=desk.address("recovery"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_plan(request: HttpRequest, council: str, plan_id: int) -> HttpResponse:
    """Change what is said of a plan."""
    desk = _desk(request, council)
    found = plan_for(desk, plan_id)
    return _change(
        request,
        desk,
        found,
        form=ChangedPlanForm,
        keys=("directorate",),
        options={"council": desk.council},
        put=lambda given: plans.change_plan(by=desk.user, plan=found, **given),
        back=_home(desk, found),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_action(request: HttpRequest, council: str, plan_id: int) -> HttpResponse:
    """Record an action of a plan."""
    desk = _desk(request, council)
    found = plan_for(desk, plan_id)
    return _new(
        request,
        desk,
        what="an action",
        form=ActionForm,
        options={"council": desk.council},
        values={"status": RecoveryAction.Status.NOT_STATED.value},
        put=lambda given: plans.record_action(by=desk.user, plan=found, **given),
        back=_home(desk, found),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_action(request: HttpRequest, council: str, action_id: int) -> HttpResponse:
    """Change what is said of an action."""
    desk = _desk(request, council)
    found = access.record_for(desk.grant, RecoveryAction, action_id)
    return _change(
        request,
        desk,
        found,
        form=ActionForm,
        keys=("service_line",),
        options={"council": desk.council},
        put=lambda given: plans.change_action(by=desk.user, action=found, **given),
        back=_home(desk, found.plan),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_control(request: HttpRequest, council: str) -> HttpResponse:
    """Record a rule on spending."""
    desk = _desk(request, council)
    return _new(
        request,
        desk,
        what="a spending control",
        form=ControlForm,
        options={"council": desk.council},
        values={"plan": request.GET.get("plan", "")[:12]},
        put=lambda given: reviews.record_control(by=desk.user, council=desk.council, **given),
        back=desk.address("recovery"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_control(request: HttpRequest, council: str, control_id: int) -> HttpResponse:
    """Change a rule on spending, or give it its last day."""
    desk = _desk(request, council)
    found = access.record_for(desk.grant, SpendingControl, control_id)
    return _change(
        request,
        desk,
        found,
        form=ControlForm,
        keys=("plan",),
        options={"council": desk.council},
        put=lambda given: reviews.change_control(by=desk.user, control=found, **given),
        back=_home(desk, found.plan),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_review(request: HttpRequest, council: str) -> HttpResponse:
    """Record a review by somebody from outside."""
    desk = _desk(request, council)
    return _new(
        request,
        desk,
        what="a review",
        form=ReviewForm,
        options={"council": desk.council},
        values={"plan": request.GET.get("plan", "")[:12]},
        put=lambda given: reviews.record_review(by=desk.user, council=desk.council, **given),
        back=desk.address("recovery"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_review(request: HttpRequest, council: str, review_id: int) -> HttpResponse:
    """Change what is said of a review."""
    desk = _desk(request, council)
    found = access.record_for(desk.grant, ExternalReview, review_id)
    return _change(
        request,
        desk,
        found,
        form=ReviewForm,
        keys=("plan",),
        options={"council": desk.council},
        put=lambda given: reviews.change_review(by=desk.user, review=found, **given),
        back=_home(desk, found.plan),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_finding(request: HttpRequest, council: str, review_id: int) -> HttpResponse:
    """Record a finding of a review."""
    desk = _desk(request, council)
    found = access.record_for(desk.grant, ExternalReview, review_id)
    return _new(
        request,
        desk,
        what="a finding",
        form=FindingForm,
        values={"status": ExternalFinding.Status.OPEN.value},
        put=lambda given: reviews.record_finding(by=desk.user, review=found, **given),
        back=_home(desk, found.plan),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_finding(request: HttpRequest, council: str, finding_id: int) -> HttpResponse:
    """Respond to a finding, or say how far it has got."""
    desk = _desk(request, council)
    found = access.record_for(desk.grant, ExternalFinding, finding_id)
    return _change(
        request,
        desk,
        found,
        form=ChangedFindingForm,
        put=lambda given: reviews.change_finding(by=desk.user, finding=found, **given),
        back=_home(desk, found.review.plan),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_plan_case(request: HttpRequest, council: str, plan_id: int) -> HttpResponse:
    """Record a business case of a plan."""
    desk = _desk(request, council)
    found = plan_for(desk, plan_id)
    return _new(
        request,
        desk,
        what="a business case",
        form=CaseForm,
        values={"state": BusinessCase.State.NOT_STATED.value},
        put=lambda given: reviews.record_case(by=desk.user, council=desk.council, plan=found, **given),
        back=_home(desk, found),
    )
