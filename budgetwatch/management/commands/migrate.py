"""Django's migrate, which alone may make a new SQLite database."""

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate
from django.db import connections

from budgetwatch import sqlite


class Command(DjangoMigrate):
    """Makes the database file when there is none, then migrates."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Make an empty file for SQLite to open, say so, and go on as Django does."""
        connection = connections[options["database"]]
        path = sqlite.file_of(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
        if path is not None and not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self.stdout.write(f"Made a new database: {path}")
        super().handle(*args, **options)
