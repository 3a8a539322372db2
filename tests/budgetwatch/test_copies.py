"""Backup and restore: a copy is complete, is proved, and never replaces anything by accident."""

import hashlib
import io
import json
import os
import shutil
import sqlite3
import tarfile
import threading
from contextlib import closing
from pathlib import Path

import pytest
from django.db import connection

from budgetwatch.copies import copying
from budgetwatch.copies.errors import CopyRefusedError
from budgetwatch.sqlite import existing_file_uri
from tests.support.commands import manage

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A database with two people, and a stored file."""
    state = tmp_path_factory.mktemp("filled")
    assert manage("migrate", "--verbosity", "0", state=state).returncode == 0
    with closing(sqlite3.connect(state / "budgetwatch.sqlite3")) as database, database:
        for name in ("clerk", "officer"):
            add_person(database, name)
    (state / "files" / "returns").mkdir(parents=True)
    (state / "files" / "returns" / "month-7.csv").write_text("line,forecast\nFostering,1\n")
    return state


def add_person(database, name):
    database.execute(
        "INSERT INTO accounts_user (username, password, is_superuser, is_staff, is_active, first_name, last_name, email, date_joined, post)"
        " VALUES (?, '', 0, 0, 1, '', '', '', '2026-01-01', 'Clerk')",
        [name],
    )


def people(state):
    with closing(sqlite3.connect(state / "budgetwatch.sqlite3")) as database:
        return [name for (name,) in database.execute("SELECT username FROM accounts_user ORDER BY 1")]


@pytest.fixture(scope="module")
def made_once(filled, tmp_path_factory):
    path = tmp_path_factory.mktemp("made") / "copy.tar"
    done = manage("backup", str(path), state=filled)
    assert done.returncode == 0, done.stderr
    assert "tried out and found the same" in done.stdout
    return path


@pytest.fixture
def live(filled, tmp_path):
    """A copy of the filled state that a test may spoil."""
    return shutil.copytree(filled, tmp_path / "live")


@pytest.fixture
def backup_file(made_once, tmp_path):
    """A backup that a test may spoil."""
    return Path(shutil.copy2(made_once, tmp_path / "copy.tar"))


@pytest.fixture
def refused(tmp_path, monkeypatch):
    """Restore a copy into a new place, in this process; give the refusal's words, and see that nothing is there."""
    database = tmp_path / "new" / "budgetwatch.sqlite3"
    monkeypatch.setitem(connection.settings_dict, "NAME", existing_file_uri(database))
    monkeypatch.setattr(copying, "files_folder", lambda: tmp_path / "new" / "files")

    def words(path):
        with pytest.raises(CopyRefusedError) as refusal:
            copying.restore(path)
        assert not (tmp_path / "new").exists()
        return str(refusal.value)

    return words


def test_everything_comes_back_on_an_empty_machine(backup_file, tmp_path):
    new = tmp_path / "new"
    done = manage("restore", str(backup_file), state=new)
    assert done.returncode == 0, done.stderr
    assert "Every table is the same as in the copy" in done.stdout
    assert people(new) == ["clerk", "officer"]
    assert (new / "files" / "returns" / "month-7.csv").read_text() == "line,forecast\nFostering,1\n"


def test_the_tables_own_protection_comes_back_too(backup_file, live, tmp_path):
    def triggers(state):
        with closing(sqlite3.connect(state / "budgetwatch.sqlite3")) as database:
            return database.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY 1"
            ).fetchall()

    manage("restore", str(backup_file), state=tmp_path / "new")
    assert triggers(tmp_path / "new") == triggers(live)


def test_what_still_stands_in_the_write_ahead_log_is_in_the_copy(live, tmp_path):
    with closing(sqlite3.connect(live / "budgetwatch.sqlite3")) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("PRAGMA wal_autocheckpoint=0")
        with database:
            add_person(database, "latest")
        assert (live / "budgetwatch.sqlite3-wal").stat().st_size > 0
        assert manage("backup", str(tmp_path / "copy.tar"), state=live).returncode == 0
    manage("restore", str(tmp_path / "copy.tar"), state=tmp_path / "new")
    assert people(tmp_path / "new") == ["clerk", "latest", "officer"]


def test_a_copy_made_while_people_write_is_of_one_moment(live, tmp_path):
    stop = threading.Event()

    def keep_writing():
        with closing(sqlite3.connect(live / "budgetwatch.sqlite3", timeout=30)) as database:
            for number in range(100_000):
                if stop.is_set():
                    return
                with database:
                    add_person(database, f"writer{number:06d}")

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        done = manage("backup", str(tmp_path / "copy.tar"), state=live)
    finally:
        stop.set()
        writer.join()
    assert done.returncode == 0, done.stderr
    manage("restore", str(tmp_path / "copy.tar"), state=tmp_path / "new")
    restored = people(tmp_path / "new")
    written = [name for name in restored if name.startswith("writer")]
    assert written == [f"writer{number:06d}" for number in range(len(written))]
    assert set(restored) <= set(people(live))


def test_a_database_that_holds_anything_is_not_replaced_by_accident(backup_file, live):
    done = manage("restore", str(backup_file), state=live)
    assert done.returncode == 1
    assert "holds" in done.stderr
    assert "--force" in done.stderr
    assert people(live) == ["clerk", "officer"]


def test_with_force_it_is_replaced_and_the_old_one_is_kept(backup_file, live):
    with closing(sqlite3.connect(live / "budgetwatch.sqlite3")) as database, database:
        database.execute("DELETE FROM accounts_user WHERE username = 'clerk'")
    done = manage("restore", str(backup_file), "--force", state=live)
    assert done.returncode == 0, done.stderr
    assert people(live) == ["clerk", "officer"]
    assert len(list(live.glob("budgetwatch.sqlite3.before-restore-*"))) == 1
    assert len(list(live.glob("files.before-restore-*"))) == 1


def test_a_freshly_migrated_database_is_filled_without_force(backup_file, tmp_path):
    new = tmp_path / "new"
    manage("migrate", "--verbosity", "0", state=new)
    assert manage("restore", str(backup_file), state=new).returncode == 0
    assert people(new) == ["clerk", "officer"]


def test_a_copy_never_overwrites_a_file(backup_file, live):
    before = backup_file.read_bytes()
    done = manage("backup", str(backup_file), state=live)
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert backup_file.read_bytes() == before


def test_nothing_is_copied_from_nothing(tmp_path):
    done = manage("backup", str(tmp_path / "copy.tar"), state=tmp_path / "empty")
    assert done.returncode == 1
    assert "There is no database at" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_missing_copy_leaves_no_empty_database_behind(refused, tmp_path):
    assert "There is no copy at" in refused(tmp_path / "gone.tar")


@pytest.mark.parametrize("kept", [0.0, 0.3, 0.9])
def test_a_copy_cut_short_is_refused(refused, backup_file, kept):
    whole = backup_file.read_bytes()
    backup_file.write_bytes(whole[: int(len(whole) * kept)])
    assert "Nothing was changed" in refused(backup_file)


def test_a_copy_with_one_byte_changed_is_refused(refused, backup_file):
    whole = bytearray(backup_file.read_bytes())
    at = whole.index(b"officer", whole.index(b"SQLite format 3"))
    whole[at] = ord("x")
    backup_file.write_bytes(bytes(whole))
    assert "damaged" in refused(backup_file)


def rewrite_manifest(path, change):
    """Change the manifest of a copy, as a tamperer or another version would."""
    with tarfile.open(path) as archive:
        members = {member.name: archive.extractfile(member).read() for member in archive}
    manifest = json.loads(members["manifest.json"])
    change(manifest, members)
    members["manifest.json"] = json.dumps(manifest).encode()
    with tarfile.open(path, "w") as archive:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))


def test_a_copy_of_a_newer_version_is_refused(refused, backup_file):
    rewrite_manifest(
        backup_file, lambda manifest, members: manifest["migrations"].append("services.0999_future")
    )
    assert "newer version of BudgetWatch (services.0999_future)" in refused(backup_file)


def test_a_copy_of_an_older_version_says_what_to_run(backup_file, tmp_path):
    rewrite_manifest(
        backup_file, lambda manifest, members: manifest["migrations"].remove("accounts.0001_initial")
    )
    done = manage("restore", str(backup_file), state=tmp_path / "new")
    assert "run 'manage.py migrate' (1 changes)" in done.stdout


def test_a_copy_of_the_other_kind_of_database_is_refused(refused, backup_file):
    rewrite_manifest(backup_file, lambda manifest, members: manifest.update(vendor="postgresql"))
    assert "set DATABASE_URL to fit" in refused(backup_file)


def test_a_file_that_would_land_elsewhere_is_refused(refused, backup_file, tmp_path):
    def plant(manifest, members):
        members["../escaped"] = b"x"
        manifest["members"]["../escaped"] = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"

    rewrite_manifest(backup_file, plant)
    assert "unsafe name" in refused(backup_file)
    assert not (tmp_path / "escaped").exists()


def test_a_row_changed_in_the_copy_is_found_by_its_fingerprint(refused, backup_file, tmp_path):
    def tamper(manifest, members):
        database = tmp_path / "tampered.sqlite3"
        database.write_bytes(members["database.sqlite3"])
        with closing(sqlite3.connect(database)) as opened, opened:
            opened.execute("UPDATE accounts_user SET post = 'Head of finance' WHERE username = 'clerk'")
        members["database.sqlite3"] = database.read_bytes()
        manifest["members"]["database.sqlite3"] = hashlib.sha256(members["database.sqlite3"]).hexdigest()

    rewrite_manifest(backup_file, tamper)
    assert "accounts_user: expected 2 rows" in refused(backup_file)


def test_only_its_owner_can_read_a_copy(made_once):
    assert made_once.stat().st_mode & 0o077 == 0


# --- PostgreSQL -------------------------------------------------------------------------------------------------


@pytest.fixture
def postgres_databases():
    """Two empty databases on the test server: one to copy from, one to restore into."""
    import psycopg

    address = os.environ["DATABASE_URL"]
    names = ("copied_from", "restored_into")
    with psycopg.connect(address, autocommit=True) as server:
        for name in names:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            server.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield [f"{address.rsplit('/', 1)[0]}/{name}" for name in names]
        for name in names:
            server.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@pytest.mark.postgres_only
def test_everything_comes_back_on_postgres(postgres_databases, tmp_path):
    import psycopg

    source, target = postgres_databases
    assert manage("migrate", "--verbosity", "0", state=tmp_path, DATABASE_URL=source).returncode == 0
    with psycopg.connect(source) as database:
        database.execute(
            "INSERT INTO accounts_user (username, password, is_superuser, is_staff, is_active, first_name, last_name, email, date_joined, post)"
            " VALUES ('clerk', '', false, false, true, '', '', '', now(), 'Clerk')"
        )
    done = manage("backup", str(tmp_path / "copy.tar"), state=tmp_path, DATABASE_URL=source)
    assert done.returncode == 0, done.stderr
    assert "tried out and found the same" in done.stdout

    done = manage("restore", str(tmp_path / "copy.tar"), state=tmp_path, DATABASE_URL=target)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(target) as database:
        assert database.execute("SELECT username FROM accounts_user").fetchall() == [("clerk",)]
        database.execute("DELETE FROM accounts_user")

    done = manage("restore", str(tmp_path / "copy.tar"), state=tmp_path, DATABASE_URL=source)
    assert done.returncode == 1
    assert "--force" in done.stderr

    done = manage("restore", str(tmp_path / "copy.tar"), "--force", state=tmp_path, DATABASE_URL=source)
    assert done.returncode == 0, done.stderr
    with psycopg.connect(os.environ["DATABASE_URL"]) as server:
        left = server.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'budgetwatch_trial_%'"
        ).fetchall()
        assert left == []
