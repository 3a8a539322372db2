"""The tables and facts of the register and of one proposal, on officers' pages and in their files."""

from collections.abc import Iterable, Sequence
from typing import Any

from presentation.components import Definition
from presentation.tables import FigureTable
from savings import tables as of
from savings.entries import ProposalEntry
from savings.position.cumulative import effects_by_service
from savings.tables.rows import Address, nowhere, with_reference
from savings.views.files import TableSet, table


def register_tables(
    proposals: Sequence[ProposalEntry], *, where: str, address: Address = nowhere, is_page: bool = False
) -> TableSet:
    """Every proposal that was asked for, its amounts by year, and what all of them come to for each service. A file has every column."""
    priced = [one for one in proposals if one.phasing and one.phasing.amounts]
    beside = (
        ("service", "lead_role", "description", "priority", "posts", "recurrence_label") if is_page else ()
    )
    return TableSet(
        title=f"{where}: register of savings",
        note="Working records. Not published.",
        tables=(
            table(
                of.ProposalsTable,
                of.proposal_rows(proposals, address=address),
                key="proposals",
                caption=f"Savings and growth proposals, {where}",
                exclude=beside,
            ),
            table(
                of.PhasingTable,
                of.phased_rows(priced, address=address),
                key="by-year",
                caption=f"Proposals by year, {where}",
            ),
            table(
                of.EffectsTable,
                of.effect_rows(effects_by_service(proposals)),
                key="services",
                caption=f"What all savings together come to for each service, {where}",
            ),
            table(
                of.SpansTable,
                of.span_rows(proposals, address=address),
                key="unclear",
                caption=f"Amounts given for several years together, {where}",
            ),
        ),
    )


def proposal_table_set(proposal: ProposalEntry, *, beside: Iterable[ProposalEntry] = ()) -> TableSet:
    """Everything that is held of one proposal. `beside` are the council's others, for what they come to together."""
    same = [
        one for one in beside if (one.directorate, one.service) == (proposal.directorate, proposal.service)
    ]
    return TableSet(
        title=proposal.heading,
        note="Working records. Not published.",
        tables=[
            table(kind, list(found), key=key, caption=caption)
            for kind, found, key, caption in (*_amounts(proposal), *_story(proposal, same))
        ],
    )


Part = tuple[type[FigureTable], Iterable[Any], str, str]


def _amounts(proposal: ProposalEntry) -> tuple[Part, ...]:
    phasing = proposal.phasing
    spans = [of.span_row(span, name=proposal.heading) for span in phasing.spans] if phasing else []
    years = of.investment_rows(proposal.investment)
    return (
        (
            of.PhasingVersionsTable,
            of.version_rows(proposal.phasings),
            "amounts",
            "Amounts by year, every version",
        ),
        (of.SpansTable, spans, "spans", "Amounts given for several years together"),
        (
            of.SharesTable,
            of.share_rows(phasing.shares) if phasing else (),
            "shares",
            "Shares of the councils",
        ),
        (of.ComponentsTable, proposal.components, "components", "How it is made up"),
        (of.InvestmentTable, years, "investment", "Investment and what comes back"),
    )


def _story(proposal: ProposalEntry, same: Iterable[ProposalEntry]) -> tuple[Part, ...]:
    together = of.effect_rows(effects_by_service(same))
    marks = of.rows_of_marks(proposal.heading, proposal.sources)
    return (
        (of.NotesTable, proposal.notes, "notes", "What is said of it"),
        (of.StagesTable, proposal.history, "stages", "How far it has got"),
        (of.CasesTable, proposal.business_cases, "cases", "Business cases"),
        (of.EffectsTable, together, "services", "What all savings together come to for this service"),
        (of.SavingSourcesTable, marks, "sources", "Where marked figures come from"),
    )


def definitions_of(proposal: ProposalEntry) -> list[Definition]:
    """What a proposal is, fact by fact; what is not stated says so."""
    cashable = {True: "Yes", False: "No", None: "Not stated"}[proposal.is_cashable]
    posts = "Not stated" if proposal.posts is None else f"{proposal.posts.normalize():f}"
    facts = [
        ("Saving or growth", "Growth or pressure" if proposal.kind == "growth" else "Saving"),
        ("Stage", proposal.stage_label),
        ("Type", proposal.type_label),
        ("Recurrent or one-off", proposal.recurrence_label),
        ("Cashable", cashable),
        ("Directorate", proposal.directorate or "None named"),
        ("Service", proposal.service or "None named"),
        ("Priority", proposal.priority or "None named"),
        ("Lead", proposal.lead_role or "None named"),
        ("Partners", proposal.partners or "None named"),
        ("Posts that go", posts),
        ("Equality assessment", with_reference(proposal.equality_label, proposal.equality_reference)),
        ("Consultation", with_reference(proposal.consultation_label, proposal.consultation_reference)),
    ]
    replaced = [("Replaced by", proposal.replaced_by)] if proposal.replaced_by else []
    return [Definition(term, words) for term, words in (*facts, *replaced)]
