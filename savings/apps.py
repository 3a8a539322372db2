"""The savings application: what a council means to save, what it has saved, and what next year starts with."""

from django.apps import AppConfig


class SavingsConfig(AppConfig):
    """Proposals, phasing, delivery, recovery plans and the medium-term strategy."""

    name = "savings"
