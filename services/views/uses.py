"""Uses of reserves and one-off funding: planned, changed, and decided; each with its history."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounting.periods import Period
from services import access
from services.forms.uses import ChangeFundingForm, ChangeUseForm, PlanUseForm
from services.models import OneOffFunding, ReserveUse
from services.operations.one_off_funding import (
    apply_one_off_funding,
    approve_one_off_funding,
    change_one_off_funding,
    refuse_one_off_funding,
)
from services.operations.refusals import StaleVersionError
from services.operations.uses import apply_use, approve_use, change_use, plan_use, refuse_use, request_use
from services.position.budgets import lines_of
from services.position.pending import entry_of_funding, entry_of_use
from services.position.trail import history_of
from services.roles import Permission
from services.views.answers import act, carried_out, done, status_of
from services.views.conflicts import (
    Place,
    Step,
    conflict_page,
    decision_conflict,
    is_done_already,
    seen_version,
)
from services.views.desk import Desk, desk_for, frame

KEEP, APPROVE = Permission.KEEP_BUDGETS, Permission.APPROVE_CHANGES
STEPS = {
    "request": Step("Request approval", field="words", label="", states={"planned"}),
    "approve": Step("Approve", field="words", label="Decision reference", states={"planned", "requested"}),
    "refuse": Step(
        "Refuse", field="words", label="Why it is refused", states={"planned", "requested", "approved"}
    ),
    "apply": Step("Note that the ledger has it", field="words", label="", states={"approved"}),
}
USE_FIELDS = ("reserve", "amount", "purpose", "included_in_budget", "included_in_forecast")
FUNDING_FIELDS = (
    "amount",
    "purpose",
    "ends_on",
    "is_recurrent",
    "included_in_budget",
    "included_in_forecast",
)


@require_http_methods(["GET", "HEAD", "POST"])
def new_use(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Plan a use of a reserve on any line."""
    desk = desk_for(request, council, period, needs=KEEP, writes=KEEP, is_whole_council=True)
    form = PlanUseForm(
        request.POST or None,
        lines=lines_of(desk.council, desk.period),
        reserves=desk.council.reserves.order_by("order", "name"),
        period=desk.period,
    )
    if carried_out(request, form, lambda given: plan_use(by=desk.grant.user, period=desk.period, **given)):
        words = "The use is planned. Request its approval when it is ready."
        return done(request, words, desk.address("reserves"))
    context = {
        **frame(desk, here="reserves"),
        "form": form,
        "page_title": "Plan a use of a reserve",
        "button": "Plan the use",
        "refused": "The use is not planned",
        "back": desk.address("reserves"),
    }
    return render(request, "services/one_form.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def use(request: HttpRequest, council: str, period: Period, use_id: int) -> HttpResponse:
    """One use of a reserve: change it, and see who did what to it."""
    desk = desk_for(request, council, period, writes=KEEP, is_whole_council=True)
    found = access.record_for(desk.grant, ReserveUse, use_id)
    form = ChangeUseForm(
        request.POST or None,
        initial=_held(found, USE_FIELDS) | {"reserve": found.reserve_id},
        use=found,
        reserves=desk.council.reserves.order_by("order", "name"),
        period=found.period,
    )
    return _changed(
        request,
        desk,
        found,
        form,
        lambda given: change_use(by=desk.grant.user, use=found, **given),
        name="use",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def funding(request: HttpRequest, council: str, period: Period, funding_id: int) -> HttpResponse:
    """One-off funding: change it, and see who did what to it."""
    desk = desk_for(request, council, period, writes=KEEP, is_whole_council=True)
    found = access.record_for(desk.grant, OneOffFunding, funding_id)
    form = ChangeFundingForm(request.POST or None, initial=_held(found, FUNDING_FIELDS))
    return _changed(
        request,
        desk,
        found,
        form,
        lambda given: change_one_off_funding(by=desk.grant.user, funding=found, **given),
        name="funding",
    )


def _changed(
    request: HttpRequest,
    desk: Desk,
    found: ReserveUse | OneOffFunding,
    form: ChangeUseForm | ChangeFundingForm,
    operation: Callable[[dict[str, Any]], object],
    *,
    name: str,
) -> HttpResponse:
    """Carry out a change of money, or show it with its history; a stale one is compared with what is held."""
    if found.period_id != desk.period.pk:
        raise Http404("There is no such record in this period.")
    address = desk.address(name, found.pk)
    try:
        if carried_out(request, form, operation):
            return done(request, "The change is saved.", address)
    except StaleVersionError as refusal:
        place = Place(what=str(found), address=address, back=address)
        return conflict_page(request, frame(desk, here="reserves"), place=place, form=form, refusal=refusal)
    entry = entry_of_use(found) if isinstance(found, ReserveUse) else entry_of_funding(found)
    is_open = found.state != "refused" and not desk.period.is_locked
    context = {
        **frame(desk, here="reserves"),
        "form": form,
        "entry": entry,
        "may_change": (desk.grant.allows(KEEP) and is_open) or form.is_bound,
        "is_changeable": is_open,
        "history": history_of(found, desk.council),
    }
    return render(request, "services/money.html", context, status=status_of(form))


def _held(found: ReserveUse | OneOffFunding, names: tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(found, name) for name in names} | {"expected_version": found.version}


@require_POST
def decide_use(request: HttpRequest, council: str, period: Period, use_id: int, step: str) -> HttpResponse:
    """Request, approve, refuse or apply a use of a reserve."""
    desk = _desk_to_decide(request, council, period, step)
    found, by = access.record_for(desk.grant, ReserveUse, use_id), desk.grant.user
    words, seen = request.POST.get("words", ""), seen_version(request)
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "request": (
            lambda: request_use(by=by, use=found, expected_version=seen),
            "The use is requested. Another person approves it.",
        ),
        "approve": (
            lambda: approve_use(by=by, use=found, decision_reference=words, expected_version=seen),
            "The use is approved. It now counts in the variance after reserves.",
        ),
        "refuse": (
            lambda: refuse_use(by=by, use=found, reason=words, expected_version=seen),
            "The use is refused, with your reason.",
        ),
        "apply": (
            lambda: apply_use(by=by, use=found, expected_version=seen),
            "The use is noted as made in the ledger.",
        ),
    }
    return _decided(request, desk, found, step, steps, name="decide_use")


@require_POST
def decide_funding(
    request: HttpRequest, council: str, period: Period, funding_id: int, step: str
) -> HttpResponse:
    """Approve, refuse or apply one-off funding."""
    desk = _desk_to_decide(request, council, period, step)
    found, by = access.record_for(desk.grant, OneOffFunding, funding_id), desk.grant.user
    words, seen = request.POST.get("words", ""), seen_version(request)
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "approve": (
            lambda: approve_one_off_funding(by=by, funding=found, expected_version=seen),
            "The funding is approved. It now counts in the variance after reserves.",
        ),
        "refuse": (
            lambda: refuse_one_off_funding(by=by, funding=found, reason=words, expected_version=seen),
            "The funding is refused, with your reason.",
        ),
        "apply": (
            lambda: apply_one_off_funding(by=by, funding=found, expected_version=seen),
            "The funding is noted as applied.",
        ),
    }
    return _decided(request, desk, found, step, steps, name="decide_funding")


def _desk_to_decide(request: HttpRequest, council: str, period: Period, step: str) -> Desk:
    needs = APPROVE if step in ("approve", "refuse") else KEEP
    return desk_for(request, council, period, writes=needs, is_whole_council=True)


def _decided(
    request: HttpRequest,
    desk: Desk,
    found: ReserveUse | OneOffFunding,
    step: str,
    steps: dict[str, tuple[Callable[[], object], str]],
    *,
    name: str,
) -> HttpResponse:
    """Take the step; where somebody took or changed something first, compare."""
    if step not in steps:
        raise Http404("There is no such step.")
    operation, said = steps[step]
    place = Place(what=str(found), address=desk.address(name, found.pk, step), back=desk.address("reserves"))

    def stale(refusal: StaleVersionError) -> HttpResponse:
        found.refresh_from_db()
        if is_done_already(refusal, by=desk.grant.user, step=step, state=found.state):
            return done(request, said, desk.address("reserves"))
        entry = entry_of_use(found) if isinstance(found, ReserveUse) else entry_of_funding(found)
        return decision_conflict(
            request,
            frame(desk, here="reserves"),
            place=place,
            step=STEPS[step],
            refusal=refusal,
            state=found.state,
            now=entry.in_words,
            seen=found.version,
        )

    return act(request, operation, words=said, address=desk.address("reserves"), stale=stale)
