"""Right-sizing: services over or under year after year, each offered as a proposal."""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from savings.forms.strategy import RightSizingForm
from savings.models import SavingsProposal
from savings.position.right_sizing import Finding, right_sizing
from savings.tables.right_sizing import RightSizingTable
from savings.views.desk import KEEP, SavingsDesk, arrive
from savings.views.files import TableSet, csv_file, table, xlsx_file
from savings.views.sizing_rows import right_sizing_rows, years_in_words
from services.views.answers import status_of

HERE = "right_sizing"
_YEARS, _LEAST = 3, Decimal(50_000)


@require_safe
def sizing(request: HttpRequest, council: str) -> HttpResponse:
    """What was found, and a proposal begun from it."""
    desk = arrive(request, council, here=HERE, is_whole=True)
    form = _asked(request)
    found = _found(desk, form)
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    tables = _tables(desk, found)
    context = {
        **desk.frame(),
        "filter": form,
        "findings": [{"finding": one, "address": _proposal(desk, one)} for one in found],
        "table": tables.tables[0],
        "csv_url": f"{desk.address('sizing_csv')}{query}",
        "xlsx_url": f"{desk.address('sizing_xlsx')}{query}",
        "may_keep": desk.grant.allows(KEEP),
    }
    return render(request, "savings/right_sizing.html", context, status=status_of(form))


def _asked(request: HttpRequest) -> RightSizingForm:
    return RightSizingForm(request.GET or None, initial={"years": _YEARS, "at_least": _LEAST})


def _found(desk: SavingsDesk, form: RightSizingForm) -> tuple[Finding, ...]:
    if form.is_bound and not form.is_valid():
        return ()
    asked: dict[str, Any] = form.cleaned_data if form.is_bound else {"years": _YEARS, "at_least": _LEAST}
    return right_sizing(desk.council, **asked)


def _proposal(desk: SavingsDesk, finding: Finding) -> str:
    """Where a proposal is begun with what was found filled in: what it is, and then its amount."""
    way = "over" if finding.is_over else "under"
    begun: dict[str, str | int] = {
        "kind": str(finding.kind),
        "type": SavingsProposal.Type.RIGHT_SIZING.value,
        "recurrence": SavingsProposal.Recurrence.RECURRENT.value,
        "title": f"Right-size {finding.service}"[:200],
        "service_line": finding.service_line_id,
        "description": f"{finding.service} ended {way} its budget in each year: {years_in_words(finding)}.",
        "amount": str(finding.change_to_base),
        "year": str(finding.years[-1].year.next),
    }
    return f"{desk.address('new_proposal')}?{urlencode(begun)}"


def _tables(desk: SavingsDesk, found: tuple[Finding, ...]) -> TableSet:
    rows = right_sizing_rows(found)
    caption = f"Services over or under their budget year after year, {desk.council.name}"
    return TableSet(
        title=f"{desk.council.name}: right-sizing",
        note="From published outturns, with one-off support taken out.",
        tables=[table(RightSizingTable, rows, key="right-sizing", caption=caption)],
    )


@require_safe
def sizing_csv(request: HttpRequest, council: str) -> HttpResponse:
    """What was found as CSV."""
    desk = arrive(request, council, here=HERE, is_whole=True)
    return csv_file(_tables(desk, _found(desk, _asked(request))), "right-sizing")


@require_safe
def sizing_xlsx(request: HttpRequest, council: str) -> HttpResponse:
    """What was found as a workbook."""
    desk = arrive(request, council, here=HERE, is_whole=True)
    return xlsx_file(_tables(desk, _found(desk, _asked(request))), by=desk.user)
