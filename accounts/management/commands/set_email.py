"""Gives a person the address that reminders go to."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.operations import WrongAddressError, set_email


class Command(BaseCommand):
    """`set_email USER ADDRESS`."""

    help = "Give a person the e-mail address that reminders go to. A blank one takes it away."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and which."""
        parser.add_argument("username")
        parser.add_argument("address", help="for example name@example.gov.uk, or '' for none")

    def handle(self, *args: Any, **options: Any) -> None:
        """Set it, or say why not."""
        user = User.objects.filter(username__iexact=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no user named “{options['username']}”.")
        try:
            set_email(user=user, email=options["address"])
        except WrongAddressError as refusal:
            raise CommandError(str(refusal)) from refusal
        where = f"go to {user.email}" if user.email else "are not sent"
        self.stdout.write(f"Reminders to {user} {where}.")
