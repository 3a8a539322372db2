"""Copying an SQLite database while it is in use, and putting a copy back.

Copying the file itself would lose what still stands in the write-ahead log, and every check of the result would
say that all is well. `VACUUM INTO` writes a complete database of one moment.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from django.db import connection

from budgetwatch.copies import fingerprint
from budgetwatch.copies.errors import CopyRefusedError
from budgetwatch.sqlite import existing_file_uri, file_of

DUMP = "database.sqlite3"
WAIT_SECONDS = 30


def _database_file() -> Path:
    path = file_of(connection.settings_dict["NAME"])
    if path is None:
        raise CopyRefusedError("This database is held in memory only; there is nothing to copy from or to.")
    return path


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """Open an existing file, without Python's own transactions; a file that is not a database is said in words."""
    try:
        with closing(
            sqlite3.connect(existing_file_uri(path), uri=True, timeout=WAIT_SECONDS, isolation_level=None)
        ) as opened:
            yield opened
    except sqlite3.DatabaseError as error:
        raise CopyRefusedError(f"{path} cannot be used: {error}.") from error


def take(target: Path) -> fingerprint.Fingerprint:
    """Write a complete copy to `target` and return the fingerprint of the original at that very moment.

    Writers wait while the copy is written (about a second for 200 MB); readers do not.
    """
    source = _database_file()
    if not source.exists():
        raise CopyRefusedError(f"There is no database at {source}; nothing was copied.")
    with _open(source) as gate, _open(source) as reader, _open(source) as copier:
        gate.execute("BEGIN IMMEDIATE")  # nobody can write between what is read here and what is copied
        reader.execute("BEGIN")
        reader.execute(
            "SELECT count(*) FROM sqlite_master"
        ).fetchone()  # the reader's view is fixed from here on
        copier.execute("VACUUM INTO ?", [str(target)])
        gate.execute("ROLLBACK")
        target.chmod(0o600)
        return fingerprint.of_sqlite(reader.cursor())


def examine(dump: Path) -> fingerprint.Fingerprint:
    """Open a copy as a database, check its every page, and return its fingerprint."""
    with _open(dump) as opened:
        (verdict,) = opened.execute("PRAGMA integrity_check").fetchone()
        if verdict != "ok":
            raise CopyRefusedError(f"{dump.name} is damaged: {verdict}.")
        return fingerprint.of_sqlite(opened.cursor())


def rows_held() -> int:
    """Return how many rows of council business the present database has; 0 for none or for no database."""
    path = _database_file()
    if not path.exists() or path.stat().st_size == 0:
        return 0
    with _open(path) as opened:
        names = [name for (name,) in opened.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        counts = [
            opened.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for name in names
            if _is_business(name)
        ]
    return sum(counts)


def _is_business(table: str) -> bool:
    """Whether a table holds what people entered, unlike what `migrate` itself writes."""
    return not table.startswith(("django_", "auth_permission", "sqlite_"))


def put_back(dump: Path) -> str:
    """Put an examined copy in the place of the present database, which is kept beside it; return what was done."""
    path = _database_file()
    connection.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    kept = ""
    if path.exists():
        _fold_log_into(path)
        old = path.with_name(f"{path.name}.before-restore-{datetime.now().astimezone():%Y%m%d-%H%M%S}")
        path.rename(old)
        kept = f" The database that was there is kept as {old}."
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    arriving = path.with_name(path.name + ".arriving")
    arriving.write_bytes(dump.read_bytes())
    arriving.chmod(0o600)
    arriving.replace(path)
    return f"Restored to {path}.{kept}"


def _fold_log_into(path: Path) -> None:
    """Bring what stands in the write-ahead log into the file, and make sure that nobody is using it."""
    if path.stat().st_size == 0:
        return
    with _open(path) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        opened.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            opened.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise CopyRefusedError(
                f"{path} is in use. Stop BudgetWatch first; nothing was changed."
            ) from error
        opened.execute("ROLLBACK")


def examine_in_place() -> fingerprint.Fingerprint:
    """Return the fingerprint of the database now in place."""
    return examine(_database_file())
