"""One proposal: everything that is held of it, and the forms that change what it is and how far it has got."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounting.savings import Stage
from savings.entries import ProposalEntry
from savings.forms.proposals import CaseForm, ProposalForm, StageForm
from savings.models import BusinessCase, PhasingVersion, SavingsProposal
from savings.operations.proposal_records import values_of
from savings.operations.proposals import change_proposal, move_stage
from savings.operations.reviews import change_case, record_case
from savings.position.proposals import proposals_of
from savings.position.updates import savings_position
from savings.views.desk import KEEP, SEE, SavingsDesk, arrive, proposal_for
from savings.views.files import csv_file, xlsx_file
from savings.views.proposal_tables import definitions_of, proposal_table_set
from savings.views.sheets import Held, Lists, Sheet, sheet_page
from services import access
from services.position.trail import history_of
from services.roles import Permission

HERE = "savings_register"
CASE_FIELDS = (
    "title", "cost_now", "cost_after", "one_off_cost", "decided_by_role", "consultees", "state", "decided_on",
    "decision_reference", "words",
)  # fmt: skip


@require_safe
def proposal(request: HttpRequest, council: str, proposal_id: int) -> HttpResponse:
    """Everything that is held of one proposal."""
    desk = arrive(request, council, here=HERE)
    found = proposal_for(desk, proposal_id)
    entries = proposals_of(desk.council)
    entry = _entry(entries, found)
    tables = proposal_table_set(entry, beside=entries)
    base = f"{desk.address('proposal', found.pk)}files/"
    phasings = list(found.phasings.order_by("-number")[:1])
    newest = phasings[0] if phasings else None
    waits = newest is not None and newest.status == PhasingVersion.Status.PROPOSED
    context = {
        **desk.frame(),
        "proposal": entry,
        "record": found,
        "facts": definitions_of(entry),
        "files": tables.by_key(base),
        "unclear": [span for span in entry.phasing.spans if not span.is_counted] if entry.phasing else [],
        "month": _month(desk, entry),
        "waiting": newest if waits else None,
        "cases": found.business_cases.all(),
        "history": history_of(found, desk.council),
        "may_keep": desk.may(KEEP, found.directorate_id),
        "may_approve": desk.may(Permission.APPROVE_CHANGES, found.directorate_id),
        "may_propose": not Stage(found.stage).is_closed,
        "may_move": bool(Stage(found.stage).follows),
        "is_vacancy_factor": found.type == SavingsProposal.Type.VACANCY_FACTOR,
    }
    return render(request, "savings/proposal.html", context)


def _entry(entries: tuple[ProposalEntry, ...], found: SavingsProposal) -> ProposalEntry:
    return next(one for one in entries if one.key == str(found.pk))


def _month(desk: SavingsDesk, entry: ProposalEntry) -> dict[str, Any] | None:
    """How the saving stands in the newest period; `None` where nothing is said of it there."""
    if desk.newest is None:
        return None
    position = savings_position(desk.council, desk.newest, proposals=[entry])
    row = next(iter(position.rows), None)
    return {"period": desk.newest, "saving": row} if row else None


@require_safe
def proposal_csv(request: HttpRequest, council: str, proposal_id: int, proposal_table: str) -> HttpResponse:
    """One table of a proposal as CSV."""
    desk = arrive(request, council, here=HERE)
    entries = proposals_of(desk.council)
    entry = _entry(entries, proposal_for(desk, proposal_id))
    return csv_file(proposal_table_set(entry, beside=entries), proposal_table)


@require_safe
def proposal_xlsx(request: HttpRequest, council: str, proposal_id: int) -> HttpResponse:
    """Every table of a proposal as a workbook."""
    desk = arrive(request, council, here=HERE)
    entries = proposals_of(desk.council)
    entry = _entry(entries, proposal_for(desk, proposal_id))
    return xlsx_file(proposal_table_set(entry, beside=entries), by=desk.user)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, council: str, proposal_id: int) -> HttpResponse:
    """Change what is said of a proposal."""
    desk = arrive(request, council, here=HERE, needs=KEEP)
    found = proposal_for(desk, proposal_id, needs=KEEP)

    def held() -> Held:
        now = fresh(found)
        keys = {"directorate": now.directorate_id, "service_line": now.service_line_id}
        return Held(version=now.version, values=values_of(now) | keys)

    sheet = Sheet(
        title=f"Change {found}",
        button="Save the change",
        refused="The change is not saved",
        said="The change is saved.",
        back=desk.address("proposal", found.pk),
        form=ProposalForm,
        options={"council": desk.council},
        put=lambda given, _: change_proposal(by=desk.user, proposal=found, **given),
        held=held,
    )
    return sheet_page(request, desk.frame(), sheet)


def fresh(found: SavingsProposal) -> SavingsProposal:
    """The proposal as it is now."""
    rows = SavingsProposal.objects.select_related("council", "directorate", "service_line__division")
    return rows.get(pk=found.pk)


@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, council: str, proposal_id: int) -> HttpResponse:
    """Move a proposal to the stage that it has reached, with who decided and why."""
    desk = arrive(request, council, here=HERE, needs=KEEP)
    found = proposal_for(desk, proposal_id, needs=KEEP)

    def put(given: dict[str, Any], _: Lists) -> object:
        return move_stage(by=desk.user, proposal=found, **(given | {"to": Stage(given["to"])}))

    now = Stage(found.stage)
    sheet = Sheet(
        title=f"How far {found} has got",
        lead=(
            f"It is at “{now.label}”. Every step is kept, with who decided and when. A step that puts its amounts into the budget, or takes them "
            "out of it, is recorded by somebody who may approve changes."
        ),
        button="Record the step",
        refused="The step is not recorded",
        said="The step is recorded.",
        back=desk.address("proposal", found.pk),
        form=StageForm,
        options={"proposal": found},
        put=put,
        held=lambda: Held(version=fresh(found).version),
    )
    return sheet_page(request, desk.frame(), sheet)


@require_http_methods(["GET", "HEAD", "POST"])
def new_case(request: HttpRequest, council: str, proposal_id: int) -> HttpResponse:
    """Record a business case of a proposal."""
    desk = arrive(request, council, here=HERE, needs=KEEP)
    found = proposal_for(desk, proposal_id, needs=KEEP)

    def put(given: dict[str, Any], _: Lists) -> object:
        given.pop("expected_version")
        return record_case(by=desk.user, council=desk.council, proposal=found, **given)

    sheet = Sheet(
        title=f"A business case for {found}",
        button="Record the business case",
        refused="The business case is not recorded",
        said="The business case is recorded.",
        back=desk.address("proposal", found.pk),
        form=CaseForm,
        put=put,
        held=lambda: Held(values={"state": BusinessCase.State.NOT_STATED.value}),
    )
    return sheet_page(request, desk.frame(), sheet)


@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest, council: str, case_id: int) -> HttpResponse:
    """Change a business case, of a proposal or of a recovery plan."""
    desk = arrive(request, council, here=HERE, needs=KEEP)
    found = access.record_for(desk.grant, BusinessCase, case_id)
    if found.proposal_id:
        proposal_for(desk, found.proposal_id, needs=SEE)
    back = desk.address("recovery")
    if found.plan_id or found.proposal_id:
        back = (
            desk.address("plan", found.plan_id)
            if found.plan_id
            else desk.address("proposal", found.proposal_id)
        )

    def held() -> Held:
        now = BusinessCase.objects.get(pk=found.pk)
        return Held(version=now.version, values={name: getattr(now, name) for name in CASE_FIELDS})

    sheet = Sheet(
        title=f"Change the business case “{found.title}”",
        button="Save the change",
        refused="The change is not saved",
        said="The business case is saved.",
        back=back,
        form=CaseForm,
        put=lambda given, _: change_case(by=desk.user, case=found, **given),
        held=held,
    )
    return sheet_page(request, desk.frame(), sheet)
