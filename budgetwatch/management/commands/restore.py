"""Puts a copy made by `backup` back, and proves that every table is the same."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgetwatch.copies.copying import restore
from budgetwatch.copies.errors import CopyRefusedError


class Command(BaseCommand):
    """manage.py restore FILE"""

    help = "Puts the copy in FILE back. Stop BudgetWatch first. A database that holds anything is replaced only with --force."
    requires_system_checks = []  # some of them open the database, which may be what is missing

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and whether to replace what is there."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--force", action="store_true", help="replace a database that holds rows")

    def handle(self, *args: Any, **options: Any) -> None:
        """Put the copy back, or say why not."""
        try:
            self.stdout.write(restore(options["file"].resolve(), force=options["force"]))
        except CopyRefusedError as error:
            raise CommandError(str(error)) from error
