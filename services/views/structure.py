"""The administrator's pages: structure, roles; and the auditor's: the audit trail."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounting.funds import Fund
from services import access
from services.access import Grant
from services.forms.structure import (
    DirectorateForm,
    DivisionForm,
    RestructureForm,
    RoleForm,
    ServiceLineForm,
    TrailForm,
)
from services.models import Division, MonitoringPeriod, RoleAssignment, ServiceLine
from services.operations.councils import add_directorate, add_division, add_service_line
from services.operations.restructuring import restructure_line
from services.operations.role_assignments import assign_role, remove_role
from services.position.structure import role_holders, structure_of
from services.position.trail import TrailFilter, actions_of, chain_problem, entry_of, trail_of
from services.roles import Permission, Role
from services.views.answers import act, carried_out, done, status_of
from services.views.desk import council_frame, newest_period

ENTRIES_A_PAGE = 50
ADDED = {
    "directorate": "The directorate is added.",
    "division": "The division is added.",
    "line": "The service line is added. It has no budget yet: set its original budget, or import a return.",
    "restructure": "The line closes from that period. What was published before stays as it was.",
}


def _at_council(
    request: HttpRequest, council: str, *, sees: frozenset[Permission], writes: Permission
) -> Grant:
    """Let a person to a page that any of these permissions opens, 404 otherwise; 403 for one who may see it but not send its form."""
    grant = access.council_for_any(request.user, council, needs=sees)
    if request.method == "POST":
        access.require(grant, writes)
    return grant


@require_http_methods(["GET", "HEAD", "POST"])
def structure(request: HttpRequest, council: str) -> HttpResponse:
    """Directorates, divisions and lines; what is sent adds one, or closes a line."""
    sees = frozenset({Permission.VIEW_WORKING, Permission.KEEP_STRUCTURE})
    grant = _at_council(request, council, sees=sees, writes=Permission.KEEP_STRUCTURE)
    forms = _structure_forms(request, grant)
    adds = {
        "directorate": lambda given: add_directorate(by=grant.user, council=grant.council, **given),
        "division": lambda given: add_division(by=grant.user, **given),
        "line": lambda given: add_service_line(by=grant.user, **(given | {"fund": Fund(given["fund"])})),
        "restructure": lambda given: restructure_line(by=grant.user, **given),
    }
    for name, form in forms.items():
        if form.is_bound and carried_out(request, form, adds[name]):
            return done(request, ADDED[name], reverse("services:structure", args=[council]))
    context = {
        **council_frame(grant, here="structure", period=newest_period(grant)),
        "directorates": structure_of(grant.council),
        "forms": forms,
        "may_keep": grant.allows(Permission.KEEP_STRUCTURE),
    }
    return render(request, "services/structure.html", context, status=status_of(*forms.values()))


def _structure_forms(request: HttpRequest, grant: Grant) -> dict[str, Any]:
    """The four forms of the page; only the one that was sent is filled in."""
    sent = request.POST.get("what", "") if request.method == "POST" else ""

    def posted(name: str) -> QueryDict | None:
        return request.POST if sent == name else None

    council = grant.council
    lines = ServiceLine.objects.filter(council=council).select_related("division").order_by("order", "name")
    periods = MonitoringPeriod.objects.filter(council=council).order_by("-year", "-number")
    divisions = Division.objects.filter(directorate__council=council).select_related("directorate")
    return {
        "directorate": DirectorateForm(posted("directorate"), prefix="directorate"),
        "division": DivisionForm(
            posted("division"), directorates=council.directorates.all(), prefix="division"
        ),
        "line": ServiceLineForm(posted("line"), divisions=divisions, periods=periods, prefix="line"),
        "restructure": RestructureForm(
            posted("restructure"), lines=lines, periods=periods, prefix="restructure"
        ),
    }


@require_http_methods(["GET", "HEAD", "POST"])
def roles(request: HttpRequest, council: str) -> HttpResponse:
    """Who holds which role, with what each role is; what is sent gives one."""
    sees = frozenset({Permission.ASSIGN_ROLES, Permission.VIEW_AUDIT})
    grant = _at_council(request, council, sees=sees, writes=Permission.ASSIGN_ROLES)
    form = RoleForm(request.POST or None, directorates=grant.council.directorates.order_by("name"))
    if carried_out(
        request,
        form,
        lambda given: assign_role(
            by=grant.user,
            user=given["username"],
            role=Role(given["role"]),
            council=grant.council,
            directorate=given["directorate"],
        ),
    ):
        words = "The role is given. It holds from the person’s next request."
        return done(request, words, reverse("services:roles", args=[council]))
    context = {
        **council_frame(grant, here="roles", period=newest_period(grant)),
        "roles": role_holders(grant.council),
        "form": form,
        "may_assign": grant.allows(Permission.ASSIGN_ROLES),
    }
    return render(request, "services/roles.html", context, status=status_of(form))


@require_POST
def take_role(request: HttpRequest, council: str, assignment_id: int) -> HttpResponse:
    """Take a role away, with a reason."""
    sees = frozenset({Permission.ASSIGN_ROLES, Permission.VIEW_AUDIT})
    grant = _at_council(request, council, sees=sees, writes=Permission.ASSIGN_ROLES)
    assignment = access.record_for(grant, RoleAssignment, assignment_id)
    return act(
        request,
        lambda: remove_role(by=grant.user, assignment=assignment, reason=request.POST.get("reason", "")),
        words="The role is taken away. It ends with the person’s next request.",
        address=reverse("services:roles", args=[council]),
    )


@require_safe
def audit(request: HttpRequest, council: str) -> HttpResponse:
    """The audit trail, newest first; `check=1` re-computes the whole chain and says whether it holds."""
    grant = access.council_for(request.user, council, needs=Permission.VIEW_AUDIT)
    periods = access.periods_of(grant)
    form = TrailForm(
        request.GET,
        actions=[(action, action.capitalize()) for action in actions_of(grant.council)],
        periods=[(row.period.slug, str(row.period)) for row in periods],
    )
    wanted = TrailFilter(**form.cleaned_data) if form.is_valid() else TrailFilter()
    page = Paginator(trail_of(grant.council, wanted), ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    is_checked = request.GET.get("check") == "1"
    context = {
        **council_frame(grant, here="audit", period=periods[0] if periods else None),
        "form": form,
        "page": page,
        "changes": tuple(entry_of(entry) for entry in page),
        "is_checked": is_checked,
        "problem": chain_problem(grant.council) if is_checked else "",
    }
    return render(request, "services/audit.html", context)
