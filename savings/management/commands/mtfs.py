"""Prints a council's medium-term schedule: every proposal's changes to base by year, and the sums."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from savings.listing.schedule import schedule_csv, schedule_json, schedule_table
from savings.listing.text import FORMATS
from savings.position.schedule import schedule_of
from services.management.arguments import council_named


class Command(BaseCommand):
    """manage.py mtfs --council SLUG [--format table|csv|json]"""

    help = "Prints savings and growth by year as changes to base, with their totals; JSON holds decimal strings in pounds."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the council and the format."""
        parser.add_argument("--council", required=True, metavar="SLUG", help="the council's short name")
        parser.add_argument(
            "--format", choices=FORMATS, default="table", help="table (the default), csv or json"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, or say why not."""
        schedule = schedule_of(council_named(options["council"]))
        printed = {"json": schedule_json, "csv": schedule_csv, "table": schedule_table}
        self.stdout.write(printed[options["format"]](schedule))
