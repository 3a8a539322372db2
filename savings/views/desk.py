"""Where an officer stands among a council's savings: who they are, what they may see, and what is common to every page."""

from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import reverse

from accounts.models import User
from savings.models import RecoveryPlan, SavingsProposal
from services import access
from services.access import Grant
from services.models import Council, MonitoringPeriod
from services.roles import Permission
from services.views.desk import council_frame, newest_period

KEEP: Final = Permission.KEEP_BUDGETS
SEE: Final = Permission.VIEW_WORKING
NOT_THERE: Final = "There is no such page, or it is not for you."


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsDesk:
    """One person at one council's savings, on the page that the navigation calls `here`."""

    grant: Grant
    here: str
    newest: MonitoringPeriod | None

    @property
    def council(self) -> Council:
        """The council."""
        return self.grant.council

    @property
    def user(self) -> User:
        """The person."""
        return self.grant.user

    @property
    def allowed(self) -> frozenset[int] | None:
        """The directorates whose savings the person may see; `None` for all, and those of no directorate."""
        return self.grant.directorates(SEE)

    def address(self, name: str, *arguments: object) -> str:
        """The address of a page of savings that belongs to no period."""
        return reverse(f"savings:{name}", args=[self.council.slug, *arguments])

    def frame(self) -> dict[str, Any]:
        """What every page shows around itself."""
        around = council_frame(self.grant, here=self.here, period=self.newest)
        return {**around, "desk": self, "frame_template": "services/council_base.html"}

    def may(self, permission: Permission, directorate_id: int | None) -> bool:
        """Whether the person may do this for a directorate, or for the whole council where there is none."""
        if directorate_id is None:
            return self.grant.allows_everywhere(permission)
        return self.grant.allows(permission, directorate_id=directorate_id)


def arrive(
    request: HttpRequest,
    council: str,
    *,
    here: str,
    needs: Permission = SEE,
    is_whole: bool = False,
) -> SavingsDesk:
    """Let a person to the savings of a council: `Http404` for a stranger, `PermissionDenied` for one who may see but not do this."""
    grant = access.council_for(request.user, council, needs=SEE)
    access.require(grant, needs)
    if is_whole and not grant.allows_everywhere(SEE):
        raise PermissionDenied("This page shows every directorate’s figures; your role is for one.")
    return SavingsDesk(grant=grant, here=here, newest=newest_period(grant))


def proposal_for(desk: SavingsDesk, proposal_id: int, *, needs: Permission = SEE) -> SavingsProposal:
    """A proposal that the person may see; `PermissionDenied` where they may see it and not do what they ask."""
    rows = SavingsProposal.objects.select_related("directorate", "service_line")
    found = rows.filter(council=desk.council, pk=proposal_id).first()
    if found is None or not (desk.allowed is None or found.directorate_id in desk.allowed):
        raise Http404(NOT_THERE)
    if not desk.may(needs, found.directorate_id):
        raise PermissionDenied(f"Your role does not let you {needs.value} for this proposal.")
    found.council = desk.council
    return found


def plan_for(desk: SavingsDesk, plan_id: int) -> RecoveryPlan:
    """A recovery plan of the council."""
    found = access.record_for(desk.grant, RecoveryPlan, plan_id)
    found.council = desk.council
    return found
