"""One service line at one period: its figures, why they differ from budget, what pays for it, and its history."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST

from accounting.periods import Period
from services import access
from services.charts import year_chart
from services.forms.line import (
    FIGURES,
    REASON_FORMS,
    ForecastForm,
    FundingForm,
    ReasonFormSet,
    UseForm,
)
from services.models import ServiceLine
from services.operations.forecasts import ForecastEdit, ReasonEntry, save_forecasts, set_reasons
from services.operations.one_off_funding import add_one_off_funding
from services.operations.reasons import WordsToCheckError, confirm_last_reasons
from services.operations.refusals import (
    InvalidEntryError,
    NotAllowedError,
    PeriodClosedError,
    Refused,
    StaleVersionError,
)
from services.operations.uses import plan_use
from services.position.line_detail import LineDetail, line_detail
from services.roles import Permission
from services.tables.line import conflicts_of, facts_of, months_table, sources_of, support_table
from services.tables.position import figure_steps
from services.views.answers import carried_out, done, without
from services.views.desk import Desk, desk_for, frame

ENTER, KEEP = Permission.ENTER_FORECASTS, Permission.KEEP_BUDGETS


@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, council: str, period: Period, line_id: int) -> HttpResponse:
    """The line's page; sent, it saves the figures that were changed and only those."""
    desk, found = _arrive(request, council, period, line_id, writes=ENTER)
    if request.method != "POST":
        return _page(request, desk, found)
    form = ForecastForm(request.POST)
    if not form.is_valid():
        return _page(request, desk, found, figures=form, status=422)
    try:
        save_forecasts(
            by=desk.grant.user,
            period=desk.period,
            edits=[_edit(form, found)],
            retry_key=form.cleaned_data["key"],
        )
    except StaleVersionError as refusal:
        return _conflict(request, desk, found, form, refusal)
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except InvalidEntryError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return _page(request, desk, found, figures=form, status=422)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, desk, found, figures=form, status=409)
    return done(request, f"Saved: {found.name}, {desk.period}.", desk.address("line", found.pk))


@require_POST
def reasons(request: HttpRequest, council: str, period: Period, line_id: int) -> HttpResponse:
    """Keep the line's reasons for this period, confirmed by whoever sends them."""
    desk, found = _arrive(request, council, period, line_id, writes=ENTER)
    forms = REASON_FORMS(request.POST, prefix="reasons")
    if not forms.is_valid():
        return _page(request, desk, found, reasons_given=forms, status=422)
    entries = [ReasonEntry(**without(given, "remove")) for given in forms.given]
    return _explain(
        request, desk, found, lambda given: set_reasons(reasons=entries, **given), reasons_given=forms
    )


@require_POST
def confirm_reasons(request: HttpRequest, council: str, period: Period, line_id: int) -> HttpResponse:
    """Make the words last given this period's as well, confirmed by whoever sends this."""
    desk, found = _arrive(request, council, period, line_id, writes=ENTER)
    return _explain(request, desk, found, lambda given: confirm_last_reasons(**given))


def _explain(
    request: HttpRequest,
    desk: Desk,
    found: ServiceLine,
    operation: Callable[[dict[str, Any]], object],
    *,
    reasons_given: ReasonFormSet | None = None,
) -> HttpResponse:
    """Carry out what gives a line its reasons; a refusal stands on the page beside what was typed."""
    seen = request.POST.get("forecast_version", "")
    try:
        operation(
            {
                "by": desk.grant.user,
                "line": found,
                "period": desk.period,
                "expected_forecast_version": int(seen) if seen.isascii() and seen.isdigit() else None,
                "words_accepted": request.POST.get("words_accepted") == "yes",
            }
        )
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except Refused as refusal:
        return _page(
            request,
            desk,
            found,
            reasons_given=reasons_given,
            refusal=refusal,
            status=409 if isinstance(refusal, PeriodClosedError | StaleVersionError) else 422,
        )
    return done(
        request, f"Reasons saved and confirmed: {found.name}.", desk.address("line", found.pk) + "#reasons"
    )


@require_POST
def use(request: HttpRequest, council: str, period: Period, line_id: int) -> HttpResponse:
    """Plan a use of a reserve on this line."""
    desk, found = _arrive(request, council, period, line_id, writes=KEEP)
    form = UseForm(request.POST, reserves=desk.council.reserves.order_by("order", "name"), prefix="use")
    if carried_out(
        request, form, lambda given: plan_use(by=desk.grant.user, period=desk.period, line=found, **given)
    ):
        words = (
            "The use is planned. It changes the variance after reserves when another person has approved it."
        )
        return done(request, words, desk.address("line", found.pk) + "#support")
    return _page(request, desk, found, use_given=form, status=422)


@require_POST
def funding(request: HttpRequest, council: str, period: Period, line_id: int) -> HttpResponse:
    """Add one-off funding to this line."""
    desk, found = _arrive(request, council, period, line_id, writes=KEEP)
    form = FundingForm(request.POST, prefix="funding")
    if carried_out(
        request,
        form,
        lambda given: add_one_off_funding(by=desk.grant.user, period=desk.period, line=found, **given),
    ):
        words = "The funding is planned. It changes the variance after reserves when another person has approved it."
        return done(request, words, desk.address("line", found.pk) + "#support")
    return _page(request, desk, found, funding_given=form, status=422)


def _arrive(
    request: HttpRequest, council: str, period: Period, line_id: int, *, writes: Permission
) -> tuple[Desk, ServiceLine]:
    """The desk and the line: 404 for a line of another directorate, 403 for a reader who sends a form."""
    desk = desk_for(request, council, period)
    needs = writes if request.method == "POST" else Permission.VIEW_WORKING
    return desk, access.line_for(desk.grant, line_id, needs=needs)


def _edit(form: ForecastForm, found: ServiceLine) -> ForecastEdit:
    return ForecastEdit(line_id=found.pk, expected_version=form.cleaned_data["version"], **form.edited)


def _page(
    request: HttpRequest,
    desk: Desk,
    found: ServiceLine,
    *,
    figures: ForecastForm | None = None,
    reasons_given: ReasonFormSet | None = None,
    use_given: UseForm | None = None,
    funding_given: FundingForm | None = None,
    refusal: Refused | None = None,
    status: int = 200,
) -> HttpResponse:
    """The whole page, with whichever form was sent still holding what was typed."""
    detail = line_detail(desk.council, desk.period, found)
    if detail is None:
        raise Http404(f"{found} does not report in {desk.period}.")
    may_enter = desk.grant.allows(ENTER, directorate_id=found.division.directorate_id)
    context = {
        **frame(desk, here="line", line_id=found.pk),
        "line": detail.line,
        "detail": detail,
        "facts": facts_of(detail),
        "sources": sources_of(detail),
        "steps": figure_steps(detail.figures),
        "months": months_table(detail, period=desk.period, council=desk.council),
        "chart": year_chart(detail),
        "support": support_table(detail, period=desk.period, council=desk.council),
        "figures": figures or ForecastForm(initial=_held(detail)),
        "reason_forms": reasons_given or REASON_FORMS(initial=_reasons_held(detail), prefix="reasons"),
        "use_form": use_given
        or UseForm(reserves=desk.council.reserves.order_by("order", "name"), prefix="use"),
        "funding_form": funding_given or FundingForm(prefix="funding"),
        "refusal": refusal,
        "concerns": refusal.concerns if isinstance(refusal, WordsToCheckError) else (),
        "is_locked": desk.period.is_locked,
        "may_enter": may_enter,
        "sees_whole_council": desk.grant.allows_everywhere(Permission.VIEW_WORKING),
        "may_keep": desk.grant.allows(KEEP, directorate_id=found.division.directorate_id),
    }
    return render(request, "services/line.html", context, status=status)


def _held(detail: LineDetail) -> dict[str, Any]:
    """What the figures' form begins from."""
    position = detail.line.position
    return {**{name: getattr(position, name) for name in FIGURES}, "version": detail.line.forecast_version}


def _reasons_held(detail: LineDetail) -> list[dict[str, Any]]:
    """What the reasons' forms begin from: this period's reasons, and never last period's, which are shown beside them to be confirmed."""
    return [
        {
            "driver": reason.driver,
            "amount": reason.amount,
            "is_recurrent": reason.is_recurrent,
            "words": reason.words,
            "action": reason.action,
        }
        for reason in detail.line.reasons
    ]


def _conflict(
    request: HttpRequest, desk: Desk, found: ServiceLine, form: ForecastForm, refusal: StaleVersionError
) -> HttpResponse:
    """Two people changed the line: yours, theirs and what both began from, with your figures kept in a form that can be sent again."""
    (theirs,) = refusal.theirs
    context = {
        **frame(desk, here="line", line_id=found.pk),
        "line": found,
        "theirs": theirs,
        "saved_at": parse_datetime(theirs.saved_at) if theirs.saved_at else None,
        "conflicts": conflicts_of(form, theirs=theirs.values),
        "form": form.again(held=theirs.values, version=theirs.version),
        "back": desk.address("line", found.pk),
    }
    return render(request, "services/conflict.html", context, status=409)
