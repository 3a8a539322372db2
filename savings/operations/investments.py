"""Invest to save: what goes in and what comes out year by year, planned and actual."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction

from accounting.money import ZERO
from accounting.periods import FinancialYear
from accounts.models import User
from savings.models import InvestmentYear, SavingsProposal
from savings.operations.proposal_records import held_proposal, record, save_next_version
from services.operations.entries import checked_money, checked_name, checked_words, required_money
from services.operations.refusals import InvalidEntryError, InvalidFigureError


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestmentFields:
    """One year: pounds without a sign; an actual is `None` until it is known."""

    year: FinancialYear
    planned_investment: Decimal = ZERO
    planned_benefit: Decimal = ZERO
    actual_investment: Decimal | None = None
    actual_benefit: Decimal | None = None
    funded_from: str = ""
    evidence: str = ""


@transaction.atomic
def set_investment(
    *, by: User, proposal: SavingsProposal, expected_version: int, years: Sequence[InvestmentFields]
) -> SavingsProposal:
    """Keep the whole profile of a proposal; an empty list takes it away. Raises `StaleVersionError` if the proposal was changed since."""
    now = held_proposal(by=by, proposal=proposal, expected_version=expected_version)
    checked = [_checked(one) for one in years]
    if len({one["year"] for one in checked}) != len(checked):
        raise InvalidEntryError("years", "a year is there twice. Put its figures together in one.")
    checked.sort(key=lambda one: one["year"])
    before = [{name: getattr(row, name) for name in _FIELDS} for row in now.investment_years.all()]
    if before == checked:
        return now
    now.investment_years.all().delete()
    InvestmentYear.objects.bulk_create(
        InvestmentYear(council_id=now.council_id, proposal=now, **one) for one in checked
    )
    save_next_version(now)
    record(
        by=by,
        proposal=now,
        action="set investment",
        before={"years": before},
        after={"years": checked, "version": now.version},
    )
    return now


_FIELDS = tuple(InvestmentFields.__dataclass_fields__)


def _checked(one: InvestmentFields) -> dict[str, Any]:
    return asdict(one) | {
        "year": one.year.first_year,
        "planned_investment": _without_sign(
            "planned_investment", required_money("planned_investment", one.planned_investment)
        ),
        "planned_benefit": _without_sign(
            "planned_benefit", required_money("planned_benefit", one.planned_benefit)
        ),
        "actual_investment": _without_sign("actual_investment", one.actual_investment),
        "actual_benefit": _without_sign("actual_benefit", one.actual_benefit),
        "funded_from": checked_name("funded_from", one.funded_from, required=False),
        "evidence": checked_words("evidence", one.evidence),
    }


def _without_sign(field: str, amount: Decimal | None) -> Decimal | None:
    pounds = checked_money(field, amount)
    if pounds is not None and pounds < 0:
        raise InvalidFigureError(field, "is written without a sign, as pounds put in or pounds got out.")
    return pounds
