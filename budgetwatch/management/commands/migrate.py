"""Django's migrate, which alone may make a new SQLite database."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from budgetwatch import sqlite


class Command(DjangoMigrate):
    """Makes the database file when there is none, then migrates."""

    def execute(self, *args: Any, **options: Any) -> Any:
        """Make an empty file for SQLite to open, say so, and go on as Django does (whose checks already open it)."""
        connection = connections[options["database"]]
        path = sqlite.file_of(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
        if path is not None and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            print(f"Made a new database: {path}")
        return super().execute(*args, **options)
