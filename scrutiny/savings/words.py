"""Every text that a publication's savings would make public, with what it is about, to be read for what may tell who a child is."""

from collections.abc import Iterator

from savings.entries import ProposalEntry, RecoveryEntry, ReviewEntry, SavingEntry, SavingsContent


def texts_of(content: SavingsContent) -> Iterator[tuple[str, str]]:
    """What each text is about, and the text."""
    for proposal in content.proposals:
        yield proposal.heading, "\n".join(_of_proposal(proposal))
    for saving in content.savings:
        yield saving.proposal.heading, "\n".join(_of_saving(saving))
    for plan in content.recovery:
        yield plan.name, "\n".join(_of_plan(plan))
    for control in content.controls:
        yield control.covers, control.rule
    for review in content.reviews:
        yield review.reviewer, "\n".join(_of_review(review))
    for case in content.business_cases:
        yield case.title, case.words
    if content.strategy is not None:
        yield content.strategy.title, content.strategy.words


def _of_proposal(proposal: ProposalEntry) -> Iterator[str]:
    yield from (proposal.title, proposal.description)
    yield from (part.title for part in proposal.components)
    yield from (note.words for note in proposal.notes)
    yield from (step.reason for step in proposal.history)
    yield from (phasing.note for phasing in proposal.phasings)
    yield from (case.words for case in proposal.business_cases)
    yield from (year.evidence for year in proposal.investment)


def _of_saving(saving: SavingEntry) -> Iterator[str]:
    yield from (saving.reason, saving.service_effect)
    yield from (one.words for one in saving.mitigations)


def _of_plan(plan: RecoveryEntry) -> Iterator[str]:
    yield plan.words
    for action in plan.actions:
        yield from (action.title, action.words, action.progress_words)
    yield from (one.words for one in plan.projections)
    yield from (control.rule for control in plan.controls)
    yield from (case.words for case in plan.business_cases)
    for review in plan.reviews:
        yield from _of_review(review)


def _of_review(review: ReviewEntry) -> Iterator[str]:
    yield from (review.scope, review.status_words)
    for finding in review.findings:
        yield from (finding.finding, finding.response)
