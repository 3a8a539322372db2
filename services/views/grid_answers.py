"""The grid's answers in JSON: what was saved, or why it was not, always with words to be shown and heard."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from accounting.periods import Period
from services import access
from services.forms.grid import UnreadableError
from services.operations.refusals import (
    InvalidEntryError,
    NotAllowedError,
    PeriodClosedError,
    Refused,
    StaleVersionError,
    SubmittedError,
    Theirs,
    WrongCouncilError,
)
from services.roles import Permission
from services.tables.grid import ENTERED, exact, row_words
from services.views.grid_saving import QuestionedError, Saved

Answer = Callable[[HttpRequest, str, Period], HttpResponse]


def said(state: str, words: str, *, status: int, **more: Any) -> JsonResponse:
    """An answer: what became of the entry, in one word for the page and in words for its reader."""
    return JsonResponse({"state": state, "words": words, **more}, status=status)


def answered(view: Answer) -> Callable[..., HttpResponse]:
    """A view that takes JSON by POST. Whoever is not signed in, and whatever is refused, is answered in JSON too.

    So the page can keep what was typed.
    """
    return _in_json(require_POST, view)


def asked(view: Answer) -> Callable[..., HttpResponse]:
    """A view that only shows, by GET, and answers in JSON as `answered` does."""
    return _in_json(require_safe, view)


def _in_json(method: Callable[[Answer], Answer], view: Answer) -> Callable[..., HttpResponse]:
    @login_not_required  # it answers 401 itself: a redirect to the door would lose what was typed
    @method
    @wraps(view)
    def wrapped(request: HttpRequest, council: str, period: Period) -> HttpResponse:
        if not request.user.is_authenticated:
            return _signed_out(council, period)
        try:
            return _told(view, request, council, period)
        except PermissionDenied as refusal:  # a deputy whose time has ended while they typed
            words = f"{refusal} Nothing was saved; what you typed is kept in the cell, to be copied."
            return said("denied", words, status=HTTPStatus.FORBIDDEN)
        except Http404:
            return said("missing", "There is no such page or line, or it is not for you.", status=404)

    return wrapped


def _told(view: Answer, request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """The view's answer, or why it was refused. Whoever may not enter figures is not told what is wrong with what they sent."""
    try:
        return view(request, council, period)
    except UnreadableError as refusal:
        grant, _ = access.grant_at_period(request.user, council, period, needs=Permission.VIEW_WORKING)
        if not grant.allows(Permission.ENTER_FORECASTS):
            words = f"Your role does not let you {Permission.ENTER_FORECASTS.value}."
            return said("refused", words, status=HTTPStatus.FORBIDDEN)
        return _refused(refusal)
    except Refused as refusal:
        return _refused(refusal)


def _signed_out(council: str, period: Period) -> JsonResponse:
    here = reverse("services:grid", args=[council, period])
    door = f"{reverse('accounts:sign_in')}?{urlencode({'next': here})}"
    words = "You are signed out, so nothing was saved. What you typed is kept: sign in, and save it again."
    return said("signed-out", words, status=HTTPStatus.UNAUTHORIZED, sign_in=door)


def _refused(refusal: Refused | UnreadableError) -> JsonResponse:
    if isinstance(refusal, QuestionedError):
        return said(
            "questioned",
            str(refusal),
            status=HTTPStatus.UNPROCESSABLE_ENTITY,
            findings=[_question_words(question.finding) for question in refusal.questions],
        )
    if isinstance(refusal, StaleVersionError):
        return conflict(refusal)
    if isinstance(refusal, PeriodClosedError | SubmittedError):
        words = f"{refusal} Nothing was saved; what you typed is kept in the cell, to be copied."
        return said("closed", words, status=HTTPStatus.CONFLICT)
    if isinstance(refusal, NotAllowedError):
        return said("denied", str(refusal), status=HTTPStatus.FORBIDDEN)
    if isinstance(refusal, WrongCouncilError):
        return said("missing", "There is no such line, or it is not for you.", status=HTTPStatus.NOT_FOUND)
    column = refusal.field if isinstance(refusal, InvalidEntryError) else getattr(refusal, "column", "")
    return said("refused", str(refusal), status=HTTPStatus.UNPROCESSABLE_ENTITY, column=column)


def conflict(refusal: StaleVersionError, *, now: Saved | None = None) -> JsonResponse:
    """Somebody else saved first: what is held now, and `now` the rows and totals as they are, so that the page can show them."""
    rows = rows_said(now) if now else {}
    theirs = [_theirs(one) for one in refusal.theirs]
    return said("conflict", str(refusal), status=HTTPStatus.CONFLICT, theirs=theirs, **rows)


def rows_said(saved: Saved) -> dict[str, Any]:
    """The lines' rows and the totals that contain them, in words."""
    return {
        "rows": [row_words(row) for row in saved.rows],
        "totals": [row_words(row) for row in saved.totals],
    }


def _question_words(finding: Any) -> dict[str, str]:
    return {"code": finding.code.value, "words": finding.words}


def _theirs(one: Theirs) -> dict[str, Any]:
    """What is held now: each figure as it may be typed, and who saved it when."""
    at = parse_datetime(one.saved_at) if one.saved_at else None
    return {
        "line": one.record_id,
        "version": one.version,
        "exact": {column.key: exact(one.values[column.key]) for column in ENTERED},  # type: ignore[arg-type]
        "by": one.saved_by,
        "at": f"{localtime(at):%H:%M on %-d %B}" if at else "",
    }
