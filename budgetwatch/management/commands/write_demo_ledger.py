"""`manage.py write_demo_ledger`: writes a ledger file of the invented council's open month, to try the import with."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from budgetwatch.demonstration.ledger import control_total, ledger_csv, ledger_rows
from services.models import Council, MonitoringPeriod


class Command(BaseCommand):
    """Reads the demonstration and writes one CSV file; the database is not changed."""

    help = "Write a ledger file of the demonstration council's newest month, and say its control total."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The arguments."""
        parser.add_argument("file", type=Path, help="where to write it, for example ledger.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file."""
        council = Council.objects.filter(slug="demo").first()
        period = (
            MonitoringPeriod.objects.filter(council=council).order_by("-year", "-number").first()
            if council
            else None
        )
        if council is None or period is None:
            raise CommandError("The demonstration is not loaded. Run load_demo first.")
        rows = list(ledger_rows(council, period))
        try:
            options["file"].write_bytes(ledger_csv(rows))
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be written: {error.strerror}.") from error
        self.stdout.write(f"{len(rows)} codes of {period.period.label} written to {options['file']}.")
        self.stdout.write(f"Control total of the actual to date: {control_total(rows):.2f}")
        self.stdout.write(
            f"Try: manage.py import_ledger {options['file']} --council demo --period {period.period.slug} --dry-run"
        )
