"""A worker killed without warning while it applies a ledger: nothing is there in part, and the file can be started again."""

import json
import os
import subprocess
import sys

from tests.architecture.rules import ROOT
from tests.services.ledger.killed import CODES


def process(step, folder):
    """A process of that step on the folder's own database."""
    environment = {
        **os.environ,
        "BUDGETWATCH_STATE_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "budgetwatch.settings",
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "tests.services.ledger.killed", step]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def said(step, folder):
    """What the step says at its end."""
    with process(step, folder) as child:
        out, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    return json.loads(out.splitlines()[-1])


def test_a_worker_killed_while_it_applies_leaves_nothing_in_part_and_the_file_can_be_started_again(tmp_path):
    said("ready", tmp_path)
    before = said("look", tmp_path)
    assert (before["state"], before["amounts"], before["actual"]) == ("applying", 0, "650000.00")
    with process("apply", tmp_path) as child:
        assert child.stdout is not None
        assert json.loads(child.stdout.readline()) == "written, not committed"
        child.kill()
    assert child.returncode == -9
    assert said("look", tmp_path) == before
    after = said("again", tmp_path)
    assert after == {
        "state": "applied",
        "amounts": CODES,
        "actual": f"{CODES * 300}.00",
        "version": before["version"] + 1,
        "applied": 2,
        "broken": 0,
    }
