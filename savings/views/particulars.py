"""What a proposal is made of: its parts, notes, years of investment, sources, and the terms of a vacancy factor. Each list is kept as a whole."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounting.periods import FinancialYear
from accounting.shares import percent_from_hundredths
from savings.forms.lists import ComponentRow, InvestmentRow, NoteRow, SourceRow
from savings.forms.proposals import VacancyForm, VersionForm
from savings.models import SavingsProposal, VacancyFactor
from savings.operations.investments import InvestmentFields, set_investment
from savings.operations.proposals import (
    ComponentFields,
    NoteFields,
    VacancyFields,
    set_components,
    set_notes,
    set_vacancy_factor,
)
from savings.operations.sources import SourceFields, note_sources
from savings.views.desk import KEEP, SavingsDesk, arrive, proposal_for
from savings.views.proposal import HERE, fresh
from savings.views.sheets import Held, Lists, RowKind, Sheet, sheet_page

COMPONENT, NOTE = ("title", "amount", "posts"), ("aspect", "words", "said_by")
INVESTMENT = (
    "year", "planned_investment", "planned_benefit", "actual_investment", "actual_benefit", "funded_from", "evidence",
)  # fmt: skip
SOURCE = ("figure", "basis", "citation", "words")
VACANCY = ("pay_budget", "exempt_posts", "is_substitution_allowed", "review_months", "next_review")


def _arrive(request: HttpRequest, council: str, proposal_id: int) -> tuple[SavingsDesk, SavingsProposal]:
    desk = arrive(request, council, here=HERE, needs=KEEP)
    return desk, proposal_for(desk, proposal_id, needs=KEEP)


def said(rows: Sequence[Any], names: Sequence[str]) -> list[Mapping[str, Any]]:
    """What records say, as a list's rows begin from it; a year as it is written."""
    return [
        {name: FinancialYear(getattr(row, name)) if name == "year" else getattr(row, name) for name in names}
        for row in rows
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def components(request: HttpRequest, council: str, proposal_id: int) -> HttpResponse:
    """Say of which parts a proposal is made."""
    desk, found = _arrive(request, council, proposal_id)

    def put(given: dict[str, Any], lists: Lists) -> object:
        return set_components(
            by=desk.user,
            proposal=found,
            components=[ComponentFields(**row) for row in lists["parts"]],
            **given,
        )

    def held() -> Held:
        now = fresh(found)
        return Held(version=now.version, rows={"parts": said(list(now.components.all()), COMPONENT)})

    lead = "A part without an amount is “not yet broken down”, which is not nil. The parts may not come to more than the proposal is to save."
    kind = RowKind(name="parts", title="Parts", one="Part", kind=ComponentRow, lead=lead)
    return _list_page(request, desk, found, what="How it is made up", kind=kind, put=put, held=held)


@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: HttpRequest, council: str, proposal_id: int) -> HttpResponse:
    """Keep what is said about a proposal, and by whom."""
    desk, found = _arrive(request, council, proposal_id)

    def put(given: dict[str, Any], lists: Lists) -> object:
        return set_notes(
            by=desk.user, proposal=found, notes=[NoteFields(**row) for row in lists["notes"]], **given
        )

    def held() -> Held:
        now = fresh(found)
        return Held(version=now.version, rows={"notes": said(list(now.notes.all()), NOTE)})

    lead = "Effects on users, staff and the service, options, risks, what it depends on. Two people may say two things of the same: both stand."
    kind = RowKind(name="notes", title="Notes", one="Note", kind=NoteRow, lead=lead)
    return _list_page(request, desk, found, what="What is said of it", kind=kind, put=put, held=held)


@require_http_methods(["GET", "HEAD", "POST"])
def investment(request: HttpRequest, council: str, proposal_id: int) -> HttpResponse:
    """What goes in and what comes out, year by year."""
    desk, found = _arrive(request, council, proposal_id)

    def put(given: dict[str, Any], lists: Lists) -> object:
        years = [InvestmentFields(**row) for row in lists["years"]]
        return set_investment(by=desk.user, proposal=found, years=years, **given)

    def held() -> Held:
        now = fresh(found)
        return Held(version=now.version, rows={"years": said(list(now.investment_years.all()), INVESTMENT)})

    lead = "What is planned stands beside what came about; an actual is blank until it is known."
    kind = RowKind(name="years", title="Years", one="Year", kind=InvestmentRow, lead=lead)
    return _list_page(
        request, desk, found, what="Investment and what comes back", kind=kind, put=put, held=held
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sources(request: HttpRequest, council: str, proposal_id: int) -> HttpResponse:
    """Say where figures of a proposal come from."""
    desk, found = _arrive(request, council, proposal_id)

    def put(_: dict[str, Any], lists: Lists) -> object:
        marks = [SourceFields(proposal=found, **row) for row in lists["sources"]]
        note_sources(by=desk.user, council=desk.council, notes=marks)
        return fresh(found)

    def held() -> Held:
        now = fresh(found)
        return Held(version=now.version, rows={"sources": said(list(now.sources.order_by("pk")), SOURCE)})

    lead = "Printed in a source, derived from printed figures, or an illustration. A mark that is made stays; it may be made anew."
    kind = RowKind(name="sources", title="Figures", one="Figure", kind=SourceRow, lead=lead)
    return _list_page(request, desk, found, what="Where its figures come from", kind=kind, put=put, held=held)


def _list_page(
    request: HttpRequest,
    desk: SavingsDesk,
    found: SavingsProposal,
    *,
    what: str,
    kind: RowKind,
    put: Any,
    held: Any,
) -> HttpResponse:
    """A page that is one list of a proposal."""
    sheet = Sheet(
        title=f"{found}: {what[0].lower()}{what[1:]}",
        button="Save the list",
        refused="The list is not saved",
        said="The list is saved.",
        back=desk.address("proposal", found.pk),
        form=VersionForm,
        put=put,
        held=held,
        lists=(kind,),
    )
    return sheet_page(request, desk.frame(), sheet)


@require_http_methods(["GET", "HEAD", "POST"])
def vacancy(request: HttpRequest, council: str, proposal_id: int) -> HttpResponse:
    """The terms of a vacancy factor: how much of the pay budget, who is left out, how often it is looked at."""
    desk, found = _arrive(request, council, proposal_id)

    def put(given: dict[str, Any], _: Lists) -> object:
        version = given.pop("expected_version")
        terms = VacancyFields(**given)
        return set_vacancy_factor(by=desk.user, proposal=found, expected_version=version, terms=terms)

    def held() -> Held:
        now = fresh(found)
        factor = VacancyFactor.objects.filter(proposal=now).first()
        values = {name: getattr(factor, name) for name in VACANCY} if factor else {}
        if factor:
            values["percent"] = percent_from_hundredths(factor.percent_hundredths)
        return Held(version=now.version, values=values)

    sheet = Sheet(
        title=f"{found}: terms of the vacancy factor",
        button="Save the terms",
        refused="The terms are not saved",
        said="The terms are saved.",
        back=desk.address("proposal", found.pk),
        form=VacancyForm,
        put=put,
        held=held,
    )
    return sheet_page(request, desk.frame(), sheet)
