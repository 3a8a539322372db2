"""Lets the test run empty append-only tables between tests that use real transactions."""

from typing import Any

from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations


def allow_flush_of_protected_tables() -> None:
    """Make Django's flush step around the triggers that refuse deletion, and leave them in force afterwards."""
    plain = BaseDatabaseOperations.execute_sql_flush

    def flush(self: BaseDatabaseOperations, sql_list: Any) -> None:
        if self.connection.vendor == "postgresql":
            sql_list = [
                "SET session_replication_role = replica",
                *sql_list,
                "SET session_replication_role = DEFAULT",
            ]
            plain(self, sql_list)
            return
        triggers = _triggers(self.connection)
        drops = [f'DROP TRIGGER "{name}"' for name, _ in triggers]
        plain(self, [*drops, *sql_list, *(sql for _, sql in triggers)])

    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]


def _triggers(using: Any = connection) -> list[tuple[str, str]]:
    """Return the name and the definition of every SQLite trigger."""
    with using.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name")
        return list(cursor.fetchall())
