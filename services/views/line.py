"""One service line at one period: its figures, why they differ from budget, what pays for it, and its history."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from accounting.periods import Period
from services.forms.line import (
    ForecastForm,
)
from services.forms.uses import FundingForm, UseForm
from services.models import ServiceLine
from services.operations.forecasts import ForecastEdit
from services.operations.one_off_funding import add_one_off_funding
from services.operations.refusals import (
    InvalidEntryError,
    NotAllowedError,
    Refused,
    StaleVersionError,
)
from services.operations.uses import plan_use
from services.views.answers import carried_out, done
from services.views.conflicts import Place, conflict_page
from services.views.desk import Desk, frame
from services.views.grid_saving import QuestionedError, save
from services.views.line_page import ENTER, KEEP, arrive, line_page


@require_http_methods(["GET", "HEAD", "POST"])
def line(request: HttpRequest, council: str, period: Period, line_id: int) -> HttpResponse:
    """The line's page; sent, it saves the figures that were changed and only those. What looks odd is asked about first, as in the grid."""
    desk, found = arrive(request, council, period, line_id, writes=ENTER)
    if request.method != "POST":
        return line_page(request, desk, found)
    form = ForecastForm(request.POST)
    if not form.is_valid():
        return line_page(request, desk, found, figures=form, status=422)
    try:
        save(
            by=desk.grant.user,
            council=desk.council.slug,
            period=desk.period.period,
            edits=lambda grid: [_edit(form, found)],
            key=form.cleaned_data["key"],
            reason=form.cleaned_data.get("why", "").strip(),
        )
    except QuestionedError as refusal:
        form.ask_why((question.column, question.finding.words) for question in refusal.questions)
        return line_page(request, desk, found, figures=form, status=422)
    except StaleVersionError as refusal:
        return _conflict(request, desk, found, form, refusal)
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except InvalidEntryError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return line_page(request, desk, found, figures=form, status=422)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return line_page(request, desk, found, figures=form, status=409)
    return done(request, f"Saved: {found.name}, {desk.period}.", desk.address("line", found.pk))


@require_POST
def use(request: HttpRequest, council: str, period: Period, line_id: int) -> HttpResponse:
    """Plan a use of a reserve on this line."""
    desk, found = arrive(request, council, period, line_id, writes=KEEP)
    form = UseForm(
        request.POST,
        reserves=desk.council.reserves.order_by("order", "name"),
        period=desk.period,
        prefix="use",
    )
    if carried_out(
        request, form, lambda given: plan_use(by=desk.grant.user, period=desk.period, line=found, **given)
    ):
        words = (
            "The use is planned. It changes the variance after reserves when another person has approved it."
        )
        return done(request, words, desk.address("line", found.pk) + "#support")
    return line_page(request, desk, found, use_given=form, status=422)


@require_POST
def funding(request: HttpRequest, council: str, period: Period, line_id: int) -> HttpResponse:
    """Add one-off funding to this line."""
    desk, found = arrive(request, council, period, line_id, writes=KEEP)
    form = FundingForm(request.POST, prefix="funding")
    if carried_out(
        request,
        form,
        lambda given: add_one_off_funding(by=desk.grant.user, period=desk.period, line=found, **given),
    ):
        words = "The funding is planned. It changes the variance after reserves when another person has approved it."
        return done(request, words, desk.address("line", found.pk) + "#support")
    return line_page(request, desk, found, funding_given=form, status=422)


def _edit(form: ForecastForm, found: ServiceLine) -> ForecastEdit:
    return ForecastEdit(line_id=found.pk, expected_version=form.cleaned_data["version"], **form.edited)


def _conflict(
    request: HttpRequest, desk: Desk, found: ServiceLine, form: ForecastForm, refusal: StaleVersionError
) -> HttpResponse:
    """Two people changed the line: yours, theirs and what both began from, with your figures kept in a form that can be sent again."""
    place = Place(
        what=found.name,
        address=desk.address("line", found.pk),
        back=desk.address("line", found.pk),
        button="Save these figures",
    )
    context = {**frame(desk, here="line", line_id=found.pk), "line": found}
    return conflict_page(request, context, place=place, form=form, refusal=refusal)
