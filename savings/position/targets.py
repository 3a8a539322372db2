"""What savings are to bring in year by year, from the phasing that counts: the newest approved, otherwise the newest proposed. Three queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhasedPlan, PhaseKind
from accounting.targets import OurShare, Target, target_of
from savings.models import PhasingVersion, SavingsPhase, SavingsProposal, SavingsShare
from services.models import Council


@dataclass(frozen=True, slots=True)
class Targets:
    """The phasing that counts of each saving, by the proposal's key."""

    phases: Mapping[int, list[PhasedAmount]] = field(default_factory=dict)
    shares: Mapping[int, list[OurShare]] = field(default_factory=dict)
    levels: frozenset[int] = frozenset()
    """Those whose first year holds the whole amount so far, which is no target of that year."""

    def of(self, proposal_id: int, year: FinancialYear) -> Target:
        """One saving's target in one year; of no known amount where the phasing gives none."""
        phases = self.phases.get(proposal_id, ())
        if PhasedPlan(phases=tuple(phases), first_year_is_level=proposal_id in self.levels).is_level(year):
            return Target(amount=None)
        return target_of(phases, year, shares=tuple(self.shares.get(proposal_id, ())))


def targets_of(council: Council, *, proposal_ids: Collection[int] | None = None) -> Targets:
    """What every saving of the council, or some, is to bring in."""
    versions, levels = _versions(council, proposal_ids)
    phases: dict[int, list[PhasedAmount]] = defaultdict(list)
    for row in SavingsPhase.objects.filter(phasing__in=versions):
        phases[versions[row.phasing_id]].append(
            PhasedAmount(year=FinancialYear(row.year), amount=row.amount, kind=PhaseKind(row.kind))
        )
    return Targets(phases, _our_shares(versions), levels)


def _versions(
    council: Council, proposal_ids: Collection[int] | None
) -> tuple[dict[int, int], frozenset[int]]:
    """The proposal of each version that counts, by the version's key; and the proposals whose first year is a level by that version."""
    rows = PhasingVersion.objects.filter(council=council, proposal__kind=SavingsProposal.Kind.SAVING)
    if proposal_ids is not None:
        rows = rows.filter(proposal__in=list(proposal_ids))
    found: dict[int, tuple[bool, int, int, bool]] = {}
    read = rows.values_list("pk", "proposal_id", "number", "status", "first_year_is_level")
    for pk, proposal_id, number, status, is_level in read:
        standing = (status == PhasingVersion.Status.APPROVED, number, pk, is_level)
        found[proposal_id] = max(found.get(proposal_id, standing), standing)
    return (
        {pk: proposal_id for proposal_id, (_, _, pk, _) in found.items()},
        frozenset(proposal_id for proposal_id, (*_, is_level) in found.items() if is_level),
    )


def _our_shares(versions: Mapping[int, int]) -> dict[int, list[OurShare]]:
    """Our part of each shared year. Where a year is shared and no part of it is ours, our part is not known."""
    ours: dict[tuple[int, int], OurShare] = {}
    rows: Iterable[SavingsShare] = SavingsShare.objects.filter(phasing__in=versions)
    for row in rows:
        key = (versions[row.phasing_id], row.year)
        if row.is_ours or key not in ours:
            amount = row.amount if row.is_ours else None
            ours[key] = OurShare(year=FinancialYear(row.year), amount=amount)
    found: dict[int, list[OurShare]] = defaultdict(list)
    for (proposal_id, _), share in ours.items():
        found[proposal_id].append(share)
    return found
