"""`manage.py import_return`: imports a monitoring table from the command line, by the same rules as the browser."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounting.money import MoneyFormatError, parse_money, printed_decimals
from accounts.operations import command_line_user
from services.imports.problems import Check
from services.imports.profile import Field
from services.imports.reading import Stated
from services.management.arguments import council_named, file_content, period_named, profile_in
from services.operations.import_assessment import Assessment, ordered_changes
from services.operations.imports import File, ImportRefusedError, import_file, preview_import

SHOWN = 50


class Command(BaseCommand):
    """Reads, checks and writes one return; with problems it writes nothing and says all of them."""

    help = "Import a monitoring return (CSV or XLSX) into a period."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The arguments."""
        parser.add_argument("file", type=Path, help="the return, CSV or XLSX")
        parser.add_argument("--council", required=True, help="the council's short name in addresses")
        parser.add_argument("--period", required=True, help="for example 2023-24/p7")
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
            "--control-total",
            metavar="[FIELD=]POUNDS",
            help="what the forecasts (or another field) must add to, in pounds",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what happened."""
        council, period = council_named(options["council"]), period_named(options["period"])
        file = File(
            name=options["file"].name,
            content=file_content(options["file"]),
            profile=profile_in(options["profile"]),
            stated=_stated(options["control_total"]),
        )
        confirmed = frozenset(options["confirm"])
        shown: dict[str, Any] = {
            "by": command_line_user(),
            "council": council,
            "period": period,
            "file": file,
        }
        if options["dry_run"]:
            found = preview_import(**shown)
            self._report(found, file, options)
            waiting = found.unconfirmed(confirmed)
            if found.problems or waiting:
                raise CommandError(self._refusal(found, [finding.code for finding in waiting]))
            self.stdout.write("Dry run: nothing written.")
            return
        try:
            found = import_file(**shown, confirmed=confirmed)
        except ImportRefusedError as error:
            self._report(error.assessment, file, options)
            raise CommandError(
                self._refusal(error.assessment, [finding.code for finding in error.unconfirmed])
            ) from error
        self._report(found, file, options)
        self.stdout.write("Nothing written: 0 changes." if found.already_imported else "Written.")

    def _refusal(self, found: Assessment, codes: list[str]) -> str:
        if found.problems:
            count = len(found.problems)
            return f"{count} problem{'' if count == 1 else 's'}. Nothing written."
        return f"To be confirmed: {', '.join(codes)}. Nothing written. Repeat with {' '.join(f'--confirm {code}' for code in codes)} if it is right."

    def _report(self, found: Assessment, file: File, options: dict[str, Any]) -> None:
        reading = found.reading
        write = self.stdout.write
        write(f"File: {reading.file_name} ({'; '.join(reading.facts) or 'not read'}), {reading.unit.label}")
        write(f"Profile: {options['profile'] or 'none; headings matched by their words'}")
        write(f"Council: {found.council.name}. Period: {found.period.label} ({found.period.year})")
        if found.applied_before is not None:
            batch = found.applied_before
            write(
                f"Already imported on {batch.applied_at:%d %B %Y} by {batch.applied_by}: {found.rows_changed} changes."
            )
        write(
            f"Rows read: {found.rows_read}, matched: {found.rows_matched}, created: {found.rows_created}, "
            f"unknown: {found.matches.unknown}, changed: {found.rows_changed}"
        )
        self._checks("Control totals", reading.totals)
        self._checks("Gaps within rows", reading.gaps)
        self._differences(found)
        for remark in found.remarks:
            write(f"Warning: {remark}")
        for finding in found.confirmations:
            write(f"To confirm ({finding.code}): {finding.question}")
            for detail in finding.details:
                write(f"  {detail}")
        for problem in found.problems:
            write(f"Problem: {problem}")

    def _checks(self, title: str, checks: list[Check]) -> None:
        if not checks:
            return
        self.stdout.write(f"{title}:")
        for check in checks:
            verdict = "agrees" if not check.gap else "within rounding" if check.holds else "DIFFERS"
            row = f"row {check.row}, " if check.row is not None else ""
            self.stdout.write(
                f"  {row}{check.what}: printed {check.words(check.printed)}, {'sum' if check.lines else 'computed'} {check.words(check.computed)}, "
                f"gap {check.words(check.gap)}, tolerance {check.words(check.tolerance)}: {verdict}"
            )

    def _differences(self, found: Assessment) -> None:
        changes = ordered_changes(found)
        for row, line, items in changes[:SHOWN]:
            told = "; ".join(
                f"{item.field.label.lower()} {_words(item.before)} → {_words(item.after)}" for item in items
            )
            self.stdout.write(
                f"Changed: row {row.row}, {line}: {told or 'carried-forward forecast confirmed'}"
            )
        if len(changes) > SHOWN:
            self.stdout.write(f"Changed: {len(changes) - SHOWN} more lines")


def _words(value: Any) -> str:
    if value is None:
        return "none"
    return f"“{value}”" if isinstance(value, str) else f"{value:,.2f}"


def _stated(text: str | None) -> Stated | None:
    """Read “1234.50”, which is of the forecasts, or “revised_budget=1234.50”."""
    if text is None:
        return None
    name, _, figure = text.rpartition("=")
    try:
        field = Field(name.strip()) if name else Field.FORECAST_OUTTURN
        return Stated(amount=parse_money(figure), decimals=printed_decimals(figure), field=field)
    except MoneyFormatError as error:
        raise CommandError(f"--control-total: {error}") from error
    except ValueError as error:
        raise CommandError(f"--control-total: “{name}” is not a field.") from error
