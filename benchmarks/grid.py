"""The forecast grid: one cell saved, a block of 100 rows pasted, the page opened, at 300 lines; and how the sense checks do.

Run: python -m benchmarks.grid [lines]   (makes its own database in a temporary folder; DATABASE_URL for PostgreSQL)
"""

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal

REPEATS = 40
COUNCIL, PERIOD = "bench", "2025-26/p7"
BASE = f"/{COUNCIL}/working/{PERIOD}/grid/"


def prepare() -> None:
    """Django on an empty database of its own."""
    os.environ["BUDGETWATCH_STATE_DIR"] = tempfile.mkdtemp(prefix="budgetwatch-benchmark-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "budgetwatch.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def make_month(*, lines: int, writers: int) -> tuple:
    """A council in its seventh month, its lines budgeted and forecast in the sixth, and as many finance officers as are asked for."""
    from django.db import transaction

    from accounting.periods import Period
    from accounts.operations import command_line_user, create_user
    from services import models
    from services.operations.councils import add_directorate, add_division, create_council
    from services.operations.periods import open_period
    from services.operations.role_assignments import assign_role
    from services.roles import Role

    by = command_line_user()
    with transaction.atomic():
        council = create_council(by=by, slug=COUNCIL, name="Benchmark Council")
        people = [f"officer-{number}" for number in range(1, writers + 1)]
        for name in people:
            user = create_user(username=name, post="Finance officer", password="benchmark-only-password")
            assign_role(by=by, user=user, role=Role.FINANCE_OFFICER, council=council)
        divisions = []
        for number in range(6):
            directorate = add_directorate(by=by, council=council, name=f"Directorate {number}")
            divisions += [
                add_division(by=by, directorate=directorate, name=f"Division {number}.{each}")
                for each in range(5)
            ]
        held = models.ServiceLine.objects.bulk_create(
            models.ServiceLine(
                council=council,
                division=divisions[each % 30],
                name=f"Service line {each:03d}",
                code=f"B{each:04d}",
                order=each,
            )
            for each in range(lines)
        )
        models.OriginalBudget.objects.bulk_create(
            models.OriginalBudget(council=council, service_line=line, year=2025, amount=Decimal(1_000_000))
            for line in held
        )
        last = open_period(by=by, council=council, period=Period.parse("2025-26/p6"))
        models.Forecast.objects.bulk_create(
            models.Forecast(
                council=council, service_line=line, period=last, forecast_outturn=Decimal(1_010_000)
            )
            for line in held
        )
        period = open_period(by=by, council=council, period=Period.parse(PERIOD))
    return council, period, people


def queries(run: Callable[[], object]) -> tuple[object, int]:
    """What a run gives, and how many statements it makes that read or write a table: not those that begin and end a transaction."""
    from django.db import connection

    made: list[str] = []

    def count(execute: Callable, sql: str, params: object, many: object, context: object) -> object:
        made.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        result = run()
    told = [
        sql for sql in made if not sql.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "SELECT pg_advisory"))
    ]
    return result, len(told)


def measure(name: str, run: Callable[[int], object], *, repeats: int = REPEATS) -> None:
    """Print the queries and bytes of a second run, and the median of several more in elapsed and in processor time. `run` is told which it is."""
    run(0)
    result, made = queries(lambda: run(1))
    elapsed, processor = [], []
    for number in range(2, repeats + 2):
        started, used = time.perf_counter(), time.process_time()
        run(number)
        elapsed.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    size = len(result.content)
    print(
        f"{name:<46} {made:>7} {statistics.median(elapsed) * 1000:>9.1f} {statistics.median(processor) * 1000:>9.1f} {size:>9,}"
    )


def main(lines: int) -> None:
    """Make the council, measure, print."""
    prepare()
    council, _, people = make_month(lines=lines, writers=1)
    from django.db import connection
    from django.test import Client

    from accounts.models import User
    from services.models import Forecast, ServiceLine
    from services.position import grid_live

    client = Client()
    client.force_login(User.objects.get(username=people[0]))
    held = list(ServiceLine.objects.filter(council=council).order_by("pk").values_list("pk", "code"))
    ids = [pk for pk, _ in held]

    def post(where: str, sent: dict) -> object:
        answer = client.post(BASE + where, sent, content_type="application/json")
        assert answer.status_code == 200, answer.content
        return answer

    def cell(line: int, number: int, version: int) -> object:
        typed = str(1_010_000 + number)
        sent = {
            "line": line,
            "version": version,
            "column": "forecast_outturn",
            "typed": typed,
            "key": f"{line}-{number}",
        }
        return post("cell/", sent)

    print(f"{lines} lines, {connection.vendor}; milliseconds, bytes")
    print(f"{'':<46} {'queries':>7} {'elapsed':>9} {'processor':>9} {'bytes':>9}")
    measure("grid opened", lambda number: client.get(BASE), repeats=10)
    measure("a cell saved", lambda number: cell(ids[0], number, number))

    def cold(number: int) -> object:
        grid_live._kept.clear()
        return cell(ids[1], number, number)

    measure("a cell saved by a process that holds no grid", cold, repeats=10)
    pasted = held[100:200] if lines >= 200 else held[-100:]

    def block(number: int) -> dict:
        text = "".join(f"{code}\t{1_011_000 + number}\n" for _, code in pasted)
        return {
            "text": text,
            "line": ids[0],
            "column": "forecast_outturn",
            "lines": ids,
            "key": f"block-{number}",
        }

    measure(
        f"a block of {len(pasted)} rows previewed", lambda number: post("paste/", block(number)), repeats=10
    )
    measure(
        f"a block of {len(pasted)} rows applied",
        lambda number: post("paste/apply/", block(number)),
        repeats=10,
    )
    assert Forecast.objects.filter(period__number=7, version=12).count() >= len(pasted)
    sense()


def sense() -> None:
    """Print how many slips of the keys prompt, and how many of the demonstration's own figures do."""
    from tests.accounting.keying import false_prompts, keying_errors

    caught = [bool(entry.sense.judge(entry.column, typed)) for _, entry, typed in keying_errors()]
    prompts, entries = false_prompts()
    print(
        json.dumps(
            {"slips": len(caught), "prompted": sum(caught), "own figures": entries, "false prompts": prompts}
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
