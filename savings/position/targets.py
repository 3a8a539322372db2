"""What savings are to bring in year by year, from the phasing that counts: the newest approved, otherwise the newest proposed. Three queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhaseKind
from accounting.targets import OurShare, Target, target_of
from savings.models import PhasingVersion, SavingsPhase, SavingsProposal, SavingsShare
from services.models import Council


@dataclass(frozen=True, slots=True)
class Targets:
    """The phasing that counts of each saving, by the proposal's key."""

    phases: Mapping[int, list[PhasedAmount]] = field(default_factory=dict)
    shares: Mapping[int, list[OurShare]] = field(default_factory=dict)

    def of(self, proposal_id: int, year: FinancialYear) -> Target:
        """One saving's target in one year; of no known amount where the phasing gives none."""
        return target_of(
            self.phases.get(proposal_id, ()), year, shares=tuple(self.shares.get(proposal_id, ()))
        )


def targets_of(council: Council, *, proposal_ids: Collection[int] | None = None) -> Targets:
    """What every saving of the council, or some, is to bring in."""
    versions = _versions(council, proposal_ids)
    phases: dict[int, list[PhasedAmount]] = defaultdict(list)
    for row in SavingsPhase.objects.filter(phasing__in=versions):
        phases[versions[row.phasing_id]].append(
            PhasedAmount(year=FinancialYear(row.year), amount=row.amount, kind=PhaseKind(row.kind))
        )
    return Targets(phases, _our_shares(versions))


def _versions(council: Council, proposal_ids: Collection[int] | None) -> dict[int, int]:
    """The proposal of each version that counts, by the version's key."""
    rows = PhasingVersion.objects.filter(council=council, proposal__kind=SavingsProposal.Kind.SAVING)
    if proposal_ids is not None:
        rows = rows.filter(proposal__in=list(proposal_ids))
    found: dict[int, tuple[bool, int, int]] = {}
    for pk, proposal_id, number, status in rows.values_list("pk", "proposal_id", "number", "status"):
        standing = (status == PhasingVersion.Status.APPROVED, number, pk)
        found[proposal_id] = max(found.get(proposal_id, standing), standing)
    return {pk: proposal_id for proposal_id, (_, _, pk) in found.items()}


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
