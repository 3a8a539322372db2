"""Prints a council's position at one period: working figures, or those last published."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from scrutiny.content import digest_of
from scrutiny.freezing import freeze
from scrutiny.listing import as_csv, as_json, as_table
from scrutiny.models import Publication
from scrutiny.published import PeriodContent, content_from
from services.management.arguments import council_named, period_opened
from services.models import MonitoringPeriod

FORMATS = ("table", "csv", "json")


class Command(BaseCommand):
    """manage.py position --council SLUG --period 2023-24/p7 [--format table|csv|json] [--published]"""

    help = "Prints the position of every line and total: working figures, or with --published those last published."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the council, the period, the format and which figures."""
        parser.add_argument("--council", required=True, metavar="SLUG", help="the council's short name")
        parser.add_argument("--period", required=True, help="written like 2023-24/p7")
        parser.add_argument(
            "--format", choices=FORMATS, default="table", help="table (the default), csv or json"
        )
        parser.add_argument("--published", action="store_true", help="the figures last published")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print, or say why not."""
        period = period_opened(council_named(options["council"]), options["period"])
        newest = Publication.objects.filter(monitoring_period=period).order_by("-version").first()
        content = (
            _published(period, newest) if options["published"] else freeze(period.council, period).content
        )
        match options["format"]:
            case "json":
                printed = as_json(content, published=newest.version if newest else None)
            case "csv":
                printed = as_csv(content)
            case _:
                which = newest if options["published"] and newest else None
                printed = as_table(content, heading=_heading(content, which))
        self.stdout.write(printed)


def _published(period: MonitoringPeriod, newest: Publication | None) -> PeriodContent:
    if newest is None:
        slug = period.council.slug
        raise CommandError(
            f"{period.period.label} of {period.council} has not been published. Leave out --published for the working figures, or publish it: "
            f"manage.py publish --council {slug} --period {period.period.slug} --by USER --approved-by USER"
        )
    if digest_of(newest.content) != newest.digest:
        raise CommandError(f"The stored content of {newest} does not have the digest it was published with.")
    return content_from(newest.content)


def _heading(content: PeriodContent, publication: Publication | None) -> str:
    which = f"published, version {publication.version}" if publication else "working figures"
    return f"{content.council_name}, {content.period.label}, {which}"
