"""Savings of a large council: the month's grid, members' page, the medium-term schedule, and a month frozen with its savings.

Run: python -m benchmarks.savings [savings]   (makes its own database in a temporary folder)
"""

import io
import sys
import time
from datetime import UTC, datetime
from decimal import Decimal

from benchmarks.grid import queries
from benchmarks.position_page import make_council, measure, prepare

YEARS = range(2025, 2030)
LINES = 60


def make_savings(council: object, period: object, lines: list, by: object, count: int) -> None:
    """Agreed savings over five years, each with parts, notes and its history, and with what the month says of it; two thirds are not green."""
    from savings import models

    proposals = models.SavingsProposal.objects.bulk_create(
        models.SavingsProposal(
            council=council,
            reference=f"S/{number:03d}",
            title=f"Saving {number:03d}",
            directorate=line.division.directorate,
            service_line=line,
            stage="in_delivery",
        )
        for number in range(count)
        for line in (lines[number % len(lines)],)
    )
    versions = models.PhasingVersion.objects.bulk_create(
        models.PhasingVersion(
            council=council,
            proposal=one,
            number=1,
            status="approved",
            recorded_by=by,
            recorded_at=datetime(2025, 3, 1, tzinfo=UTC),
        )
        for one in proposals
    )
    models.SavingsPhase.objects.bulk_create(
        models.SavingsPhase(council=council, phasing=one, year=year, amount=Decimal(-100_000))
        for one in versions
        for year in YEARS
    )
    models.StageChange.objects.bulk_create(
        models.StageChange(
            council=council,
            proposal=one,
            to_stage=stage,
            decided_by="Council",
            recorded_by=by,
            recorded_at=datetime(2025, 3, 1, tzinfo=UTC),
        )
        for one in proposals
        for stage in ("agreed", "in_delivery")
    )
    models.Component.objects.bulk_create(
        models.Component(council=council, proposal=one, title=f"Part {part}", order=part)
        for one in proposals
        for part in range(3)
    )
    models.ProposalNote.objects.bulk_create(
        models.ProposalNote(council=council, proposal=one, aspect=aspect, words="Fewer visits a week.")
        for one in proposals
        for aspect in ("users", "risk")
    )
    models.SavingsUpdate.objects.bulk_create(
        models.SavingsUpdate(
            council=council,
            period=period,
            proposal=one,
            target=Decimal(100_000),
            delivered=Decimal(40_000),
            on_track=Decimal(30_000),
            at_risk=Decimal(20_000),
            undeliverable=Decimal(10_000),
            forecast=Decimal(90_000),
            rag=("green", "amber", "red")[number % 3],
            reason="Two moves were put off.",
        )
        for number, one in enumerate(proposals)
    )


def once(name: str, run: object) -> object:
    """Print the queries, elapsed and processor time of a single run, as somebody waits who is the first."""
    started, used = time.perf_counter(), time.process_time()
    result, made = queries(run)
    elapsed, processor = time.perf_counter() - started, time.process_time() - used
    size = f"{len(result.content) / 1024:.0f} KB" if hasattr(result, "content") else ""
    print(f"{name:<44} {made:>7} {elapsed * 1000:>9.1f} {processor * 1000:>9.1f} {size:>9}")
    return result


def main(count: int) -> None:
    """Make the council, measure, print."""
    prepare()
    council, periods, people = make_council(LINES, 1)
    from django.core.management import call_command
    from django.test import Client

    from savings.position.schedule import schedule_of
    from savings.position.updates import savings_position
    from scrutiny.operations import publish
    from services.models import ServiceLine

    last = periods[-1]
    lines = list(ServiceLine.objects.filter(council=council).select_related("division__directorate"))
    make_savings(council, last, lines, people["officer"], count)
    print(f"{count} savings over {len(YEARS)} years, SQLite; milliseconds")
    print(f"{'':<44} {'queries':>7} {'elapsed':>9} {'processor':>9} {'size':>9}")
    measure("the month's savings, read", lambda: savings_position(council, last))
    measure("the medium-term schedule, read", lambda: schedule_of(council))
    measure(
        "mtfs --format json",
        lambda: call_command("mtfs", council="bench", format="json", stdout=io.StringIO()),
    )
    officer, member = Client(), Client()
    officer.force_login(people["officer"])
    member.force_login(people["member"])
    slug = last.period.slug
    grid = f"/bench/working/{slug}/savings/"
    assert officer.get(grid).status_code == 200
    measure("the month's grid", lambda: officer.get(grid))
    assert member.get("/bench/").status_code == 200
    once(
        "a month frozen and published",
        lambda: publish(by=people["officer"], approved_by=people["head"], council=council, period=last),
    )
    published = f"/bench/{slug}/savings/"
    assert once("members' savings page, its first reading", lambda: member.get(published)).status_code == 200
    measure("… after its first reading", lambda: member.get(published))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
