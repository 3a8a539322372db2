"""`manage.py import_virements`: asks for every virement of a schedule, to be approved and posted by others."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounting.wording import format_money
from accounts.operations import command_line_user
from services.management.arguments import council_named, file_content, period_named
from services.operations.imports import File
from services.operations.refusals import Refused
from services.operations.virement_imports import VirementsRefusedError, import_virements, preview_virements


class Command(BaseCommand):
    """Reads a schedule with columns ref, reason, direction, service and amount; with problems it writes nothing and says all of them."""

    help = "Import a schedule of virements (CSV or XLSX) as requests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The arguments."""
        parser.add_argument(
            "file", type=Path, help="the schedule: ref, reason, direction (from or to), service, amount"
        )
        parser.add_argument("--council", required=True, help="the council's short name in addresses")
        parser.add_argument("--period", required=True, help="when they take effect, for example 2023-24/p7")
        parser.add_argument("--dry-run", action="store_true", help="check and show, and write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what happened."""
        council, period = council_named(options["council"]), period_named(options["period"])
        file = File(name=options["file"].name, content=file_content(options["file"]))
        try:
            if options["dry_run"]:
                reading, found = preview_virements(council=council, file=file)
                if reading.problems:
                    raise VirementsRefusedError(reading)
            else:
                found = import_virements(by=command_line_user(), council=council, period=period, file=file)
        except VirementsRefusedError as error:
            for problem in error.reading.problems:
                self.stdout.write(f"Problem: {problem}")
            raise CommandError(str(error)) from error
        except Refused as error:
            raise CommandError(f"Nothing was written: {error}") from error
        for virement in found.requested:
            legs = "; ".join(
                f"{line} {format_money(amount, places=2, plus=True)}" for line, amount in virement.legs
            )
            self.stdout.write(f"{virement.reference}: {virement.reason}: {legs}")
        for reference in found.already_there:
            self.stdout.write(f"{reference}: already there, unchanged")
        done = (
            "would be asked for; nothing written"
            if options["dry_run"]
            else "asked for, to be approved and posted"
        )
        self.stdout.write(f"{len(found.requested)} {done}; {len(found.already_there)} already there.")
