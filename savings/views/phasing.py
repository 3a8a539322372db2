"""A proposal's amounts: proposed by one person, approved by another. Every version stays as it was written."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounting.phasing import PhasedAmount, PhaseKind, SpanMeaning
from savings import tables as of
from savings.forms.lists import PhaseRow, ShareRow, SpanRow
from savings.forms.proposals import ApprovePhasingForm, ProposePhasingForm
from savings.models import PhasingVersion, SavingsProposal
from savings.operations.phasing import ShareFields, SpanFields, approve_phasing, propose_phasing
from savings.position.phasing import phasing_entry
from savings.views.desk import KEEP, arrive, proposal_for
from savings.views.files import table
from savings.views.particulars import said
from savings.views.proposal import HERE
from savings.views.sheets import Held, Lists, RowKind, Sheet, sheet_page
from services.roles import Permission

Row = Mapping[str, Any]
PHASES = RowKind(
    name="phases",
    title="Amounts by year",
    one="Year",
    kind=PhaseRow,
    lead="Each is a change to the base budget: a saving is negative, growth positive. A one-off comes back out the year after by itself.",
)
SPANS = RowKind(
    name="spans",
    title="Amounts given for several years together",
    one="Amount",
    kind=SpanRow,
    lead="£250,000 in 2013/14 and 2014/15 can mean £250,000 in each or in total. Say which: it is then written out as years.",
)
SHARES = RowKind(
    name="shares",
    title="Shares of the councils",
    one="Share",
    kind=ShareRow,
    lead="For a saving that councils share: the shares of a year sum to its change to base, and one of them is this council’s own.",
)


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest, council: str, proposal_id: int) -> HttpResponse:
    """Propose amounts: a new version, beginning from the newest."""
    desk = arrive(request, council, here=HERE, needs=KEEP)
    found = proposal_for(desk, proposal_id, needs=KEEP)

    def put(given: dict[str, Any], lists: Lists) -> object:
        given.pop("expected_version")
        return propose_phasing(
            by=desk.user,
            proposal=found,
            phases=[_phase(row) for row in lists["phases"]],
            spans=[_span(row) for row in lists["spans"]],
            shares=[ShareFields(**row) for row in lists["shares"]],
            **given,
        )

    def held() -> Held:
        newest = _newest(proposal_id)
        if newest is None:
            return Held(rows={"phases": _offered(request)})
        return Held(
            version=newest.number,
            values={"first_year_is_level": newest.first_year_is_level},
            rows=_rows_of(newest),
        )

    sheet = Sheet(
        title=f"Propose amounts for {found}",
        lead="They become a new version; those that are there stay as they were written. Somebody else approves them.",
        button="Propose these amounts",
        refused="The amounts are not proposed",
        said="The amounts are proposed. Somebody else approves them.",
        back=desk.address("proposal", found.pk),
        form=ProposePhasingForm,
        put=put,
        held=held,
        lists=(PHASES, SPANS, SHARES),
    )
    return sheet_page(request, desk.frame(), sheet)


@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, council: str, proposal_id: int, number: int) -> HttpResponse:
    """Approve the newest proposed amounts, as they are or as the decision made them. Not by whoever proposed them."""
    approves = Permission.APPROVE_CHANGES
    desk = arrive(request, council, here=HERE, needs=approves)
    found = proposal_for(desk, proposal_id, needs=approves)
    version = _version(found, number)
    begun = _rows_of(version)

    def put(given: dict[str, Any], lists: Lists) -> object:
        phases = [_phase(row) for row in lists["phases"]]
        is_amended = phases != [_phase(row) for row in begun["phases"]]
        return approve_phasing(
            by=desk.user,
            version=version,
            decision_reference=given["decision_reference"],
            note=given["note"],
            phases=phases if is_amended else None,
            shares=[ShareFields(**row) for row in lists["shares"]]
            if lists["shares"] != begun["shares"]
            else None,
        )

    shown = of.version_rows([phasing_entry(version)])
    sheet = Sheet(
        title=f"Approve the amounts of {found}",
        lead=(
            f"Version {number} is proposed by {version.recorded_by}. If the decision changed the amounts, change them here: what is approved is a "
            "version of its own."
        ),
        button="Approve these amounts",
        refused="The amounts are not approved",
        said="The amounts are approved.",
        back=desk.address("proposal", found.pk),
        form=ApprovePhasingForm,
        put=put,
        held=lambda: Held(version=number, rows=begun),
        lists=(PHASES, SHARES),
        template="savings/approve.html",
        more={"shown": table(of.PhasingVersionsTable, shown, key="proposed", caption="What is proposed")},
    )
    return sheet_page(request, desk.frame(), sheet)


def _rows_of(version: PhasingVersion) -> dict[str, list[Row]]:
    """A version's years and shares, as a form begins from them."""
    return {
        "phases": said(list(version.phases.all()), ("year", "kind", "amount")),
        "shares": said(list(version.shares.all()), ("year", "partner", "is_ours", "amount")),
    }


def _version(found: SavingsProposal, number: int) -> PhasingVersion:
    rows = PhasingVersion.objects.prefetch_related("phases", "spans", "shares").select_related("approves")
    version = rows.filter(proposal=found, number=number).first()
    if version is None:
        raise Http404("There is no such version of the amounts.")
    version.proposal = found
    return version


def _offered(request: HttpRequest) -> list[Row]:
    """A year and an amount that another page offers, such as right-sizing."""
    if "amount" not in request.GET:
        return []
    offered = {name: request.GET.get(name, "")[:40] for name in ("year", "amount")}
    return [{**offered, "kind": PhaseKind.RECURRENT.value}]


def _newest(proposal_id: int) -> PhasingVersion | None:
    rows = PhasingVersion.objects.filter(proposal=proposal_id).prefetch_related("phases", "shares")
    return rows.order_by("-number").first()


def _phase(row: Row) -> PhasedAmount:
    return PhasedAmount(year=row["year"], amount=row["amount"], kind=PhaseKind(row["kind"]))


def _span(row: Row) -> SpanFields:
    return SpanFields(**{**row, "meaning": SpanMeaning(row["meaning"])})
