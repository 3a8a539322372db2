"""Applies a ledger of 50,000 codes from CSV and XLSX to 300 service lines: seconds, queries and peak memory.

    python -m benchmarks.ledger [--rows 50000]

Each kind of file is a process of its own, on SQLite in a temporary folder with the settings people run. First the request that stages the file,
then the worker's check, then the worker's applying; then the same file again, and the file with one penny changed.
"""

import csv
import io
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.own_process import drive

LINES = 300
HEADINGS = ("Cost centre", "Subjective code", "Description", "Actual to date", "Commitments")


def rows(count: int, *, penny: bool = False) -> list[tuple]:
    """Codes of 500 cost centres, in pence."""
    made = []
    for number in range(count):
        actual = (number % 977) * 1_337 + 11 + (1 if penny and number == 0 else 0)
        made.append(
            (
                f"{number // 100:05d}",
                f"{number % 100:04d}",
                f"Line of the ledger {number % 400}",
                actual,
                number % 5 * 100,
            )
        )
    return made


def pounds(pence: int) -> str:
    return f"{pence // 100}.{pence % 100:02d}"


def csv_file(count: int, *, penny: bool = False) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows(
        (*names, pounds(actual), pounds(held)) for *names, actual, held in rows(count, penny=penny)
    )
    return text.getvalue().encode()


def xlsx_file(count: int, *, penny: bool = False) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = workbook.add_worksheet("Ledger")
    sheet.write_row(0, 0, HEADINGS)
    for place, (*names, actual, held) in enumerate(rows(count, penny=penny), start=1):
        sheet.write_row(place, 0, [*names, actual / 100, held / 100])
    workbook.close()
    return target.getvalue()


def council_with_codes(by: Any, count: int) -> tuple[Any, Any]:
    """A council of 300 lines in 6 directorates, its open month, and every code mapped."""
    from accounting.periods import Period
    from services.imports.ledger_codes import CodeEntry
    from services.operations.councils import add_directorate, add_division, add_service_line, create_council
    from services.operations.ledger_codes import set_ledger_codes
    from services.operations.periods import open_period

    council = create_council(by=by, slug="bench", name="Benchmark Council")
    divisions = [
        add_division(
            by=by,
            directorate=add_directorate(by=by, council=council, name=f"Directorate {number}"),
            name="All",
        )
        for number in range(6)
    ]
    lines = [
        add_service_line(
            by=by, division=divisions[number % 6], name=f"Service line {number}", code=f"C{number:03}"
        )
        for number in range(LINES)
    ]
    period = open_period(by=by, council=council, period=Period.parse("2023-24/p7"))
    entries = [
        CodeEntry(
            cost_centre=f"{number // 100:05d}",
            subjective=f"{number % 100:04d}",
            line_id=lines[number % LINES].pk,
        )
        for number in range(count)
    ]
    set_ledger_codes(by=by, council=council, entries=entries)
    return council, period


def run(kind: str, count: int, folder: Path) -> dict[str, dict[str, Any]]:
    """One kind of file in this process."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from accounts.operations import command_line_user
    from services.models import LedgerBatch
    from services.operations.ledger import confirm_ledger, stage_ledger
    from services.operations.ledger_work import LedgerFile, apply_batch, check_batch, import_ledger

    by = command_line_user()
    council, period = council_with_codes(by, count)
    figures: dict[str, dict[str, Any]] = {}

    def measured(step: str, act: Callable[[], Any]) -> Any:
        started, processor = time.perf_counter(), time.process_time()
        with CaptureQueriesContext(connection) as queries:
            result = act()
        figures[step] = {
            "seconds": round(time.perf_counter() - started, 2),
            "processor_seconds": round(time.process_time() - processor, 2),
            "queries": len(queries),
        }
        return result

    def file(name: str) -> LedgerFile:
        return LedgerFile(name=f"ledger.{kind}", content=(folder / f"{name}.{kind}").read_bytes())

    whole = {"by": by, "council": council, "period": period}
    batch = measured("the request that stages it", lambda: stage_ledger(**whole, file=file("first")))
    measured("the worker checks it", lambda: check_batch(batch.pk))
    measured(
        "the request that confirms it", lambda: confirm_ledger(by=by, batch=batch, confirmed=frozenset())
    )
    measured("the worker applies it", lambda: apply_batch(batch.pk))
    kept = LedgerBatch.objects.get(pk=batch.pk)
    figures["the worker applies it"] |= {
        "lines_changed": kept.outcome["changed"],
        "rows": kept.outcome["read"],
    }
    again = measured("the same file again", lambda: import_ledger(**whole, file=file("first")))
    figures["the same file again"]["lines_changed"] = len(again.changes)
    penny = measured("one penny changed", lambda: import_ledger(**whole, file=file("penny")))
    figures["one penny changed"]["lines_changed"] = len(penny.changes)
    return figures


if __name__ == "__main__":
    drive(
        "benchmarks.ledger",
        what="rows",
        run=run,
        files={
            kind: {"first": make, "penny": partial(make, penny=True)}
            for kind, make in (("csv", csv_file), ("xlsx", xlsx_file))
        },
    )
