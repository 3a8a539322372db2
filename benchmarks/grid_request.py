"""A cell saved as one person waits for it: over HTTP, one at a time, from the server that people run; beside an empty durable commit.

Run: python -m benchmarks.grid_request [lines]   (makes its own database in a temporary folder)

The saves and the commits of a file beside them on the same disk take turns in one run, so that a slow disk or a busy machine is slow for both.
"""

import http.client
import json
import os
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.grid import BASE, make_month, prepare

SAVES = 100
PAUSE = 0.05
"""Seconds between two saves: a person does not press all the time, and a processor that rested is slower."""
TOKEN = "a" * 32


def commits(folder: Path) -> sqlite3.Connection:
    """A database of one row, as durable as ours."""
    opened = sqlite3.connect(folder / "floor.sqlite3", isolation_level=None)
    opened.execute("PRAGMA journal_mode=WAL")
    opened.execute("PRAGMA synchronous=FULL")
    opened.execute("CREATE TABLE one (number INTEGER)")
    opened.execute("INSERT INTO one VALUES (0)")
    return opened


def commit(opened: sqlite3.Connection) -> None:
    """The least that a durable save can be."""
    opened.execute("BEGIN IMMEDIATE")
    opened.execute("UPDATE one SET number = number + 1")
    opened.execute("COMMIT")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Server:
    """Gunicorn as `make run` starts it: one process, four threads."""

    def __init__(self) -> None:
        self.port = free_port()
        options = [
            "--bind",
            f"127.0.0.1:{self.port}",
            "--threads",
            "4",
            "--no-control-socket",
            "--log-level",
            "error",
        ]
        self.process = subprocess.Popen([sys.executable, "-m", "gunicorn", "budgetwatch.wsgi", *options])
        for _ in range(150):
            time.sleep(0.1)
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                continue
            break
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def post(self, address: str, content: object, session: str) -> bytes:
        """Send JSON as the grid's script does."""
        headers = {
            "Content-Type": "application/json",
            "Cookie": f"sessionid={session}; csrftoken={TOKEN}",
            "X-CSRFToken": TOKEN,
        }
        self.line.request("POST", address, json.dumps(content), headers)
        answer = self.line.getresponse()
        said = answer.read()
        assert answer.status == 200, said
        return said

    def processor_seconds(self) -> float:
        """What the server's processes have used."""
        found = subprocess.run(
            ["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=True
        )
        fields = [
            Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in found.stdout.split()
        ]
        return sum(int(each[11]) + int(each[12]) for each in fields) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()


def main(lines: int) -> None:
    """Make the council, serve it, save and commit in turns, print."""
    prepare()
    council, _, people = make_month(lines=lines, writers=1)
    from django.test import Client

    from accounts.models import User
    from services.models import ServiceLine

    client = Client()
    client.force_login(User.objects.get(username=people[0]))
    session = client.cookies["sessionid"].value
    line = ServiceLine.objects.filter(council=council).order_by("pk").values_list("pk", flat=True)[0]
    floor = commits(Path(os.environ["BUDGETWATCH_STATE_DIR"]))
    server = Server()
    saves, empty, used = [], [], 0.0
    try:
        for number in range(SAVES + 10):
            if number == 10:  # the first are not counted: they read the grid and load the code
                saves, empty, used = [], [], server.processor_seconds()
            sent = {
                "line": line,
                "version": number,
                "column": "forecast_outturn",
                "typed": str(1_010_000 + number),
                "key": f"save-{number}",
            }
            started = time.perf_counter()
            server.post(f"{BASE}cell/", sent, session)
            saves.append(time.perf_counter() - started)
            started = time.perf_counter()
            commit(floor)
            empty.append(time.perf_counter() - started)
            time.sleep(PAUSE)
        used = server.processor_seconds() - used
    finally:
        server.stop()
    print(f"{lines} lines, SQLite, {SAVES} saves one at a time over HTTP, one server process; milliseconds")
    for name, took in (("a cell saved", saves), ("an empty durable commit", empty)):
        ordered = sorted(took)
        print(
            f"{name:<32} median {statistics.median(took) * 1000:.1f}, of twenty the slowest {ordered[len(ordered) * 19 // 20] * 1000:.1f}"
        )
    print(f"{'the server’s processor':<32} {used / SAVES * 1000:.1f} a save")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
