"""Two people changed one thing: the page that compares what each has, loses nothing that was typed, and overwrites nothing unread."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime

from accounts.models import User
from presentation.components import Conflict
from services.audit import spoken
from services.forms.compared import ComparedForm, DecisionForm
from services.operations.refusals import StaleVersionError


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the form that was sent belongs."""

    what: str
    """What was changed, as a heading begins: “Placements”, “The risk “Two more placements””."""
    address: str
    """Where it is sent again."""
    back: str
    """Where theirs is kept."""
    button: str = "Save mine over theirs"


def conflict_page(
    request: HttpRequest,
    context: dict[str, Any],
    *,
    place: Place,
    form: ComparedForm,
    refusal: StaleVersionError,
    template: str = "services/conflict.html",
) -> HttpResponse:
    """Yours, theirs and what both began from, with your entries in a form that can be sent again. `context` is the page's frame. Status 409."""
    (theirs,) = refusal.theirs
    is_gone = not theirs.values
    return compared_page(
        request,
        context,
        place=place,
        refusal=refusal,
        conflicts=form.comparison(theirs.values),
        form=None if is_gone else form.again(held=theirs.values, version=theirs.version),
        template=template,
    )


def compared_page(
    request: HttpRequest,
    context: dict[str, Any],
    *,
    place: Place,
    refusal: StaleVersionError,
    conflicts: tuple[Conflict, ...],
    form: object,
    template: str = "services/conflict.html",
    **more: Any,
) -> HttpResponse:
    """As `conflict_page`, for a comparison made elsewhere. `form` is `None` where there is nothing left to save over."""
    (theirs,) = refusal.theirs
    whole = {
        **context,
        "place": place,
        "theirs": theirs,
        "saved_at": parse_datetime(theirs.saved_at) if theirs.saved_at else None,
        "conflicts": conflicts,
        "form": form,
        **more,
    }
    return render(request, template, whole, status=409)


@dataclass(frozen=True, slots=True)
class Step:
    """One decision on a request: how its button names it, which of its fields has words, and from which states it can be taken."""

    button: str
    field: str
    label: str
    states: Collection[str]


def decision_conflict(
    request: HttpRequest,
    context: dict[str, Any],
    *,
    place: Place,
    step: Step,
    refusal: StaleVersionError,
    state: str,
    now: str,
    seen: str | int,
) -> HttpResponse:
    """Somebody decided or changed a request before this decision reached it. What was written with it is kept.

    `state` is the request's state now, `now` how it stands in words, and `seen` what the decision must name to be taken all the same.
    """
    typed = request.POST.get(step.field, "")
    was = request.POST.get("seen_words", "")[:400] or "as the page showed it"
    rows = [Conflict("The request", step.button, now, was)]
    if step.label:
        rows.append(Conflict(step.label, typed or "blank", _their_words(refusal), "blank"))
    form = None
    if state in step.states:
        form = DecisionForm(
            step.field,
            label=step.label,
            initial={"seen": seen, "seen_words": now, step.field: typed},
        )
    again = Place(
        what=place.what, address=place.address, back=place.back, button=f"{step.button} all the same"
    )
    return compared_page(
        request, context, place=again, refusal=refusal, conflicts=tuple(rows), form=form, is_decision=True
    )


TAKES_TO = {
    "request": "requested",
    "approve": "approved",
    "reject": "rejected",
    "refuse": "refused",
    "apply": "applied",
}
"""The state to which each step takes a request."""


def is_done_already(refusal: StaleVersionError, *, by: User, step: str, state: str) -> bool:
    """Whether this very person has taken this very step: a button pressed twice, which has its one effect."""
    return TAKES_TO.get(step) == state and refusal.theirs[0].saved_by == spoken(by)


def _their_words(refusal: StaleVersionError) -> str:
    values: Mapping[str, object] = refusal.theirs[0].values
    return str(values.get("note") or values.get("decision_reference") or "blank")


def seen_version(request: HttpRequest) -> int | None:
    """The version that the page showed; `None` where the form does not say."""
    text = request.POST.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
