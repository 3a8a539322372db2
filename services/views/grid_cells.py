"""One cell saved as it is typed."""

from django.http import HttpRequest, HttpResponse, JsonResponse

from accounting.periods import Period
from accounts.models import User
from services.forms.grid import cell_sent
from services.operations.forecasts import ForecastEdit
from services.operations.refusals import StaleVersionError
from services.tables.grid import BY_KEY, exact
from services.views.grid_answers import answered, conflict, rows_said
from services.views.grid_saving import Saved, grid_now, save


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
        grant, grid = grid_now(request.user, council, period)
        lines = (grid.by_id[sent.line_id],)
        return conflict(refusal, now=Saved(grant=grant, grid=grid, lines=lines, changed=frozenset()))
    column, (line,) = BY_KEY[sent.column], saved.lines
    words = f"Saved: {line.name}, {column.heading.lower()}, {exact(sent.amount) or column.unknown}."
    return JsonResponse({"state": "saved", "words": words, **rows_said(saved)})
