"""A proposal's amounts, read: which version counts, and its years as the arithmetic takes them."""

from collections.abc import Iterable

from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhasedPlan, PhaseKind, SpanMeaning, SpanReading
from savings.models import PhaseSpan, PhasingVersion, SavingsPhase, SavingsProposal


def current_of(versions: Iterable[PhasingVersion]) -> PhasingVersion | None:
    """The version that counts: the newest approved, otherwise the newest proposed. No query."""
    newest = sorted(versions, key=lambda version: version.number, reverse=True)
    approved = [version for version in newest if version.status == PhasingVersion.Status.APPROVED]
    return next(iter(approved or newest), None)


def current_plan(proposal: SavingsProposal) -> PhasedPlan | None:
    """What one proposal is worth year by year; `None` while it has no amounts. Three queries."""
    versions = proposal.phasings.prefetch_related("phases", "spans")
    current = current_of(versions)
    return None if current is None else plan_of(current)


def plan_of(version: PhasingVersion) -> PhasedPlan:
    """A version as the arithmetic takes it. No query where its phases and spans are beside it."""
    return PhasedPlan(
        phases=tuple(phased(phase) for phase in version.phases.all()),
        total_as_printed=version.total_as_printed,
        first_year_is_level=version.first_year_is_level,
        spans=tuple(reading_of(span) for span in version.spans.all()),
    )


def phased(phase: SavingsPhase) -> PhasedAmount:
    """One year's change to base."""
    return PhasedAmount(year=FinancialYear(phase.year), amount=phase.amount, kind=PhaseKind(phase.kind))


def reading_of(span: PhaseSpan) -> SpanReading:
    """An amount for several years, with both ways to read it."""
    return SpanReading(
        first=FinancialYear(span.first_year),
        last=FinancialYear(span.last_year),
        amount=span.amount,
        meaning=SpanMeaning(span.meaning),
        words=span.words,
    )
