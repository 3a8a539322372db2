"""The forecast grid: the page, and a row of it saved as a form where there is no script."""

import secrets
from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounting.periods import Period
from services import access
from services.forms.grid import UnreadableError
from services.forms.grid_row import row_sent
from services.operations.forecasts import ForecastEdit
from services.operations.refusals import NotAllowedError, Refused, StaleVersionError
from services.position.grid import handed_in
from services.position.grid_base import figures_at
from services.position.grid_live import live_grid
from services.position.grid_rows import grid_blocks
from services.roles import Permission
from services.tables.grid import COLUMNS, GridPage, RowEntry, block_html, foot_html
from services.views.answers import done
from services.views.desk import Desk, desk_for, frame
from services.views.grid_saving import locks_of, save
from services.views.grid_unsaved import unsaved
from services.views.position import choices_of, chosen_directorate


@require_safe
def grid(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Every line this person may see, to be filled in."""
    return _page(request, desk_for(request, council, period), entries={})


@require_POST
def row(request: HttpRequest, council: str, period: Period, line_id: int) -> HttpResponse:
    """Save one row. Refused, the page comes back with what was typed in that row and why."""
    desk = desk_for(request, council, period)
    line = access.line_for(desk.grant, line_id, needs=Permission.ENTER_FORECASTS)
    sent = row_sent(request.POST, line_id)
    try:
        if sent.problems:
            raise UnreadableError("")
        saved = save(
            by=desk.grant.user,
            council=council,
            period=period,
            edits=lambda grid: [
                ForecastEdit(
                    line_id=line_id, expected_version=sent.version, **sent.changed(grid.by_id.get(line_id))
                )
            ],
            key=sent.key,
            reason=sent.reason,
            sent={"line": line_id, "version": sent.version, "typed": sent.typed},
        )
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except (Refused, UnreadableError) as refusal:
        is_late = isinstance(refusal, StaleVersionError)
        base = figures_at(desk.period, line_id, sent.version) if is_late else None
        entry, status = unsaved(sent, refusal, base=base)
        return _page(request, desk, entries={line_id: entry}, status=status)
    words = f"Saved: {line.name}, {desk.period}." if saved.changed else f"Nothing was changed on {line.name}."
    return done(request, words, f"{desk.address('grid')}#line-{line_id}")


def _page(
    request: HttpRequest, desk: Desk, *, entries: dict[int, RowEntry], status: int = 200
) -> HttpResponse:
    allowed = desk.grant.directorates(Permission.VIEW_WORKING)
    held = live_grid(desk.council, desk.period)
    chosen = chosen_directorate(request, desk)
    locks = locks_of(desk.grant, held, desk.period, handed_in(desk.period))
    blocks = grid_blocks(held, allowed=allowed, only=chosen, locks=locks)
    if chosen is not None and not blocks:
        raise Http404("There is no such directorate, or it is not for you.")
    page = GridPage(
        line_address=_address(desk, "line"),
        row_address=_address(desk, "grid_row"),
        token=get_token(request),
        new_key=lambda: secrets.token_urlsafe(12),
        entries=entries,
    )
    context = {
        **frame(desk, here="grid"),
        "columns": COLUMNS,
        "blocks": [
            {"fund": block.fund, "rows": block_html(block, page), "foot": foot_html(block, page)}
            for block in blocks
        ],
        "directorates": choices_of(
            desk,
            [line for line in held.lines if allowed is None or line.directorate_id in allowed],
            chosen=chosen,
            page="grid",
        ),
        "is_open": any(line.line_id not in locks for line in held.lines),
        "is_mistaken": bool(entries),
        "draft_key": f"grid {desk.grant.user.pk} {desk.period.pk}",
    }
    return render(request, "services/grid.html", context, status=status)


def _address(desk: Desk, name: str) -> Callable[[int], str]:
    """How a row finds an address of its line: one look-up of the pattern, not one for each row."""
    base = desk.address(name, 0).removesuffix("0/")
    return lambda line_id: f"{base}{line_id}/"
