"""`manage.py import_savings`: imports a schedule of savings or growth by year, by the same rules as the browser."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.operations import command_line_user
from savings.imports.matching import HeldProposal
from savings.imports.profile import ScheduleProfile, parse_schedule_profile
from savings.operations.import_assessment import ScheduleAssessment
from savings.operations.imports import (
    NO_PROFILE,
    ScheduleFile,
    ScheduleRefusedError,
    import_schedule,
    preview_schedule,
)
from services.imports.problems import Check, in_unit
from services.imports.profile import ProfileError
from services.management.arguments import council_named, file_content
from services.operations.refusals import Refused

SHOWN = 50


class Command(BaseCommand):
    """Reads, checks and writes one schedule; with problems it writes nothing and says all of them."""

    help = "Import a schedule of savings, or of growth and pressures, phased by year (CSV or XLSX)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The arguments."""
        parser.add_argument("file", type=Path, help="the schedule, CSV or XLSX")
        parser.add_argument("--council", required=True, help="the council's short name in addresses")
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

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what happened."""
        council = council_named(options["council"])
        file = ScheduleFile(
            name=options["file"].name,
            content=file_content(options["file"]),
            profile=_profile_in(options["profile"]),
        )
        confirmed = frozenset(options["confirm"])
        by = command_line_user()
        try:
            if options["dry_run"]:
                found = preview_schedule(by=by, council=council, file=file)
                waiting = found.unconfirmed(confirmed)
                if found.problems or waiting:
                    raise ScheduleRefusedError(found, waiting)
            else:
                found = import_schedule(by=by, council=council, file=file, confirmed=confirmed)
        except ScheduleRefusedError as error:
            self._report(error.assessment, options["profile"])
            raise CommandError(_refusal(error)) from error
        except Refused as error:
            raise CommandError(f"Nothing was written: {error}") from error
        self._report(found, options["profile"])
        self.stdout.write(_done(found, is_dry=options["dry_run"]))

    def _report(self, found: ScheduleAssessment, profile: Path | None) -> None:
        reading, write = found.reading, self.stdout.write
        write(
            f"File: {reading.file_name} ({'; '.join(reading.facts) or 'not read'}), {reading.unit.label}, {reading.profile.kind}"
        )
        write(f"Profile: {profile or 'none; headings matched by their words'}")
        years = f"{reading.years[0]} to {reading.years[-1]}" if reading.years else "none read"
        write(f"Council: {found.council.name}. Years: {years}")
        batch = found.applied_before
        if batch is not None and batch.applied_at is not None:
            write(
                f"Already imported on {timezone.localtime(batch.applied_at):%-d %B %Y} by {batch.applied_by}: "
                f"{found.rows_new + found.rows_changed} changes."
            )
        write(
            f"Rows read: {found.rows_read}, matched: {found.rows_matched}, new: {found.rows_new}, changed: {found.rows_changed}, "
            f"unchanged: {found.rows_unchanged}"
        )
        self._lines(found)
        self._checks("Control totals", reading.totals)
        self._checks("Gaps between a printed total and the sum of its years", reading.gaps)
        for remark in found.remarks:
            write(f"Warning: {remark}")
        for finding in found.confirmations:
            write(f"To confirm ({finding.code}): {finding.question}")
            for detail in finding.details:
                write(f"  {detail}")
        for problem in found.problems:
            write(f"Problem: {problem}")

    def _lines(self, found: ScheduleAssessment) -> None:
        told = [f"New: row {one.line.row}, {one.line.name}" for one in found.matches.new]
        told += [
            f"Changed: row {one.line.row}, {one.line.name}: {_changes(one, found)}"
            for one in found.matches.changed
        ]
        told += [f"New directorate: {name}" for name in found.matches.new_directorates]
        for line in told[:SHOWN]:
            self.stdout.write(line)
        if len(told) > SHOWN:
            self.stdout.write(f"… and {len(told[SHOWN:])} more.")

    def _checks(self, title: str, checks: list[Check]) -> None:
        if not checks:
            return
        self.stdout.write(f"{title}:")
        for check in checks:
            verdict = "agrees" if check.is_exact else "within rounding" if check.holds else "DIFFERS"
            self.stdout.write(
                f"  row {check.row}, {check.what}: printed {check.words(check.printed)}, sum {check.words(check.computed)}, "
                f"gap {check.words(check.gap)}, tolerance {check.words(check.tolerance)}: {verdict}"
            )


def _changes(one: HeldProposal, found: ScheduleAssessment) -> str:
    unit = found.reading.unit
    return "; ".join(
        f"{item.year or 'total as printed'} {in_unit(item.before, unit)} → {in_unit(item.after, unit)}"
        for item in one.differences
    )


def _refusal(error: ScheduleRefusedError) -> str:
    count = len(error.assessment.problems)
    if count:
        return f"{count} problem{'' if count == 1 else 's'}. Nothing written."
    codes = [finding.code for finding in error.unconfirmed]
    return (
        f"To be confirmed: {', '.join(codes)}. Nothing written. Repeat with "
        f"{' '.join(f'--confirm {code}' for code in codes)} if it is right."
    )


def _done(found: ScheduleAssessment, *, is_dry: bool) -> str:
    if is_dry:
        return "Dry run: nothing written."
    return "Nothing to write: 0 changes." if found.changes_nothing else "Written."


def _profile_in(path: Path | None) -> ScheduleProfile:
    """The profile written in a TOML file; without one, headings are matched by their words."""
    if path is None:
        return NO_PROFILE
    try:
        return parse_schedule_profile(file_content(path).decode("utf-8-sig"))
    except (ProfileError, UnicodeDecodeError) as error:
        raise CommandError(f"{path}: {error}") from error
