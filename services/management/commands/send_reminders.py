"""Reminds people by e-mail of the month's steps that are late or due within two working days. Meant to be run once each morning."""

from datetime import date
from smtplib import SMTPException
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.operations import command_line_user
from services.management.arguments import council_named
from services.models import Council
from services.operations.reminders import message_for, send_reminder
from services.position.reminders import Reminder, reminders_due


class Command(BaseCommand):
    """`send_reminders [--council SLUG] [--date YYYY-MM-DD] [--dry-run]`."""

    help = "E-mail those whose step of a month is late or due within two working days. Nobody is told twice of a step on one day."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, for which day, and whether only to say what would be sent."""
        parser.add_argument("--council", metavar="SLUG", help="one council; otherwise every one")
        parser.add_argument(
            "--date", metavar="YYYY-MM-DD", help="the London day to send for; otherwise today"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be sent, and send nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Send, and say to whom; an address that is refused stops nobody else's."""
        today = _day(options["date"])
        sent, failed = [], []
        for council in _councils(options["council"]):
            for reminder in reminders_due(council, today=today):
                if options["dry_run"]:
                    self.stdout.write(f"Would send to {_words(reminder)}")
                    self.stdout.write(str(message_for(reminder).body))
                    continue
                try:
                    if send_reminder(by=command_line_user(), reminder=reminder, day=today):
                        sent.append(reminder)
                        self.stdout.write(f"Sent to {_words(reminder)}")
                except (SMTPException, OSError) as error:
                    failed.append(reminder)
                    self.stderr.write(f"Not sent to {_words(reminder)}: {error}")
        if not options["dry_run"]:
            self.stdout.write(f"Reminders sent: {len(sent)}")
        if failed:
            raise CommandError(f"{len(failed)} could not be sent. They are tried again at the next run.")


def _words(reminder: Reminder) -> str:
    what = f"{reminder.step.label}, {reminder.period.period.label}: {reminder.words}"
    return f"{reminder.post} ({reminder.period.council.name}): {what}"


def _day(text: str | None) -> date:
    if text is None:
        return timezone.localdate()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"--date: “{text}” is not a day. Write it like 2026-11-09.") from error


def _councils(slug: str | None) -> list[Council]:
    if slug is None:
        return list(Council.objects.order_by("slug"))
    return [council_named(slug)]
