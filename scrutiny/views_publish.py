"""Publishing as officers do it: checks, a proposal by one person, approval by another, and reopening with a reason."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from accounting.periods import Period
from scrutiny.checks import Readiness, readiness
from scrutiny.models import PublicationProposal
from scrutiny.operations import approve_publication, propose_publication, withdraw_proposal
from services import access
from services.operations.periods import reopen_period
from services.roles import Permission
from services.views.answers import act
from services.views.desk import Desk, desk_for, frame

PROPOSE, APPROVE = Permission.PROPOSE_PUBLICATION, Permission.APPROVE_PUBLICATION


@require_safe
def publish(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """What stands in the way, what waits, and what has been published of this period."""
    desk = desk_for(request, council, period, is_whole_council=True)
    found = readiness(desk.council, desk.period)
    context = {
        **frame(desk, here="publish"),
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
    """Open a closed period again, with a reason."""
    desk = desk_for(request, council, period, writes=APPROVE)
    return act(
        request,
        lambda: reopen_period(by=desk.grant.user, period=desk.period, reason=request.POST.get("reason", "")),
        words="The period is open again. What was published stays as it was; a correction becomes a new version.",
        address=_address(desk),
    )


def _address(desk: Desk) -> str:
    return reverse("publishing:publish", args=[desk.council.slug, desk.period.period])
