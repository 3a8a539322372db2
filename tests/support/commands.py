"""Management commands as a person runs them: in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments: str, state: Path, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run `manage.py` with its own state folder, on SQLite unless `DATABASE_URL` is given; return what it did and said."""
    environment = {
        **os.environ,
        "BUDGETWATCH_STATE_DIR": str(state),
        "DJANGO_SETTINGS_MODULE": "budgetwatch.settings",
    }
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(
        command, env={**environment, **variables}, capture_output=True, text=True, check=False, cwd=ROOT
    )
