"""What is held of savings at a period before an edit: the update, its target, last period's, and where the directorate has got to."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import F, FilteredRelation, Q

from accounting.savings import Confidence, Stage
from savings.models import SavingsProposal, SavingsUpdate
from savings.position.last_updates import last_updates
from savings.position.targets import targets_of
from services.models import MonitoringPeriod

FIGURES = ("target", "delivered", "on_track", "at_risk", "undeliverable", "forecast")
FIELDS = (*FIGURES, "rag", "reason", "confidence", "expected_on", "service_effect")
_NOT_YET = (Stage.IDEA, Stage.PROPOSAL, Stage.CONSULTATION, Stage.RECOMMENDED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A saving with what is held of it at the period; `values` of a saving without an update are those of a blank one."""

    proposal: SavingsProposal
    update_id: int | None
    version: int
    is_carried: bool
    values: dict[str, Any]
    target: Any
    """The phasing's target of the year, pounds; `None` where it gives none."""
    last: dict[str, Any] | None
    """What the last period of the same year said; `None` where it said nothing."""
    submission: str | None

    @property
    def name(self) -> str:
        """The saving, as messages name it."""
        return str(self.proposal)

    @property
    def directorate_id(self) -> int | None:
        """Whose forecasts it belongs to; `None` is the whole council's."""
        return self.proposal.directorate_id

    @property
    def directorate(self) -> str:
        """That directorate's name."""
        return str(self.proposal.directorate or self.proposal.council)

    @property
    def why_not(self) -> str:
        """Why it takes no update; blank if it does."""
        if self.proposal.kind != SavingsProposal.Kind.SAVING:
            return f"{self.name} is growth: updates are of savings."
        if Stage(self.proposal.stage) in _NOT_YET:
            return f"{self.name} has not been agreed yet: its delivery begins when it is."
        return ""


def held_updates(period: MonitoringPeriod, proposal_ids: Collection[int]) -> dict[int, Held]:
    """The savings of the edits with what is held of each. Six queries, whatever their number."""
    wanted = list(proposal_ids)
    handed_in = "directorate__submissions"
    rows: Any = (  # with `submission`, which the type checker does not know
        SavingsProposal.objects.filter(council=period.council, pk__in=wanted)
        .select_related("directorate")
        .annotate(handed_in=FilteredRelation(handed_in, condition=Q(**{f"{handed_in}__period": period})))
        .annotate(submission=F("handed_in__state"))
    )
    updates = {
        row.proposal_id: row for row in SavingsUpdate.objects.filter(period=period, proposal__in=wanted)
    }
    targets = targets_of(period.council, proposal_ids=wanted)
    last = {row.proposal_id: row for row in last_updates(period, proposal_ids=wanted)}
    found: dict[int, Held] = {}
    for proposal in rows:
        proposal.council = period.council
        update = updates.get(proposal.pk)
        before = last.get(proposal.pk)
        found[proposal.pk] = Held(
            proposal=proposal,
            update_id=update.pk if update else None,
            version=update.version if update else 0,
            is_carried=update.is_carried_forward if update else False,
            values=values_of(update) if update else BLANK,
            target=targets.of(proposal.pk, period.period.year).amount,
            last=values_of(before) if before else None,
            submission=proposal.submission,
        )
    return found


def values_of(update: SavingsUpdate) -> dict[str, Any]:
    """What an update says."""
    return {name: getattr(update, name) for name in FIELDS}


BLANK: dict[str, Any] = {
    **dict.fromkeys(FIGURES),
    "rag": "",
    "reason": "",
    "confidence": Confidence.NOT_JUDGED.value,
    "expected_on": None,
    "service_effect": "",
}
