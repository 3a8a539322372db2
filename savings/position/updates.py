"""How savings are getting on at one period: every saving with a target this year, and the sums. At most 24 queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from accounting.money import ZERO, total
from accounting.periods import FinancialYear
from accounting.rag import Rag
from accounting.savings import (
    Confidence,
    Delivery,
    MitigationKind,
    saving_figures,
    total_figures,
)
from accounting.targets import Target
from savings.entries import Mark, MitigationEntry, ProposalEntry, SavingEntry, SavingsTotal
from savings.models import Mitigation, SavingsProposal, SavingsUpdate
from savings.position.agreement import Claim, Cover, disagreements, lines_say
from savings.position.last_updates import last_updates
from savings.position.proposals import proposals_of
from savings.position.sources import marks_by_subject
from savings.position.targets import Targets, targets_of
from services.models import Council, MonitoringPeriod

COUNCIL, DIRECTORATE, RATING = "council", "directorate", "rag"
NOT_YET_RATED = "Not yet rated"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingSaving:
    """One saving at a period with what an edit of it needs. `version` is 0, and `update_id` `None`, where nobody has said anything yet."""

    entry: SavingEntry
    proposal_id: int
    directorate_id: int | None
    update_id: int | None
    version: int
    is_carried_forward: bool
    is_target_phased: bool
    """Whether the phasing gives the target, so that an update may not."""
    last: SavingEntry | None
    """As the last period of the same year said it."""
    delivery: Delivery


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingsPosition:
    """Every saving of the period, and the sums over all, each directorate and each colour."""

    council: Council
    period: MonitoringPeriod
    rows: tuple[WorkingSaving, ...]
    totals: tuple[SavingsTotal, ...]

    def total(self, scope: str = COUNCIL, name: str | None = None) -> SavingsTotal | None:
        """One sum, by scope, and by name where the scope has several; `None` if there are no savings."""
        found = (one for one in self.totals if one.scope == scope and name in (None, one.name))
        return next(found, None)

    @property
    def disagreements(self) -> tuple[str, ...]:
        """Where savings and the forecasts of their lines do not say the same: “OP12 Admissions: …”."""
        return tuple(
            f"{row.entry.proposal.heading}: {row.entry.disagreement}"
            for row in self.rows
            if row.entry.disagreement
        )


def savings_position(
    council: Council,
    period: MonitoringPeriod,
    *,
    public_only: bool = False,
    directorate_ids: frozenset[int] | None = None,
    proposals: Sequence[ProposalEntry] | None = None,
) -> SavingsPosition:
    """The savings of one period: with a target this year, agreed without a known target and still expected, or with an update at the period.

    `directorate_ids` leaves out the rest, and then there is no council total. `proposals` are the council's, where the caller has read them.
    """
    read = _read(council, period)
    every = proposals if proposals is not None else proposals_of(council, public_only=public_only)
    rows = [
        _row(proposal, read, period.period.year) for proposal in every if _is_shown(proposal, read, period)
    ]
    agreed = _with_disagreements(rows, read, period)
    shown = tuple(row for row in agreed if directorate_ids is None or row.directorate_id in directorate_ids)
    totals = tuple(_totals(council, shown))
    return SavingsPosition(
        council=council,
        period=period,
        rows=shown,
        totals=tuple(one for one in totals if directorate_ids is None or one.scope != COUNCIL),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What is held at the period, by the proposal's key; mitigations by the update's."""

    targets: Targets
    updates: Mapping[int, SavingsUpdate]
    last: Mapping[int, SavingsUpdate]
    mitigations: Mapping[int, list[Mitigation]]
    directorates: Mapping[int, int | None]
    marks: Mapping[str, tuple[Mark, ...]]


def _read(council: Council, period: MonitoringPeriod) -> _Read:
    updates = {row.proposal_id: row for row in SavingsUpdate.objects.filter(period=period)}
    last = {row.proposal_id: row for row in last_updates(period)}
    mitigations: dict[int, list[Mitigation]] = defaultdict(list)
    wanted = [row.pk for row in (*updates.values(), *last.values())]
    for row in Mitigation.objects.filter(update__in=wanted).select_related("service_line"):
        mitigations[row.update_id].append(row)
    savings = SavingsProposal.objects.filter(council=council, kind=SavingsProposal.Kind.SAVING)
    return _Read(
        targets=targets_of(council),
        updates=updates,
        last=last,
        mitigations=mitigations,
        directorates=dict(savings.values_list("pk", "directorate_id")),
        marks=marks_by_subject(council, "update"),
    )


def _is_shown(proposal: ProposalEntry, read: _Read, period: MonitoringPeriod) -> bool:
    proposal_id = int(proposal.key)
    if proposal.kind != SavingsProposal.Kind.SAVING:
        return False
    if proposal_id in read.updates:
        return True
    target = read.targets.of(proposal_id, period.period.year)
    is_expected = target.amount is None and _is_expected(proposal, period.period.year)
    return proposal.is_counted and (target.is_set or is_expected)


def _is_expected(proposal: ProposalEntry, year: FinancialYear) -> bool:
    """Whether a saving whose target is not known is of this year: by the years that its phasing names, otherwise from when it was agreed."""
    if proposal.stage.is_closed:
        return False
    phasing = proposal.phasing
    if phasing and (phasing.amounts or phasing.spans):
        is_phased = any(one.year == year for one in phasing.amounts)
        return is_phased or any(span.first_year <= year <= span.last_year for span in phasing.spans)
    agreed = [step.decided_on for step in proposal.history if step.stage.counts and step.decided_on]
    return not agreed or FinancialYear.containing(min(agreed)) <= year


def _row(proposal: ProposalEntry, read: _Read, year: FinancialYear) -> WorkingSaving:
    proposal_id = int(proposal.key)
    target = read.targets.of(proposal_id, year)
    update, last = read.updates.get(proposal_id), read.last.get(proposal_id)
    delivery = _delivery(update, target, read)
    return WorkingSaving(
        entry=_entry(proposal, update, delivery, read),
        proposal_id=proposal_id,
        directorate_id=read.directorates.get(proposal_id),
        update_id=update.pk if update else None,
        version=update.version if update else 0,
        is_carried_forward=update.is_carried_forward if update else False,
        is_target_phased=target.amount is not None,
        last=_entry(proposal, last, _delivery(last, target, read), read) if last else None,
        delivery=delivery,
    )


def _delivery(update: SavingsUpdate | None, target: Target, read: _Read) -> Delivery:
    """The update as the arithmetic takes it; without one, a target of which nothing is known yet."""
    if update is None:
        return Delivery(target=target.amount, target_returns=target.returns)
    mitigations = read.mitigations.get(update.pk, [])
    return Delivery(
        target=update.target,
        delivered=update.delivered,
        on_track=update.on_track,
        at_risk=update.at_risk,
        undeliverable=update.undeliverable,
        forecast=update.forecast,
        mitigation=_sum(mitigations),
        lasting_mitigation=_sum(one for one in mitigations if MitigationKind(one.kind).lasts),
        target_returns=min(target.returns, update.target or ZERO),
    )


def _sum(mitigations: Iterable[Mitigation]) -> Decimal:
    return total([one.amount for one in mitigations if one.amount is not None])


def _entry(
    proposal: ProposalEntry, update: SavingsUpdate | None, delivery: Delivery, read: _Read
) -> SavingEntry:
    if update is None:
        return SavingEntry(
            proposal=proposal,
            figures=saving_figures(delivery),
            rag=None,
            reason="",
            confidence_label=Confidence.NOT_JUDGED.label,
            expected_on=None,
            service_effect="",
        )
    return SavingEntry(
        proposal=proposal,
        figures=saving_figures(delivery),
        rag=Rag(update.rag) if update.rag else None,
        reason=update.reason,
        confidence_label=Confidence(update.confidence).label,
        expected_on=update.expected_on,
        service_effect=update.service_effect,
        mitigations=tuple(_mitigation(one) for one in read.mitigations.get(update.pk, ())),
        sources=read.marks.get(f"update:{update.pk}", ()),
    )


def _mitigation(row: Mitigation) -> MitigationEntry:
    kind = MitigationKind(row.kind)
    return MitigationEntry(
        kind=kind.value,
        kind_label=kind.label,
        lasts=kind.lasts,
        amount=row.amount,
        service_line=row.service_line.name if row.service_line else "",
        is_in_forecast=row.is_in_forecast,
        words=row.words,
    )


def _with_disagreements(
    rows: Sequence[WorkingSaving], read: _Read, period: MonitoringPeriod
) -> list[WorkingSaving]:
    claims = [_claim(row, read, period) for row in rows]
    said = disagreements(claims, lines_say(period))
    return [
        replace(row, entry=replace(row.entry, disagreement=said.get(row.proposal_id, ""))) for row in rows
    ]


def _claim(row: WorkingSaving, read: _Read, period: MonitoringPeriod) -> Claim:
    mitigations = read.mitigations.get(row.update_id, []) if row.update_id else []
    return Claim(
        proposal_id=row.proposal_id,
        line_id=row.entry.proposal.service_line_id,
        rag=row.entry.rag,
        is_updated=row.update_id is not None,
        figures=row.entry.figures,
        phased=read.targets.of(row.proposal_id, period.period.year).amount,
        covers=tuple(
            Cover(line_id=one.service_line_id, amount=one.amount, is_in_forecast=one.is_in_forecast)
            for one in mitigations
        ),
    )


def _totals(council: Council, rows: Sequence[WorkingSaving]) -> Iterable[SavingsTotal]:
    """The sum over all, over each directorate in the order of its first saving, and over each colour, the worst first; none without savings."""
    if not rows:
        return
    yield _total(COUNCIL, council.name, rows)
    for name in dict.fromkeys(row.entry.proposal.directorate for row in rows):
        yield _total(DIRECTORATE, name, [row for row in rows if row.entry.proposal.directorate == name])
    for rag in (Rag.RED, Rag.AMBER, Rag.GREEN, None):
        if rated := [row for row in rows if row.entry.rag is rag]:
            yield _total(RATING, rag.label if rag else NOT_YET_RATED, rated, rag=rag)


def _total(scope: str, name: str, rows: Sequence[WorkingSaving], *, rag: Rag | None = None) -> SavingsTotal:
    deliveries = [row.delivery for row in rows]
    return SavingsTotal(
        scope=scope,
        name=name,
        rag=rag,
        count=len(rows),
        without_target=len([one for one in deliveries if one.target is None]),
        without_parts=len([one for one in deliveries if one.target is not None and one.parts is None]),
        figures=total_figures(deliveries),
    )
