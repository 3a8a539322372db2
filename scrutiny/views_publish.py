"""Publishing as officers do it: checks, a proposal by one person, approval by another, and reopening with a reason."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounting.periods import Period
from scrutiny.checks import Readiness, readiness
from scrutiny.closing.operations import (
    agree_to_close_unchanged,
    ask_to_close_unchanged,
    decline_to_close_unchanged,
    waiting_closing,
)
from scrutiny.models import ClosingRequest, PublicationProposal
from scrutiny.operations import approve_publication, propose_publication, withdraw_proposal
from services import access
from services.models import ReopenRequest
from services.operations.periods import reopen_period
from services.operations.reopening import (
    agree_to_reopen,
    ask_to_reopen,
    decline_to_reopen,
    may_agree,
    waiting_request,
)
from services.roles import Permission
from services.views.answers import act
from services.views.desk import Desk, desk_for, frame

PROPOSE, APPROVE = Permission.PROPOSE_PUBLICATION, Permission.APPROVE_PUBLICATION


@require_safe
def publish(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """What stands in the way, what waits, and what has been published of this period."""
    desk = desk_for(request, council, period, is_whole_council=True)
    found = readiness(desk.council, desk.period)
    asked = waiting_request(desk.period)
    closing = waiting_closing(desk.period)
    context = {
        **frame(desk, here="publish"),
        "closing": closing,
        "is_own_closing": closing is not None and closing.asked_by_id == desk.grant.user.pk,
        "reopening": asked,
        "may_agree": asked is not None and may_agree(desk.grant, asked),
        "readiness": found,
        "may_propose": desk.grant.allows_everywhere(PROPOSE),
        "may_approve": _may_approve(desk, found),
        "may_reopen": desk.grant.allows_everywhere(APPROVE),
        "is_own_proposal": found.proposal is not None and found.proposal.proposed_by_id == desk.grant.user.pk,
    }
    return render(request, "scrutiny/publish.html", context)


def _may_approve(desk: Desk, found: Readiness) -> bool:
    """Whether this person may approve what waits: not what they proposed themselves."""
    if found.proposal is None or found.proposal.proposed_by_id == desk.grant.user.pk:
        return False
    return desk.grant.allows_everywhere(APPROVE)


@require_POST
def propose(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Put the period forward as it stands."""
    desk = desk_for(request, council, period, writes=PROPOSE)
    return act(
        request,
        lambda: propose_publication(by=desk.grant.user, council=desk.council, period=desk.period),
        words="The period is proposed for publication. Another person approves it; until then nothing is published.",
        address=_address(desk),
    )


@require_POST
def approve(request: HttpRequest, council: str, period: Period, proposal_id: int) -> HttpResponse:
    """Publish what another person proposed."""
    desk = desk_for(request, council, period, writes=APPROVE)
    proposal = access.record_for(desk.grant, PublicationProposal, proposal_id)
    return act(
        request,
        lambda: approve_publication(by=desk.grant.user, proposal=proposal),
        words=f"{desk.period.period.label} is published. Its figures are frozen; a correction would be a new version.",
        address=_address(desk),
    )


@require_POST
def withdraw(request: HttpRequest, council: str, period: Period, proposal_id: int) -> HttpResponse:
    """Take a proposal back."""
    desk = desk_for(request, council, period, writes=PROPOSE)
    proposal = access.record_for(desk.grant, PublicationProposal, proposal_id)
    return act(
        request,
        lambda: withdraw_proposal(
            by=desk.grant.user, proposal=proposal, reason=request.POST.get("reason", "")
        ),
        words="The proposal is withdrawn. Nothing is published.",
        address=_address(desk),
    )


@require_POST
def reopen(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Open a submitted period again, with a reason; nothing of it has been locked."""
    desk = desk_for(request, council, period, writes=APPROVE)
    return act(
        request,
        lambda: reopen_period(by=desk.grant.user, period=desk.period, reason=request.POST.get("reason", "")),
        words="The period is open again.",
        address=_address(desk),
    )


@require_POST
def ask_reopen(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Ask that a locked period be opened again, with a reason."""
    desk = desk_for(request, council, period, writes=PROPOSE)
    return act(
        request,
        lambda: ask_to_reopen(by=desk.grant.user, period=desk.period, reason=request.POST.get("reason", "")),
        words="Your reason is noted. The period stays locked until another person agrees.",
        address=_address(desk),
    )


@require_POST
def agree_reopen(request: HttpRequest, council: str, period: Period, request_id: int) -> HttpResponse:
    """Agree with another person that a locked period be opened again."""
    desk = desk_for(request, council, period, writes=PROPOSE)
    asked = access.record_for(desk.grant, ReopenRequest, request_id)
    return act(
        request,
        lambda: agree_to_reopen(by=desk.grant.user, request=asked),
        words="The period is open again. What was published stays as it was; a correction becomes a new version.",
        address=_address(desk),
    )


@require_POST
def decline_reopen(request: HttpRequest, council: str, period: Period, request_id: int) -> HttpResponse:
    """Leave a locked period closed."""
    desk = desk_for(request, council, period, writes=PROPOSE)
    asked = access.record_for(desk.grant, ReopenRequest, request_id)
    return act(
        request,
        lambda: decline_to_reopen(by=desk.grant.user, request=asked),
        words="The period stays locked.",
        address=_address(desk),
    )


@require_POST
def ask_close(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Ask that a reopened period be closed as it was, with a reason."""
    desk = desk_for(request, council, period, writes=PROPOSE)
    return act(
        request,
        lambda: ask_to_close_unchanged(
            by=desk.grant.user,
            council=desk.council,
            period=desk.period,
            reason=request.POST.get("reason", ""),
        ),
        words="Your reason is noted. Another person closes the period as it was; no new version is made.",
        address=_address(desk),
    )


@require_POST
def agree_close(request: HttpRequest, council: str, period: Period, request_id: int) -> HttpResponse:
    """Close a reopened period as it was."""
    desk = desk_for(request, council, period, writes=APPROVE)
    asked = access.record_for(desk.grant, ClosingRequest, request_id)
    return act(
        request,
        lambda: agree_to_close_unchanged(by=desk.grant.user, request=asked),
        words=f"{desk.period.period.label} is closed as it was. {asked.publication} stands.",
        address=_address(desk),
    )


@require_POST
def decline_close(request: HttpRequest, council: str, period: Period, request_id: int) -> HttpResponse:
    """Leave a reopened period open."""
    desk = desk_for(request, council, period, writes=PROPOSE)
    asked = access.record_for(desk.grant, ClosingRequest, request_id)
    return act(
        request,
        lambda: decline_to_close_unchanged(by=desk.grant.user, request=asked),
        words="It is not closed. Return a directorate’s figures, or reopen the period, to correct them.",
        address=_address(desk),
    )


def _address(desk: Desk) -> str:
    return reverse("publishing:publish", args=[desk.council.slug, desk.period.period])
