"""Start-up checks of the whole project."""

from django.apps import AppConfig


class BudgetWatchConfig(AppConfig):
    """Registers the checks that run before the project serves anything."""

    name = "budgetwatch"

    def ready(self) -> None:
        """Register the system checks."""
        from budgetwatch import checks  # noqa: F401
