"""Makes a complete copy of the database and the stored files in one file, and proves it."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from budgetwatch.copies.copying import back_up
from budgetwatch.copies.errors import CopyRefusedError


class Command(BaseCommand):
    """manage.py backup FILE"""

    help = "Writes everything to FILE, which must not exist yet; safe while BudgetWatch is in use. The copy is tried out before it is kept."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, and whether to skip the trial."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--without-trial",
            action="store_true",
            help="do not restore the copy into a scratch place to compare it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the copy, or say why not."""
        try:
            self.stdout.write(back_up(options["file"].resolve(), trial=not options["without_trial"]))
        except CopyRefusedError as error:
            raise CommandError(str(error)) from error
