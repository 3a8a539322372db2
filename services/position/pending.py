"""Uses of reserves and one-off funding at one period, with what may be done next to each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from accounting.wording import format_money
from services.models import AuditEntry, MonitoringPeriod, OneOffFunding, ReserveUse, UseState

CHANGED_AFTER_APPROVAL = "Changed after it was approved."
"""What the audit trail says of a change that took an approval back."""


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
    version: int
    override: str = ""
    """Why it is planned although its reserve holds less, if that was said."""

    @property
    def in_words(self) -> str:
        """“Drawdown, £5.00 from Transformation reserve: requested”."""
        return (
            f"{self.what}, {format_money(self.amount, places=2)}, {self.source}: {self.state_label.lower()}"
        )

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


def money_of(period: MonitoringPeriod) -> tuple[MoneyEntry, ...]:
    """Every use of a reserve and all one-off funding at one period, whatever its state, oldest first. Three queries."""
    uses = list(
        ReserveUse.objects.filter(period=period)
        .select_related("service_line", "reserve", "decided_by")
        .order_by("pk")
    )
    funding = list(
        OneOffFunding.objects.filter(period=period)
        .select_related("service_line", "decided_by")
        .order_by("pk")
    )
    overrides = _overrides(period.council_id, uses)
    return (
        *(replace(entry_of_use(row), override=overrides.get(row.pk, "")) for row in uses),
        *(entry_of_funding(row) for row in funding),
    )


def _overrides(council_id: int, uses: Iterable[ReserveUse]) -> dict[int, str]:
    """Why each use is planned although its reserve holds less: the reason given with its newest plan or change. One query."""
    entries = AuditEntry.objects.filter(
        council_id=council_id,
        subject_type="reserveuse",
        subject_id__in=[use.pk for use in uses],
        action__in=("plan use of reserve", "change use of reserve"),
    )
    return {
        entry.subject_id: entry.reason.removesuffix(CHANGED_AFTER_APPROVAL).strip()
        for entry in entries.order_by("sequence")
        if entry.subject_id
    }


def entry_of_use(row: ReserveUse) -> MoneyEntry:
    """A use with what may be done to it."""
    return MoneyEntry(
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
        decided_by=row.decider,
        version=row.version,
    )


def entry_of_funding(row: OneOffFunding) -> MoneyEntry:
    """One-off funding with what may be done to it."""
    return MoneyEntry(
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
        decided_by=row.decider,
        version=row.version,
    )
