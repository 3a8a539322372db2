"""What of a period's savings is still a copy of the period before. Two queries."""

from savings.models import RecoveryProgress, SavingsUpdate
from services.models import MonitoringPeriod


def not_confirmed(period: MonitoringPeriod) -> tuple[str, ...]:
    """The savings and recovery actions that nobody has confirmed for this period, by name."""
    updates = SavingsUpdate.objects.filter(period=period, is_carried_forward=True)
    progress = RecoveryProgress.objects.filter(period=period, is_carried_forward=True)
    return (
        *(str(row.proposal) for row in updates.select_related("proposal").order_by("proposal__order", "pk")),
        *(str(row.action) for row in progress.select_related("action").order_by("action__order", "pk")),
    )
