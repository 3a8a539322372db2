"""People's pages: who is deputy for whom, and what a person who leaves hands over."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from services import access
from services.access import Grant
from services.forms.people import DeputyForm, HandOverForm
from services.models import Delegation
from services.operations.deputies import end_delegation, name_deputy
from services.operations.handing_over import hand_over
from services.position.leaving import kind_of, people_of, work_of
from services.position.people import deputies_seen, roles_to_deputise
from services.roles import Permission
from services.views.answers import act, carried_out, done, status_of
from services.views.desk import council_frame, newest_period

SEES = frozenset({Permission.VIEW_WORKING, Permission.VIEW_AUDIT})


@require_http_methods(["GET", "HEAD", "POST"])
def deputies(request: HttpRequest, council: str) -> HttpResponse:
    """Who acts for whom; what is sent names one more."""
    grant = access.council_for_any(request.user, council, needs=SEES)
    roles = roles_to_deputise(grant)
    if request.method == "POST" and not roles:
        raise PermissionDenied("You hold no role here for which there are deputies.")
    form = DeputyForm(request.POST or None, roles=roles)
    if carried_out(request, form, lambda given: name_deputy(by=grant.user, council=grant.council, **given)):
        words = "The deputy is named. What they do will be recorded as done by them for the holder."
        return done(request, words, reverse("services:deputies", args=[council]))
    context = {
        **council_frame(grant, here="deputies", period=newest_period(grant)),
        "deputies": deputies_seen(grant, today=timezone.localdate()),
        "form": form,
        "may_name": bool(roles),
    }
    return render(request, "services/deputies.html", context, status=status_of(form))


@require_POST
def end_deputy(request: HttpRequest, council: str, delegation_id: int) -> HttpResponse:
    """End a deputy's time, with a reason."""
    grant = access.council_for_any(request.user, council, needs=SEES)
    delegation = access.record_for(grant, Delegation, delegation_id)
    return act(
        request,
        lambda: end_delegation(by=grant.user, delegation=delegation, reason=request.POST.get("reason", "")),
        words="The deputy’s time is ended. What they send from now on is refused.",
        address=reverse("services:deputies", args=[council]),
    )


def _at_leavers(request: HttpRequest, council: str) -> Grant:
    """Let in whoever hands over; an auditor may look at nobody's work in hand, which is no part of the figures."""
    return access.council_for(request.user, council, needs=Permission.HAND_OVER)


@require_safe
def leavers(request: HttpRequest, council: str) -> HttpResponse:
    """Everybody who holds a role here, to choose who leaves."""
    grant = _at_leavers(request, council)
    context = {
        **council_frame(grant, here="leavers", period=newest_period(grant)),
        "people": [person for person in people_of(grant.council) if person.pk != grant.user.pk],
    }
    return render(request, "services/leavers.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def leaver(request: HttpRequest, council: str, user_id: int) -> HttpResponse:
    """What one person has in hand; what is sent gives it to a colleague."""
    grant = _at_leavers(request, council)
    person = _person(grant, user_id)
    form = HandOverForm(request.POST or None)
    if carried_out(
        request,
        form,
        lambda given: hand_over(by=grant.user, council=grant.council, leaver=person, **given),
    ):
        words = f"{person} has nothing in hand at {grant.council} any more. Whoever made each thing first stays in the audit trail."
        return done(request, words, reverse("services:leavers", args=[council]))
    work = work_of(grant.council, person)
    context = {
        **council_frame(grant, here="leaver", period=newest_period(grant)),
        "person": person,
        "work": work,
        "files": [(kind_of(one), one) for one in work.files],
        "requests": [(kind_of(one), one) for one in work.requests],
        "form": form,
    }
    return render(request, "services/leaver.html", context, status=status_of(form))


def _person(grant: Grant, user_id: int) -> User:
    """Somebody else who holds a role here, or `Http404`."""
    found = next((person for person in people_of(grant.council) if person.pk == user_id), None)
    if found is None or found.pk == grant.user.pk:
        raise Http404("There is no such person here, or it is you.")
    return found
