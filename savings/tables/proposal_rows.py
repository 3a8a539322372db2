"""Rows of the register of proposals, and of what one proposal is made of."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from savings.entries import (
    EffectEntry,
    InvestmentEntry,
    Mark,
    MitigationEntry,
    ProposalEntry,
    SavingEntry,
    SavingsContent,
    ServiceEffect,
    ShareEntry,
)
from savings.tables.rows import Address, marks_of, nowhere, spoken_date, with_reference


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """One proposal of the register."""

    name: str
    address: str | None
    kind: str
    directorate: str
    service: str
    priority: str
    type_label: str
    recurrence_label: str
    stage_label: str
    stage_on: str
    total: Decimal | None
    posts: Decimal | None
    lead_role: str
    equality: str
    consultation: str
    description: str
    marks: Mapping[str, str]


def proposal_rows(
    proposals: Iterable[ProposalEntry], *, address: Address = nowhere
) -> tuple[ProposalRow, ...]:
    """Proposals in their order."""
    return tuple(_proposal_row(proposal, address) for proposal in proposals)


def _proposal_row(proposal: ProposalEntry, address: Address) -> ProposalRow:
    last = proposal.history[-1] if proposal.history else None
    return ProposalRow(
        name=proposal.heading,
        address=address(proposal),
        kind=kind_words(proposal.kind),
        directorate=proposal.directorate,
        service=proposal.service,
        priority=proposal.priority,
        type_label=proposal.type_label,
        recurrence_label=proposal.recurrence_label,
        stage_label=proposal.stage_label,
        stage_on=spoken_date(last.decided_on) if last else "",
        total=proposal.phasing.total if proposal.phasing else None,
        posts=proposal.posts,
        lead_role=proposal.lead_role,
        equality=with_reference(proposal.equality_label, proposal.equality_reference),
        consultation=with_reference(proposal.consultation_label, proposal.consultation_reference),
        description=proposal.description,
        marks=marks_of(proposal.sources),
    )


def kind_words(kind: str) -> str:
    """Saving, or growth."""
    return {"saving": "Saving", "growth": "Growth or pressure"}.get(kind, kind.capitalize())


@dataclass(frozen=True, slots=True, kw_only=True)
class MitigationRow:
    """What covers one saving's shortfall."""

    name: str
    address: str | None
    kind_label: str
    lasting: str
    amount: Decimal | None
    service_line: str
    counted: str
    words: str


def mitigation_rows(
    savings: Iterable[SavingEntry], *, address: Address = nowhere
) -> tuple[MitigationRow, ...]:
    """Every cover of every saving."""
    return tuple(
        _mitigation_row(one, saving, address(saving.proposal))
        for saving in savings
        for one in saving.mitigations
    )


def _mitigation_row(one: MitigationEntry, saving: SavingEntry, address: str | None) -> MitigationRow:
    return MitigationRow(
        name=saving.proposal.heading,
        address=address,
        kind_label=one.kind_label,
        lasting="Every year" if one.lasts else "This year only",
        amount=one.amount,
        service_line=one.service_line,
        counted="Yes" if one.is_in_forecast else "No",
        words=one.words,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """What all proposals together come to for one service."""

    name: str
    directorate: str
    count: Decimal
    agreed: Decimal | None
    proposed: Decimal | None
    posts: Decimal | None
    without_amount: Decimal
    without_assessment: Decimal
    words: str


def effect_rows(effects: Iterable[ServiceEffect]) -> tuple[EffectRow, ...]:
    """Services in their order, with what is said of the proposals' effects, each by its proposal and its role."""
    return tuple(
        EffectRow(
            name=effect.service or "No service named",
            directorate=effect.directorate,
            count=Decimal(len(effect.proposals)),
            agreed=effect.agreed,
            proposed=effect.proposed,
            posts=effect.posts,
            without_amount=Decimal(effect.without_amount),
            without_assessment=Decimal(effect.without_assessment),
            words=" ".join(_said(one) for one in effect.effects),
        )
        for effect in effects
    )


def _said(effect: EffectEntry) -> str:
    """“Telecare, effect on staff: two posts go (Head of Service).”"""
    note = effect.note
    by = f" ({note.said_by})" if note.said_by else ""
    label = f"{note.aspect_label[0].lower()}{note.aspect_label[1:]}"
    return f"{effect.heading}, {label}: {note.words.rstrip('.')}{by}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """One council's part of a shared saving in a year."""

    name: str
    partner: str
    amount: Decimal | None


def share_rows(shares: Iterable[ShareEntry]) -> tuple[ShareRow, ...]:
    """Shares in their order, saying which is this council's."""
    return tuple(
        ShareRow(
            name=str(share.year),
            partner=f"{share.partner} (this council)" if share.is_ours else share.partner,
            amount=share.amount,
        )
        for share in shares
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestmentRow:
    """One year of an invest-to-save proposal."""

    name: str
    entry: InvestmentEntry


def investment_rows(years: Iterable[InvestmentEntry]) -> tuple[InvestmentRow, ...]:
    """Years in order."""
    return tuple(InvestmentRow(name=str(entry.year), entry=entry) for entry in years)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """Where a marked figure of one thing comes from."""

    name: str
    figure: str
    basis: str
    citation: str


def source_rows(content: SavingsContent) -> tuple[SourceRow, ...]:
    """Every mark of every proposal, saving, plan, action, projection and business case, each once."""
    return tuple(dict.fromkeys(row for name, marks in _marked(content) for row in rows_of_marks(name, marks)))


_FIGURES = {
    "rag": "Rating",
    "percent": "Percentage of the pay budget",
}
"""Figures whose names in the records are not their names on the page."""


def rows_of_marks(name: str, marks: Iterable[Mark]) -> tuple[SourceRow, ...]:
    """The marks of one thing; a mark's words follow its citation."""
    return tuple(
        SourceRow(
            name=name,
            figure=_FIGURES.get(mark.figure) or mark.figure.replace("_", " ").capitalize(),
            basis=mark.basis.capitalize(),
            citation=". ".join(part.rstrip(".") for part in (mark.citation, mark.words) if part),
        )
        for mark in marks
    )


def _marked(content: SavingsContent) -> Iterator[tuple[str, tuple[Mark, ...]]]:
    yield from ((one.heading, one.sources) for one in content.proposals)
    yield from ((one.proposal.heading, one.proposal.sources + one.sources) for one in content.savings)
    for plan in content.recovery:
        yield plan.name, plan.sources
        yield from ((one.title, one.sources) for one in plan.actions)
        yield from ((f"{one.scope}, {one.as_at_words}", one.sources) for one in plan.projections)
    if content.strategy is not None:
        yield content.strategy.title, content.strategy.sources
    cases = [*content.business_cases, *(case for plan in content.recovery for case in plan.business_cases)]
    cases += [case for one in content.proposals for case in one.business_cases]
    yield from ((case.title, case.sources) for case in cases)
