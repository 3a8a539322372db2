"""Uses of reserves and one-off funding at one period, with what may be done next to each."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from services.models import MonitoringPeriod, OneOffFunding, ReserveUse, UseState


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyEntry:
    """One use of a reserve, or one-off funding: pounds without a sign."""

    record_id: int
    is_use: bool
    what: str
    source: str
    service_line: str
    line_id: int
    amount: Decimal
    state: str
    state_label: str
    purpose: str
    decision: str
    decided_by: str

    @property
    def may_be_requested(self) -> bool:
        """Whether it is only planned; one-off funding is approved straight from its plan."""
        return self.is_use and self.state == UseState.PLANNED

    @property
    def may_be_approved(self) -> bool:
        """Whether it waits for approval."""
        return self.state == (UseState.REQUESTED if self.is_use else UseState.PLANNED)

    @property
    def may_be_applied(self) -> bool:
        """Whether it is approved and not yet made in the ledger."""
        return self.state == UseState.APPROVED

    @property
    def may_be_refused(self) -> bool:
        """Whether it has not been applied or refused."""
        return self.state in (UseState.PLANNED, UseState.REQUESTED, UseState.APPROVED)


def money_waiting(period: MonitoringPeriod) -> tuple[MoneyEntry, ...]:
    """Everything that is planned, requested or approved and not yet applied, oldest first. Two queries."""
    entries = [*_uses(period), *_funding(period)]
    return tuple(entry for entry in entries if entry.may_be_refused)


def _uses(period: MonitoringPeriod) -> Iterable[MoneyEntry]:
    rows = ReserveUse.objects.filter(period=period).select_related("service_line", "reserve", "decided_by")
    for row in rows.order_by("pk"):
        yield MoneyEntry(
            record_id=row.pk,
            is_use=True,
            what=row.get_kind_display(),
            source=row.reserve.name if row.reserve else "Reserve not named in the return",
            service_line=row.service_line.name,
            line_id=row.service_line_id,
            amount=row.amount,
            state=row.state,
            state_label=row.get_state_display(),
            purpose=row.purpose,
            decision=row.decision_reference,
            decided_by=str(row.decided_by) if row.decided_by else "",
        )


def _funding(period: MonitoringPeriod) -> Iterable[MoneyEntry]:
    rows = OneOffFunding.objects.filter(period=period).select_related("service_line", "decided_by")
    for row in rows.order_by("pk"):
        yield MoneyEntry(
            record_id=row.pk,
            is_use=False,
            what="Other one-off funding",
            source=row.get_source_display(),
            service_line=row.service_line.name,
            line_id=row.service_line_id,
            amount=row.amount,
            state=row.state,
            state_label=row.get_state_display(),
            purpose=row.purpose,
            decision="",
            decided_by=str(row.decided_by) if row.decided_by else "",
        )
