"""`manage.py import_ledger`: applies a ledger file from the command line, by the same rules as the browser."""

from argparse import ArgumentParser
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounting.money import MoneyFormatError, parse_money
from accounting.periods import Period, PeriodFormatError
from accounting.wording import format_money
from accounts.operations import command_line_user
from services.imports.profile import Profile, ProfileError, parse_profile
from services.models import Council, MonitoringPeriod
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
        council = _council(options["council"])
        period = _period(council, options["period"])
        file = LedgerFile(
            name=options["file"].name,
            content=_content(options["file"]),
            profile=_profile(options["profile"]),
            stated=_stated(options["control_total"]),
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


def _council(slug: str) -> Council:
    council = Council.objects.filter(slug=slug).first()
    if council is None:
        raise CommandError(
            f"There is no council “{slug}”. Make it with create_council, or check the short name."
        )
    return council


def _period(council: Council, text: str) -> MonitoringPeriod:
    try:
        wanted = Period.parse(text)
    except PeriodFormatError as error:
        raise CommandError(str(error)) from error
    found = MonitoringPeriod.objects.filter(
        council=council, year=wanted.year.first_year, number=wanted.number
    ).first()
    if found is None:
        raise CommandError(f"{wanted.label} ({wanted.year}) has not been opened at {council}. Open it first.")
    found.council = council
    return found


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error


def _profile(path: Path | None) -> Profile:
    if path is None:
        return Profile()
    try:
        return parse_profile(_content(path).decode("utf-8-sig"))
    except (ProfileError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error


def _stated(text: str | None) -> Decimal | None:
    try:
        return parse_money(text) if text is not None else None
    except MoneyFormatError as error:
        raise CommandError(f"--control-total: {error}") from error
