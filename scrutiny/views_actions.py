"""Trackers of actions and recommendations: what is open, what is overdue, and officers' responses."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from presentation.components import Crumb
from scrutiny import access
from scrutiny.committees import responding
from scrutiny.committees.forms.questions import ProgressForm, ResponseForm
from scrutiny.committees.public import actions as public
from scrutiny.committees.public.meetings import committees_of
from scrutiny.navigation import council_frame
from services.access import Grant, require
from services.roles import Permission
from services.views.answers import carried_out, done, status_of, without

ANSWER = Permission.ANSWER_QUESTIONS


@require_safe
def actions(request: HttpRequest, slug: str) -> HttpResponse:
    """Every public action of a council, or of one committee, open or all."""
    grant = access.council_of(request.user, slug)
    committee, is_open = request.GET.get("committee", ""), request.GET.get("show", "") == "open"
    found = public.actions_of(grant.council.pk, committee_slug=committee, is_open=is_open)
    context = {
        **_frame(grant),
        "actions": found,
        "overdue": [action for action in found if action.is_overdue],
        "committees": _committees(grant, committee),
        "is_open_only": is_open,
        "slug": slug,
    }
    return render(request, "committees/actions.html", context)


@require_safe
def recommendations(request: HttpRequest, slug: str) -> HttpResponse:
    """Every public recommendation or other outcome, with the executive's response and what came of it."""
    grant = access.council_of(request.user, slug)
    committee = request.GET.get("committee", "")
    found = public.recommendations_of(grant.council.pk, committee_slug=committee)
    context = {
        **_frame(grant),
        "recommendations": found,
        "overdue": [one for one in found if one.is_overdue],
        "committees": _committees(grant, committee),
        "slug": slug,
    }
    return render(request, "committees/recommendations.html", context)


@require_safe
def action(request: HttpRequest, slug: str, action_id: int) -> HttpResponse:
    """One action with every step of its life."""
    grant = access.council_of(request.user, slug)
    found = public.action_entry(grant.council.pk, action_id)
    return _action_page(request, grant, action_id, response=None, progress=None, found=found)


@require_http_methods(["GET", "HEAD", "POST"])
def respond(request: HttpRequest, slug: str, action_id: int) -> HttpResponse:
    """Officers' response to an action; the committee closes it at a meeting."""
    grant = access.council_of(request.user, slug)
    found = public.action_entry(grant.council.pk, action_id)
    require(grant, ANSWER)
    begun = {"response": found.response, "evidence": found.evidence, "expected_version": found.version}
    form = ResponseForm(request.POST or None, initial=begun)
    if carried_out(
        request, form, lambda given: responding.respond(grant, action_id, **without(given, "key"))
    ):
        words = (
            "The response is kept. The action stays on the committee’s agenda until the committee closes it."
        )
        return done(request, words, reverse("scrutiny:action", args=[slug, action_id]))
    return _action_page(request, grant, action_id, response=form, progress=None, found=found)


@require_http_methods(["GET", "HEAD", "POST"])
def progress(request: HttpRequest, slug: str, action_id: int) -> HttpResponse:
    """How far an action has got, as an officer reports it."""
    grant = access.council_of(request.user, slug)
    found = public.action_entry(grant.council.pk, action_id)
    require(grant, ANSWER)
    form = ProgressForm(request.POST or None, initial={"expected_version": found.version})
    if carried_out(request, form, lambda given: responding.report(grant, action_id, **without(given, "key"))):
        return done(request, "Progress is noted.", reverse("scrutiny:action", args=[slug, action_id]))
    return _action_page(request, grant, action_id, response=None, progress=form, found=found)


def _action_page(
    request: HttpRequest,
    grant: Grant,
    action_id: int,
    *,
    response: ResponseForm | None,
    progress: ProgressForm | None,
    found: Any,
) -> HttpResponse:
    slug = grant.council.slug
    context = {
        **_frame(
            grant,
            Crumb("Actions", reverse("scrutiny:actions", args=[slug])),
            Crumb(found.reference or "Action"),
        ),
        "action": found,
        "may_respond": grant.allows_everywhere(ANSWER) and found.status != "closed",
        "response": response,
        "progress": progress,
        "slug": slug,
    }
    sent = [form for form in (response, progress) if form is not None]
    return render(request, "committees/action.html", context, status=status_of(*sent))


def _frame(grant: Grant, *crumbs: Crumb) -> dict[str, Any]:
    return council_frame(grant, here="committees") | {
        "breadcrumbs": crumbs,
        "is_illustration": grant.council.is_illustration,
    }


def _committees(grant: Grant, chosen: str) -> list[tuple[str, str, bool]]:
    return [(entry.slug, entry.name, entry.slug == chosen) for entry in committees_of(grant.council.pk)]
