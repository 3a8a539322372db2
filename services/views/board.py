"""The chasing board: who has got how far in a month, what is late, and whom to ask; at the outturn, the roll into next year."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounting.periods import Period
from services.operations.year_end import roll_year
from services.position.board import board_of
from services.position.year_end import roll_of
from services.roles import Permission
from services.tables.board import board_table
from services.views.answers import act
from services.views.desk import desk_for, frame

APPROVE = Permission.APPROVE_PUBLICATION


@require_safe
def board(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """The board of the directorates this person may see."""
    desk = desk_for(request, council, period)
    allowed = desk.grant.directorates(Permission.VIEW_WORKING)
    found = board_of(desk.council, desk.period, today=timezone.localdate(), directorate_ids=allowed)
    context = {
        **frame(desk, here="board"),
        "board": found,
        "table": board_table(found, council=desk.council, address=desk.address("position")),
        "may_roll": desk.period.period.is_outturn and desk.grant.allows_everywhere(APPROVE),
        "roll": roll_of(desk.council, desk.period.period.year),
        "next_year": desk.period.period.year.next,
    }
    return render(request, "services/board.html", context)


@require_POST
def roll(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Open next year at what this period's year closed at."""
    desk = desk_for(request, council, period, writes=APPROVE)
    year = period.year
    return act(
        request,
        lambda: roll_year(by=desk.grant.user, council=desk.council, year=year),
        words=f"{year.next} opens at what {year} closed at.",
        address=desk.address("board"),
    )
