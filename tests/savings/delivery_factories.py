"""Agreed savings, their updates and recovery plans for tests, made through the same operations that people use.

Amounts are text, in pounds without a sign.
"""

from datetime import date

from django.utils import timezone

from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhaseKind
from accounting.savings import Stage
from savings.models import (
    PhasingVersion,
    RecoveryAction,
    RecoveryPlan,
    SavingsPhase,
    SavingsProposal,
    SavingsUpdate,
)
from savings.operations import mitigations, phasing, proposals, recovery, updates
from services.models import Council, MonitoringPeriod
from tests.services.factories import pounds, the_head, the_officer

PARTS = ("delivered", "on_track", "at_risk", "undeliverable")


def make_saving(
    council: Council,
    title: str = "Fewer agency placements",
    amount: str | None = "250000",
    *,
    year: int = 2023,
    stage: Stage = Stage.IN_DELIVERY,
    kind: PhaseKind = PhaseKind.RECURRENT,
    **fields,
) -> SavingsProposal:
    """A saving that Council has agreed, phased in one year; `amount=None` is without any £."""
    made = proposals.record_proposal(
        by=the_head(council),
        council=council,
        title=title,
        stage=stage,
        decided_by="Council",
        decided_on=date(2023, 3, 1),
        **fields,
    )
    if amount is not None:
        phase(made, (year, amount, kind))
    return made


def make_many_savings(council: Council, count: int, **fields) -> list[SavingsProposal]:
    """Agreed savings of £10 in 2023/24, written in few statements: for counting queries."""
    made = SavingsProposal.objects.bulk_create(
        SavingsProposal(council=council, title=f"Saving {number:03}", stage=Stage.IN_DELIVERY, **fields)
        for number in range(count)
    )
    versions = PhasingVersion.objects.bulk_create(
        PhasingVersion(
            council=council,
            proposal=one,
            number=1,
            status=PhasingVersion.Status.APPROVED,
            recorded_by=the_head(council),
            recorded_at=timezone.now(),
        )
        for one in made
    )
    SavingsPhase.objects.bulk_create(
        SavingsPhase(council=council, phasing=version, year=2023, amount=pounds("-10"))
        for version in versions
    )
    return made


def phase(proposal: SavingsProposal, *amounts: tuple[int, str, PhaseKind], **fields) -> None:
    """New amounts for a proposal, approved: what is to be saved in each year."""
    council = proposal.council
    phases = [
        PhasedAmount(year=FinancialYear(year), amount=-pounds(amount), kind=kind)
        for year, amount, kind in amounts
    ]
    version = phasing.propose_phasing(by=the_officer(council), proposal=proposal, phases=phases, **fields)
    phasing.approve_phasing(by=the_head(council), version=version, decision_reference="Council, 1 March 2023")


def edit_of(proposal: SavingsProposal, version: int = 0, parts: str = "", **fields) -> updates.UpdateEdit:
    """An edit; `parts="1 2 3 4"` are delivered, on track, at risk and undeliverable, and figures may be text."""
    divided = dict(zip(PARTS, map(pounds, parts.split()), strict=True)) if parts else {}
    figures = {
        name: pounds(value) if name in (*PARTS, "target", "forecast") else value
        for name, value in fields.items()
    }
    return updates.UpdateEdit(proposal_id=proposal.pk, expected_version=version, **{**divided, **figures})


def update(
    proposal: SavingsProposal, period: MonitoringPeriod, parts: str = "", by=None, **fields
) -> SavingsUpdate:
    """What the period says of a saving, on top of what it said."""
    held = SavingsUpdate.objects.filter(proposal=proposal, period=period).first()
    edit = edit_of(proposal, held.version if held else 0, parts, **fields)
    updates.save_updates(by=by or the_officer(proposal.council), period=period, edits=[edit])
    return SavingsUpdate.objects.get(proposal=proposal, period=period)


def cover(of: SavingsUpdate, kind: str, amount: str | None, **fields) -> SavingsUpdate:
    """One means that stands in for a saving, instead of any before."""
    means = mitigations.MitigationFields(kind=kind, amount=pounds(amount), **fields)
    return mitigations.set_mitigations(
        by=the_officer(of.council), update=of, expected_version=of.version, mitigations=[means]
    )


def make_plan(
    council: Council, name: str = "Short-term financial recovery", year: int = 2023, **fields
) -> RecoveryPlan:
    """A recovery plan of a year."""
    return recovery.record_plan(
        by=the_officer(council), council=council, name=name, year=FinancialYear(year), **fields
    )


def make_action(
    plan: RecoveryPlan, title: str = "Freeze a post", target: str | None = "50000", **fields
) -> RecoveryAction:
    """An action of a plan."""
    return recovery.record_action(
        by=the_officer(plan.council), plan=plan, title=title, target=pounds(target), **fields
    )


def progress(action: RecoveryAction, period: MonitoringPeriod, version: int = 0, **fields) -> None:
    """What an action has brought in by a period."""
    figures = {
        name: pounds(value) if name in ("identified", "recouped") else value for name, value in fields.items()
    }
    edit = recovery.ProgressEdit(action_id=action.pk, expected_version=version, **figures)
    recovery.save_progress(by=the_officer(action.council), period=period, edits=[edit])
