"""Opens a new year at what the last one's published outturn closed at."""

from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounting.periods import FinancialYear
from accounting.wording import format_money
from accounts.operations import command_line_user
from services.management.arguments import council_named, person_named, year_named
from services.operations.refusals import Refused
from services.operations.year_end import roll_year


class Command(BaseCommand):
    """`roll_year --council SLUG --year 2025-26 [--by USER]`."""

    help = "Give next year the opening balances that this year's published outturn closed at. Once, however often it is run."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, which year closes, and in whose name."""
        parser.add_argument("--council", required=True, metavar="SLUG", help="the council's short name")
        parser.add_argument("--year", required=True, help="the year that closed, written like 2025-26")
        parser.add_argument(
            "--by", metavar="USER", help="the head of finance who does it; otherwise the command line"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Roll the year, or say why not."""
        council, year = council_named(options["council"]), year_named(options["year"])
        by = person_named(options["by"]) if options["by"] is not None else command_line_user()
        try:
            roll = roll_year(by=by, council=council, year=year)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{council.name}: {FinancialYear(roll.year).next} opens at")
        for names in roll.outcome["closing"].values():
            for name, amount in names.items():
                self.stdout.write(f"  {name}: {format_money(Decimal(amount), places=2)}")
        for name in roll.outcome["unknown"]:
            self.stdout.write(f"  {name}: not known; state what it opens at")
