"""What savings are to bring in one year, from the phasing that counts: the newest approved version, otherwise the newest proposed. Three queries."""

from collections import defaultdict
from collections.abc import Collection

from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhaseKind
from accounting.targets import OurShare, Target, target_of
from savings.models import PhasingVersion, SavingsPhase, SavingsProposal, SavingsShare
from services.models import Council

UNKNOWN = Target(amount=None)
"""The target of a saving whose phasing gives none."""


def targets_of(
    council: Council, year: FinancialYear, *, proposal_ids: Collection[int] | None = None
) -> dict[int, Target]:
    """The year's target of every saving with a phasing, or of some, by the proposal's key; one that is not there is `UNKNOWN`."""
    versions = _versions(council, proposal_ids)
    phases: dict[int, list[PhasedAmount]] = defaultdict(list)
    for row in SavingsPhase.objects.filter(phasing__in=versions.values()):
        phases[row.phasing_id].append(
            PhasedAmount(year=FinancialYear(row.year), amount=row.amount, kind=PhaseKind(row.kind))
        )
    shares = _our_shares(versions.values())
    return {
        proposal_id: target_of(phases[version_id], year, shares=shares[version_id])
        for proposal_id, version_id in versions.items()
    }


def _versions(council: Council, proposal_ids: Collection[int] | None) -> dict[int, int]:
    """The version that counts of each saving."""
    rows = PhasingVersion.objects.filter(council=council, proposal__kind=SavingsProposal.Kind.SAVING)
    if proposal_ids is not None:
        rows = rows.filter(proposal__in=list(proposal_ids))
    found: dict[int, tuple[bool, int, int]] = {}
    for pk, proposal_id, number, status in rows.values_list("pk", "proposal_id", "number", "status"):
        standing = (status == PhasingVersion.Status.APPROVED, number, pk)
        found[proposal_id] = max(found.get(proposal_id, standing), standing)
    return {proposal_id: pk for proposal_id, (_, _, pk) in found.items()}


def _our_shares(version_ids: Collection[int]) -> dict[int, list[OurShare]]:
    """Our part of each shared year. Where a year is shared and no part of it is ours, our part is not known."""
    ours: dict[tuple[int, int], OurShare] = {}
    for row in SavingsShare.objects.filter(phasing__in=version_ids):
        key = (row.phasing_id, row.year)
        if row.is_ours or key not in ours:
            amount = row.amount if row.is_ours else None
            ours[key] = OurShare(year=FinancialYear(row.year), amount=amount)
    found: dict[int, list[OurShare]] = defaultdict(list)
    for (version_id, _), share in ours.items():
        found[version_id].append(share)
    return found
