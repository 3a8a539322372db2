"""Publishes a period in the names of two people: the one who proposes it and the one who approves it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounting.funds import Fund
from accounting.wording import format_money, over_under
from scrutiny.models import Publication
from scrutiny.operations import publish
from scrutiny.published import COUNCIL, content_from
from services.management.arguments import council_named, period_opened, person_named
from services.operations.refusals import Refused


class Command(BaseCommand):
    """manage.py publish --council SLUG --period 2023-24/p7 --by USER --approved-by USER"""

    help = "Freezes a period as it now stands, as its next version. The two people must differ, and each must be allowed their part."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the council, the period and the two people."""
        parser.add_argument("--council", required=True, metavar="SLUG", help="the council's short name")
        parser.add_argument("--period", required=True, help="written like 2023-24/p7")
        parser.add_argument("--by", required=True, metavar="USER", help="who submits and proposes it")
        parser.add_argument("--approved-by", required=True, metavar="USER", help="who approves it")

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish, or say why not; a refusal changes nothing."""
        council = council_named(options["council"])
        period = period_opened(council, options["period"])
        by, approved_by = person_named(options["by"]), person_named(options["approved_by"])
        try:
            publication = publish(by=by, approved_by=approved_by, council=council, period=period)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(_report(publication))


def _report(publication: Publication) -> str:
    content = content_from(publication.content)
    total = content.total(COUNCIL, Fund.GENERAL_FUND)
    lines = [
        f"Published: {content.council_name}, {publication}",
        f"Digest: {publication.digest}",
        f"By {publication.published_by_post}, approved by {publication.approved_by_post}",
    ]
    if total is not None:
        for words, variance in (
            ("before", total.figures.variance_before_reserves),
            ("after", total.figures.variance_after_reserves),
        ):
            lines.append(
                f"General Fund variance {words} reserves: {format_money(variance, places=2)} ({over_under(variance)})"
            )
    lines += [f"Note: {warning}" for warning in content.warnings]
    lines += [f"Changed: {change}" for change in publication.changes]
    return "\n".join(lines)
