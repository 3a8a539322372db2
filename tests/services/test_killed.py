"""The machine stops in the middle of a save or an import: nothing that was acknowledged is lost, and nothing is there in part."""

import json
import subprocess
import sys

import pytest

from services.models import ServiceLine
from tests.scrutiny.test_publishing_at_once import environment
from tests.services.factories import make_council, make_division, make_line, make_period, the_officer
from tests.services.imports.support import csv_bytes
from tests.support.commands import ROOT
from tests.support.killed import faults

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres, pytest.mark.slow]
KILLS, ROWS, SEED = 8, 2000, 20261121
KILLED = -9


def report(which, plan, folder):
    """Kill by the plan, on this test's database or a copy of it; what came of it."""
    path = folder / "plan.json"
    path.write_text(json.dumps({"folder": str(folder), "seed": SEED, **plan}))
    command = [sys.executable, "-m", "tests.support.killed", which, str(path)]
    done = subprocess.run(
        command, env=environment(folder), capture_output=True, text=True, check=False, cwd=ROOT, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def saving(**plan):
    """A plan to save figures of three lines at once."""
    council = make_council()
    lines = [make_line(council, name).pk for name in ("Fostering", "Adoption", "Residential care")]
    period = make_period(council)
    return {"lines": lines, "period": period.pk, "by": the_officer(council).pk, "careless": False, **plan}


def importing(folder, *, rows, parts=1, kills=0):
    """A plan to import a return of so many lines, in one file or in several."""
    council = make_council()
    make_period(council)
    division = make_division(council)
    ServiceLine.objects.bulk_create(
        ServiceLine(council=council, division=division, name=f"Team {number:04}", order=number)
        for number in range(rows)
    )
    lines = list(ServiceLine.objects.filter(council=council).order_by("order"))
    printed = [(line.name, "1000.00", f"{900 + line.order}.00") for line in lines]
    size = rows // parts
    for part in range(parts):
        (folder / f"part-{part}.csv").write_bytes(csv_bytes(*printed[part * size : (part + 1) * size]))
    return {
        "council": council.pk,
        "period": "2023-24/p7",
        "kills": kills,
        "files": [f"part-{part}.csv" for part in range(parts)],
        "amounts": {line.pk: row[2] for line, row in zip(lines, printed, strict=True)},
        "careless": parts > 1,
    }


def test_saves_killed_at_any_moment_lose_nothing_acknowledged_and_a_repeat_has_one_effect(tmp_path):
    """M5."""
    said = report("saves", saving(kills=KILLS), tmp_path)
    assert said["faults"] == []
    assert said["ends"] == [KILLED] * KILLS
    assert said["acknowledged"] >= KILLS


def test_a_save_that_is_acknowledged_before_it_is_committed_is_found_out(tmp_path):
    said = report("saves", saving(kills=1, careless=True), tmp_path)
    assert set(said["faults"]) == {"acknowledged and lost: 1"}


def test_an_import_killed_midway_leaves_nothing_and_completes_when_it_is_run_again(tmp_path):
    kills = 3
    said = report("imports", importing(tmp_path, rows=ROWS, kills=kills), tmp_path)
    assert said["rehearsed"] == [0, "nothing"]
    at_statements, at_moments = said["killed"][:kills], said["killed"][kills:]
    assert at_statements == [[KILLED, "nothing"]] * kills
    assert len(at_moments) == kills
    assert {state for _, state in at_moments} <= {"nothing", "everything"}
    assert said["finished"] == [0, "everything"]
    assert said["again"] == [0, "everything"]
    assert said["is_unchanged"]


def test_an_import_that_is_not_one_transaction_is_found_out(tmp_path):
    said = report("imports", importing(tmp_path, rows=60, parts=2), tmp_path)
    [(ending, left)] = said["killed"]
    assert ending == KILLED
    assert left.startswith("in part: 30 of 60 figures")


def test_the_comparison_notices_what_is_partial_double_stale_or_without_a_trace():
    def found(entries, held, **other):
        kept = {"entries": entries, "held": held, "broken": [], **other}
        return faults(lines=[1, 2], asked={5, 6}, told={5}, kept=kept)

    whole = [(1, 1, 5), (2, 1, 5)]
    assert found(whole, whole) == []
    assert found([], []) == ["acknowledged and lost: 5"]
    assert found(whole[:1], whole[:1]) == ["written in part: 5"]
    assert "written twice: 5" in found([*whole, (1, 2, 5)], [(1, 2, 5), (2, 1, 5)])
    assert found(whole, [(1, 1, 5), (2, 1, 4)]) == ["line 2: what is stored is not what the trail says"]
    assert found(whole, [*whole, (1, 2, 6)]) == ["line 1: what is stored is not what the trail says"]
    assert "never asked for: 7" in found([*whole, (1, 2, 7), (2, 2, 7)], [(1, 2, 7), (2, 2, 7)])
    assert found(whole, whole, broken=["entry 2 is missing"]) == ["entry 2 is missing"]
