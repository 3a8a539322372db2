"""A ledger in processes of its own, on a database of its own: made ready, applied until it is killed, looked at, and started again.

Run: python -m tests.services.ledger.killed ready|apply|look|again; each prints one line of JSON.
"""

import json
import sys
import time
from datetime import timedelta
from typing import Any

CODES = 2_000


def ready() -> Any:
    """A council, its codes, and a confirmed ledger that waits for the worker."""
    from django.core.management import call_command

    from services.imports.ledger_codes import CodeEntry
    from services.operations.ledger import confirm_ledger, stage_ledger
    from services.operations.ledger_codes import set_ledger_codes
    from services.operations.ledger_work import check_batch
    from tests.services.ledger.support import as_file, ledger_csv, make_books

    call_command("migrate", verbosity=0)
    books = make_books()
    entries = [
        CodeEntry(cost_centre="K", subjective=f"{n:05}", line_id=books.placements.pk) for n in range(CODES)
    ]
    set_ledger_codes(by=books.officer, council=books.council, entries=entries)
    content = ledger_csv(*[("K", f"{n:05}", "", "300.00", "0") for n in range(CODES)])
    batch = stage_ledger(by=books.officer, council=books.council, period=books.period, file=as_file(content))
    check_batch(batch.pk)
    confirm_ledger(by=books.officer, batch=batch, confirmed=frozenset())
    return batch.pk


def apply() -> Any:
    """Apply it, and stop for a minute with everything written but the audit entries: the moment to be killed at."""
    from services import audit
    from services.models import LedgerBatch
    from services.operations import ledger_writing
    from services.operations.ledger_work import apply_batch

    def stop(**_: Any) -> int:
        print(json.dumps("written, not committed"), flush=True)
        time.sleep(60)
        return 0

    ledger_writing.audit = type("Stopped", (), {"record": staticmethod(stop), "Change": audit.Change})  # type: ignore[assignment]
    apply_batch(LedgerBatch.objects.get().pk)
    return "not killed"


def look() -> Any:
    """What is kept."""
    from services import audit
    from services.models import AuditEntry, Forecast, LedgerAmount, LedgerBatch

    held = Forecast.objects.get(service_line__name="Placements")
    return {
        "state": LedgerBatch.objects.get().state,
        "amounts": LedgerAmount.objects.count(),
        "actual": str(held.actual_to_date),
        "version": held.version,
        "applied": AuditEntry.objects.filter(action="apply ledger").count(),
        "broken": len(list(audit.broken_chains())),
    }


def again() -> Any:
    """Two minutes later a person starts it again, and a worker is there."""
    from django.utils import timezone

    from services.models import LedgerBatch
    from services.operations.ledger import LOST_AFTER, check_again
    from services.operations.ledger_work import apply_batch

    batch = LedgerBatch.objects.get()
    LedgerBatch.objects.update(worked_at=timezone.now() - LOST_AFTER - timedelta(seconds=1))
    check_again(by=batch.staged_by, batch=batch)
    apply_batch(batch.pk)
    return look()


if __name__ == "__main__":
    import django

    django.setup()
    print(
        json.dumps({"ready": ready, "apply": apply, "look": look, "again": again}[sys.argv[1]]()), flush=True
    )
