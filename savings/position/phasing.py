"""A proposal's amounts, read: which version counts, and its years as the arithmetic takes them."""

from collections.abc import Iterable
from decimal import Decimal

from django.utils import timezone

from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhasedPlan, PhaseKind, SpanMeaning, SpanReading
from accounting.shares import own_changes
from savings.entries import PhasingEntry, ShareEntry, SpanEntry, YearAmount
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


def own_shares(version: PhasingVersion) -> dict[FinancialYear, Decimal | None]:
    """This council's part of every shared year; `None` while it is not agreed. No query where the shares are beside the version."""
    found: dict[FinancialYear, Decimal | None] = {}
    for share in version.shares.all():
        year = FinancialYear(share.year)
        if share.is_ours or year not in found:
            found[year] = share.amount if share.is_ours else None
    return found


def phasing_entry(version: PhasingVersion) -> PhasingEntry:
    """A version as a value. No query where its rows, and the version it approves, are beside it."""
    plan = plan_of(version)
    own = own_changes(plan.phases, own_shares(version))
    return PhasingEntry(
        number=version.number,
        status_label=version.get_status_display(),
        is_approved=version.status == PhasingVersion.Status.APPROVED,
        amounts=tuple(_year_amount(plan, year, own[year]) for year in plan.by_year),
        total=plan.total,
        total_as_printed=plan.total_as_printed,
        gap=plan.gap_from_printed,
        first_year_is_level=plan.first_year_is_level,
        spans=tuple(_span_entry(span) for span in plan.spans),
        shares=tuple(
            ShareEntry(
                year=FinancialYear(share.year),
                partner=share.partner,
                is_ours=share.is_ours,
                amount=share.amount,
            )
            for share in version.shares.all()
        ),
        is_shared=bool(version.shares.all()),
        approves=version.approves.number if version.approves else None,
        note=version.note,
        decision_reference=version.decision_reference,
        recorded_on=timezone.localdate(version.recorded_at),
    )


def _year_amount(plan: PhasedPlan, year: FinancialYear, ours: Decimal | None) -> YearAmount:
    kinds = [phase.kind for phase in plan.phases if phase.year == year]
    if plan.returned(year) and PhaseKind.REVERSAL not in kinds:
        kinds.append(PhaseKind.REVERSAL)
    return YearAmount(
        year=year,
        amount=plan.change(year),
        returned=plan.returned(year),
        level=plan.level(year),
        kinds=", ".join(kind.label for kind in kinds),
        ours=ours,
        is_level=plan.is_level(year),
    )


def _span_entry(span: SpanReading) -> SpanEntry:
    return SpanEntry(
        words=span.words,
        amount=span.amount,
        meaning_label=span.meaning.label,
        is_counted=span.meaning is not SpanMeaning.NOT_STATED,
        first_year=span.first,
        last_year=span.last,
        if_each_year=span.if_each_year,
        if_in_total=span.if_in_total,
    )
