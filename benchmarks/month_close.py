"""Closing a month, step by step, at 300 lines × 13 periods × 5 years: queries, milliseconds, memory.

Run: python -m benchmarks.month_close [lines] [years]   (makes its own database in a temporary folder)

Each of the last year's periods is closed in turn, by two people: the six directorates submit, the whole is submitted, another person approves, it
is proposed for publication, and the other person publishes it. The median of the periods is printed.
"""

import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal

from benchmarks.grid import queries
from benchmarks.own_process import peak_mb
from benchmarks.position_page import make_council, prepare

CLOSED = 5


class Steps:
    """What each step took, each time."""

    def __init__(self) -> None:
        self.taken: dict[str, list[tuple[float, float, int]]] = {}

    def take(self, name: str, act: Callable[[], object]) -> object:
        """Do a step and note what it took."""
        started, used = time.perf_counter(), time.process_time()
        result, made = queries(act)
        self.taken.setdefault(name, []).append(
            (time.perf_counter() - started, time.process_time() - used, made)
        )
        return result

    def tell(self) -> None:
        """Print the median of each step, and of all of them together."""
        print(f"{'':<44} {'queries':>7} {'elapsed':>9} {'processor':>9}")
        together = [
            tuple(map(sum, zip(*each, strict=True))) for each in zip(*self.taken.values(), strict=True)
        ]
        for name, took in (*self.taken.items(), ("a month closed", together)):
            elapsed, processor, made = (statistics.median(part) for part in zip(*took, strict=True))
            print(f"{name:<44} {made:>7.0f} {elapsed * 1000:>9.1f} {processor * 1000:>9.1f}")


def explain_all(period: object, by: object) -> None:
    """A confirmed reason on every line that has none, as there is when a month is submitted."""
    from django.utils import timezone

    from services.models import ServiceLine, VarianceReason

    now = timezone.now()
    VarianceReason.objects.filter(period=period).update(confirmed_by=by, confirmed_at=now)
    given = VarianceReason.objects.filter(period=period).values("service_line_id")
    VarianceReason.objects.bulk_create(
        VarianceReason(
            council_id=period.council_id,
            period=period,
            service_line=line,
            order=0,
            driver="price",
            amount=Decimal(9000),
            words="Prices rose.",
            confirmed_by=by,
            confirmed_at=now,
        )
        for line in ServiceLine.objects.filter(council_id=period.council_id).exclude(pk__in=given)
    )


def main(lines: int, years: int) -> None:
    """Make the council, close its last months, print."""
    prepare()
    council, periods, people = make_council(lines, years)
    from scrutiny.operations import approve_publication, propose_publication
    from services.models import Directorate
    from services.operations.periods import approve_period, submit_period
    from services.operations.submissions import submit_directorate

    officer, head = people["officer"], people["head"]
    directorates = list(Directorate.objects.filter(council=council).order_by("order", "pk"))
    steps, before = Steps(), peak_mb()
    for period in periods[-CLOSED:]:
        explain_all(period, officer)
        steps.take(
            f"{len(directorates)} directorates submit",
            lambda period=period: [
                submit_directorate(by=officer, period=period, directorate=each) for each in directorates
            ],
        )
        steps.take("the period is submitted", lambda period=period: submit_period(by=officer, period=period))
        steps.take("… approved", lambda period=period: approve_period(by=head, period=period))
        proposal = steps.take(
            "… proposed for publication",
            lambda period=period: propose_publication(by=officer, council=council, period=period),
        )
        steps.take("… published", lambda proposal=proposal: approve_publication(by=head, proposal=proposal))
    print(f"{lines} lines × 13 periods × {years} years, SQLite; milliseconds")
    steps.tell()
    print(f"memory: {before} MB before, {peak_mb()} MB at most")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300, int(sys.argv[2]) if len(sys.argv) > 2 else 5)
