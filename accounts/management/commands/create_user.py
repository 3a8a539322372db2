"""Makes a person who can sign in; `grant_role` then says what they may do."""

import getpass
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.operations import UserExistsError, WeakPasswordError, WrongAddressError, create_user


class Command(BaseCommand):
    """Asks for the password, so that it stands in no shell history; a script gives it on standard input."""

    help = "Make a person who can sign in. The password is asked for, or read from standard input."

    def add_arguments(self, parser: CommandParser) -> None:
        """The name they sign in with, and the post they hold."""
        parser.add_argument("username")
        parser.add_argument("--post", required=True, help="the post they hold, for example “Head of Finance”")
        parser.add_argument(
            "--email", default="", help="where reminders go; set_email gives or changes it later"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the person, or say why not."""
        try:
            user = create_user(
                username=options["username"],
                post=options["post"],
                email=options["email"],
                password=_password(),
            )
        except (UserExistsError, WeakPasswordError, WrongAddressError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"Made {user.username}, {user.post}.")
        self.stdout.write(f"Next: manage.py grant_role {user.username} ROLE --council SLUG")


def _password() -> str:
    """The password, typed twice at a terminal, or one line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise CommandError("The two passwords differ. Nobody was made.")
    return password
