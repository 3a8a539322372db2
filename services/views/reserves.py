"""Reserves, their uses, and one-off funding."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounting.periods import FinancialYear, Period
from accounting.reserves import ReserveKind
from services import access
from services.forms.reserves import OpeningForm, PlanUseForm, ReserveForm, TransferForm
from services.models import OneOffFunding, Reserve, ReserveUse
from services.operations.one_off_funding import (
    apply_one_off_funding,
    approve_one_off_funding,
    refuse_one_off_funding,
)
from services.operations.reserves import add_reserve, set_reserve_opening, transfer_between_reserves
from services.operations.uses import apply_use, approve_use, plan_use, refuse_use, request_use
from services.position import period_context
from services.position.budgets import lines_of
from services.position.pending import money_waiting
from services.roles import Permission
from services.tables.reserves import reserves_table
from services.views.answers import act, carried_out, done, status_of
from services.views.desk import Desk, desk_for, frame

KEEP, APPROVE = Permission.KEEP_BUDGETS, Permission.APPROVE_CHANGES


@require_http_methods(["GET", "HEAD"])
def reserves(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Every reserve's year, and every use that waits for somebody."""
    desk = desk_for(request, council, period, is_whole_council=True)
    found = period_context(desk.council, desk.period)
    context = {
        **frame(desk, here="reserves"),
        "table": reserves_table(found.reserves, period=desk.period, council=desk.council),
        "has_reserves": bool(found.reserves),
        "waiting": money_waiting(desk.period),
        "may_keep": desk.grant.allows(KEEP),
        "may_approve": desk.grant.allows(APPROVE),
        "without_opening": tuple(
            row for row in found.reserves if row.reserve_id and row.balance.opening is None
        ),
    }
    return render(request, "services/reserves.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_reserve(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Add a reserve."""
    desk = desk_for(request, council, period, needs=KEEP, writes=KEEP, is_whole_council=True)
    form = ReserveForm(request.POST or None)
    if carried_out(
        request,
        form,
        lambda given: add_reserve(
            by=desk.grant.user, council=desk.council, **(given | {"kind": ReserveKind(given["kind"])})
        ),
    ):
        return done(request, "The reserve is added. Set its opening balance next.", desk.address("reserves"))
    return _form_page(
        request,
        desk,
        form,
        title="Add a reserve",
        button="Add the reserve",
        refused="The reserve is not added",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def opening(request: HttpRequest, council: str, period: Period, reserve_id: int) -> HttpResponse:
    """State a reserve's balance at 1 April."""
    desk = desk_for(request, council, period, needs=KEEP, writes=KEEP, is_whole_council=True)
    reserve = access.record_for(desk.grant, Reserve, reserve_id)
    year = FinancialYear(desk.period.year)
    form = OpeningForm(request.POST or None)
    if carried_out(
        request,
        form,
        lambda given: set_reserve_opening(by=desk.grant.user, reserve=reserve, year=year, **given),
    ):
        return done(request, f"The opening balance of {reserve} is set.", desk.address("reserves"))
    return _form_page(
        request,
        desk,
        form,
        title=f"Opening balance of {reserve}, 1 April {year.first_year}",
        button="Set the opening balance",
        refused="The opening balance is not set",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def new_use(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Plan a use of a reserve on any line."""
    desk = desk_for(request, council, period, needs=KEEP, writes=KEEP, is_whole_council=True)
    form = PlanUseForm(
        request.POST or None,
        lines=lines_of(desk.council, desk.period),
        reserves=desk.council.reserves.order_by("order", "name"),
    )
    if carried_out(request, form, lambda given: plan_use(by=desk.grant.user, period=desk.period, **given)):
        words = "The use is planned. Request its approval when it is ready."
        return done(request, words, desk.address("reserves"))
    return _form_page(
        request,
        desk,
        form,
        title="Plan a use of a reserve",
        button="Plan the use",
        refused="The use is not planned",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def transfer(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Move money between two reserves."""
    desk = desk_for(request, council, period, needs=APPROVE, writes=APPROVE, is_whole_council=True)
    form = TransferForm(request.POST or None, reserves=desk.council.reserves.order_by("order", "name"))
    if carried_out(
        request,
        form,
        lambda given: transfer_between_reserves(by=desk.grant.user, period=desk.period, **given),
    ):
        return done(request, "The money is transferred.", desk.address("reserves"))
    return _form_page(
        request,
        desk,
        form,
        title="Transfer between reserves",
        button="Transfer",
        refused="Nothing is transferred",
    )


@require_POST
def decide_use(request: HttpRequest, council: str, period: Period, use_id: int, step: str) -> HttpResponse:
    """Request, approve, refuse or apply a use of a reserve."""
    desk = desk_for(
        request,
        council,
        period,
        writes=APPROVE if step in ("approve", "refuse") else KEEP,
        is_whole_council=True,
    )
    use, by = access.record_for(desk.grant, ReserveUse, use_id), desk.grant.user
    words = request.POST.get("words", "")
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "request": (lambda: request_use(by=by, use=use), "The use is requested. Another person approves it."),
        "approve": (
            lambda: approve_use(by=by, use=use, decision_reference=words),
            "The use is approved. It now counts in the variance after reserves.",
        ),
        "refuse": (lambda: refuse_use(by=by, use=use, reason=words), "The use is refused, with your reason."),
        "apply": (lambda: apply_use(by=by, use=use), "The use is noted as made in the ledger."),
    }
    if step not in steps:
        raise Http404("There is no such step.")
    operation, said = steps[step]
    return act(request, operation, words=said, address=desk.address("reserves"))


@require_POST
def decide_funding(
    request: HttpRequest, council: str, period: Period, funding_id: int, step: str
) -> HttpResponse:
    """Approve, refuse or apply one-off funding."""
    desk = desk_for(
        request, council, period, writes=KEEP if step == "apply" else APPROVE, is_whole_council=True
    )
    money, by = access.record_for(desk.grant, OneOffFunding, funding_id), desk.grant.user
    words = request.POST.get("words", "")
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "approve": (
            lambda: approve_one_off_funding(by=by, funding=money),
            "The funding is approved. It now counts in the variance after reserves.",
        ),
        "refuse": (
            lambda: refuse_one_off_funding(by=by, funding=money, reason=words),
            "The funding is refused, with your reason.",
        ),
        "apply": (lambda: apply_one_off_funding(by=by, funding=money), "The funding is noted as applied."),
    }
    if step not in steps:
        raise Http404("There is no such step.")
    operation, said = steps[step]
    return act(request, operation, words=said, address=desk.address("reserves"))


def _form_page(
    request: HttpRequest, desk: Desk, form: object, *, title: str, button: str, refused: str
) -> HttpResponse:
    """A page that is one form."""
    context = {
        **frame(desk, here="reserves"),
        "form": form,
        "page_title": title,
        "button": button,
        "refused": refused,
        "back": desk.address("reserves"),
    }
    return render(request, "services/one_form.html", context, status=status_of(form))  # type: ignore[arg-type]
