"""What all savings together come to for each service. No query: made from proposals that have been read."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from accounting.money import total
from savings.entries import EffectEntry, ProposalEntry, ServiceEffect
from savings.models import ProposalNote, SavingsProposal

_ASPECTS: Final = tuple(
    aspect.value
    for aspect in (
        ProposalNote.Aspect.USERS,
        ProposalNote.Aspect.STAFF,
        ProposalNote.Aspect.SERVICE,
        ProposalNote.Aspect.CUMULATIVE,
    )
)
_ASSESSED: Final = frozenset(
    str(state.label) for state in (SavingsProposal.Assessment.COMPLETE, SavingsProposal.Assessment.NOT_NEEDED)
)


def effects_by_service(proposals: Iterable[ProposalEntry]) -> tuple[ServiceEffect, ...]:
    """Savings that may still count, by directorate and service in order of names; those that name no service last."""
    groups: dict[tuple[str, str], list[ProposalEntry]] = defaultdict(list)
    for proposal in proposals:
        if proposal.kind == SavingsProposal.Kind.SAVING and proposal.stage.may_count:
            groups[proposal.directorate, proposal.service].append(proposal)
    order = sorted(groups, key=lambda key: (not key[1], key))
    return tuple(
        _effect(directorate, service, groups[directorate, service]) for directorate, service in order
    )


def _effect(directorate: str, service: str, proposals: Sequence[ProposalEntry]) -> ServiceEffect:
    return ServiceEffect(
        directorate=directorate,
        service=service,
        proposals=tuple(proposal.heading for proposal in proposals),
        agreed=_known([_lasting(one) for one in proposals if one.is_counted]),
        proposed=_known([_lasting(one) for one in proposals if not one.is_counted]),
        posts=_known([one.posts for one in proposals]),
        without_amount=len([one for one in proposals if _lasting(one) is None]),
        without_assessment=len([one for one in proposals if one.equality_label not in _ASSESSED]),
        effects=tuple(
            EffectEntry(heading=one.heading, note=note)
            for one in proposals
            for note in one.notes
            if note.aspect in _ASPECTS
        ),
    )


def _lasting(proposal: ProposalEntry) -> Decimal | None:
    """This council's part of all years together; `None` where no year's is known."""
    if proposal.phasing is None:
        return None
    return _known([one.ours for one in proposal.phasing.amounts])


def _known(amounts: Iterable[Decimal | None]) -> Decimal | None:
    known = [amount for amount in amounts if amount is not None]
    return total(known) if known else None
