"""Chooses an SQLite that does not have the WAL-reset defect.

SQLite 3.7.0 to 3.51.2 can corrupt a database in WAL mode when a checkpoint meets a writer (fixed in 3.51.3, and
in the maintenance releases 3.44.6 and 3.50.7). Distributions still ship affected versions, so the `pysqlite3` wheel takes the place
of the standard module before Django loads it; where neither is sound, the rollback journal is used instead.
"""

import importlib
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

# SQLite's own limit since 3.32, and Django's from 6.0 on; Django 5.2 still assumes 999, and so cuts one insert of 300 lines into five.
PARAMETERS_IN_A_STATEMENT = 32_766


def is_sound(version: tuple[int, int, int]) -> bool:
    """Whether an SQLite of this version may be run in WAL mode."""
    major, minor, patch = version
    if version >= (3, 51, 3) or major < 3:
        return major >= 3
    return (minor == 44 and patch >= 6) or (minor == 50 and patch >= 7)


def use_sound_library() -> tuple[int, int, int]:
    """Put the `pysqlite3` wheel in the place of the standard `sqlite3` if that is affected; return the version in use."""
    import sqlite3

    if is_sound(sqlite3.sqlite_version_info[:3]):
        return sqlite3.sqlite_version_info[:3]
    try:
        replacement = importlib.import_module("pysqlite3")
        replacement_dbapi2 = importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return sqlite3.sqlite_version_info[:3]
    sys.modules["sqlite3"] = replacement
    sys.modules["sqlite3.dbapi2"] = replacement_dbapi2
    version: tuple[int, int, int] = replacement_dbapi2.sqlite_version_info[:3]
    return version


def journal_mode(version: tuple[int, int, int]) -> str:
    """WAL where the library is sound, otherwise the slower rollback journal."""
    return "WAL" if is_sound(version) else "DELETE"


def existing_file_uri(name: str | Path) -> str:
    """Name a database file so that SQLite opens it only if it is there; `:memory:` stays as it is."""
    if str(name) == ":memory:":
        return str(name)
    return f"{Path(name).resolve().as_uri()}?mode=rw"


def file_of(name: str | Path) -> Path | None:
    """Return the file that a database name from `existing_file_uri` means; `None` for a database in memory."""
    text = str(name)
    if ":memory:" in text or "mode=memory" in text:
        return None
    if not text.startswith("file:"):
        return Path(text)
    return Path(unquote(urlsplit(text).path))
