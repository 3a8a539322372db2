"""Re-computes every chain of the audit trail, and compares it with heads that were kept elsewhere."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from services import audit
from services.models import Council


class Command(BaseCommand):
    """`verify_audit [--heads FILE] [--write-heads FILE]`."""

    help = (
        "Re-compute every hash chain of the audit trail; exit with an error if one is broken. A chain cut short at its end agrees with "
        "itself, so keep its head on another machine (--write-heads) and compare with it (--heads)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Both files hold JSON: for each council its last sequence and hash."""
        parser.add_argument("--heads", metavar="FILE", help="compare with heads written earlier")
        parser.add_argument(
            "--write-heads", metavar="FILE", help="write the heads found, if nothing is broken"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each chain's head; raise `CommandError` naming every broken chain."""
        kept = read_heads(Path(options["heads"])) if options["heads"] else {}
        names = {audit.SITE: "the site"} | dict(Council.objects.values_list("pk", "slug"))
        heads = audit.heads()
        for council_id, head in heads.items():
            name = names.get(council_id, f"council {council_id}, which is gone")
            self.stdout.write(f"{name}: {head.sequence} entries, head {head.hash}")
        for council_id, steps in audit.clock_steps().items():
            name = names.get(council_id, f"council {council_id}, which is gone")
            self.stdout.write(
                f"Note: {name}: {steps} entries are dated before the one they follow, because the clock went back. The order is that of the numbers."
            )
        broken = [*audit.broken_chains(), *audit.cut_short(kept)]
        if broken:
            lines = [
                f"{names.get(one.council_id, f'council {one.council_id}')}: entry {one.sequence}: {one.problem}"
                for one in broken
            ]
            raise CommandError("The audit trail is broken.\n" + "\n".join(lines))
        self.stdout.write(f"Every chain holds: {len(heads)} checked.")
        if options["write_heads"]:
            write_heads(Path(options["write_heads"]), heads)
            self.stdout.write(f"Heads written to {options['write_heads']}; keep them on another machine.")


def write_heads(path: Path, heads: dict[int, audit.Head]) -> None:
    """Write heads as JSON."""
    content = {
        str(council_id): {"sequence": head.sequence, "hash": head.hash} for council_id, head in heads.items()
    }
    try:
        path.write_text(json.dumps(content, indent=2) + "\n")
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from error


def read_heads(path: Path) -> dict[int, audit.Head]:
    """Read what `write_heads` wrote; `CommandError` if the file is not that."""
    try:
        content = json.loads(path.read_text())
        return {
            int(council_id): audit.Head(int(head["sequence"]), str(head["hash"]))
            for council_id, head in content.items()
        }
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise CommandError(f"{path} is not a file of heads as --write-heads makes it.") from error
