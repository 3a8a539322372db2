"""Computed reads of published savings: totals by scope, colours by directorate, sums of chosen proposals. No queries, exact figures."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounting.money import ZERO, total
from accounting.periods import FinancialYear
from accounting.rag import Rag
from savings.entries import ProposalEntry, SavingEntry, SavingsContent, SavingsTotal

COUNCIL = "council"
DIRECTORATE = "directorate"
OTHER_PRIORITY = "No priority named"


def council_total(content: SavingsContent) -> SavingsTotal | None:
    """The sum over all savings of the period; `None` if there are none."""
    return next((one for one in content.totals if one.scope == COUNCIL), None)


def directorate_totals(content: SavingsContent) -> tuple[SavingsTotal, ...]:
    """Each directorate's sum."""
    return tuple(one for one in content.totals if one.scope == DIRECTORATE)


def rating_totals(content: SavingsContent) -> tuple[SavingsTotal, ...]:
    """Each colour's sum, and that of what is not yet rated: the worst first."""
    order = [Rag.RED, Rag.AMBER, Rag.GREEN, None]
    found = [one for one in content.totals if one.scope not in (COUNCIL, DIRECTORATE)]
    return tuple(sorted(found, key=lambda one: order.index(one.rag)))


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedTarget:
    """How much of a directorate's target has which colour. Pounds without a sign; savings without a target count nowhere."""

    name: str
    green: Decimal
    amber: Decimal
    red: Decimal
    unrated: Decimal
    target: Decimal
    row_kind: str = "line"


def rated_targets(savings: Sequence[SavingEntry]) -> tuple[RatedTarget, ...]:
    """Targets by directorate and colour, in the savings' order of directorates, then all together; nothing where no saving has a target."""
    by_directorate: dict[str, list[SavingEntry]] = defaultdict(list)
    for saving in savings:
        if saving.figures.target is not None:
            by_directorate[saving.proposal.directorate].append(saving)
    rows = [_rated(name or "No directorate named", entries) for name, entries in by_directorate.items()]
    if not rows:
        return ()
    every = [saving for entries in by_directorate.values() for saving in entries]
    return (*rows, _rated("Total", every, row_kind="total"))


def _rated(name: str, savings: Sequence[SavingEntry], *, row_kind: str = "line") -> RatedTarget:
    return RatedTarget(
        name=name,
        green=_targets(savings, Rag.GREEN),
        amber=_targets(savings, Rag.AMBER),
        red=_targets(savings, Rag.RED),
        unrated=_targets(savings, None),
        target=total([saving.figures.target or ZERO for saving in savings]),
        row_kind=row_kind,
    )


def _targets(savings: Iterable[SavingEntry], rag: Rag | None) -> Decimal:
    return total([saving.figures.target or ZERO for saving in savings if saving.rag is rag])


def not_green(savings: Iterable[SavingEntry]) -> tuple[SavingEntry, ...]:
    """The savings rated red and amber, red first, the largest target first."""
    chosen = [saving for saving in savings if saving.rag in (Rag.RED, Rag.AMBER)]
    return tuple(sorted(chosen, key=lambda one: (one.rag is Rag.AMBER, -(one.figures.target or ZERO))))


def short(savings: Iterable[SavingEntry]) -> tuple[SavingEntry, ...]:
    """The savings with a shortfall or with something that covers one."""
    return tuple(one for one in savings if one.mitigations or (one.figures.shortfall or ZERO) > 0)


def priorities_of(proposals: Iterable[ProposalEntry]) -> tuple[str, ...]:
    """The priorities that the proposals name, in their order; those without one last."""
    named = dict.fromkeys(proposal.priority or OTHER_PRIORITY for proposal in proposals)
    return tuple(sorted(named, key=lambda name: name == OTHER_PRIORITY))


def of_priority(proposals: Iterable[ProposalEntry], priority: str) -> tuple[ProposalEntry, ...]:
    """The proposals of one priority; all where none is asked for."""
    return tuple(one for one in proposals if not priority or (one.priority or OTHER_PRIORITY) == priority)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhasedSum:
    """The sum of some proposals' changes to base by year, this council's part of each; `None` where none of them has any £."""

    by_year: dict[FinancialYear, Decimal] | None
    total: Decimal | None
    without_amounts: int
    is_shared: bool
    """Whether any of them is shared, so that the sum is of parts."""


def phased_sum(proposals: Sequence[ProposalEntry]) -> PhasedSum:
    """Sum the proposals' current amounts. What is withdrawn, replaced or written off is listed and not summed."""
    standing = [one for one in proposals if one.stage.may_count]
    phasings = [one.phasing for one in standing if one.phasing and one.phasing.amounts]
    sums: dict[FinancialYear, Decimal] = defaultdict(lambda: ZERO)
    for phasing in phasings:
        for change in phasing.amounts:
            sums[change.year] += change.ours or ZERO
    priced = [one for one in proposals if one.phasing and one.phasing.amounts]
    return PhasedSum(
        by_year=dict(sums) if phasings else None,
        total=total(list(sums.values())) if phasings else None,
        without_amounts=len(proposals) - len(priced),
        is_shared=any(phasing.is_shared for phasing in phasings),
    )


def counterpart(content: SavingsContent, key: str) -> tuple[ProposalEntry | None, SavingEntry | None]:
    """A proposal by its key, and its saving at the period, if it has one. The newest words of both are the same record."""
    saving = next((one for one in content.savings if one.proposal.key == key), None)
    every = (*content.proposals, *(content.strategy.proposals if content.strategy else ()))
    proposal = next((one for one in every if one.key == key), None)
    return proposal or (saving.proposal if saving else None), saving
