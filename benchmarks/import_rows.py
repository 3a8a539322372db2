"""Imports 50,000 lines from CSV and XLSX into a fresh database: seconds, queries and peak memory.

    python -m benchmarks.import_rows [--rows 50000]

Each run is a process of its own, on SQLite in a temporary folder with the settings people run. The first import makes the lines, the second
changes the forecast of every hundredth, the third is the same file again.
"""

import csv
import io
import time
from functools import partial
from pathlib import Path

from benchmarks.own_process import drive

HEADINGS = (
    "Code", "Directorate", "Division", "Service line", "Revised budget", "Actual to date", "Forecast outturn", "Variance",
)  # fmt: skip
PROFILE = "create_missing_lines = true\n"


def rows(count: int, *, changed: bool) -> list[tuple]:
    """Lines of 10 directorates and 200 divisions, with pence."""
    made = []
    for number in range(count):
        budget = 100_000_00 + number * 37
        forecast = budget + (number % 401 - 200) * 1_111 + (1 if changed and number % 100 == 0 else 0)
        names = (
            f"C{number:06d}",
            f"Directorate {number % 10}",
            f"Division {number % 200}",
            f"Service line {number}",
        )
        made.append((*names, budget, budget * 7 // 12, forecast, forecast - budget))
    return made


def csv_file(count: int, *, changed: bool = False) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for *names, budget, actual, forecast, variance in rows(count, changed=changed):
        writer.writerow([*names, *(f"{pence // 100}.{pence % 100:02d}" if pence >= 0 else f"-{-pence // 100}.{-pence % 100:02d}"
                                   for pence in (budget, actual, forecast, variance))])  # fmt: skip
    return text.getvalue().encode()


def xlsx_file(count: int, *, changed: bool = False) -> bytes:
    import xlsxwriter

    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = workbook.add_worksheet("Return")
    sheet.write_row(0, 0, HEADINGS)
    for place, (*names, budget, actual, forecast, variance) in enumerate(
        rows(count, changed=changed), start=1
    ):
        sheet.write_row(place, 0, [*names, budget / 100, actual / 100, forecast / 100, variance / 100])
    workbook.close()
    return target.getvalue()


def run(kind: str, count: int, folder: Path) -> dict[str, dict[str, float]]:
    """One kind of file in this process."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from accounting.periods import Period
    from accounts.operations import command_line_user
    from services.imports.profile import parse_profile
    from services.operations.councils import create_council
    from services.operations.imports import File, import_file

    by = command_line_user()
    council = create_council(by=by, slug="bench", name="Benchmark Council")
    figures = {}
    for step, name in (
        ("makes every line", "first"),
        ("changes one in a hundred", "second"),
        ("the same again", "second"),
    ):
        content = (folder / f"{name}.{kind}").read_bytes()
        file = File(name=f"return.{kind}", content=content, profile=parse_profile(PROFILE))
        started, processor = time.perf_counter(), time.process_time()
        with CaptureQueriesContext(connection) as queries:
            found = import_file(by=by, council=council, period=Period.parse("2023-24/p7"), file=file)
        figures[step] = {
            "seconds": round(time.perf_counter() - started, 2),
            "processor_seconds": round(time.process_time() - processor, 2),
            "queries": len(queries),
            "created": found.rows_created,
            "changed": found.rows_changed,
            "file_kb": len(content) // 1024,
        }
    return figures


if __name__ == "__main__":
    drive(
        "benchmarks.import_rows",
        what="lines",
        run=run,
        files={
            kind: {"first": make, "second": partial(make, changed=True)}
            for kind, make in (("csv", csv_file), ("xlsx", xlsx_file))
        },
    )
