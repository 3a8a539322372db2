"""What becomes of a form that was sent: carried out, or refused with nothing that was typed lost."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from services.forms.compared import ComparedForm
from services.forms.words import FIELD as WORDS_ACCEPTED
from services.forms.words import PublishedWordsForm
from services.operations.accepted_words import note_accepted_words
from services.operations.once import once
from services.operations.refusals import (
    InvalidEntryError,
    NotAllowedError,
    Refused,
    StaleVersionError,
    WrongCouncilError,
)

_UNASKED = frozenset({"csrfmiddlewaretoken"})


def signed_in(request: HttpRequest) -> User:
    """The person who asks; access has made sure that there is one."""
    if not isinstance(request.user, User):
        raise PermissionDenied("Sign in first.")
    return request.user


def carried_out(
    request: HttpRequest, form: forms.Form, operation: Callable[[dict[str, Any]], object]
) -> bool:
    """Whether a form was sent and its operation done. If refused, the refusal stands on the form beside what was typed; sent
    again with its key, it has its one effect and no more.

    Raises `PermissionDenied` for a person whose role, in the operation's own reading of it, does not allow it, and `StaleVersionError` for a
    `ComparedForm`, to be answered by `services.views.conflicts.conflict_page`.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        once(
            by=signed_in(request),
            key=form.cleaned_data.get("key") or "",
            operation=request.path,
            asked={name: request.POST.getlist(name) for name in sorted(request.POST) if name not in _UNASKED},
            act=lambda: _saved(request, form, operation),
        )
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except WrongCouncilError as refusal:
        raise Http404("There is no such record, or it is not for you.") from refusal
    except InvalidEntryError as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return False
    except StaleVersionError as refusal:
        if isinstance(form, ComparedForm):
            raise
        form.add_error(None, str(refusal))
        return False
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _saved(request: HttpRequest, form: forms.Form, operation: Callable[[dict[str, Any]], object]) -> None:
    """Do the operation, and in its transaction record which of its words the person has accepted."""
    given = without(form.cleaned_data, "key", WORDS_ACCEPTED)
    passages = form.words_accepted if isinstance(form, PublishedWordsForm) else ()
    with transaction.atomic():
        saved = operation(given)
        note_accepted_words(by=signed_in(request), record=saved, passages=passages)


def status_of(*sent: forms.Form | forms.BaseFormSet[Any]) -> int:
    """200 for a page that is only shown; 422 for one that holds a form with a mistake in it."""
    mistaken = any(form.is_bound and not form.is_valid() for form in sent)
    return HTTPStatus.UNPROCESSABLE_ENTITY if mistaken else HTTPStatus.OK


def done(request: HttpRequest, words: str, address: str) -> HttpResponse:
    """Say what was done, on the page that follows; a refresh of that page sends nothing again."""
    messages.success(request, words)
    return redirect(address)


def act(
    request: HttpRequest,
    operation: Callable[[], object],
    *,
    words: str,
    address: str,
    stale: Callable[[StaleVersionError], HttpResponse] | None = None,
) -> HttpResponse:
    """Carry out a button's operation and go on to `address`, with what was done or why it was not.

    `stale` answers an operation that was told which version was seen and found another: see `services.views.conflicts.decision_conflict`.
    """
    try:
        operation()
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except WrongCouncilError as refusal:
        raise Http404("There is no such record, or it is not for you.") from refusal
    except Refused as refusal:
        if stale is not None and isinstance(refusal, StaleVersionError):
            return stale(refusal)
        messages.error(request, f"{refusal}{_written(request)}")
    else:
        messages.success(request, words)
    return redirect(address)


def _written(request: HttpRequest) -> str:
    """What was written with a button that was refused, so that it can be copied; empty where nothing was."""
    said = next(
        (text for name in ("words", "note", "reason") if (text := request.POST.get(name, "").strip())), ""
    )
    return f" You had written: “{said}”." if said else ""


def without(given: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """What a form gave, but for what its operation does not take."""
    return {name: value for name, value in given.items() if name not in names}
