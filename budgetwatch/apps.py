"""Start-up checks of the whole project."""

from django.apps import AppConfig


class BudgetWatchConfig(AppConfig):
    """Registers the checks that run before the project serves anything."""

    name = "budgetwatch"

    def ready(self) -> None:
        """Register the system checks, and let SQLite take as many parameters in one statement as it can."""
        from django.db import connection

        from budgetwatch import checks, sqlite  # noqa: F401

        if connection.vendor == "sqlite":
            type(connection.features).max_query_params = sqlite.PARAMETERS_IN_A_STATEMENT
