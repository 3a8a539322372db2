"""What stands beside the forecast: DSG accounts, apart from every General Fund figure, and risks and opportunities."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from accounting.funds import Fund
from accounting.periods import Period
from accounting.wording import format_money
from services import access
from services.forms.reserves import DsgForm, RiskForm
from services.models import DsgAccount, RiskOrOpportunity
from services.operations.dsg import set_dsg_account
from services.operations.refusals import StaleVersionError
from services.operations.risks import change_risk, record_risk, withdraw_risk
from services.position import period_context
from services.position.budgets import lines_of
from services.position.trail import history_of
from services.roles import Permission
from services.tables.reserves import dsg_table, risks_table
from services.views.answers import act, carried_out, done, status_of, without
from services.views.conflicts import Place, Step, conflict_page, decision_conflict, seen_version
from services.views.desk import Desk, desk_for, frame

KEEP = Permission.KEEP_BUDGETS
DROP = Step("Take it off the list", field="reason", label="Why", states={"on the list"})


@require_http_methods(["GET", "HEAD", "POST"])
def dsg(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """The DSG's accounts; what is sent sets one of them."""
    desk = desk_for(request, council, period, writes=KEEP, is_whole_council=True)
    asked = request.GET.get("account", "")
    account = (
        access.record_for(desk.grant, DsgAccount, int(asked)) if asked.isascii() and asked.isdigit() else None
    )
    form = DsgForm(request.POST or None, initial=_held_account(account) if account else None)
    try:
        if carried_out(request, form, lambda given: _set_account(desk, given)):
            return done(request, "The DSG account is saved.", desk.address("dsg"))
    except StaleVersionError as refusal:
        return _account_conflict(request, desk, form, refusal)
    context = {
        **frame(desk, here="dsg"),
        "table": dsg_table(
            period_context(desk.council, desk.period).dsg,
            period=desk.period,
            council=desk.council,
            address=desk.address("dsg"),
        ),
        "form": form,
        "account": account,
        "may_keep": (desk.grant.allows(KEEP) and not desk.period.is_locked) or form.is_bound,
    }
    return render(request, "services/dsg.html", context, status=status_of(form))


def _set_account(desk: Desk, given: dict[str, Any]) -> DsgAccount:
    entered = {name: value for name, value in given.items() if value is not None}
    return set_dsg_account(
        by=desk.grant.user, period=desk.period, **(entered | {"fund": Fund(given["fund"])})
    )


def _account_conflict(
    request: HttpRequest, desk: Desk, form: DsgForm, refusal: StaleVersionError
) -> HttpResponse:
    """Somebody changed the account, or one of that name is there already: compare, with its fund and name as they were sent."""
    named = {name: form.cleaned_data[name] for name in ("fund", "name")}
    (held,) = refusal.theirs
    values = {**held.values, **named} if held.values else {}
    place = Place(what=str(named["name"]), address=desk.address("dsg"), back=desk.address("dsg"))
    return conflict_page(
        request,
        frame(desk, here="dsg"),
        place=place,
        form=form,
        refusal=StaleVersionError([replace(held, values=values)]),
    )


def _held_account(account: DsgAccount) -> dict[str, object]:
    """What the form begins from for an account that is there."""
    names = (name for name in DsgForm.base_fields if name not in ("expected_version", "key"))
    return {**{name: getattr(account, name) for name in names}, "expected_version": account.version}


@require_http_methods(["GET", "HEAD", "POST"])
def risks(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Risks and opportunities outside the forecast; what is sent adds one."""
    desk = desk_for(request, council, period, writes=KEEP, is_whole_council=True)
    form = RiskForm(request.POST or None, lines=lines_of(desk.council, desk.period))
    if carried_out(
        request,
        form,
        lambda given: record_risk(
            by=desk.grant.user, period=desk.period, **without(given, "expected_version", "key")
        ),
    ):
        return done(request, "It is added to the list. It changes no forecast.", desk.address("risks"))
    context = {
        **frame(desk, here="risks"),
        "table": risks_table(
            period_context(desk.council, desk.period).risks,
            period=desk.period,
            council=desk.council,
            address=(lambda pk: desk.address("risk", pk)) if desk.grant.allows(KEEP) else None,
        ),
        "form": form,
        "may_keep": (desk.grant.allows(KEEP) and not desk.period.is_locked) or form.is_bound,
    }
    return render(request, "services/risks.html", context, status=status_of(form))


@require_http_methods(["GET", "HEAD", "POST"])
def risk(request: HttpRequest, council: str, period: Period, risk_id: int) -> HttpResponse:
    """Change one risk or opportunity."""
    desk = desk_for(request, council, period, needs=KEEP, writes=KEEP, is_whole_council=True)
    found = access.record_for(desk.grant, RiskOrOpportunity, risk_id)
    names = ("kind", "title", "words", "amount", "likelihood")
    held = {name: getattr(found, name) for name in names}
    form = RiskForm(
        request.POST or None,
        lines=lines_of(desk.council, desk.period),
        initial={**held, "expected_version": found.version},
    )
    del form.fields["line"]
    address = desk.address("risk", found.pk)
    try:
        if carried_out(request, form, lambda given: change_risk(by=desk.grant.user, risk=found, **given)):
            return done(request, "The change is saved.", desk.address("risks"))
    except StaleVersionError as refusal:
        place = Place(what=found.title, address=address, back=address)
        return conflict_page(request, frame(desk, here="risks"), place=place, form=form, refusal=refusal)
    context = {
        **frame(desk, here="risks"),
        "form": form,
        "risk": found,
        "risk_words": _risk_words(found),
        "history": history_of(found, desk.council),
    }
    return render(request, "services/risk.html", context, status=status_of(form))


@require_POST
def drop_risk(request: HttpRequest, council: str, period: Period, risk_id: int) -> HttpResponse:
    """Take one off the list, with a reason."""
    desk = desk_for(request, council, period, writes=KEEP, is_whole_council=True)
    found = access.record_for(desk.grant, RiskOrOpportunity, risk_id)
    seen = seen_version(request)
    back = desk.address("risks")

    def stale(refusal: StaleVersionError) -> HttpResponse:
        found.refresh_from_db()
        return decision_conflict(
            request,
            frame(desk, here="risks"),
            place=Place(what=found.title, address=desk.address("drop_risk", found.pk), back=back),
            step=DROP,
            refusal=refusal,
            state="on the list",
            now=_risk_words(found),
            seen=found.version,
        )

    return act(
        request,
        lambda: withdraw_risk(
            by=desk.grant.user,
            risk=found,
            expected_version=found.version if seen is None else seen,
            reason=request.POST.get("reason", ""),
        ),
        words="It is taken off the list. The audit trail keeps what it said.",
        address=back,
        stale=stale,
    )


def _risk_words(risk: RiskOrOpportunity) -> str:
    amount = format_money(risk.amount, places=2, unknown="not estimated")
    return f"{risk.get_kind_display()}: {risk.title}, {amount}"
