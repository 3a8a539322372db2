"""The month's savings: every saving that a person may see, to be filled in one at a time or all at once."""

import secrets
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounting.periods import Period
from savings.models import SavingsUpdate
from savings.operations.updates import save_updates
from savings.position.updates import DIRECTORATE, SavingsPosition, savings_position
from savings.tables import (
    MitigationsTable,
    SavingsByDirectorateTable,
    SavingsByRatingTable,
    SavingsTable,
    mitigation_rows,
    saving_rows,
    total_rows,
)
from savings.views.files import TableSet, csv_file, table, xlsx_file
from savings.views.month_rows import ENTER, MonthRow, draft_key, in_conflict, locks_of, month_rows
from services.operations.accepted_words import note_accepted_words
from services.operations.once import once
from services.operations.refusals import (
    InvalidFigureError,
    NotAllowedError,
    PeriodClosedError,
    Refused,
    StaleVersionError,
    SubmittedError,
    WrongCouncilError,
)
from services.position.grid import handed_in
from services.roles import Permission
from services.views.answers import done
from services.views.desk import Desk, desk_for, frame

HERE = "savings_month"
_UNASKED = frozenset({"csrfmiddlewaretoken"})


@require_http_methods(["GET", "HEAD", "POST"])
def month(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Show the month's savings; save one row, or every row in which something was entered, all or nothing."""
    desk = desk_for(request, council, period, writes=ENTER)
    position = position_at(desk)
    posted = request.POST if request.method == "POST" else None
    asked = request.POST.get("only", "") if posted is not None else ""
    only = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 16 else None
    locks = locks_of(desk.grant, position, desk.period, handed_in(desk.period))
    rows = month_rows(position, locks=locks, posted=posted, only=only)
    if posted is None:
        return _page(request, desk, position, rows)
    if only is not None and all(row.saving.proposal_id != only for row in rows):
        raise Http404("There is no such saving, or it is not for you.")
    sent = [row for row in rows if row.form.is_bound and only in (None, row.saving.proposal_id)]
    return _answer(request, desk, position, rows, sent)


def _answer(
    request: HttpRequest,
    desk: Desk,
    position: SavingsPosition,
    rows: Sequence[MonthRow],
    sent: Sequence[MonthRow],
) -> HttpResponse:
    """Save what was sent, or say why not beside what was typed."""
    here = address(desk)
    if not sent:
        return done(request, "Nothing was changed, so nothing was saved.", here)
    if [
        row for row in sent if not row.form.is_valid()
    ]:  # every one is read, so that every mistake is told at once
        return _page(request, desk, position, rows, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        _save(request, desk, sent)
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except WrongCouncilError as refusal:
        raise Http404(str(refusal)) from refusal
    except StaleVersionError as refusal:
        compared = in_conflict(rows, refusal.theirs)
        return _page(request, desk, position, compared, refusal=refusal, status=HTTPStatus.CONFLICT)
    except Refused as refusal:
        is_locked = isinstance(refusal, PeriodClosedError | SubmittedError)
        status = HTTPStatus.CONFLICT if is_locked else HTTPStatus.UNPROCESSABLE_ENTITY
        kept = None if _stands_at_its_row(sent, refusal) else refusal
        return _page(request, desk, position, rows, refusal=kept, status=status)
    words = (
        f"Saved: {sent[0].saving.entry.proposal.heading}."
        if len(sent) == 1
        else f"{len(sent)} savings are saved."
    )
    others = {row.saving.proposal_id for row in rows if row.form.is_bound and row not in sent}
    if not others:
        return done(request, words, f"{here}#s{sent[0].saving.proposal_id}" if len(sent) == 1 else here)
    return _still_to_save(request, desk, words, others)


def _still_to_save(request: HttpRequest, desk: Desk, words: str, others: set[int]) -> HttpResponse:
    """One row is saved; what was typed in others is still on the page, and is said not to be saved."""
    now = position_at(desk)
    locks = locks_of(desk.grant, now, desk.period, handed_in(desk.period))
    fresh = month_rows(now, locks=locks, posted=None, only=None)
    typed = month_rows(now, locks=locks, posted=request.POST, only=None)
    rows = [
        mine if mine.saving.proposal_id in others else held for mine, held in zip(typed, fresh, strict=True)
    ]
    said = f"{words} What you typed for {len(others)} other{'s' if len(others) > 1 else ''} is not saved yet."
    return _page(request, desk, now, rows, saved=said)


def _save(request: HttpRequest, desk: Desk, sent: Sequence[MonthRow]) -> None:
    """All of them or none; sent again with its key, nothing more happens."""

    def act() -> None:
        save_updates(by=desk.grant.user, period=desk.period, edits=[row.form.edit for row in sent])
        ticked = {row.saving.proposal_id: row.form.words_accepted for row in sent if row.form.words_accepted}
        updates = SavingsUpdate.objects.filter(period=desk.period, proposal__in=ticked)
        for update in updates.select_related("council", "period"):
            note_accepted_words(by=desk.grant.user, record=update, passages=ticked[update.proposal_id])

    once(
        by=desk.grant.user,
        key=request.POST.get("key", "")[:64],
        operation=request.path,
        asked={name: request.POST.getlist(name) for name in sorted(request.POST) if name not in _UNASKED},
        act=act,
    )


def _stands_at_its_row(sent: Sequence[MonthRow], refusal: Refused) -> bool:
    """Put a refusal at the field that it is about; whether it could be."""
    if not isinstance(refusal, InvalidFigureError):
        return False
    row = next((one for one in sent if one.saving.proposal_id == refusal.line_id), None)
    if row is None:
        return False
    name = "delivered" if refusal.field == "parts" else refusal.field
    row.form.add_error(name if name in row.form.fields else None, str(refusal))
    return True


def _page(
    request: HttpRequest,
    desk: Desk,
    position: SavingsPosition,
    rows: Sequence[MonthRow],
    *,
    refusal: Refused | None = None,
    saved: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context: dict[str, Any] = {
        **frame(desk, here=HERE),
        "rows": rows,
        "totals": [one for one in position.totals if one.scope == DIRECTORATE],
        "whole": position.total(),
        "disagreements": [row for row in position.rows if row.entry.disagreement],
        "not_confirmed": len([row for row in position.rows if row.is_carried_forward]),
        "is_open": any(not row.lock for row in rows),
        "mistaken": [row for row in rows if row.form.is_bound and row.form.errors],
        "in_conflict": [row for row in rows if row.theirs],
        "refusal": refusal,
        "saved": saved,
        "draft": draft_key("savings", desk.grant, desk.period, (row.version for row in position.rows)),
        "key": secrets.token_urlsafe(24),
        "files": table_set(desk, position).links(f"{address(desk)}files/"),
    }
    return render(request, "savings/month.html", context, status=status)


def position_at(desk: Desk) -> SavingsPosition:
    """The savings that this person may see."""
    return savings_position(
        desk.council, desk.period, directorate_ids=desk.grant.directorates(Permission.VIEW_WORKING)
    )


def address(desk: Desk) -> str:
    """The month's page."""
    return reverse("savings:month", args=[desk.council.slug, desk.period.period])


def table_set(desk: Desk, position: SavingsPosition) -> TableSet:
    """The month's tables, as files hold them."""
    where = f"{desk.council.name}, {desk.period.period.label}"
    entries = [row.entry for row in position.rows]
    whole = position.total()
    parts = [one for one in position.totals if one.scope == DIRECTORATE]
    ratings = [one for one in position.totals if one.scope == "rag"]
    return TableSet(
        title=f"{where}: savings",
        note=f"Working figures, {desk.period.get_state_display().lower()}. Not published.",
        tables=(
            table(
                SavingsTable, saving_rows(entries, total=whole), key="savings", caption=f"Savings, {where}"
            ),
            table(
                SavingsByDirectorateTable,
                total_rows(parts, whole),
                key="by-directorate",
                caption=f"Savings by directorate, {where}",
            ),
            table(
                SavingsByRatingTable,
                total_rows(ratings, whole),
                key="by-rating",
                caption=f"Savings by rating, {where}",
            ),
            table(
                MitigationsTable,
                mitigation_rows(entries),
                key="covers",
                caption=f"What stands in for shortfalls, {where}",
            ),
        ),
    )


@require_safe
def month_csv(request: HttpRequest, council: str, period: Period, month_table: str) -> HttpResponse:
    """One of the month's tables as CSV."""
    desk = desk_for(request, council, period)
    return csv_file(table_set(desk, position_at(desk)), month_table)


@require_safe
def month_xlsx(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """The month's tables as a workbook."""
    desk = desk_for(request, council, period)
    return xlsx_file(table_set(desk, position_at(desk)), by=desk.grant.user)
