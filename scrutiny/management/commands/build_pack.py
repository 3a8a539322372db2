"""`build_pack`: a meeting's pack made, sealed and written to a file, in this command's own process and its workers."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from accounts.models import User
from scrutiny.committees.operations.packs import ask_pack, seal_pack
from scrutiny.models import Meeting, Pack
from scrutiny.tasks import render_pack
from services.management.arguments import person_named
from services.models import RoleAssignment
from services.operations.refusals import Refused
from services.roles import Role


class Command(BaseCommand):
    """Writes the bytes that the site serves. A pack that is sealed already is written as it is, unless a supplement is asked for."""

    help = "Makes and seals a meeting's public pack, or with --exempt its exempt pack, and writes the file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which pack, where to, and in whose name."""
        parser.add_argument(
            "--meeting", required=True, type=int, metavar="ID", help="the number in the meeting's address"
        )
        parser.add_argument("--output", required=True, type=Path, metavar="FILE.pdf")
        parser.add_argument(
            "--exempt", action="store_true", help="the exempt pack, from the exempt items alone"
        )
        parser.add_argument(
            "--supplement", action="store_true", help="what is new since the last pack was sealed"
        )
        parser.add_argument(
            "--by", metavar="USER", help="the clerk who seals it; needed where the council has several"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make, seal, write; a refusal changes nothing and writes nothing."""
        meeting = Meeting.objects.select_related("council", "committee").filter(pk=options["meeting"]).first()
        if meeting is None:
            raise CommandError(
                f"There is no meeting {options['meeting']}. The number stands in the meeting's address."
            )
        kind = Pack.Kind.EXEMPT if options["exempt"] else Pack.Kind.PUBLIC
        rows = Pack.objects.filter(meeting=meeting, kind=kind, state=Pack.State.SEALED).order_by("number")
        pack = rows.first()
        if pack is None or options["supplement"]:
            pack = self._made(meeting, kind, by=_clerk(meeting, options["by"]))
        content = bytes(pack.content or b"")
        try:
            options["output"].write_bytes(content)
        except OSError as error:
            raise CommandError(
                f"{options['output']} could not be written: {error.strerror}. The pack is sealed."
            ) from error
        self.stdout.write(
            f"Wrote {options['output']} ({len(content):,} bytes, {pack.pages} pages).\nDigest: {pack.digest}"
        )

    def _made(self, meeting: Meeting, kind: str, *, by: User) -> Pack:
        try:
            pack = ask_pack(by=by, meeting=meeting, kind=kind)
            render_pack.func(pack.pk)  # here and now; the job that waits for the worker then finds it made
            pack = Pack.objects.get(pk=pack.pk)
            if pack.state == Pack.State.FAILED:
                raise CommandError(f"The pack could not be made. {pack.error}")
            seal_pack(by=by, pack=pack, digest=pack.digest)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        return pack


def _clerk(meeting: Meeting, username: str | None) -> User:
    """Who seals: the one who is named, or the council's only clerk."""
    if username is not None:
        return person_named(username)
    here = Q(council=meeting.council) | Q(council__isnull=True)  # a role at every council is one here
    held = RoleAssignment.objects.filter(
        here, role=Role.CLERK, directorate__isnull=True, user__is_active=True
    )
    clerks = list(User.objects.filter(pk__in=held.values("user")).order_by("username"))
    if len(clerks) != 1:
        there = ", ".join(clerk.username for clerk in clerks) or "none"
        raise CommandError(
            f"Say with --by in whose name the pack is sealed. Clerks of {meeting.council}: {there}."
        )
    return clerks[0]
