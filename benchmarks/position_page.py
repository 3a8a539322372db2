"""The position and the dashboard pages at 300 lines × 13 periods × 5 years: queries, milliseconds, bytes.

Run: python -m benchmarks.position_page [lines] [years]   (makes its own database in a temporary folder)
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal

REPEATS = 15


def prepare() -> None:
    """Django on an empty database of its own."""
    os.environ["BUDGETWATCH_STATE_DIR"] = tempfile.mkdtemp(prefix="budgetwatch-benchmark-")
    os.environ["DJANGO_SETTINGS_MODULE"] = "budgetwatch.settings"
    os.environ.pop("DATABASE_URL", None)
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def make_council(lines: int, years: int) -> tuple:
    """A council with every period of every year forecast, reserves and reasons on a tenth of its lines; the last year's periods published."""
    from django.db import transaction

    from accounting.periods import FinancialYear, Period
    from accounts.operations import command_line_user, create_user
    from services import models
    from services.operations.councils import add_directorate, add_division, create_council
    from services.operations.periods import open_period
    from services.operations.role_assignments import assign_role
    from services.roles import Role

    with transaction.atomic():
        by = command_line_user()
        people = {}
        for name, role in (
            ("officer", Role.FINANCE_OFFICER),
            ("head", Role.HEAD_OF_FINANCE),
            ("member", Role.SCRUTINY_MEMBER),
        ):
            people[name] = create_user(username=name, post=role.label, password="benchmark-only-password")
        council = create_council(by=by, slug="bench", name="Benchmark Council")
        for name, role in (
            ("officer", Role.FINANCE_OFFICER),
            ("head", Role.HEAD_OF_FINANCE),
            ("member", Role.SCRUTINY_MEMBER),
        ):
            assign_role(by=by, user=people[name], role=role, council=council)
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
        periods = []
        for year in range(2026 - years, 2026):
            models.OriginalBudget.objects.bulk_create(
                models.OriginalBudget(
                    council=council, service_line=line, year=year, amount=Decimal(1_000_000 + line.pk * 1000)
                )
                for line in held
            )
            for number in range(1, 14):
                period = open_period(by=by, council=council, period=Period(FinancialYear(year), number))
                periods.append(period)
                _figures(models, council, period, held)
    return council, periods, people


def _figures(models: object, council: object, period: object, held: list) -> None:
    """Forecasts of every line; a drawdown and two reasons on every tenth."""
    models.Forecast.objects.bulk_create(
        models.Forecast(
            council=council,
            service_line=line,
            period=period,
            actual_to_date=Decimal(80_000 * period.number),
            forecast_outturn=Decimal(
                1_000_000 + line.pk * 1000 + (line.pk * 37 + period.number * 911) % 90_000
            ),
        )
        for line in held
    )
    tenth = held[::10]
    models.ReserveUse.objects.bulk_create(
        models.ReserveUse(
            council=council,
            period=period,
            service_line=line,
            kind="drawdown",
            amount=Decimal(5000),
            state="approved",
        )
        for line in tenth
    )
    models.VarianceReason.objects.bulk_create(
        models.VarianceReason(
            council=council,
            period=period,
            service_line=line,
            order=order,
            driver=driver,
            amount=Decimal(9000),
            words="Prices rose.",
        )
        for line in tenth
        for order, driver in enumerate(("price", "demand"))
    )


def measure(name: str, run: Callable[[], object]) -> None:
    """Print the queries of one run, and the median of several in elapsed and in processor time.

    Elapsed time is what a reader waits; processor time is what a busy machine leaves comparable.
    """
    from django.db import connection

    statements: list[str] = []

    def count(execute: Callable, sql: str, params: object, many: object, context: object) -> object:
        statements.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        result = run()
    elapsed, processor = [], []
    for _ in range(REPEATS):
        started, used = time.perf_counter(), time.process_time()
        run()
        elapsed.append(time.perf_counter() - started)
        processor.append(time.process_time() - used)
    size = f"{len(result.content) / 1024:.0f} KB" if hasattr(result, "content") else ""
    print(
        f"{name:<44} {len(statements):>7} {statistics.median(elapsed) * 1000:>9.1f} "
        f"{statistics.median(processor) * 1000:>9.1f} {size:>9}"
    )


def main(lines: int, years: int) -> None:
    """Make the council, measure, print."""
    prepare()
    council, periods, people = make_council(lines, years)
    from django.test import Client

    from scrutiny.operations import publish
    from services.position import council_position, period_context

    print(f"{lines} lines × 13 periods × {years} years, SQLite; milliseconds")
    print(f"{'':<44} {'queries':>7} {'elapsed':>9} {'processor':>9} {'size':>9}")
    last = periods[-1]
    measure("position of a period", lambda: council_position(council, last))
    measure("reserves, DSG, virements, risks", lambda: period_context(council, last))
    officer, member = Client(), Client()
    officer.force_login(people["officer"])
    member.force_login(people["member"])
    slug = last.period.slug
    working = f"/bench/working/{slug}/"
    assert officer.get(working).status_code == 200
    measure("working position page", lambda: officer.get(working))
    measure("the council's position as XLSX", lambda: officer.get(f"{working}position.xlsx"))
    started = time.perf_counter()
    for period in periods[-13:]:
        publish(by=people["officer"], approved_by=people["head"], council=council, period=period)
    print(f"{'publish, each (13 periods)':<44} {'':>7} {(time.perf_counter() - started) / 13 * 1000:>9.1f}")
    published = f"/bench/{slug}/"
    assert member.get(published).status_code == 200
    measure("published period page (warm but for its first)", lambda: member.get(published))
    measure("every published table as XLSX", lambda: member.get(f"{published}tables/all.xlsx"))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300, int(sys.argv[2]) if len(sys.argv) > 2 else 5)
