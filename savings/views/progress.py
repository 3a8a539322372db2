"""The month's progress of recovery plans: what has been found and what has come in, action by action."""

import secrets
from collections.abc import Sequence
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounting.periods import Period
from savings.models import RecoveryProgress
from savings.operations.progress import save_progress
from savings.views.month_rows import ENTER, draft_key
from savings.views.progress_rows import ProgressRow, in_conflict, progress_rows
from services.operations.accepted_words import note_accepted_words
from services.operations.once import once
from services.operations.refusals import (
    NotAllowedError,
    PeriodClosedError,
    Refused,
    StaleVersionError,
    SubmittedError,
    WrongCouncilError,
)
from services.roles import Permission
from services.views.answers import done
from services.views.desk import Desk, desk_for, frame

HERE = "recovery_month"
_UNASKED = frozenset({"csrfmiddlewaretoken"})


@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Show the month's recovery actions; save those in which something was entered, all or nothing."""
    desk = desk_for(request, council, period, writes=ENTER)
    posted = request.POST if request.method == "POST" else None
    rows = progress_rows(desk.grant, desk.period, posted=posted)
    if posted is None:
        return _page(request, desk, rows)
    here = reverse("savings:progress", args=[desk.council.slug, desk.period.period])
    sent = [row for row in rows if row.form.is_bound]
    if not sent:
        return done(request, "Nothing was changed, so nothing was saved.", here)
    if [
        row for row in sent if not row.form.is_valid()
    ]:  # every one is read, so that every mistake is told at once
        return _page(request, desk, rows, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        _save(request, desk, sent)
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except WrongCouncilError as refusal:
        raise Http404(str(refusal)) from refusal
    except StaleVersionError as refusal:
        compared = in_conflict(rows, refusal.theirs)
        return _page(request, desk, compared, refusal=refusal, status=HTTPStatus.CONFLICT)
    except Refused as refusal:
        is_locked = isinstance(refusal, PeriodClosedError | SubmittedError)
        status = HTTPStatus.CONFLICT if is_locked else HTTPStatus.UNPROCESSABLE_ENTITY
        return _page(request, desk, rows, refusal=refusal, status=status)
    words = f"Saved: {sent[0].action}." if len(sent) == 1 else f"{len(sent)} actions are saved."
    return done(request, words, here)


def _save(request: HttpRequest, desk: Desk, sent: Sequence[ProgressRow]) -> None:
    """All of them or none; sent again with its key, nothing more happens."""

    def act() -> None:
        save_progress(by=desk.grant.user, period=desk.period, edits=[row.form.edit for row in sent])
        ticked = {row.action.pk: row.form.words_accepted for row in sent if row.form.words_accepted}
        kept = RecoveryProgress.objects.filter(period=desk.period, action__in=ticked)
        for row in kept.select_related("council", "period"):
            note_accepted_words(by=desk.grant.user, record=row, passages=ticked[row.action_id])

    once(
        by=desk.grant.user,
        key=request.POST.get("key", "")[:64],
        operation=request.path,
        asked={name: request.POST.getlist(name) for name in sorted(request.POST) if name not in _UNASKED},
        act=act,
    )


def _page(
    request: HttpRequest,
    desk: Desk,
    rows: Sequence[ProgressRow],
    *,
    refusal: Refused | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    context = {
        **frame(desk, here=HERE),
        "rows": rows,
        "not_confirmed": len([row for row in rows if row.is_carried_forward]),
        "is_open": any(not row.lock for row in rows),
        "mistaken": [row for row in rows if row.form.is_bound and row.form.errors],
        "in_conflict": [row for row in rows if row.theirs],
        "refusal": refusal,
        "draft": draft_key("progress", desk.grant, desk.period, (row.now.version for row in rows)),
        "key": secrets.token_urlsafe(24),
        "sees_plans": desk.grant.allows_everywhere(Permission.VIEW_WORKING),
    }
    return render(request, "savings/progress.html", context, status=status)
