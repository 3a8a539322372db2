"""From working figures to content that can be published: the one place where the public side reads the working side."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from accounting.figures import figures_of
from savings.entries import SavingsContent
from savings.position.confirming import not_confirmed
from savings.position.content import savings_content
from scrutiny import published
from scrutiny.cautions import cautions
from scrutiny.content import digest_of, text_of
from scrutiny.published import PeriodContent
from services import audit
from services.models import ApprovalState, Council, MonitoringPeriod, SourceNote
from services.position import (
    CouncilPosition,
    DsgEntry,
    LinePosition,
    PeriodContext,
    Reason,
    ReserveLine,
    Scope,
    ScopeTotal,
    SourceMark,
    VirementEntry,
    council_position,
    period_context,
)

Sources = Mapping[str, tuple[SourceMark, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Freeze:
    """All that would be published now: as a record, as its canonical text, and the position it was made from."""

    content: PeriodContent
    text: str
    digest: str
    position: CouncilPosition


@transaction.atomic
def freeze(council: Council, period: MonitoringPeriod) -> Freeze:
    """Freeze one state of the working figures: no change at the council is committed between the first read and the last.

    The same figures give the same digest: who publishes them, when, and as which version are not part of it.
    """
    audit.hold(council.pk)
    position = council_position(council, period)
    carried = not_confirmed(period)
    content = frozen(
        position, period_context(council, period), savings_content(council, period), carried=carried
    )
    text = text_of(content)
    return Freeze(content=content, text=text, digest=digest_of(text), position=position)


def content_of(council: Council, period: MonitoringPeriod) -> str:
    """Canonical text of all that would be published now."""
    return freeze(council, period).text


def frozen(
    position: CouncilPosition, context: PeriodContext, savings: SavingsContent, *, carried: Sequence[str]
) -> PeriodContent:
    """Working figures as they would be published; `carried` names what of savings nobody has confirmed.

    One query, for the sources of what is not a line.
    """
    council, period = position.council, position.period
    sources = _sources(period)
    return PeriodContent(
        council_slug=council.slug,
        council_name=council.name,
        remit=council.remit,
        unit=council.unit,
        is_illustration=council.is_illustration,
        source_note=council.source_note,
        period=period.period,
        title_as_printed=period.title_as_printed,
        warnings=cautions(position, context, savings, carried=carried),
        last_published=position.last_published.period,
        last_published_version=position.last_published.version,
        lines=tuple(_line(line) for line in position.lines),
        totals=tuple(_total(total, position) for total in position.totals),
        reserves=tuple(_reserve(reserve, sources) for reserve in context.reserves),
        reserve_uses=tuple(_uses(context)),
        dsg=tuple(_dsg(account, sources) for account in context.dsg),
        virements=tuple(
            _virement(entry) for entry in context.virements if entry.state != ApprovalState.REJECTED
        ),
        risks=tuple(_risks(context)),
        savings=savings,
    )


def _line(line: LinePosition) -> published.PublishedLine:
    return published.PublishedLine(
        line_id=line.line_id,
        code=line.code,
        name=line.name,
        kind=line.kind,
        division=line.division,
        directorate=line.directorate,
        fund=line.position.fund,
        is_statutory=line.is_statutory,
        is_demand_led=line.is_demand_led,
        is_controllable=line.is_controllable,
        is_closed=line.is_closed,
        figures=figures_of(line.position),
        rag=line.rag,
        reasons=tuple(_reason(reason) for reason in line.reasons if reason.is_confirmed),
        sources=_marks(line.sources),
        needs_reasons=line.needs_reasons,
    )


def _reason(reason: Reason) -> published.PublishedReason:
    return published.PublishedReason(
        driver=reason.driver,
        driver_label=reason.driver_label,
        amount=reason.amount,
        is_recurrent=reason.is_recurrent,
        words=reason.words,
        action=reason.action,
    )


def _marks(marks: Iterable[SourceMark]) -> tuple[published.PublishedSource, ...]:
    return tuple(
        published.PublishedSource(
            figure=mark.figure, basis=mark.basis, citation=mark.citation, words=mark.words
        )
        for mark in marks
    )


def _total(total: ScopeTotal, position: CouncilPosition) -> published.PublishedTotal:
    return published.PublishedTotal(
        scope=total.scope.value,
        key="" if total.scope_id is None else str(total.scope_id),
        name=total.name,
        directorate=_directorate_of(total, position),
        fund=total.fund,
        figures=figures_of(total.position),
        rag=total.rag,
        sources=_marks(total.sources),
        lines=total.position.lines,
        lines_without_forecast=total.position.lines_without_forecast,
    )


def _directorate_of(total: ScopeTotal, position: CouncilPosition) -> str:
    if total.scope is Scope.DIVISION:
        return next(line.directorate for line in position.lines if line.division_id == total.scope_id)
    return total.name if total.scope is Scope.DIRECTORATE else ""


def _reserve(reserve: ReserveLine, sources: Sources) -> published.PublishedReserve:
    balance = reserve.balance
    return published.PublishedReserve(
        name=reserve.name,
        kind_label=reserve.kind.label if reserve.kind else "Kind not stated",
        may_meet_an_overspend=reserve.kind is None or reserve.kind.may_meet_an_overspend,
        purpose=reserve.purpose,
        opening=balance.opening,
        drawdown=balance.drawdown,
        contribution=balance.contribution,
        transfers=balance.transfers,
        closing=balance.closing,
        pending_drawdown=balance.pending_drawdown,
        pending_contribution=balance.pending_contribution,
        closing_if_all_approved=balance.closing_if_all_approved,
        runway_years=reserve.runway_years,
        sources=_marks(sources.get(f"reserve:{reserve.name}", ())),
    )


def _uses(context: PeriodContext) -> Iterable[published.PublishedReserveUse]:
    for use in (use for reserve in context.reserves for use in reserve.uses):
        yield published.PublishedReserveUse(
            reserve=use.reserve,
            service_line=use.service_line,
            kind=use.kind,
            amount=use.amount,
            state_label=use.state_label,
            included_in_budget=use.included_in_budget,
            included_in_forecast=use.included_in_forecast,
            purpose=use.purpose,
            decision_reference=use.decision_reference,
        )


def _dsg(account: DsgEntry, sources: Sources) -> published.PublishedDsg:
    balance = account.balance
    return published.PublishedDsg(
        name=account.name,
        fund=account.fund,
        opening=balance.opening,
        in_year=balance.in_year,
        budgeted_in_year=balance.budgeted_in_year,
        in_year_variance=balance.in_year_variance,
        funding_received=balance.funding_received,
        adjustments=balance.adjustments,
        closing=balance.closing,
        planned_closing=balance.planned_closing,
        variance_from_plan=balance.variance_from_plan,
        override_ends_on=account.override_ends_on,
        note=account.note,
        sources=_marks(_of_account(account, sources)),
    )


def _of_account(account: DsgEntry, sources: Sources) -> tuple[SourceMark, ...]:
    """Notes on “dsg:Cumulative SEND deficit”, or with the fund after it where two blocks have an account of that name."""
    name = f"dsg:{account.name}"
    return sources.get(f"{name}:{account.fund.value}") or sources.get(name, ())


def _virement(entry: VirementEntry) -> published.PublishedVirement:
    return published.PublishedVirement(
        reference=entry.reference,
        is_virement=entry.is_virement,
        type_label=entry.type_label,
        reason=entry.reason,
        is_permanent=entry.is_permanent,
        effective_label=entry.effective.label,
        state_label=entry.state_label,
        legs=tuple(
            published.PublishedLeg(service_line=leg.service_line, amount=leg.amount) for leg in entry.legs
        ),
        moved=entry.moved,
        decided_by=entry.decided_by,
        listed_for={True: "approval", False: "information", None: ""}[entry.for_approval],
    )


def _risks(context: PeriodContext) -> Iterable[published.PublishedRisk]:
    for risk in context.risks:
        yield published.PublishedRisk(
            kind=risk.kind,
            kind_label=risk.kind_label,
            title=risk.title,
            words=risk.words,
            service_line=risk.service_line,
            amount=risk.amount,
            likelihood=risk.likelihood,
        )


def _sources(period: MonitoringPeriod) -> Sources:
    """Sources of reserves and DSG accounts by what they are about: “reserve:Placements reserve”, “dsg:Cumulative SEND deficit”."""
    found: dict[str, tuple[SourceMark, ...]] = defaultdict(tuple)
    for row in SourceNote.objects.filter(period=period, service_line=None).order_by("pk"):
        mark = SourceMark(figure=row.figure, basis=row.basis, citation=row.citation, words=row.words)
        found[row.subject] = (*found[row.subject], mark)
    return found
