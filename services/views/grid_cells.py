"""One cell saved as it is typed, and one row as it now is."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from accounting.periods import Period
from accounts.models import User
from services.forms.grid import cell_sent, whole_number
from services.operations.forecasts import ForecastEdit
from services.operations.refusals import StaleVersionError
from services.tables.grid import BY_KEY, exact
from services.views.grid_answers import answered, asked, conflict, rows_said
from services.views.grid_saving import Saved, grid_now, refuse_unseen, save


@answered
def cell(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Save one figure; answer with the row that changed and the totals that contain it."""
    assert isinstance(request.user, User)
    sent = cell_sent(request.body)
    figures = {sent.column: sent.amount}
    edit = ForecastEdit(line_id=sent.line_id, expected_version=sent.version, **figures)
    try:
        saved = save(
            by=request.user,
            council=council,
            period=period,
            edits=lambda grid: [edit],
            key=sent.key,
            reason=sent.reason,
        )
    except StaleVersionError as refusal:
        return conflict(refusal, now=_held(request.user, council, period, sent.line_id))
    column, (line,) = BY_KEY[sent.column], saved.lines
    words = f"Saved: {line.name}, {column.heading.lower()}, {exact(sent.amount) or column.unknown}."
    return JsonResponse({"state": "saved", "words": words, **rows_said(saved)})


@asked
def row(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """The row of `?line=` and the totals that contain it, as they are after something was saved on the line's own page."""
    assert isinstance(request.user, User)
    line = whole_number(request.GET.get("line", ""), what="The line")
    now = _held(request.user, council, period, line)
    return JsonResponse({"state": "shown", "words": "", **rows_said(now)})


def _held(user: User, council: str, period: Period, line_id: int) -> Saved:
    """A line as it now is; `Http404` for one that this person may not see."""
    grant, grid = grid_now(user, council, period)
    refuse_unseen(grant, grid, [line_id])
    return Saved(grant=grant, grid=grid, lines=(grid.by_id[line_id],), changed=frozenset())
