"""Several people in the same lines at once, each in a process of its own: nothing is lost, nothing is written twice."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from benchmarks.grid_writers import faults, run_writers
from services.roles import Role
from tests.services.factories import make_member_of
from tests.services.pages import BASE, make_office

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
WRITERS, EDITS = 4, 6  # twenty people with fifty edits each are the benchmark's: benchmarks/grid_writers.py


def environment(folder):
    """What lets other processes work on this test's database: PostgreSQL's own, or a copy of the one in memory."""
    shared = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "budgetwatch.settings",
        "BUDGETWATCH_STATE_DIR": str(folder),
    }
    if connection.vendor == "postgresql":
        whole = settings.DATABASES["default"]
        user = f"{whole['USER']}:{whole['PASSWORD']}@{whole['HOST']}:{whole['PORT']}"
        return {**shared, "DATABASE_URL": f"postgres://{user}/{connection.settings_dict['NAME']}"}
    shared.pop("DATABASE_URL", None)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(folder / "budgetwatch.sqlite3")])
    return shared


def test_what_several_writers_were_told_is_saved_is_saved_once(tmp_path):
    """M2, M4: nothing acknowledged is lost, on SQLite and on PostgreSQL."""
    office = make_office()
    names = [f"officer-{number}" for number in range(1, WRITERS + 1)]
    for name in names:
        make_member_of(office.council, Role.FINANCE_OFFICER, username=name)
    lines = [office.fostering.pk]
    around = environment(tmp_path)
    acknowledged = run_writers(f"{BASE}grid/cell/", names, EDITS, lines, around)
    read = [sys.executable, "-m", "benchmarks.grid_writers", "--read", json.dumps(lines)]
    done = subprocess.run(read, env=around, capture_output=True, text=True, check=True)
    back = json.loads(done.stdout.strip().splitlines()[-1])
    assert len(acknowledged) == len(back["entries"]) == WRITERS * EDITS
    assert faults(acknowledged, back) == []


def test_the_count_would_notice_what_is_lost_and_what_is_double():
    told = [{"line": 1, "amount": 5}, {"line": 1, "amount": 6}]
    entry = {"line": 1, "version": 1, "amount": 5}
    assert faults(told, {"entries": [entry], "held": [(1, 1, 5)], "broken": []})
    double = [entry, {"line": 1, "version": 2, "amount": 6}, {"line": 1, "version": 3, "amount": 6}]
    assert faults(told, {"entries": double, "held": [(1, 3, 6)], "broken": []})
    assert not faults(told, {"entries": double[:2], "held": [(1, 2, 6)], "broken": []})
