"""Makes an empty council with its default rule tables."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.operations import command_line_user
from services.operations.councils import create_council
from services.operations.refusals import Refused


class Command(BaseCommand):
    """`create_council SLUG NAME`."""

    help = "Make an empty council with its default rule tables."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """SLUG is the council's part of every address, NAME what pages call it."""
        parser.add_argument("slug", help="short name in addresses: small letters, digits and hyphens")
        parser.add_argument("name", help="the council's name, for example 'North Borough Council'")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the council, or say why not."""
        try:
            council = create_council(by=command_line_user(), slug=options["slug"], name=options["name"])
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"Made {council.name}, at /{council.slug}/, with the default rules for RAG and virements."
        )
        self.stdout.write(
            f"Next: manage.py create_user USER --post POST, then manage.py grant_role USER administrator --council {council.slug}"
        )
