"""Saves and imports in processes that are killed without warning; what they acknowledged is compared with what is kept.

Run: python -m tests.support.killed saves|imports PLAN, the plan being JSON; prints a report as JSON.
"""

import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

Say = Callable[..., None]
WAIT = 60  # seconds: a process that has said nothing by then has failed


def faults(*, lines: list[int], asked: set[int], told: set[int], kept: dict[str, Any]) -> list[str]:
    """What is lost, partial, double or without a trace, where each save gave all the lines its own amount.

    `kept["entries"]` are audit entries in order and `kept["held"]` the stored figures, both as (line, version, amount).
    """
    found = list(kept["broken"])
    written = Counter((line, amount) for line, _, amount in kept["entries"])
    amounts = {amount for _, amount in written}
    found += [f"acknowledged and lost: {amount}" for amount in sorted(told - amounts)]
    found += [f"never asked for: {amount}" for amount in sorted(amounts - asked)]
    for amount in sorted(amounts):
        times = [written[line, amount] for line in lines]
        if min(times) == 0:
            found.append(f"written in part: {amount}")
        if max(times) > 1:
            found.append(f"written twice: {amount}")
    for line in lines:
        history = [(version, amount) for of, version, amount in kept["entries"] if of == line]
        if [version for version, _ in history] != list(range(1, len(history) + 1)):
            found.append(f"line {line}: its versions do not follow one another")
        if [(version, amount) for of, version, amount in kept["held"] if of == line] != history[-1:]:
            found.append(f"line {line}: what is stored is not what the trail says")
    return found


def begin(work: Callable[[Say], None], out: Path) -> int:
    """Do the work in a process of its own, which tells by lines of JSON in a file; return its id."""
    from django.db import connection

    connection.close()  # a connection belongs to one process
    if child := os.fork():
        return child
    try:
        with out.open("ab", buffering=0) as file:
            work(lambda **said: file.write(json.dumps(said).encode() + b"\n") and None)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def said(out: Path) -> list[dict[str, Any]]:
    """What a process has told so far."""
    lines = out.read_text().splitlines(keepends=True) if out.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def wait_for(word: str, out: Path) -> None:
    """Until the process says it."""
    until = time.monotonic() + WAIT
    while not any(word in one for one in said(out)):
        if time.monotonic() > until:
            raise TimeoutError(f"The process has not said “{word}” in {WAIT} seconds.")
        time.sleep(0.001)


def end(child: int, *, kill: bool = True) -> int:
    """Kill the process, if asked to, and give how it ended: −9 when it was killed."""
    if kill:
        os.kill(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


# --- Saves ----------------------------------------------------------------------------------------------------------


def save(plan: dict[str, Any], request: dict[str, Any]) -> None:
    """One request to save: every line gets the same amount."""
    from accounts.models import User
    from services.models import MonitoringPeriod
    from services.operations.forecasts import ForecastEdit, save_forecasts

    period = MonitoringPeriod.objects.select_related("council").get(pk=plan["period"])
    edits = [
        ForecastEdit(line_id=line, expected_version=version, forecast_outturn=Decimal(request["asked"]))
        for line, version in request["versions"]
    ]
    by = User.objects.get(pk=plan["by"])
    save_forecasts(by=by, period=period, edits=edits, retry_key=f"save-{request['asked']}")


def save_on_and_on(plan: dict[str, Any], *, first: int, say: Say) -> None:
    """Save until killed; each is acknowledged when it is committed, or before that where the plan is careless."""
    from django.db import transaction

    for number in count(first):
        request = {"asked": number, "versions": [list(one[:2]) for one in versions(plan["lines"])]}
        say(**request)
        if plan["careless"]:
            with transaction.atomic():
                save(plan, request)
                say(told=number)
                time.sleep(WAIT)
        save(plan, request)
        say(told=number)


def versions(lines: list[int]) -> list[tuple[int, int]]:
    """Each line with its forecast's version, 0 where there is none."""
    from services.models import Forecast

    held = dict(Forecast.objects.filter(service_line_id__in=lines).values_list("service_line_id", "version"))
    return [(line, held.get(line, 0)) for line in lines]


def kept(plan: dict[str, Any], heads: dict[int, Any]) -> dict[str, Any]:
    """What is stored, what the trail says of it, and where a chain is broken or shorter than it was."""
    from services import audit
    from services.models import AuditEntry, Forecast

    rows = list(Forecast.objects.filter(service_line_id__in=plan["lines"]))
    line_of = {row.pk: row.service_line_id for row in rows}
    entries = AuditEntry.objects.filter(subject_type="forecast", action="enter forecast").order_by("sequence")
    return {
        "entries": [
            (
                line_of.get(entry.subject_id),
                entry.after["version"],
                int(Decimal(entry.after["forecast_outturn"])),
            )
            for entry in entries
        ],
        "held": [(row.service_line_id, row.version, int(row.forecast_outturn or 0)) for row in rows],
        "broken": [str(one) for one in (*audit.broken_chains(), *audit.cut_short(heads))],
    }


def saves(plan: dict[str, Any]) -> dict[str, Any]:
    """Kill a saving process again and again at random moments; after each time compare, ask again for what was not heard, and compare."""
    from services import audit

    chance = random.Random(plan["seed"])
    asked: set[int] = set()
    told: set[int] = set()
    found: list[str] = []
    ends: list[int] = []
    acknowledged = kept_unheard = 0
    for turn in range(plan["kills"]):
        heads = audit.heads()
        out = Path(plan["folder"]) / f"saves-{turn}"
        first = turn * 10_000 + 1
        child = begin(lambda say, first=first: save_on_and_on(plan, first=first, say=say), out)
        wait_for("told", out)
        time.sleep(0 if plan["careless"] else chance.uniform(0, 0.12))
        ends.append(end(child))
        heard = said(out)
        asked |= {one["asked"] for one in heard if "asked" in one}
        told |= {one["told"] for one in heard if "told" in one}
        acknowledged += sum("told" in one for one in heard)
        now = kept(plan, heads)
        found += faults(lines=plan["lines"], asked=asked, told=told, kept=now)
        kept_unheard += len({amount for _, _, amount in now["entries"]} - told)
        for request in (one for one in heard if one.get("asked", 0) in asked - told):
            save(plan, request)
            save(plan, request)
            told.add(request["asked"])
        found += faults(lines=plan["lines"], asked=asked, told=told, kept=kept(plan, heads))
    return {"ends": ends, "acknowledged": acknowledged, "kept_unheard": kept_unheard, "faults": found}


# --- Imports --------------------------------------------------------------------------------------------------------


class UndoneError(Exception):
    """A rehearsal is over: what it did is taken back."""


def import_all(plan: dict[str, Any], *, say: Say, dies_at: int = 0, is_rehearsal: bool = False) -> None:
    """Import the plan's files: one, or where it is careless several, each by itself. Die at a statement if told to; say how far it is."""
    from django.db import connection, transaction

    from accounting.periods import Period
    from accounts.operations import command_line_user
    from services.models import Council
    from services.operations.imports import File, import_file

    began: list[float] = []
    statements = count(1)

    def watch(execute, sql, params, many, context):
        number = next(statements)
        if not began and sql.startswith(("INSERT", "UPDATE", "DELETE")):
            began.append(time.perf_counter())
            say(writing=number)
        if number == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    def run(name: str) -> None:
        import_file(
            by=command_line_user(),
            council=Council.objects.get(pk=plan["council"]),
            period=Period.parse(plan["period"]),
            file=File(name="return.csv", content=Path(plan["folder"], name).read_bytes()),
        )

    with connection.execute_wrapper(watch):
        if not is_rehearsal:
            for name in plan["files"]:
                run(name)
                say(done=name)
                time.sleep(WAIT if plan["careless"] else 0)
            return
        try:
            with transaction.atomic():
                run(plan["files"][0])
                say(statements=next(statements) - 1, seconds=time.perf_counter() - began[0])
                raise UndoneError
        except UndoneError:
            return


def state(plan: dict[str, Any], before: str) -> str:
    """“nothing”, “everything”, or what is wrong: read when whoever was writing has ended."""
    from django.db import transaction

    from services import audit
    from services.models import AuditEntry, Forecast, ImportBatch
    from tests.services.imports.support import fingerprint

    with transaction.atomic():
        audit.hold(plan["council"])
        if fingerprint() == before:
            return "nothing"
        held = dict(Forecast.objects.values_list("service_line_id", "forecast_outturn"))
        entries = Counter(
            AuditEntry.objects.filter(action="import return").values_list("subject_id", flat=True)
        )
        applied = ImportBatch.objects.filter(state=ImportBatch.State.APPLIED).count()
        broken = list(audit.broken_chains())
    wanted = {int(line): Decimal(amount) for line, amount in plan["amounts"].items()}
    if held == wanted and entries == dict.fromkeys(wanted, 1) and applied == 1 and not broken:
        return "everything"
    return (
        f"in part: {len(held)} of {len(wanted)} figures, {len(entries)} entries, {applied} applied, {broken}"
    )


def imports(plan: dict[str, Any]) -> dict[str, Any]:
    """Kill imports at chosen statements and at random moments of their writing, look after each, then let one finish, twice."""
    import pandas  # noqa: F401 - here once, instead of in every process that imports

    from tests.services.imports.support import fingerprint

    chance = random.Random(plan["seed"])
    folder = Path(plan["folder"])
    before = fingerprint()

    def attempt(
        name: str, *, after: float | None = None, word: str = "writing", **how: Any
    ) -> tuple[int, str]:
        child = begin(lambda say: import_all(plan, say=say, **how), folder / name)
        if after is not None:
            wait_for(word, folder / name)
            time.sleep(after)
        return end(child, kill=after is not None), state(plan, before)

    if plan["careless"]:
        return {"killed": [attempt("careless", after=0, word="done")]}
    rehearsed = attempt("rehearsal", is_rehearsal=True)
    told = {name: value for one in said(folder / "rehearsal") for name, value in one.items()}
    writing = range(told["writing"] + 1, told["statements"] + 1)
    places = sorted(chance.sample(writing, k=min(plan["kills"], len(writing))))
    killed = [attempt(f"at-{number}", dies_at=number) for number in places]
    delays = [chance.uniform(0, told["seconds"]) for _ in range(plan["kills"])]
    killed += [attempt(f"after-{place}", after=delay) for place, delay in enumerate(delays)]
    finished = attempt("finished")
    once = fingerprint()
    again = attempt("again")
    return {
        "rehearsed": rehearsed,
        "killed": killed,
        "finished": finished,
        "again": again,
        "is_unchanged": fingerprint() == once,
    }


def main(which: str, plan: dict[str, Any]) -> None:
    """Set up and report."""
    import django

    django.setup()
    print(json.dumps({"saves": saves, "imports": imports}[which](plan)))


if __name__ == "__main__":
    main(sys.argv[1], json.loads(Path(sys.argv[2]).read_text()))
