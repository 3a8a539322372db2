"""System checks: refuse, or warn about, a machine on which figures could be lost."""

from typing import Any

from django.conf import settings
from django.core import checks

from budgetwatch import sqlite


@checks.register()
def sqlite_is_sound(app_configs: Any, **kwargs: Any) -> list[checks.CheckMessage]:
    """Say so when the SQLite in use has the WAL-reset defect and the slower rollback journal is used."""
    uses_sqlite = settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    if not uses_sqlite or sqlite.is_sound(settings.SQLITE_VERSION):
        return []
    version = ".".join(map(str, settings.SQLITE_VERSION))
    return [
        checks.Warning(
            f"SQLite {version} can corrupt a database in WAL mode, so the slower rollback journal is used.",
            hint="Install the pysqlite3 package (3.51.3 or later inside), or use PostgreSQL through DATABASE_URL.",
            id="budgetwatch.W001",
        )
    ]
