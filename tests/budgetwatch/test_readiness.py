"""The server refuses to start on a database that is missing, empty, locked away or of another version."""

import os
import sqlite3
import subprocess
import sys

import pytest
from django.db import connection

from budgetwatch import readiness, sqlite
from tests.support.commands import manage


def start(state):
    """Load the WSGI application as gunicorn would, in a process of its own."""
    environment = {
        **os.environ,
        "BUDGETWATCH_STATE_DIR": str(state),
        "DJANGO_SETTINGS_MODULE": "budgetwatch.settings",
    }
    environment.pop("DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, "-c", "import budgetwatch.wsgi"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    state = tmp_path_factory.mktemp("state")
    done = manage("migrate", "--verbosity", "0", state=state)
    assert done.returncode == 0, done.stderr
    assert "Made a new database" in done.stdout
    return state


def copy_of(state, tmp_path):
    (tmp_path / "budgetwatch.sqlite3").write_bytes((state / "budgetwatch.sqlite3").read_bytes())
    return tmp_path / "budgetwatch.sqlite3"


def test_a_migrated_database_is_served(migrated):
    done = start(migrated)
    assert done.returncode == 0, done.stderr


def test_a_missing_database_is_refused_and_none_is_made(tmp_path):
    done = start(tmp_path)
    assert "There is no database at" in done.stderr
    assert "manage.py restore FILE" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "budgetwatch.sqlite3").touch()
    assert "is empty" in start(tmp_path).stderr


def test_a_file_that_is_not_a_database_is_refused(tmp_path):
    (tmp_path / "budgetwatch.sqlite3").write_bytes(b"not a database at all" * 100)
    assert "The database cannot be read: file is not a database" in start(tmp_path).stderr


def test_a_database_that_cannot_be_written_is_refused(migrated, tmp_path, monkeypatch):
    path = copy_of(migrated, tmp_path)
    monkeypatch.setitem(connection.settings_dict, "NAME", sqlite.existing_file_uri(path))
    monkeypatch.setattr(
        os, "access", lambda place, mode: place != path
    )  # root, who runs some test machines, may write all
    with pytest.raises(readiness.DatabaseNotReadyError, match="cannot be written by this user"):
        readiness.require_file()


def test_a_database_that_lacks_a_migration_is_refused(migrated, tmp_path):
    with sqlite3.connect(copy_of(migrated, tmp_path)) as database:
        database.execute("DELETE FROM django_migrations WHERE app = 'accounts'")
    assert "run 'manage.py migrate'" in start(tmp_path).stderr


def test_a_database_of_a_newer_version_is_refused(migrated, tmp_path):
    with sqlite3.connect(copy_of(migrated, tmp_path)) as database:
        database.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('accounts', '0999_from_the_future', '2030-01-01')"
        )
    assert (
        "belongs to a newer version of BudgetWatch: it has accounts.0999_from_the_future"
        in start(tmp_path).stderr
    )


def test_migrating_again_says_nothing_of_a_new_database(migrated):
    assert "Made a new database" not in manage("migrate", "--verbosity", "0", state=migrated).stdout


def test_a_command_without_a_database_says_so_in_words(tmp_path):
    done = manage("clearsessions", state=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("There is no database at")
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []
