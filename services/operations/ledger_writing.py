"""Writing a ledger: its amounts in the place of the period's earlier ones, and each line's sums into its forecast, in the caller's transaction."""

from collections.abc import Iterator

from accounts.models import User
from services import audit
from services.models import Forecast, LedgerAmount, LedgerBatch, MonitoringPeriod
from services.models.many_rows import insert_rows
from services.operations.ledger_assessment import LedgerAssessment, LineChange


def write_ledger(*, by: User, period: MonitoringPeriod, batch: LedgerBatch, found: LedgerAssessment) -> None:
    """Store the amounts and the changed figures, with an audit entry for every line that changes.

    What a person forecast is left alone, carried forward or not: the ledger says what was spent, not what will be.
    """
    LedgerAmount.objects.filter(period=period).delete()
    insert_rows(
        LedgerAmount,
        ("council", "period", "batch", "service_line", "cost_centre", "subjective", "actual_to_date", "commitments"),
        (
            (period.council_id, period.pk, batch.pk, line_id, row.cost_centre, row.subjective, row.actual, row.commitments)
            for row, line_id in found.matches.rows
        ),
    )  # fmt: skip
    insert_rows(
        Forecast,
        ("council", "service_line", "period", "version", "is_carried_forward", "actual_to_date", "commitments"),
        (
            (period.council_id, change.line_id, period.pk, change.version + 1, False, change.actual_after, change.commitments_after)
            for change in found.changes
        ),
        unique=("service_line", "period"),
        update=("version", "actual_to_date", "commitments"),
    )  # fmt: skip
    audit.record(by=by, council=found.council, changes=_entries(period, batch, found))


def _entries(period: MonitoringPeriod, batch: LedgerBatch, found: LedgerAssessment) -> Iterator[audit.Change]:
    reason = f"Ledger “{batch.file_name}”"
    for change in found.changes:
        before, after = _figures(change)
        yield audit.Change(
            action="apply ledger",
            subject=found.held.lines[change.line_id],
            before=before,
            after=after | {"version": change.version + 1},
            period=period,
            reason=reason,
        )


def _figures(change: LineChange) -> tuple[dict[str, object], dict[str, object]]:
    """What changed of a line, before and after."""
    pairs = {
        "actual_to_date": (change.actual_before, change.actual_after),
        "commitments": (change.commitments_before, change.commitments_after),
    }
    changed = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    return {name: pair[0] for name, pair in changed.items()}, {
        name: pair[1] for name, pair in changed.items()
    }
