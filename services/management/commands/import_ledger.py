"""`manage.py import_ledger`: applies a ledger file from the command line, by the same rules as the browser."""

from argparse import ArgumentParser
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounting.wording import format_money
from accounts.operations import command_line_user
from services.management.arguments import (
    council_named,
    file_content,
    period_opened,
    pounds_stated,
    profile_in,
)
from services.operations.ledger_assessment import LedgerAssessment
from services.operations.ledger_work import LedgerFile, LedgerRefusedError, import_ledger, preview_ledger

SHOWN = 50


class Command(BaseCommand):
    """Reads, checks and applies one ledger; with problems it writes nothing and says all of them."""

    help = "Import a ledger (CSV or XLSX) into a period: actual to date and commitments by cost centre and subjective code."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The arguments."""
        parser.add_argument("file", type=Path, help="the ledger, CSV or XLSX")
        parser.add_argument("--council", required=True, help="the council's short name in addresses")
        parser.add_argument(
            "--period", required=True, help="for example 2023-24/p7; it must have been opened"
        )
        parser.add_argument(
            "--profile",
            type=Path,
            help="how to read the file, as TOML; without it, headings are matched by their words",
        )
        parser.add_argument("--dry-run", action="store_true", help="check and show, and write nothing")
        parser.add_argument(
            "--confirm",
            action="append",
            default=[],
            metavar="CODE",
            help="confirm a finding by its code; may be repeated",
        )
        parser.add_argument(
            "--control-total", metavar="POUNDS", help="what the actual to date must add to, in pounds"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what happened."""
        council = council_named(options["council"])
        period = period_opened(council, options["period"])
        file = LedgerFile(
            name=options["file"].name,
            content=file_content(options["file"]),
            profile=profile_in(options["profile"]),
            stated=pounds_stated("--control-total", options["control_total"]),
        )
        shown: dict[str, Any] = {
            "by": command_line_user(),
            "council": council,
            "period": period,
            "file": file,
        }
        confirmed = frozenset(options["confirm"])
        if options["dry_run"]:
            found = preview_ledger(**shown)
            self._report(found)
            self._refuse(
                found, [finding.code for finding in found.confirmations if finding.code not in confirmed]
            )
            self.stdout.write("Dry run: nothing written.")
            return
        try:
            found = import_ledger(**shown, confirmed=confirmed)
        except LedgerRefusedError as error:
            self._report(error.assessment)
            self._refuse(error.assessment, [finding.code for finding in error.unconfirmed])
            raise
        self._report(found)
        self.stdout.write("Nothing written: 0 changes." if found.already_applied else "Written.")

    def _refuse(self, found: LedgerAssessment, codes: list[str]) -> None:
        if found.problems:
            raise CommandError(f"{len(found.problems)} problems. Nothing written.")
        if codes:
            raise CommandError(
                f"To be confirmed: {', '.join(codes)}. Nothing written. Repeat with {' '.join(f'--confirm {code}' for code in codes)} if it is right."
            )

    def _report(self, found: LedgerAssessment) -> None:
        reading, write = found.reading, self.stdout.write
        write(f"File: {reading.file_name} ({'; '.join(reading.facts) or 'not read'}), {reading.unit.label}")
        write(
            f"Council: {found.council.name}. Period: {found.monitoring.period.label} ({found.monitoring.period.year})"
        )
        if found.already_applied and found.held.applied is not None:
            batch = found.held.applied
            write(f"Already applied on {batch.applied_at:%d %B %Y} by {batch.applied_by}.")
        write(
            f"Codes read: {len(reading.rows):,}, service lines: {len(found.sums)}, without a service line: {found.matches.unknown_count:,}, "
            f"lines changed: {len(found.changes)}"
        )
        for check in reading.totals:
            verdict = "agrees" if check.is_exact else "within rounding" if check.holds else "DIFFERS"
            write(
                f"Control total: {check.what}: {check.words(check.printed)}, sum {check.words(check.computed)}: {verdict}"
            )
        for change in found.changes[:SHOWN]:
            write(
                f"Changed: {change.line}: actual to date {_words(change.actual_before)} → {_words(change.actual_after)}, "
                f"commitments {_words(change.commitments_before)} → {_words(change.commitments_after)}"
            )
        if len(found.changes) > SHOWN:
            write(f"Changed: {len(found.changes) - SHOWN} more lines")
        for row in found.restated:
            write(
                f"Restated: {row.line}: {_words(row.then)} in the last ledger, now {_words(row.now)}: {_words(row.difference)}"
            )
        for remark in found.remarks:
            write(f"Warning: {remark}")
        for finding in found.confirmations:
            write(f"To confirm ({finding.code}): {finding.question}")
            for detail in finding.details:
                write(f"  {detail}")
        for problem in found.problems:
            write(f"Problem: {problem}")


def _words(amount: Decimal | None) -> str:
    return format_money(amount, places=2, unknown="none")
