"""Many people saving cells of the same lines at once, each a process of its own: is anything lost, or written twice?

Run: python -m benchmarks.grid_writers [writers] [edits]   (20 × 50 unless told; DATABASE_URL for PostgreSQL, otherwise SQLite in a temporary folder)
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections import Counter

COUNCIL = "bench"
PERIOD = "2025-26/p7"


def write(address: str, user_name: str, edits: int, lines: list[int]) -> list[dict]:
    """One writer: type figures into the lines in turn, take the other's version where there is a conflict, and report what was acknowledged.

    Every fifth request is sent a second time, as a browser does that did not hear the answer.
    """
    import django

    django.setup()
    from django.test import Client

    from accounts.models import User

    client = Client()
    client.force_login(User.objects.get(username=user_name))
    number = int(user_name.rpartition("-")[2])
    versions = dict.fromkeys(lines, 0)
    done = []
    for edit in range(edits):
        line, amount = lines[(edit + number) % len(lines)], 1_000_000 + number * 1000 + edit
        sent = {
            "line": line,
            "column": "forecast_outturn",
            "typed": str(amount),
            "key": f"{number}-{edit}",
            "reason": "Load.",
        }
        started = time.perf_counter()
        while True:
            answer = client.post(
                address, {**sent, "version": versions[line]}, content_type="application/json"
            )
            said = answer.json()
            if said["state"] == "conflict":
                versions[line] = said["theirs"][0]["version"]
                continue
            assert said["state"] == "saved", said
            break
        took = time.perf_counter() - started
        if edit % 5 == 0:
            again = client.post(address, {**sent, "version": versions[line]}, content_type="application/json")
            assert again.json()["state"] == "saved", again.content
        versions[line] = said["rows"][0]["version"]
        done.append({"line": line, "amount": amount, "seconds": took})
    return done


def run_writers(
    address: str, user_names: list[str], edits: int, lines: list[int], environment: dict[str, str]
) -> list[dict]:
    """Start every writer, wait for all, and return everything that was acknowledged."""
    command = [
        sys.executable,
        "-m",
        "benchmarks.grid_writers",
        "--one",
        address,
        str(edits),
        json.dumps(lines),
    ]
    started = [
        subprocess.Popen([*command, name], env=environment, stdout=subprocess.PIPE, text=True)
        for name in user_names
    ]
    acknowledged = []
    for process in started:
        said, _ = process.communicate(timeout=900)
        assert process.returncode == 0, "a writer failed"
        acknowledged += json.loads(said.strip().splitlines()[-1])
    return acknowledged


def faults(acknowledged: list[dict], back: dict) -> list[str]:
    """What is lost or double, by what was acknowledged and what is read back."""
    found, entries = list(back["broken"]), back["entries"]
    told = Counter((one["line"], one["amount"]) for one in acknowledged)
    written = Counter((one["line"], one["amount"]) for one in entries)
    found += [f"acknowledged and not written: {one}" for one in told - written]
    found += [f"written and not acknowledged: {one}" for one in written - told]
    for line, version, amount in back["held"]:
        of_line = [one for one in entries if one["line"] == line]
        if [one["version"] for one in of_line] != list(range(1, len(of_line) + 1)):
            found.append(f"line {line}: its versions do not follow one another")
        if of_line and (version, amount) != (of_line[-1]["version"], of_line[-1]["amount"]):
            found.append(f"line {line}: what is held is not what was written last")
    return found


def read_back(lines: list[int]) -> dict:
    """The audit entries of these lines' forecasts of the seventh month in their order, what is held, and where a chain is broken."""
    import django

    django.setup()
    from services import audit
    from services.models import AuditEntry, Forecast

    rows = list(Forecast.objects.filter(service_line_id__in=lines, period__number=7))
    line_of = {row.pk: row.service_line_id for row in rows}
    entries = [
        {
            "line": line_of[entry.subject_id],
            "version": entry.after["version"],
            "amount": int(entry.after["forecast_outturn"].split(".")[0]),
        }
        for entry in AuditEntry.objects.filter(action="enter forecast", subject_id__in=line_of).order_by(
            "sequence"
        )
    ]
    held = [(row.service_line_id, row.version, int(row.forecast_outturn)) for row in rows]
    return {"entries": entries, "held": held, "broken": [str(broken) for broken in audit.broken_chains()]}


def main(writers: int, edits: int) -> None:
    """Make a council and its people, let them write, count, print."""
    from benchmarks.grid import make_month, prepare

    prepare()
    council, _, people = make_month(lines=20, writers=writers)
    from django.db import connection

    from services.models import ServiceLine

    lines = list(ServiceLine.objects.filter(council=council).order_by("pk").values_list("pk", flat=True))
    vendor = connection.vendor
    connection.close()
    started = time.perf_counter()
    acknowledged = run_writers(
        f"/{COUNCIL}/working/{PERIOD}/grid/cell/", people, edits, lines, dict(os.environ)
    )
    elapsed = time.perf_counter() - started
    written = read_back(lines)
    found = faults(acknowledged, written)
    seconds = sorted(one["seconds"] for one in acknowledged)
    print(
        f"{writers} writers × {edits} edits of {len(lines)} lines on {vendor}: {len(acknowledged)} acknowledged, {len(written['entries'])} written, "
        f"{len(found)} lost or double; {elapsed:.0f} s with starting the processes, median {statistics.median(seconds) * 1000:.0f} ms a save, "
        f"95 of 100 under {seconds[len(seconds) * 95 // 100] * 1000:.0f} ms"
    )
    print("\n".join(found))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        address, edits, lines, name = sys.argv[2:6]
        print(json.dumps(write(address, name, int(edits), json.loads(lines))))
    elif sys.argv[1:2] == ["--read"]:
        print(json.dumps(read_back(json.loads(sys.argv[2]))))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 20, int(sys.argv[2]) if len(sys.argv) > 2 else 50)
