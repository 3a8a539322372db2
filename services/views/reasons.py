"""The reasons for a line's variance: given, confirmed, and compared where somebody else changed them meanwhile."""

from collections.abc import Callable
from itertools import zip_longest
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounting.periods import Period
from accounting.wording import format_money
from presentation.components import Conflict
from services.forms.line import REASON_FIELDS, REASON_FORMS, ReasonFormSet, reason_words
from services.models import ServiceLine
from services.operations.forecasts import ReasonEntry, set_reasons
from services.operations.reasons import confirm_last_reasons, reasons_mark
from services.operations.refusals import NotAllowedError, PeriodClosedError, Refused, StaleVersionError
from services.position.line_detail import line_detail
from services.views.answers import done, without
from services.views.conflicts import Place, compared_page
from services.views.desk import Desk, frame
from services.views.line_page import ENTER, arrive, line_page


@require_POST
def reasons(request: HttpRequest, council: str, period: Period, line_id: int) -> HttpResponse:
    """Keep the line's reasons for this period, confirmed by whoever sends them."""
    desk, found = arrive(request, council, period, line_id, writes=ENTER)
    forms = REASON_FORMS(request.POST, prefix="reasons")
    if not forms.is_valid():
        return line_page(request, desk, found, reasons_given=forms, status=422)
    entries = [ReasonEntry(**without(given, "remove")) for given in forms.given]
    seen = request.POST.get("reasons_seen") or None
    return _explain(
        request,
        desk,
        found,
        lambda given: set_reasons(reasons=entries, expected_reasons=seen, **given),
        reasons_given=forms,
    )


@require_POST
def confirm_reasons(request: HttpRequest, council: str, period: Period, line_id: int) -> HttpResponse:
    """Make the words last given this period's as well, confirmed by whoever sends this."""
    desk, found = arrive(request, council, period, line_id, writes=ENTER)
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
        if reasons_given is not None and isinstance(refusal, StaleVersionError):
            return _reasons_conflict(request, desk, found, reasons_given, refusal)
        return line_page(
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


def _reasons_conflict(
    request: HttpRequest,
    desk: Desk,
    found: ServiceLine,
    given: ReasonFormSet,
    refusal: StaleVersionError,
) -> HttpResponse:
    """Somebody changed the line's figures or its reasons while these were written: all three beside one another, and yours to be sent again."""
    detail = line_detail(desk.council, desk.period, found)
    if detail is None:
        raise Http404(f"{found} does not report in {desk.period}.")
    outturn = format_money(detail.line.position.forecast_outturn, places=2)
    began = request.POST.get("outturn_seen", "")[:60] or "not known"
    theirs = [
        reason_words({name: getattr(reason, name) for name in REASON_FIELDS})
        for reason in detail.line.reasons
    ]
    every = zip_longest(given.words_given, theirs, given.words_started_from, fillvalue="")
    rows = [
        Conflict(f"Reason {number}", mine or "none", held or "none", base or "none", mine == held)
        for number, (mine, held, base) in enumerate(every, start=1)
    ]
    place = Place(
        what=f"The reasons of {found.name}",
        address=desk.address("line_reasons", found.pk),
        back=desk.address("line", found.pk),
        button="Save my reasons over theirs",
    )
    return compared_page(
        request,
        frame(desk, here="line", line_id=found.pk),
        place=place,
        refusal=refusal,
        conflicts=(Conflict("Forecast outturn", began, outturn, began, is_same=began == outturn), *rows),
        form=given,
        template="services/reasons_conflict.html",
        seen={
            "forecast_version": detail.line.forecast_version,
            "reasons_seen": reasons_mark(detail.line.reasons),
            "outturn_seen": outturn,
        },
        words_were_accepted=request.POST.get("words_accepted") == "yes",
    )
