"""Projected overspends of a recovery plan: recorded with what moved them, and withdrawn with a reason."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounting.recovery import ProjectionStage
from savings.forms.lists import StepRow
from savings.forms.recovery import ProjectionForm, WithdrawForm
from savings.models import Projection
from savings.operations.recovery import StepFields, record_projection, withdraw_projection
from savings.views.desk import KEEP, arrive, plan_for
from savings.views.recovery import HERE
from savings.views.sheets import Held, Lists, RowKind, Sheet, sheet_page
from services import access


@require_http_methods(["GET", "HEAD", "POST"])
def new_projection(request: HttpRequest, council: str, plan_id: int) -> HttpResponse:
    """Record a projected overspend, and what moved it since the one before."""
    desk = arrive(request, council, here=HERE, needs=KEEP, is_whole=True)
    found = plan_for(desk, plan_id)

    def put(given: dict[str, Any], lists: Lists) -> object:
        given.pop("expected_version")
        steps = [StepFields(**row) for row in lists["moves"]]
        return record_projection(by=desk.user, plan=found, steps=steps, **given)

    sheet = Sheet(
        title="Record a projection",
        lead="What was projected on a date does not change. One that was written down wrongly is withdrawn, with a reason, and recorded again.",
        button="Record the projection",
        refused="The projection is not recorded",
        said="The projection is recorded.",
        back=desk.address("plan", found.pk),
        form=ProjectionForm,
        put=put,
        held=lambda: Held(values={"stage": ProjectionStage.GROSS.value}),
        lists=(
            RowKind(
                name="moves",
                title="What moved it since the one before",
                one="Step",
                kind=StepRow,
                options={"actions": found.actions.all()},
                lead="From the projection before, of the same scope and stage. What the steps do not explain is shown as not explained.",
            ),
        ),
    )
    return sheet_page(request, desk.frame(), sheet)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, council: str, projection_id: int) -> HttpResponse:
    """Take a projection off its plan, with a reason."""
    desk = arrive(request, council, here=HERE, needs=KEEP, is_whole=True)
    found = access.record_for(desk.grant, Projection, projection_id)
    sheet = Sheet(
        title=f"Withdraw the projection {found}",
        button="Withdraw it",
        refused="It is not withdrawn",
        said="The projection is withdrawn. The audit trail keeps what it said.",
        back=desk.address("plan", found.plan_id),
        form=WithdrawForm,
        put=lambda given, _: withdraw_projection(by=desk.user, projection=found, reason=given["reason"]),
    )
    return sheet_page(request, desk.frame(), sheet)
