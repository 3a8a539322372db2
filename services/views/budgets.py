"""Budgets and what moves them: original budgets, virements with their legs, funding changes, and the log of both."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounting.periods import FinancialYear, Period
from services import access
from services.forms.budgets import (
    LEG_FORMS,
    FundingChangeForm,
    OriginalBudgetsForm,
    VirementForm,
    with_more_legs,
)
from services.models import FundingChange, Virement
from services.operations.budgets import (
    approve_funding_change,
    reject_funding_change,
    request_funding_change,
    set_original_budgets,
)
from services.operations.refusals import StaleVersionError
from services.operations.virements import approve_virement, post_virement, reject_virement, request_virement
from services.position.budgets import budget_log, budget_overview, lines_of, lines_without_original
from services.roles import Permission
from services.tables.budgets import log_tables
from services.views.answers import act, carried_out, done, status_of
from services.views.conflicts import Place, Step, decision_conflict, is_done_already
from services.views.desk import Desk, desk_for, frame

KEEP, APPROVE = Permission.KEEP_BUDGETS, Permission.APPROVE_CHANGES
_WHY = "Why it is rejected"
STEPS = {
    ("decide_virement", "approve"): Step("Approve", field="note", label="", states={"requested"}),
    ("decide_virement", "reject"): Step("Reject", field="note", label=_WHY, states={"requested", "approved"}),
    ("decide_funding_change", "approve"): Step("Approve", field="note", label="", states={"requested"}),
    ("decide_funding_change", "reject"): Step("Reject", field="note", label=_WHY, states={"requested"}),
}


@require_http_methods(["GET", "HEAD"])
def budgets(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Where budgets stand, what waits for approval, and the log of what has moved them."""
    desk = desk_for(request, council, period)
    log = budget_log(
        desk.council,
        desk.period,
        viewer=desk.grant.user,
        directorate_ids=_scope(desk, Permission.VIEW_WORKING),
    )
    context = {
        **frame(desk, here="budgets"),
        "overview": budget_overview(
            desk.council, desk.period, directorate_ids=_scope(desk, Permission.VIEW_WORKING)
        ),
        "waiting": tuple(entry for entry in log if entry.is_waiting),
        "logs": log_tables(log, period=desk.period, council=desk.council),
        "may_keep": desk.grant.allows(KEEP),
        "may_approve": desk.grant.allows(APPROVE),
        "role_labels": frozenset(role.label for role, _ in desk.grant.roles),
    }
    return render(request, "services/budgets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def originals(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Original budgets, set once for each line and year."""
    desk = desk_for(request, council, period, needs=KEEP, writes=KEEP)
    lines = lines_without_original(desk.council, desk.period, directorate_ids=_scope(desk, KEEP))
    form = OriginalBudgetsForm(request.POST or None, lines=lines)
    if carried_out(
        request,
        form,
        lambda given: set_original_budgets(
            by=desk.grant.user,
            council=desk.council,
            year=FinancialYear(desk.period.year),
            amounts=form.amounts,
        ),
    ):
        words = "The original budgets are set. From here on they move by virement and funding change."
        return done(request, words, desk.address("budgets"))
    context = {**frame(desk, here="budgets"), "form": form, "lines": lines}
    return render(request, "services/originals.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def new_virement(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Ask for budget to move between lines."""
    desk = desk_for(request, council, period, needs=KEEP, writes=KEEP)
    lines = lines_of(desk.council, desk.period, directorate_ids=_scope(desk, KEEP))
    form = VirementForm(
        request.POST or None,
        periods=_periods(desk),
        initial={"effective": desk.period.pk, "is_permanent": "no"},
    )
    if "more_legs" in request.POST:
        legs = LEG_FORMS(with_more_legs(request.POST), prefix="legs", form_kwargs={"lines": lines})
        context = {**frame(desk, here="budgets"), "form": form, "legs": legs, "is_asking": True}
        return render(request, "services/virement.html", context)
    legs = LEG_FORMS(request.POST or None, prefix="legs", form_kwargs={"lines": lines})
    if (request.method != "POST" or legs.is_valid()) and carried_out(
        request,
        form,
        lambda given: request_virement(by=desk.grant.user, council=desk.council, legs=legs.legs, **given),
    ):
        words = "The virement is requested. No budget has moved: another person approves it, and then it is posted."
        return done(request, words, desk.address("budgets"))
    context = {**frame(desk, here="budgets"), "form": form, "legs": legs, "is_asking": False}
    return render(request, "services/virement.html", context, status=status_of(form, legs))


@require_POST
def decide_virement(
    request: HttpRequest, council: str, period: Period, virement_id: int, step: str
) -> HttpResponse:
    """Approve, reject or post a virement."""
    # Who decides is the scheme's to say, so the operation asks; the page needs no more than that the figures may be seen.
    desk = desk_for(request, council, period, writes=KEEP if step == "post" else Permission.VIEW_WORKING)
    virement, by = access.record_for(desk.grant, Virement, virement_id), desk.grant.user
    note, seen = request.POST.get("note", ""), request.POST.get("seen") or None
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "approve": (
            lambda: approve_virement(by=by, virement=virement, note=note, expected_state=seen),
            f"{virement} is approved. Post it, and the budgets move.",
        ),
        "reject": (
            lambda: reject_virement(by=by, virement=virement, note=note, expected_state=seen),
            f"{virement} is rejected, with your note.",
        ),
        "post": (
            lambda: post_virement(by=by, virement=virement),
            f"{virement} is posted. The budgets have moved.",
        ),
    }
    return _decided(request, desk, virement, step, steps, name="decide_virement")


@require_http_methods(["GET", "HEAD", "POST"])
def new_funding_change(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Ask for budget from, or to, outside."""
    desk = desk_for(request, council, period, needs=KEEP, writes=KEEP)
    form = FundingChangeForm(
        request.POST or None,
        lines=lines_of(desk.council, desk.period, directorate_ids=_scope(desk, KEEP)),
        periods=_periods(desk),
        initial={"effective": desk.period.pk, "is_permanent": "no"},
    )
    if carried_out(request, form, lambda given: request_funding_change(by=desk.grant.user, **given)):
        words = "The funding change is requested. The budget moves when another person approves it."
        return done(request, words, desk.address("budgets"))
    context = {**frame(desk, here="budgets"), "form": form}
    return render(request, "services/funding_change.html", context, status=status_of(form))


@require_POST
def decide_funding_change(
    request: HttpRequest, council: str, period: Period, change_id: int, step: str
) -> HttpResponse:
    """Approve or reject a funding change."""
    desk = desk_for(request, council, period, writes=APPROVE)
    change, by = access.record_for(desk.grant, FundingChange, change_id), desk.grant.user
    note, seen = request.POST.get("note", ""), request.POST.get("seen") or None
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "approve": (
            lambda: approve_funding_change(by=by, change=change, expected_state=seen),
            f"{change} is approved. The budget has moved.",
        ),
        "reject": (
            lambda: reject_funding_change(by=by, change=change, note=note, expected_state=seen),
            f"{change} is rejected, with your note.",
        ),
    }
    return _decided(request, desk, change, step, steps, name="decide_funding_change")


def _decided(
    request: HttpRequest,
    desk: Desk,
    found: Virement | FundingChange,
    step: str,
    steps: dict[str, tuple[Callable[[], object], str]],
    *,
    name: str,
) -> HttpResponse:
    """Take the step; where somebody decided first, compare."""
    if step not in steps:
        raise Http404("There is no such step.")
    operation, said = steps[step]
    back = desk.address("budgets")

    def stale(refusal: StaleVersionError) -> HttpResponse:
        found.refresh_from_db()
        if is_done_already(refusal, by=desk.grant.user, step=step, state=found.state):
            return done(request, said, desk.address("budgets"))
        values = refusal.theirs[0].values
        return decision_conflict(
            request,
            frame(desk, here="budgets"),
            place=Place(what=str(found), address=desk.address(name, found.pk, step), back=back),
            step=STEPS[name, step],
            refusal=refusal,
            state=found.state,
            now=f"{values['state']}, by {values['decided_by']}",
            seen=found.state,
        )

    return act(request, operation, words=said, address=back, stale=stale)


def _periods(desk: Desk) -> object:
    """The periods of this year, in which a change may take effect."""
    return desk.council.periods.filter(year=desk.period.year).order_by("number")


def _scope(desk: Desk, permission: Permission) -> frozenset[int] | None:
    """The directorates for which this person may do something; `None` for all."""
    return desk.grant.directorates(permission)
