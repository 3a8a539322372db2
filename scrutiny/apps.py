"""The scrutiny application: what is public, and what committees do."""

from django.apps import AppConfig


class ScrutinyConfig(AppConfig):
    """Publications and the pages that read them."""

    name = "scrutiny"
