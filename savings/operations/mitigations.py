"""What stands in for a saving that is not delivered this year."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounting.savings import MitigationKind
from accounts.models import User
from savings.models import Mitigation, SavingsUpdate
from savings.operations.entries import checked_choice
from savings.operations.recovery_records import authorise_for, stale
from services import audit
from services.models import DirectorateSubmission, ServiceLine
from services.operations.authority import open_for_figures, same_council
from services.operations.entries import checked_money, checked_words
from services.operations.refusals import InvalidFigureError, SubmittedError, WrongCouncilError
from services.operations.submissions import HANDED_IN
from services.roles import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class MitigationFields:
    """One means: its kind, pounds without a sign (`None` where no £ is given), and whether its line's forecast already counts on it.

    Without a line of its own it acts on the saving's line.
    """

    kind: str
    amount: Decimal | None = None
    service_line: ServiceLine | None = None
    is_in_forecast: bool = False
    words: str = ""


@transaction.atomic
def set_mitigations(
    *, by: User, update: SavingsUpdate, expected_version: int, mitigations: Sequence[MitigationFields]
) -> SavingsUpdate:
    """Say what stands in for a saving at a period, all of it anew; the update's version moves on, and a carried-forward update is confirmed.

    Raises `PeriodClosedError`, `NotAllowedError`, `SubmittedError`, `StaleVersionError`, `InvalidFigureError`, `InvalidEntryError`.
    """
    period = open_for_figures(update.period)
    now = (
        SavingsUpdate.objects.select_related("proposal__directorate", "council").filter(pk=update.pk).first()
    )
    if now is None:
        raise WrongCouncilError("There is no such update of a saving.")
    now.period = period
    authorise_for(by=by, record=now.proposal, needs=Permission.ENTER_FORECASTS)
    held = list(now.mitigations.select_related("service_line"))
    before = [_said(row) for row in held]
    if now.version != expected_version:
        raise stale(now, expected_version=expected_version, values={"mitigations": _shown(before)})
    _refuse_handed_in(now)
    rows = [_row(fields, now, place) for place, fields in enumerate(mitigations)]
    after = [_said(row) for row in rows]
    if after == before and not now.is_carried_forward:
        return now
    now.mitigations.all().delete()
    Mitigation.objects.bulk_create(rows)
    was_carried, now.is_carried_forward = now.is_carried_forward, False
    now.version += 1
    now.save(update_fields=["version", "is_carried_forward"])
    change = audit.Change(
        action="set mitigations",
        subject=now,
        before={"mitigations": before, "is_carried_forward": was_carried},
        after={"mitigations": after, "is_carried_forward": False, "version": now.version},
        period=period,
    )
    audit.record(by=by, council=now.council, changes=[change])
    return now


def _refuse_handed_in(update: SavingsUpdate) -> None:
    directorate = update.proposal.directorate
    rows = DirectorateSubmission.objects.filter(
        period=update.period, directorate=directorate, state__in=HANDED_IN
    )
    if directorate is not None and rows.exists():
        raise SubmittedError(directorate.name, update.period.period)


def _row(fields: MitigationFields, update: SavingsUpdate, place: int) -> Mitigation:
    same_council(update.council_id, fields.service_line)
    amount = checked_money("amount", fields.amount)
    if amount is not None and amount <= 0:
        raise InvalidFigureError(
            "amount", "is pounds without a sign, more than nil; blank where none is given."
        )
    return Mitigation(
        council=update.council,
        period=update.period,
        update=update,
        kind=checked_choice("kind", fields.kind, list(MitigationKind)),
        amount=amount,
        service_line=fields.service_line,
        is_in_forecast=fields.is_in_forecast,
        words=checked_words("words", fields.words),
        order=place,
    )


def _said(row: Mitigation) -> dict[str, Any]:
    return {
        "kind": str(row.kind),
        "amount": row.amount,
        "service_line": str(row.service_line or ""),
        "is_in_forecast": row.is_in_forecast,
        "words": row.words,
    }


def _shown(rows: Sequence[dict[str, Any]]) -> str:
    return "; ".join(f"{row['kind']} {row['amount'] or ''}".strip() for row in rows)
