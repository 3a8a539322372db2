"""Running a benchmark of files in a process of its own for each kind of file, so that memory is the kind's and nothing is warm from the other.

A benchmark calls `drive` with what makes its files and what is run on them; `drive` starts the same module again for each kind.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
Make = Callable[[int], bytes]
Run = Callable[[str, int, Path], Mapping[str, Mapping[str, Any]]]


def peak_mb() -> int:
    """The most memory that this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def begin() -> None:
    """Django on the empty database of this process."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def environment(folder: str) -> dict[str, str]:
    """SQLite in a folder of its own, with the settings that people run."""
    around = {**os.environ, "BUDGETWATCH_STATE_DIR": folder, "DJANGO_SETTINGS_MODULE": "budgetwatch.settings"}
    around.pop("DATABASE_URL", None)
    return around


def drive(module: str, *, what: str, run: Run, files: Mapping[str, Mapping[str, Make]]) -> None:
    """Make the `files` of each kind, by name, and measure `run` on them in a process of its own; print its figures.

    `run(kind, rows, folder)` finds them as `name.kind` in the folder, and gives its steps with their figures.
    """
    parser = argparse.ArgumentParser(description=sys.modules["__main__"].__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--kind", choices=tuple(files))
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.kind:
        begin()
        before = peak_mb()
        steps = run(options.kind, options.rows, options.folder)
        print(json.dumps({"before": before, "peak": peak_mb(), "steps": steps}))
        return
    for kind, made in files.items():
        with tempfile.TemporaryDirectory() as folder:
            for name, make in made.items():
                (Path(folder) / f"{name}.{kind}").write_bytes(make(options.rows))
            _tell(kind, options.rows, what, _in_own_process(module, kind, options.rows, folder))


def _in_own_process(module: str, kind: str, rows: int, folder: str) -> dict[str, Any]:
    command = [sys.executable, "-m", module, "--kind", kind, "--rows", str(rows), "--folder", folder]
    done = subprocess.run(
        command, env=environment(folder), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def _tell(kind: str, rows: int, what: str, figures: Mapping[str, Any]) -> None:
    print(
        f"{kind.upper()}, {rows:,} {what}, memory {figures['before']} MB before, {figures['peak']} MB at most"
    )
    for step, measured in figures["steps"].items():
        told = ", ".join(f"{name.replace('_', ' ')} {value:,}" for name, value in measured.items())
        print(f"  {step}: {told}")
