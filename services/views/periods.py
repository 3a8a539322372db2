"""The council's periods: what state each is in, what it waits for, and opening the next one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from accounting.periods import Period
from services import access
from services.access import Grant
from services.forms.periods import OpenPeriodForm, ReturnForm
from services.operations.periods import open_period, return_directorate, submit_directorate
from services.position.waiting import next_period, progress_of
from services.roles import Permission
from services.views.answers import act, carried_out, done, status_of
from services.views.desk import STATE_KINDS, council_frame, desk_for, frame, refuse_reader


@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest, council: str) -> HttpResponse:
    """Every period with its state and what it waits for; open the next one here."""
    grant = access.council_for(request.user, council, needs=Permission.VIEW_WORKING)
    refuse_reader(request, grant, Permission.PROPOSE_PUBLICATION)
    periods = access.periods_of(grant)
    form = OpenPeriodForm(request.POST or None, initial=_next(periods[0].period if periods else None))
    if carried_out(
        request,
        form,
        lambda given: open_period(
            by=grant.user,
            council=grant.council,
            period=form.period,
            title_as_printed=given["title_as_printed"],
            carry_forward=given["carry_forward"],
        ),
    ):
        opened = form.period
        return done(request, f"{opened.label} is open.", f"/{council}/working/{opened.slug}/")
    newest = periods[0] if periods else None
    context = {
        **council_frame(grant, here="home", period=newest),
        "progress": progress_of(
            grant.council, periods, directorate_ids=grant.directorates(Permission.VIEW_WORKING)
        ),
        "state_kinds": STATE_KINDS,
        "form": form,
        "may_open": _may_open(grant),
    }
    return render(request, "services/home.html", context, status=status_of(form))


def _may_open(grant: Grant) -> bool:
    return grant.allows_everywhere(Permission.PROPOSE_PUBLICATION)


def _next(latest: Period | None) -> dict[str, object]:
    """What the form to open a period offers first."""
    offered = next_period(latest, today=Period.containing(timezone.localdate()))
    return {"year": str(offered.year), "number": offered.number, "carry_forward": "yes"}


@require_http_methods(["GET", "HEAD"])
def submission(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """How far each directorate has got, with the buttons to submit it or send it back."""
    desk = desk_for(request, council, period)
    (progress,) = progress_of(
        desk.council, (desk.period,), directorate_ids=desk.grant.directorates(Permission.VIEW_WORKING)
    )
    context = {
        **frame(desk, here="submission"),
        "progress": progress,
        "may_submit": {
            row.directorate_id
            for row in progress.directorates
            if desk.grant.allows(Permission.ENTER_FORECASTS, directorate_id=row.directorate_id)
        },
        "may_return": desk.grant.allows(Permission.PROPOSE_PUBLICATION),
        "return_form": ReturnForm(),
    }
    return render(request, "services/submission.html", context)


@require_POST
def submit(request: HttpRequest, council: str, period: Period, directorate_id: int) -> HttpResponse:
    """Hand in one directorate's figures."""
    desk = desk_for(request, council, period, writes=Permission.ENTER_FORECASTS)
    directorate = access.directorate_for(desk.grant, directorate_id, needs=Permission.ENTER_FORECASTS)
    return act(
        request,
        lambda: submit_directorate(by=desk.grant.user, period=desk.period, directorate=directorate),
        words=f"{directorate} has submitted {desk.period}. Its figures wait for approval.",
        address=desk.address("submission"),
    )


@require_POST
def send_back(request: HttpRequest, council: str, period: Period, directorate_id: int) -> HttpResponse:
    """Return one directorate's figures with a note."""
    desk = desk_for(request, council, period, writes=Permission.PROPOSE_PUBLICATION)
    directorate = access.directorate_for(desk.grant, directorate_id, needs=Permission.PROPOSE_PUBLICATION)
    return act(
        request,
        lambda: return_directorate(
            by=desk.grant.user,
            period=desk.period,
            directorate=directorate,
            note=request.POST.get("note", ""),
        ),
        words=f"{directorate} is returned, with your note.",
        address=desk.address("submission"),
    )
