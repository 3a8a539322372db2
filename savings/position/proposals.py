"""Proposals with everything that is said of them, as values. A fixed number of queries, whatever the number of proposals."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.db.models import Prefetch, QuerySet

from accounting.recovery import CaseCost
from accounting.savings import Stage
from accounting.shares import implied_whole, percent_from_hundredths
from savings.entries import (
    CaseEntry,
    ComponentEntry,
    Mark,
    NoteEntry,
    PhasingEntry,
    ProposalEntry,
    StageEntry,
    VacancyEntry,
)
from savings.models import (
    BusinessCase,
    PhasingVersion,
    SavingsProposal,
    SavingsSource,
    StageChange,
    VacancyFactor,
)
from savings.position.investments import investment_of
from savings.position.phasing import current_of, phasing_entry
from savings.position.sources import marks_by_subject
from services.models import Council

Marks = Mapping[str, tuple[Mark, ...]]
"""Source marks by what they are about: “case:3”, as `marks_by_subject` reads them."""


def proposals_of(council: Council, *, public_only: bool = False) -> tuple[ProposalEntry, ...]:
    """Every proposal of the council in its order. Twelve queries.

    `public_only` leaves out those that nobody outside has seen yet, and of the others the steps and reasons from before they were in the open.
    """
    rows = SavingsProposal.objects.filter(council=council)
    marks = marks_by_subject(council, "case")
    if not public_only:
        return _entries(rows, marks)
    return tuple(
        entry if proposal.is_public else replace(entry, history=_since_in_the_open(entry.history))
        for proposal in with_everything(rows.in_the_open())
        for entry in (entry_of(proposal, marks),)
    )


def proposal_entry(proposal: SavingsProposal) -> ProposalEntry:
    """One proposal as it is now. Twelve queries."""
    rows = SavingsProposal.objects.filter(pk=proposal.pk)
    (entry,) = _entries(rows, marks_by_subject(proposal.council, "case"))
    return entry


def entry_of(proposal: SavingsProposal, marks: Marks) -> ProposalEntry:
    """A proposal read by `with_everything` as a value. No query."""
    current = current_of(proposal.phasings.all())
    versions = {version.pk: phasing_entry(version) for version in proposal.phasings.all()}
    phasing = versions[current.pk] if current else None
    investment, paid_back_in = investment_of(proposal.investment_years.all())
    return replace(
        _bare_entry(proposal),
        components=tuple(
            ComponentEntry(title=one.title, amount=one.amount, posts=one.posts)
            for one in proposal.components.all()
        ),
        notes=tuple(
            NoteEntry(
                aspect=one.aspect, aspect_label=one.get_aspect_display(), words=one.words, said_by=one.said_by
            )
            for one in proposal.notes.all()
        ),
        history=tuple(_step(change) for change in proposal.stage_changes.all()),
        phasing=phasing,
        phasings=tuple(versions.values()),
        investment=investment,
        paid_back_in=paid_back_in,
        vacancy_factor=_vacancy(proposal, phasing),
        business_cases=tuple(
            case_entry(case, marks.get(f"case:{case.pk}", ())) for case in proposal.business_cases.all()
        ),
        sources=tuple(mark_of(source) for source in proposal.sources.all()),
    )


def _bare_entry(proposal: SavingsProposal) -> ProposalEntry:
    """The proposal's own fields."""
    stage = Stage(proposal.stage)
    line = proposal.service_line
    return ProposalEntry(
        key=str(proposal.pk),
        kind=proposal.kind,
        reference=proposal.reference,
        title=proposal.title,
        heading=str(proposal),
        description=proposal.description,
        type=proposal.type,
        type_label=proposal.get_type_display(),
        recurrence=proposal.recurrence,
        recurrence_label=proposal.get_recurrence_display(),
        is_cashable=proposal.is_cashable,
        directorate=str(proposal.directorate or ""),
        service=str(line) if line else proposal.service,
        service_line_id=proposal.service_line_id,
        priority=proposal.priority,
        lead_role=proposal.lead_role,
        partners=proposal.partners,
        posts=proposal.posts,
        equality_label=proposal.get_equality_assessment_display(),
        equality_reference=proposal.equality_reference,
        consultation_label=proposal.get_consultation_display(),
        consultation_reference=proposal.consultation_reference,
        stage=stage,
        stage_label=stage.label,
        is_counted=stage.counts,
        replaced_by=str(proposal.replaced_by or ""),
    )


def with_everything(proposals: QuerySet[SavingsProposal]) -> QuerySet[SavingsProposal]:
    """Proposals with all that `entry_of` reads beside them: eleven queries."""
    versions = PhasingVersion.objects.select_related("approves").prefetch_related("phases", "spans", "shares")
    return proposals.select_related(
        "directorate", "service_line", "replaced_by", "vacancy_factor"
    ).prefetch_related(
        "components",
        "notes",
        "stage_changes",
        Prefetch("phasings", versions),
        "investment_years",
        "business_cases",
        Prefetch("sources", SavingsSource.objects.order_by("pk")),
    )


def mark_of(source: SavingsSource) -> Mark:
    """Where one figure comes from."""
    return Mark(figure=source.figure, basis=source.basis, citation=source.citation, words=source.words)


def case_entry(case: BusinessCase, sources: Iterable[Mark] = ()) -> CaseEntry:
    """A business case as a value. No query."""
    cost = CaseCost(now=case.cost_now, after=case.cost_after, one_off=case.one_off_cost)
    return CaseEntry(
        title=case.title,
        cost_now=cost.now,
        cost_after=cost.after,
        one_off_cost=cost.one_off,
        saving=cost.saving,
        decided_by_role=case.decided_by_role,
        consultees=case.consultees,
        state_label=case.get_state_display(),
        decided_on=case.decided_on,
        decision_reference=case.decision_reference,
        words=case.words,
        sources=tuple(sources),
    )


def _entries(rows: QuerySet[SavingsProposal], marks: Marks) -> tuple[ProposalEntry, ...]:
    return tuple(entry_of(proposal, marks) for proposal in with_everything(rows))


def _since_in_the_open(history: tuple[StageEntry, ...]) -> tuple[StageEntry, ...]:
    """The steps from the one that put a proposal in the open. One that stood in a public paper from the start keeps all."""
    first = next((at for at, step in enumerate(history) if step.stage.is_public_by_itself), len(history))
    return history[first:]


def _step(change: StageChange) -> StageEntry:
    stage = Stage(change.to_stage)
    return StageEntry(
        stage=stage,
        stage_label=stage.label,
        decided_by=change.decided_by,
        decided_on=change.decided_on,
        decision_reference=change.decision_reference,
        reason=change.reason,
    )


def _vacancy(proposal: SavingsProposal, phasing: PhasingEntry | None) -> VacancyEntry | None:
    factor: VacancyFactor | None = getattr(proposal, "vacancy_factor", None)
    if factor is None:
        return None
    percent = percent_from_hundredths(factor.percent_hundredths)
    saved = phasing.amounts[0].amount if phasing and phasing.amounts else None
    return VacancyEntry(
        percent=percent,
        pay_budget=factor.pay_budget,
        implied_pay_budget=implied_whole(abs(saved), percent) if saved and not factor.pay_budget else None,
        exempt_posts=factor.exempt_posts,
        is_substitution_allowed=factor.is_substitution_allowed,
        review_months=factor.review_months,
        next_review=factor.next_review,
    )
