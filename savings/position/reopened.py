"""What next year opens with because this year's saving was not made for good: a shortfall, met by one-offs or by nothing. Five queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from accounting.money import ZERO, total
from accounting.periods import FinancialYear
from accounting.savings import Delivery, MitigationKind, Stage
from savings.models import Mitigation, SavingsProposal, SavingsUpdate
from savings.position.targets import targets_of
from services.models import Council, MonitoringPeriod

_COUNTING = [stage.value for stage in Stage if stage.counts]
_LASTING = [kind.value for kind in MitigationKind if kind.lasts]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenedSaving:
    """A saving of the year before that opens this year as a pressure: pounds, positive, a change to base."""

    proposal_id: int
    heading: str
    year: FinancialYear
    amount: Decimal


def reopened_by_year(
    council: Council, *, public_only: bool = False, up_to: MonitoringPeriod | None = None
) -> dict[FinancialYear, tuple[ReopenedSaving, ...]]:
    """What each year opens with, by year, in the order of the proposals; from the newest update of each saving in the year before.

    `up_to` leaves out what later periods say, for a publication that must not tell it. A saving that was withdrawn, replaced or written off is no
    longer in the budget, and so reopens nothing.
    """
    updates = list(_newest(council, public_only=public_only, up_to=up_to))
    targets = targets_of(council, proposal_ids={row.proposal_id for row in updates})
    lasting = _lasting(updates)
    found: dict[FinancialYear, list[ReopenedSaving]] = defaultdict(list)
    for row in updates:
        year = row.period.period.year
        returns = min(targets.of(row.proposal_id, year).returns, row.target or ZERO)
        delivery = Delivery(
            target=row.target,
            forecast=row.forecast,
            lasting_mitigation=lasting.get(row.pk, ZERO),
            target_returns=returns,
        )
        if amount := delivery.reopens_next_year:
            found[year.next].append(
                ReopenedSaving(
                    proposal_id=row.proposal_id, heading=str(row.proposal), year=year.next, amount=amount
                )
            )
    return {year: tuple(rows) for year, rows in sorted(found.items())}


def _newest(
    council: Council, *, public_only: bool, up_to: MonitoringPeriod | None
) -> QuerySet[SavingsUpdate]:
    """The newest update of each saving in each year."""
    rows = SavingsUpdate.objects.filter(council=council)
    if up_to is not None:
        earlier_year = Q(period__year__lt=up_to.year)
        same_year = Q(period__year=up_to.year, period__number__lte=up_to.number)
        rows = rows.filter(earlier_year | same_year)
    of_the_year = rows.filter(proposal=OuterRef("proposal"), period__year=OuterRef("period__year"))
    newest = of_the_year.order_by("-period__number").values("pk")[:1]
    rows = rows.filter(pk=Subquery(newest), proposal__stage__in=_COUNTING)
    if public_only:
        rows = rows.filter(proposal__in=SavingsProposal.objects.in_the_open().values("pk"))
    order = (F("proposal__order"), F("proposal__reference"), F("proposal__title"), F("proposal_id"))
    return rows.select_related("proposal", "period").order_by(*order)


def _lasting(updates: Iterable[SavingsUpdate]) -> dict[int, Decimal]:
    """What still stands next year in place of each saving, by the update's key."""
    amounts: dict[int, list[Decimal]] = defaultdict(list)
    rows = Mitigation.objects.filter(update__in=[row.pk for row in updates], kind__in=_LASTING)
    for row in rows.filter(amount__isnull=False):
        amounts[row.update_id].append(row.amount or ZERO)
    return {update_id: total(known) for update_id, known in amounts.items()}
