"""What the last period of the same year said of savings. One query."""

from collections.abc import Collection

from django.db.models import OuterRef, QuerySet, Subquery

from savings.models import SavingsUpdate
from services.models import MonitoringPeriod


def last_updates(
    period: MonitoringPeriod, *, proposal_ids: Collection[int] | None = None
) -> QuerySet[SavingsUpdate]:
    """The updates of the last period before this one in the same year that has one of the saving; at most one of each saving."""
    earlier = MonitoringPeriod.objects.filter(
        council_id=period.council_id, year=period.year, number__lt=period.number
    )
    newest = (
        SavingsUpdate.objects.filter(period__in=earlier, proposal=OuterRef("proposal"))
        .order_by("-period__number")
        .values("pk")[:1]
    )
    rows = SavingsUpdate.objects.filter(pk=Subquery(newest), period__in=earlier)
    return rows if proposal_ids is None else rows.filter(proposal__in=list(proposal_ids))
