"""The savings application: what a council means to save, what it has saved, and what next year starts with."""

from django.apps import AppConfig


class SavingsConfig(AppConfig):
    """Proposals, phasing, delivery, recovery plans and the medium-term strategy."""

    name = "savings"

    def ready(self) -> None:
        """Have savings copied into every period that opens with a copy of the one before."""
        from savings.operations.carrying_forward import copy_into
        from services.operations.on_opening import carry_too

        carry_too("savings", copy_into)
