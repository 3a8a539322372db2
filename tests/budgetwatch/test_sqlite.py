"""Which SQLite is used, with which safeguards."""

import sqlite3

import pytest
from django.db import connection

from budgetwatch import checks, sqlite

on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about SQLite itself")


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 40, 1), False),  # Debian 12
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 53, 4), True),
        ((4, 0, 0), True),
    ],
)
def test_only_versions_without_the_wal_defect_are_run_in_wal_mode(version, sound):
    assert sqlite.is_sound(version) is sound
    assert sqlite.journal_mode(version) == ("WAL" if sound else "DELETE")


def test_the_library_in_use_is_sound():
    assert sqlite.is_sound(sqlite3.sqlite_version_info[:3])


@on_sqlite
def test_an_unsound_library_is_said_aloud(settings):
    settings.SQLITE_VERSION = (3, 40, 1)
    (warning,) = checks.sqlite_is_sound(None)
    assert "SQLite 3.40.1 can corrupt" in warning.msg
    assert "pysqlite3" in warning.hint


@on_sqlite
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pragma", "value"), [("foreign_keys", 1), ("recursive_triggers", 1), ("synchronous", 2)]
)
def test_the_safeguards_are_on(pragma, value):
    """M3: a save that is acknowledged is on the disk (synchronous=FULL is 2)."""
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA {pragma}")
        assert cursor.fetchone()[0] == value


@on_sqlite
def test_a_write_takes_its_lock_at_the_start():
    """M2: none of many writers fails with “database is locked”."""
    assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"


def test_a_file_name_survives_the_way_to_sqlite_and_back(tmp_path):
    awkward = tmp_path / "a b%20c?d#é" / "budget.sqlite3"
    assert sqlite.file_of(sqlite.existing_file_uri(awkward)) == awkward


def test_a_missing_database_is_an_error_and_is_not_made(tmp_path):
    missing = tmp_path / "gone.sqlite3"
    with pytest.raises(sqlite3.OperationalError, match="unable to open"):
        sqlite3.connect(sqlite.existing_file_uri(missing), uri=True).execute("SELECT 1")
    assert not missing.exists()
