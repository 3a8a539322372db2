"""Reserves: what they are, what they opened at, transfers between them, and what of their uses waits for somebody."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounting.periods import FinancialYear, Period
from accounting.reserves import ReserveKind
from services import access
from services.forms.reserves import OpeningForm, ReserveForm, TransferForm
from services.models import Reserve
from services.operations.reserves import add_reserve, set_reserve_opening, transfer_between_reserves
from services.position import period_context
from services.position.pending import money_of
from services.roles import Permission
from services.tables.reserves import money_table, reserves_table
from services.views.answers import carried_out, done, status_of
from services.views.desk import Desk, desk_for, frame

KEEP, APPROVE = Permission.KEEP_BUDGETS, Permission.APPROVE_CHANGES


@require_http_methods(["GET", "HEAD"])
def reserves(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Every reserve's year, and every use that waits for somebody."""
    desk = desk_for(request, council, period, is_whole_council=True)
    found = period_context(desk.council, desk.period)
    money = money_of(desk.period)
    context = {
        **frame(desk, here="reserves"),
        "table": reserves_table(found.reserves, period=desk.period, council=desk.council),
        "has_reserves": bool(found.reserves),
        "waiting": tuple(entry for entry in money if entry.may_be_refused),
        "money": money_table(money, period=desk.period, council=desk.council, address=desk.address),
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
