"""Gives a person a role."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.operations import command_line_user
from services.models import Council, Directorate
from services.operations.refusals import AlreadyDoneError, Refused
from services.operations.role_assignments import assign_role
from services.roles import Role


class Command(BaseCommand):
    """`grant_role USER ROLE [--council SLUG] [--directorate NAME]`."""

    help = "Give a person a role at a council, perhaps only for one directorate; without --council at every council."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """USER is a user name; ROLE may be written with a hyphen, a space or an underscore."""
        parser.add_argument("user")
        parser.add_argument("role", help=", ".join(role.value for role in Role))
        parser.add_argument("--council", metavar="SLUG")
        parser.add_argument("--directorate", metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        """Give the role, or say why not; a role held already is no error."""
        user = _user(options["user"])
        role = _role(options["role"])
        council = _council(options["council"]) if options["council"] else None
        directorate = _directorate(council, options["directorate"]) if options["directorate"] else None
        where = directorate or council or "every council"
        try:
            assign_role(
                by=command_line_user(), user=user, role=role, council=council, directorate=directorate
            )
        except AlreadyDoneError as done:
            self.stdout.write(str(done))
            return
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.username} is now {role.label.lower()}, {where}. {role.prose}")


def _user(username: str) -> User:
    user = User.objects.filter(username__iexact=username).first()
    if user is None:
        raise CommandError(
            f"There is no user named {username!r}. Make one with 'manage.py createsuperuser' or in the browser."
        )
    return user


def _role(text: str) -> Role:
    name = text.strip().lower().replace("-", "_").replace(" ", "_")
    if name not in Role.values:
        raise CommandError(f"{text!r} is not a role. The roles are: {', '.join(Role.values)}.")
    return Role(name)


def _council(slug: str) -> Council:
    council = Council.objects.filter(slug=slug).first()
    if council is None:
        known = ", ".join(Council.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        raise CommandError(f"There is no council {slug!r}. The councils are: {known}.")
    return council


def _directorate(council: Council | None, name: str) -> Directorate:
    if council is None:
        raise CommandError("--directorate needs --council: say whose directorate it is.")
    directorate = Directorate.objects.filter(council=council, name=name).first()
    if directorate is None:
        known = ", ".join(
            Directorate.objects.filter(council=council)
            .order_by("order", "name")
            .values_list("name", flat=True)
        )
        raise CommandError(
            f"{council} has no directorate {name!r}. Its directorates are: {known or 'none yet'}."
        )
    return directorate
