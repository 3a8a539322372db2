"""The page of one service line, with whichever of its forms was sent still holding what was typed."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from accounting.periods import Period
from accounting.wording import format_money
from services import access
from services.charts import year_chart
from services.forms.line import FIGURES, REASON_FORMS, ForecastForm, ReasonFormSet
from services.forms.uses import FundingForm, UseForm
from services.models import ServiceLine
from services.operations.reasons import WordsToCheckError, reasons_mark
from services.operations.refusals import Refused
from services.position.line_detail import LineDetail, line_detail
from services.roles import Permission
from services.tables.line import facts_of, months_table, sources_of, support_table
from services.tables.position import figure_steps
from services.views.desk import Desk, desk_for, frame

ENTER, KEEP = Permission.ENTER_FORECASTS, Permission.KEEP_BUDGETS


def arrive(
    request: HttpRequest, council: str, period: Period, line_id: int, *, writes: Permission
) -> tuple[Desk, ServiceLine]:
    """The desk and the line: 404 for a line of another directorate, 403 for a reader who sends a form."""
    desk = desk_for(request, council, period)
    needs = writes if request.method == "POST" else Permission.VIEW_WORKING
    return desk, access.line_for(desk.grant, line_id, needs=needs)


def line_page(
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
        "seen": seen_now(request, detail),
        "reason_forms": reasons_given or REASON_FORMS(initial=_reasons_held(detail), prefix="reasons"),
        "use_form": use_given
        or UseForm(
            reserves=desk.council.reserves.order_by("order", "name"), period=desk.period, prefix="use"
        ),
        "funding_form": funding_given or FundingForm(prefix="funding"),
        "refusal": refusal,
        "concerns": refusal.concerns if isinstance(refusal, WordsToCheckError) else (),
        "is_locked": desk.period.is_locked,
        "may_enter": may_enter,
        "sees_whole_council": desk.grant.allows_everywhere(Permission.VIEW_WORKING),
        "may_keep": desk.grant.allows(KEEP, directorate_id=found.division.directorate_id),
    }
    return render(request, "services/line.html", context, status=status)


def seen_now(request: HttpRequest, detail: LineDetail) -> dict[str, str]:
    """What the reasons' form was written against: what is on the page now, or was when the form that comes back began."""
    now = {
        "forecast_version": str(detail.line.forecast_version),
        "reasons_seen": reasons_mark(detail.line.reasons),
        "outturn_seen": format_money(detail.line.position.forecast_outturn, places=2),
    }
    return {name: request.POST.get(name) or value for name, value in now.items()}


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
