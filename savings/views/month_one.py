"""One saving at one period: how it stands, what covers a shortfall, and who changed what."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounting.periods import Period
from savings.forms.month import CoverForm, CoverRow
from savings.models import Mitigation, SavingsUpdate
from savings.operations.mitigations import MitigationFields, set_mitigations
from savings.position.updates import WorkingSaving
from savings.tables import MitigationsTable, SavingStepsTable, mitigation_rows, step_rows
from savings.views.files import table
from savings.views.month import HERE, address, position_at
from savings.views.month_rows import ENTER, locks_of
from savings.views.sheets import Held, Lists, RowKind, Sheet, sheet_page
from services.position.budgets import lines_of
from services.position.grid import handed_in
from services.position.trail import history_of
from services.views.desk import Desk, desk_for, frame


@require_http_methods(["GET", "HEAD", "POST"])
def update(request: HttpRequest, council: str, period: Period, proposal_id: int) -> HttpResponse:
    """Show one saving of the month, and say what covers what it does not deliver."""
    desk = desk_for(request, council, period, writes=ENTER)
    position = position_at(desk)
    saving = next((row for row in position.rows if row.proposal_id == proposal_id), None)
    if saving is None:
        raise Http404("There is no such saving this month, or it is not for you.")
    lock = locks_of(desk.grant, position, desk.period, handed_in(desk.period)).get(proposal_id, "")
    found = (
        SavingsUpdate.objects.filter(period=desk.period, proposal=proposal_id)
        .select_related("council")
        .first()
    )
    sheet = _sheet(desk, saving, found, lock)
    return sheet_page(
        request, {**frame(desk, here=HERE), "frame_template": "services/period_base.html"}, sheet
    )


def _sheet(desk: Desk, saving: WorkingSaving, found: SavingsUpdate | None, lock: str) -> Sheet:
    heading = saving.entry.proposal.heading
    lines = lines_of(desk.council, desk.period).select_related("division")

    def put(given: dict[str, Any], lists: Lists) -> object:
        if found is None:
            raise Http404("Say first how this saving stands; then what covers it.")
        covers = [MitigationFields(**row) for row in lists["covers"]]
        version = given["expected_version"]
        return set_mitigations(by=desk.grant.user, update=found, expected_version=version, mitigations=covers)

    def held() -> Held:
        now = SavingsUpdate.objects.filter(pk=found.pk).first() if found else None
        return Held(version=now.version if now else 0, rows={"covers": list(_rows(now))})

    return Sheet(
        title=f"{heading}, {desk.period}",
        button="Save what covers it",
        refused="What covers the shortfall is not saved",
        said=f"What covers {heading} is saved.",
        back=address(desk),
        form=CoverForm,
        put=put,
        held=held,
        lists=(
            RowKind(
                name="covers",
                title="What covers a shortfall",
                one="Cover",
                kind=CoverRow,
                options={"lines": lines},
                lead=(
                    "Another saving, a grant, a reserve, vacant posts. Only another recurrent saving still stands next year; the rest reopens as a "
                    "pressure. Rows left blank are ignored."
                ),
            ),
        ),
        template="savings/update.html",
        more=_beside(desk, saving, found, lock),
    )


def _beside(desk: Desk, saving: WorkingSaving, found: SavingsUpdate | None, lock: str) -> dict[str, Any]:
    """What stands on the page around the form."""
    steps = step_rows(saving.entry.figures)
    covers = mitigation_rows([saving.entry])
    return {
        "saving": saving,
        "lock": lock,
        "may_cover": found is not None and not lock,
        "steps": table(
            SavingStepsTable, steps, key="steps", caption="From target to what is met by any means"
        ),
        "covers": table(MitigationsTable, covers, key="covers-held", caption="What covers it", links=False),
        "history": history_of(found, desk.council) if found else (),
    }


def _rows(update: SavingsUpdate | None) -> Iterator[dict[str, Any]]:
    if update is None:
        return
    for row in Mitigation.objects.filter(update=update):
        yield {
            "kind": row.kind,
            "amount": row.amount,
            "service_line": row.service_line_id,
            "is_in_forecast": row.is_in_forecast,
            "words": row.words,
        }
