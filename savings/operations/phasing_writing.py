"""The one place where a version of a proposal's amounts is written."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounting.phasing import PhasedAmount
from accounts.models import User
from savings.models import PhaseSpan, PhasingVersion, SavingsPhase, SavingsProposal, SavingsShare
from savings.operations.phasing_checks import ShareFields, SpanFields
from services import audit


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """A version's amounts, checked."""

    phases: tuple[PhasedAmount, ...]
    spans: tuple[SpanFields, ...]
    shares: tuple[ShareFields, ...]
    total_as_printed: Decimal | None
    first_year_is_level: bool
    note: str
    decision_reference: str = ""
    approves: PhasingVersion | None = None


def write_version(
    *, by: User, proposal: SavingsProposal, status: str, amounts: Amounts, action: str
) -> PhasingVersion:
    """Write the next version with its years, spans and shares, and record it, in the caller's transaction. Seven queries at most."""
    newest = proposal.phasings.order_by("-number").values_list("number", flat=True).first()
    version = PhasingVersion.objects.create(
        council_id=proposal.council_id,
        proposal=proposal,
        number=(newest or 0) + 1,
        status=status,
        total_as_printed=amounts.total_as_printed,
        first_year_is_level=amounts.first_year_is_level,
        note=amounts.note,
        decision_reference=amounts.decision_reference,
        approves=amounts.approves,
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    _write_rows(version, amounts)
    change = audit.Change(action=action, subject=version, after=_said(amounts), reason=amounts.note)
    audit.record(by=by, council=proposal.council, changes=[change])
    return version


def _write_rows(version: PhasingVersion, amounts: Amounts) -> None:
    council_id = version.council_id
    SavingsPhase.objects.bulk_create(
        SavingsPhase(
            council_id=council_id,
            phasing=version,
            year=phase.year.first_year,
            kind=phase.kind.value,
            amount=phase.amount,
        )
        for phase in amounts.phases
    )
    PhaseSpan.objects.bulk_create(
        PhaseSpan(
            council_id=council_id,
            phasing=version,
            first_year=span.first.first_year,
            last_year=span.last.first_year,
            amount=span.amount,
            meaning=span.meaning.value,
            words=span.words,
        )
        for span in amounts.spans
    )
    SavingsShare.objects.bulk_create(
        SavingsShare(
            council_id=council_id,
            phasing=version,
            year=share.year.first_year,
            partner=share.partner,
            is_ours=share.is_ours,
            amount=share.amount,
        )
        for share in amounts.shares
    )


def _said(amounts: Amounts) -> Mapping[str, Any]:
    """What the audit trail keeps of a version."""
    said: dict[str, Any] = {f"{phase.year} {phase.kind.value}": phase.amount for phase in amounts.phases}
    for span in amounts.spans:
        said[f"{span.first} to {span.last} {span.meaning.value}"] = span.amount
    for share in amounts.shares:
        said[f"{share.year} {share.partner}"] = share.amount
    printed = {
        "total_as_printed": amounts.total_as_printed,
        "first_year_is_level": amounts.first_year_is_level or None,
        "decision_reference": amounts.decision_reference or None,
        "approves_version": amounts.approves.number if amounts.approves else None,
    }
    return said | {name: value for name, value in printed.items() if value is not None}
