"""Runs every test: first those that prove things on PostgreSQL, when there is a server, then all on SQLite in parallel."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping

from tests.support import postgres

NO_TESTS = 5  # pytest's exit status when nothing was selected


def pytest(*arguments: str, environment: Mapping[str, str] | None = None) -> int:
    """Run pytest and return its exit status."""
    command = [sys.executable, "-m", "pytest", "-q", *arguments]
    return subprocess.run(command, env={**os.environ, **(environment or {})}, check=False).returncode


def on_postgres(arguments: list[str]) -> int | None:
    """Run the PostgreSQL tests; `None` when there is no server to run them on."""
    chosen = ["-m", "postgres or postgres_only", *arguments]
    if url := os.environ.get("POSTGRES_TEST_URL"):
        return pytest(*chosen, environment={"DATABASE_URL": url})
    binaries = postgres.find_binaries()
    if binaries is None:
        return None
    with postgres.server(binaries) as url:
        return pytest(*chosen, environment={"DATABASE_URL": url})


def main(arguments: list[str]) -> int:
    """Run both parts; the last lines say what was skipped and why."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server is stopped when this is
    print("== On PostgreSQL: what must hold there too", flush=True)
    postgres_status = on_postgres(arguments)
    if postgres_status is None:
        print("Not run: no PostgreSQL server was found (Debian: apt-get install postgresql).", flush=True)
    here = "not postgres_only" if postgres_status is not None else ""
    print("== On SQLite: everything", flush=True)
    workers = os.environ.get("WORKERS", "auto")
    sqlite_status = pytest("-n", workers, "-m", here, *arguments)
    if postgres_status is None:
        print("Skipped: tests marked 'postgres' ran on SQLite only, for want of a PostgreSQL server.")
        postgres_status = 1 if os.environ.get("CI") == "true" else 0
    failed = {"PostgreSQL": postgres_status, "SQLite": sqlite_status}
    wrong = [where for where, status in failed.items() if status not in (0, NO_TESTS)]
    if wrong:
        print(f"Failed on {' and on '.join(wrong)}.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
