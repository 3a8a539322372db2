"""Refuses to serve from a database that is missing, empty, unwritable or of another version of the code."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from budgetwatch import sqlite


class DatabaseNotReadyError(ImproperlyConfigured):
    """The database cannot be served from; the message says why and what to do."""


def require_database() -> None:
    """Raise `DatabaseNotReadyError` unless the database is there, writable and has exactly this code's tables."""
    if connection.vendor == "sqlite":
        require_file()
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        newer = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    except DatabaseError as error:
        raise DatabaseNotReadyError(f"The database cannot be read: {error}") from error
    finally:
        connection.close()  # a server that forks must not share it
    if pending:
        raise DatabaseNotReadyError(
            f"The database lacks {len(pending)} change(s) that this version needs. Make a copy with 'manage.py backup', "
            "then run 'manage.py migrate'."
        )
    if newer:
        names = ", ".join(f"{app}.{name}" for app, name in sorted(newer))
        raise DatabaseNotReadyError(
            f"The database belongs to a newer version of BudgetWatch: it has {names}."
        )


def require_file() -> None:
    """Say plainly what is wrong with the SQLite file; SQLite itself would only say that it cannot open it."""
    path = sqlite.file_of(connection.settings_dict["NAME"])
    if path is None:
        return
    if not path.exists():
        raise DatabaseNotReadyError(missing_database())
    if path.stat().st_size == 0:
        raise DatabaseNotReadyError(
            f"The database {path} is empty. Restore a copy with 'manage.py restore FILE', or run 'manage.py migrate'."
        )
    for place in (path, path.parent):
        if not os.access(place, os.W_OK):
            raise DatabaseNotReadyError(
                f"{place} cannot be written by this user. Give it to the user that runs BudgetWatch."
            )


def missing_database() -> str:
    """Return what to do when SQLite cannot open the file it was told of."""
    return (
        f"There is no database at {sqlite.file_of(connection.settings_dict['NAME'])}, or this user may not open it. "
        "Restore a copy with 'manage.py restore FILE', or start a new one with 'manage.py migrate'."
    )
