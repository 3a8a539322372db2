"""Gives a person a role."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.operations import command_line_user
from services.management.arguments import council_named, person_named
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
        user = person_named(options["user"])
        role = _role(options["role"])
        council = council_named(options["council"]) if options["council"] else None
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


def _role(text: str) -> Role:
    name = text.strip().lower().replace("-", "_").replace(" ", "_")
    if name not in Role.values:
        raise CommandError(f"{text!r} is not a role. The roles are: {', '.join(Role.values)}.")
    return Role(name)


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
