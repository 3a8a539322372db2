"""The services application: the working side of a council's budget."""

from django.apps import AppConfig


class ServicesConfig(AppConfig):
    """Structure, budgets, forecasts and reserves."""

    name = "services"
