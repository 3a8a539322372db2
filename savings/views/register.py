"""The register: every proposal that a person may see, those asked for, and a new one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_safe

from accounting.savings import Stage
from savings.entries import ProposalEntry
from savings.forms.proposals import NewProposalForm
from savings.forms.register import FilterForm
from savings.models import SavingsProposal
from savings.operations.proposals import record_proposal
from savings.position.proposals import proposals_of
from savings.views.desk import KEEP, SavingsDesk, arrive
from savings.views.files import TableSet, csv_file, xlsx_file
from savings.views.proposal_tables import register_tables
from savings.views.sheets import Held, Lists, Sheet, sheet_page
from services.views.answers import status_of

HERE = "savings_register"


@require_safe
def register(request: HttpRequest, council: str) -> HttpResponse:
    """Every proposal, or those of a directorate, stage, type or kind."""
    desk = arrive(request, council, here=HERE)
    form = FilterForm(request.GET or None, council=desk.council, allowed=desk.allowed)
    found = _found(desk, form)
    tables = register_tables(
        found,
        where=desk.council.name,
        address=lambda one: desk.address("proposal", int(one.key)),
        is_page=True,
    )
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    context = {
        **desk.frame(),
        "filter": form,
        "is_filtered": form.is_bound,
        "count": len(found),
        "files": [
            {
                "table": one.table,
                "csv_url": f"{desk.address('register_csv', one.table.key)}{query}",
                "xlsx_url": f"{desk.address('register_xlsx')}{query}",
            }
            for one in tables.links("")
        ],
        "may_keep": desk.grant.allows(KEEP),
        "may_import": desk.grant.allows_everywhere(KEEP),
    }
    return render(request, "savings/register.html", context, status=status_of(form))


def _found(desk: SavingsDesk, form: FilterForm) -> list[ProposalEntry]:
    keys = {str(key) for key in form.chosen().values_list("pk", flat=True)}
    return [one for one in proposals_of(desk.council) if one.key in keys]


def _files(request: HttpRequest, council: str) -> tuple[SavingsDesk, TableSet]:
    desk = arrive(request, council, here=HERE)
    form = FilterForm(request.GET or None, council=desk.council, allowed=desk.allowed)
    return desk, register_tables(_found(desk, form), where=desk.council.name)


@require_safe
def register_csv(request: HttpRequest, council: str, register_table: str) -> HttpResponse:
    """One table of the register as CSV."""
    return csv_file(_files(request, council)[1], register_table)


@require_safe
def register_xlsx(request: HttpRequest, council: str) -> HttpResponse:
    """The register as a workbook."""
    desk, tables = _files(request, council)
    return xlsx_file(tables, by=desk.user)


_PREFILLED = ("kind", "type", "title", "service_line", "directorate", "description", "recurrence")


@require_http_methods(["GET", "HEAD", "POST"])
def new_proposal(request: HttpRequest, council: str) -> HttpResponse:
    """Record a proposal; right-sizing offers one with what was found filled in."""
    desk = arrive(request, council, here=HERE, needs=KEEP)
    begun: dict[str, Any] = {
        "type": SavingsProposal.Type.OTHER.value,
        "recurrence": SavingsProposal.Recurrence.NOT_STATED.value,
        "equality_assessment": SavingsProposal.Assessment.NOT_STATED.value,
        "consultation": SavingsProposal.Consultation.NOT_STATED.value,
        "stage": Stage.IDEA.value,
    }
    begun |= {name: request.GET[name][:4000] for name in _PREFILLED if name in request.GET}

    def put(given: dict[str, Any], _: Lists) -> object:
        given.pop("expected_version")
        given["stage"] = Stage(given["stage"])
        if given["directorate"] is None:
            del given["directorate"]
        return record_proposal(by=desk.user, council=desk.council, **given)

    sheet = Sheet(
        title="Record a proposal",
        lead="A proposal need not have any £. Its amounts are proposed on its own page, and approved by somebody else.",
        button="Record the proposal",
        refused="The proposal is not recorded",
        said="The proposal is recorded.",
        back=desk.address("register"),
        form=NewProposalForm,
        options={"council": desk.council},
        put=put,
        held=lambda: Held(values=begun),
        after=lambda saved: _onward(request, desk, saved),
    )
    return sheet_page(request, desk.frame(), sheet)


def _onward(request: HttpRequest, desk: SavingsDesk, saved: object) -> str:
    """The proposal's page; where right-sizing offered an amount as well, the page on which it is proposed."""
    if not isinstance(saved, SavingsProposal):
        return desk.address("register")
    if "amount" not in request.GET:
        return desk.address("proposal", saved.pk)
    offered = urlencode({name: request.GET.get(name, "")[:40] for name in ("year", "amount")})
    return f"{desk.address('propose_phasing', saved.pk)}?{offered}"
