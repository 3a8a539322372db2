"""Records the savings proposals of a fixture: one person enters, another approves what is already in the budget."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounting.periods import FinancialYear
from accounting.savings import Stage
from accounts.models import User
from budgetwatch.demonstration.savings_tables import (
    Table,
    components_of,
    known,
    money,
    notes_of,
    phases_of,
    pounds,
    shares_of,
    spans_of,
    text,
    vacancy_of,
)
from savings.models import SavingsProposal, SavingsUpdate
from savings.operations.investments import InvestmentFields, set_investment
from savings.operations.mitigations import MitigationFields, set_mitigations
from savings.operations.particulars import set_components, set_notes, set_vacancy_factor
from savings.operations.phasing import approve_phasing, propose_phasing
from savings.operations.proposals import record_proposal
from savings.operations.sources import SourceFields, note_sources
from savings.operations.stages import move_stage
from savings.operations.updates import UpdateEdit, save_updates
from services.models import Council, Directorate, MonitoringPeriod, ServiceLine

PLAIN = (
    "description",
    "type",
    "recurrence",
    "is_cashable",
    "service",
    "priority",
    "lead_role",
    "partners",
    "equality_assessment",
    "equality_reference",
    "consultation",
    "consultation_reference",
)
STAGE = ("stage", "decided_by", "decided_on", "decision_reference", "stage_reason")
AMOUNTS = (
    "phases",
    "spans",
    "shares",
    "total_as_printed",
    "first_year_is_level",
    "amounts_note",
    "approved_by",
)
REST = (
    "is_public",
    "kind",
    "reference",
    "title",
    "directorate",
    "service_line",
    "posts",
    "components",
    "notes",
    "vacancy",
)
UPDATE = ("rag", "reason", "confidence", "expected_on", "service_effect")
PARTS = ("target", "delivered", "on_track", "at_risk", "undeliverable", "forecast")


@dataclass(slots=True, kw_only=True)
class Setting:
    """Whose savings are loaded, who enters and who approves, and what there is to refer to."""

    council: Council
    officer: User
    head: User
    lines: Mapping[str, ServiceLine]
    directorates: Mapping[str, Directorate]
    first_place: int = 0
    """Where these proposals begin in the council's list: those of an earlier year come after the later ones."""
    proposals: dict[str, SavingsProposal] = field(default_factory=dict)
    """By title, as recorded so far."""


def record(row: Table, setting: Setting) -> SavingsProposal:
    """Record one proposal with its amounts, parts, notes and marks."""
    title = row["title"]
    known(
        row,
        *PLAIN,
        *STAGE,
        *AMOUNTS,
        *REST,
        "investment",
        "sources",
        "update",
        where=title,
    )
    proposal = _proposal(row, setting)
    _amounts(row, proposal, setting)
    proposal.refresh_from_db(fields=["version"])
    proposal = _particulars(row, proposal, setting)
    setting.proposals[title] = proposal
    return proposal


def _proposal(row: Table, setting: Setting) -> SavingsProposal:
    stage = Stage(row.get("stage", Stage.IDEA))
    decided = text(row, "decided_by", "decided_on", "decision_reference", "stage_reason")
    where: dict[str, Any] = {}
    if "directorate" in row:
        where["directorate"] = setting.directorates[row["directorate"]]
    if "service_line" in row:
        where["service_line"] = setting.lines[row["service_line"]]
    return record_proposal(
        by=setting.head if stage.counts else setting.officer,
        council=setting.council,
        title=row["title"],
        kind=row.get("kind", "saving"),
        reference=row.get("reference", ""),
        stage=stage,
        **decided,
        **text(row, *PLAIN),
        **where,
        posts=money(row.get("posts")),
        is_public=row.get("is_public", True),
        order=setting.first_place + len(setting.proposals),
    )


def _amounts(row: Table, proposal: SavingsProposal, setting: Setting) -> None:
    """The amounts as the paper has them; approved too where the paper says, or the budget shows, that they were."""
    if not ({"phases", "spans"} & set(row)):
        return
    version = propose_phasing(
        by=setting.officer,
        proposal=proposal,
        phases=phases_of(row.get("phases", ())),
        spans=spans_of(row.get("spans", ())),
        shares=shares_of(row.get("shares", ())),
        total_as_printed=money(row.get("total_as_printed")),
        first_year_is_level=row.get("first_year_is_level", False),
        note=row.get("amounts_note", ""),
        as_printed=True,
    )
    if "approved_by" in row:
        approve_phasing(by=setting.head, version=version, decision_reference=row["approved_by"])


def _particulars(row: Table, proposal: SavingsProposal, setting: Setting) -> SavingsProposal:
    by = setting.officer
    if "components" in row:
        proposal = set_components(
            by=by,
            proposal=proposal,
            expected_version=proposal.version,
            components=components_of(row["components"]),
        )
    if "notes" in row:
        proposal = set_notes(
            by=by, proposal=proposal, expected_version=proposal.version, notes=notes_of(row["notes"])
        )
    if "vacancy" in row:
        set_vacancy_factor(
            by=by, proposal=proposal, expected_version=proposal.version, terms=vacancy_of(row["vacancy"])
        )
        proposal.refresh_from_db(fields=["version"])
    if "investment" in row:
        set_investment(
            by=by,
            proposal=proposal,
            expected_version=proposal.version,
            years=[_investment(year) for year in row["investment"]],
        )
        proposal.refresh_from_db(fields=["version"])
    return proposal


def _investment(row: Table) -> InvestmentFields:
    names = ("planned_investment", "planned_benefit", "actual_investment", "actual_benefit")
    known(row, *names, "year", "funded_from", "evidence", where="investment")
    return InvestmentFields(
        year=FinancialYear.parse(row["year"]), **pounds(row, *names), **text(row, "funded_from", "evidence")
    )


def step(proposal: SavingsProposal, setting: Setting, *, to: str, **said: Any) -> SavingsProposal:
    """Take a proposal a stage further."""
    proposal.refresh_from_db(fields=["version"])
    return move_stage(
        by=setting.head, proposal=proposal, expected_version=proposal.version, to=Stage(to), **said
    )


def update(rows: list[tuple[SavingsProposal, Table]], period: MonitoringPeriod, setting: Setting) -> None:
    """Enter what the month says of savings, with what stands in for what is not delivered."""
    if not rows:
        return
    edits = [_edit(proposal, row, where=str(proposal)) for proposal, row in rows]
    save_updates(by=setting.officer, period=period, edits=edits)
    held = {one.proposal_id: one for one in SavingsUpdate.objects.filter(period=period)}
    for proposal, row in rows:
        if "mitigations" in row:
            saved = held[proposal.pk]
            set_mitigations(
                by=setting.officer,
                update=saved,
                expected_version=saved.version,
                mitigations=[mitigation_of(one, setting) for one in row["mitigations"]],
            )


def _edit(proposal: SavingsProposal, row: Table, *, where: str) -> UpdateEdit:
    known(row, *UPDATE, *PARTS, "mitigations", "sources", where=where)
    return UpdateEdit(
        proposal_id=proposal.pk, expected_version=0, **pounds(row, *PARTS), **text(row, *UPDATE)
    )


def mitigation_of(row: list[Any], setting: Setting) -> MitigationFields:
    """[kind, amount or nothing, words, line, whether the line's forecast counts on it]."""
    kind, amount, words, *rest = row
    return MitigationFields(
        kind=kind,
        amount=money(amount),
        words=words,
        service_line=setting.lines[rest[0]] if rest else None,
        is_in_forecast=bool(rest[1:] and rest[1]),
    )


def load(rows: list[Table], *, period: MonitoringPeriod, setting: Setting) -> None:
    """Record a period's proposals with their updates and where their figures come from."""
    recorded = [(record(row, setting), row) for row in rows]
    updated = [(proposal, row["update"]) for proposal, row in recorded if "update" in row]
    update(updated, period, setting)
    keys = dict(SavingsUpdate.objects.filter(period=period).values_list("proposal_id", "pk"))
    notes = [
        SourceFields(proposal=proposal, figure=figure, basis=basis, citation=citation)
        for proposal, row in recorded
        for figure, (basis, citation) in row.get("sources", {}).items()
    ]
    notes += [
        SourceFields(subject=f"update:{keys[proposal.pk]}", figure=figure, basis=basis, citation=citation)
        for proposal, row in updated
        for figure, (basis, citation) in row.get("sources", {}).items()
    ]
    note_sources(by=setting.officer, council=setting.council, notes=notes)
