"""Copying a PostgreSQL database while it is in use, and putting a copy back, with PostgreSQL's own tools."""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.db import connection
from psycopg import sql

from budgetwatch.copies import fingerprint
from budgetwatch.copies.errors import CopyRefusedError

DUMP = "database.pgdump"


def _parameters(database: str | None = None) -> dict[str, Any]:
    """Return how to reach the server, for psycopg."""
    settings = connection.settings_dict
    given = {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
    }
    return {"dbname": database or settings["NAME"], **{name: value for name, value in given.items() if value}}


def _tool(name: str, *arguments: str, database: str | None = None) -> None:
    """Run one of PostgreSQL's programs; the password goes through the environment, not the command line."""
    program = shutil.which(name)
    if program is None:
        raise CopyRefusedError(
            f"{name} is not installed (Debian: apt-get install postgresql-client); nothing was changed."
        )
    names = {
        "dbname": "PGDATABASE",
        "host": "PGHOST",
        "port": "PGPORT",
        "user": "PGUSER",
        "password": "PGPASSWORD",
    }
    environment = {names[key]: str(value) for key, value in _parameters(database).items()}
    done = subprocess.run(
        [program, *arguments], env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise CopyRefusedError(f"{name} failed: {done.stderr.strip()}")


@contextmanager
def _open(database: str | None = None) -> Iterator[psycopg.Connection[Any]]:
    try:
        with psycopg.connect(**_parameters(database)) as opened:
            yield opened
    except psycopg.OperationalError as error:
        raise CopyRefusedError(f"The database cannot be reached: {error}") from error


def take(target: Path) -> fingerprint.Fingerprint:
    """Write a complete copy to `target` and return the fingerprint of the original in the same snapshot. Nobody waits."""
    with _open() as opened, opened.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        row = cursor.execute("SELECT pg_export_snapshot()").fetchone()
        assert row is not None
        _tool(
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            f"--snapshot={row[0]}",
            f"--file={target}",
        )
        target.chmod(0o600)
        return fingerprint.of_postgres(cursor)


def examine(dump: Path) -> fingerprint.Fingerprint:
    """Restore a copy into a scratch database, return its fingerprint, and drop it again."""
    scratch = f"budgetwatch_trial_{secrets.token_hex(6)}"
    with _open() as server:
        server.autocommit = True
        try:
            server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(scratch)))
        except psycopg.errors.InsufficientPrivilege as error:
            raise CopyRefusedError(
                "The copy cannot be tried out, because this database user may not create a scratch database. "
                "Give it the right (ALTER ROLE … CREATEDB), or say --without-trial and try the copy elsewhere."
            ) from error
        try:
            _tool(
                "pg_restore",
                "--exit-on-error",
                "--no-owner",
                "--no-privileges",
                f"--dbname={scratch}",
                str(dump),
            )
            with _open(scratch) as opened, opened.cursor() as cursor:
                return fingerprint.of_postgres(cursor)
        finally:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(scratch)))


def rows_held() -> int:
    """Return how many rows of council business the present database has."""
    with _open() as opened, opened.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall() if not name.startswith(("django_", "auth_permission"))]
        held = 0
        for name in names:
            row = cursor.execute(
                sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name))
            ).fetchone()
            held += row[0] if row else 0
        return held


def put_back(dump: Path) -> str:
    """Empty the present database and fill it from an examined copy; return what was done."""
    connection.close()
    with _open() as opened:
        opened.execute("DROP SCHEMA public CASCADE")
        opened.execute("CREATE SCHEMA public")
    name = connection.settings_dict["NAME"]
    _tool(
        "pg_restore",
        "--exit-on-error",
        "--single-transaction",
        "--no-owner",
        "--no-privileges",
        f"--dbname={name}",
        str(dump),
    )
    return f"Restored to the database {name}."


def examine_in_place() -> fingerprint.Fingerprint:
    """Return the fingerprint of the database now in place."""
    with _open() as opened, opened.cursor() as cursor:
        return fingerprint.of_postgres(cursor)
