"""Pages of the clerk's desk that are one form: shown, carried out, or laid beside what somebody else saved meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from services.forms.compared import ComparedForm
from services.operations.refusals import StaleVersionError
from services.views.answers import carried_out, done, status_of
from services.views.conflicts import Place, conflict_page


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """What a page of one form says: its title, its button, what did not happen, where it leads back, and what was done."""

    title: str
    button: str
    refused: str
    back: str
    done: str = ""
    intro: str = ""


def form_page(
    request: HttpRequest, frame: dict[str, Any], *, form: forms.Form, page: FormPage
) -> HttpResponse:
    """The page with its form; 422 where the form holds a mistake."""
    context = {**frame, "form": form, "page": page}
    return render(request, "committees/form.html", context, status=status_of(form))


def change_page(
    request: HttpRequest,
    frame: dict[str, Any],
    *,
    form: forms.Form,
    page: FormPage,
    operation: Callable[[dict[str, Any]], object],
) -> HttpResponse:
    """Show a form that changes something, or carry it out and go back. Somebody else's change meanwhile is shown beside what was typed."""
    try:
        if carried_out(request, form, operation):
            return done(request, page.done, page.back)
    except StaleVersionError as refusal:
        if not isinstance(form, ComparedForm):
            raise
        place = Place(what=page.title, address=request.path, back=page.back)
        context = {**frame, "frame_template": "committees/desk_base.html"}
        return conflict_page(request, context, place=place, form=form, refusal=refusal)
    return form_page(request, frame, form=form, page=page)
