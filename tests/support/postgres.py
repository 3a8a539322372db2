"""A PostgreSQL server for one test run: in a temporary folder, on the loopback, gone afterwards."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class ServerNotStartedError(Exception):
    """PostgreSQL is installed but did not start; the message is what it said."""


def find_binaries() -> Path | None:
    """Return the folder with `initdb` and `postgres`, newest version first, or `None`."""
    on_path = shutil.which("initdb")
    if on_path and (Path(on_path).resolve().parent / "postgres").exists():
        return Path(on_path).resolve().parent
    folders = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/opt/homebrew/opt").glob("postgresql*/bin")]
    found = [folder for folder in folders if (folder / "initdb").exists() and (folder / "postgres").exists()]
    return max(found, key=_version, default=None)


def _version(folder: Path) -> int:
    """Return 15 for /usr/lib/postgresql/15/bin."""
    digits = "".join(character for character in folder.parent.name if character.isdigit())
    return int(digits or 0)


def _unprivileged() -> dict[str, Any]:
    """Return what makes `subprocess` drop root, under which PostgreSQL refuses to run; nothing for other users."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise ServerNotStartedError(
        "PostgreSQL does not run as root, and there is neither a user 'postgres' nor 'nobody'."
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server(binaries: Path) -> Iterator[str]:
    """Run a server while the block lasts; give the address for DATABASE_URL."""
    identity = _unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="budgetwatch-postgres-"))
    try:
        if identity:
            os.chown(folder, identity["user"], identity["group"])
        password = secrets.token_urlsafe(16)
        _initialise(binaries=binaries, folder=folder, password=password, identity=identity)
        port = _free_port()
        process = _start(binaries=binaries, folder=folder, port=port, identity=identity)
        try:
            _wait(port=port, process=process, log=folder / "log")
            yield f"postgres://tester:{password}@127.0.0.1:{port}/postgres"
        finally:
            process.terminate()
            process.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _initialise(*, binaries: Path, folder: Path, password: str, identity: dict[str, Any]) -> None:
    """Make an empty cluster whose one user is `tester`."""
    secret = folder / "password"
    secret.write_text(password)
    secret.chmod(0o600)
    if identity:
        os.chown(secret, identity["user"], identity["group"])
    command = [binaries / "initdb", "-D", folder / "cluster", "-U", "tester", f"--pwfile={secret}"]
    command += ["--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False, **identity)
    secret.unlink()
    if done.returncode:
        raise ServerNotStartedError(done.stderr)


def _start(*, binaries: Path, folder: Path, port: int, identity: dict[str, Any]) -> subprocess.Popen[bytes]:
    """Start the server; it is thrown away, so it need not wait for the disk."""
    options = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": folder,
        "fsync": "off",
    }
    command = [binaries / "postgres", "-D", folder / "cluster"]
    for name, value in options.items():
        command += ["-c", f"{name}={value}"]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **identity)


def _wait(*, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers; raise with its log when it does not within 30 seconds."""
    for _ in range(300):
        if process.poll() is not None:
            break
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise ServerNotStartedError(log.read_text(errors="replace"))
