"""The presentation application."""

from django.apps import AppConfig


class PresentationConfig(AppConfig):
    """How things look: figures as words, the bases of tables and charts, exports, components. No models."""

    name = "presentation"
