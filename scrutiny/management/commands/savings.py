"""Prints how a council's savings are getting on at one period: working figures, or those last published."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from savings.entries import SavingEntry, SavingsTotal
from savings.listing.delivery import savings_csv, savings_json, savings_table
from savings.listing.text import FORMATS
from savings.position.schedule import not_agreed
from savings.position.updates import savings_position
from scrutiny.content import digest_of
from scrutiny.models import Publication
from scrutiny.published import content_from
from services.management.arguments import council_named, period_opened
from services.models import MonitoringPeriod


class Command(BaseCommand):
    """manage.py savings --council SLUG --period 2023-24/p7 [--format table|csv|json] [--published]"""

    help = "Prints every agreed saving of a period's year and the totals: working figures, or with --published those last published."

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
        waiting: tuple[str, ...] = ()
        if options["published"]:
            savings, totals = _published(period, newest)
        else:
            position = savings_position(period.council, period)
            savings, totals = tuple(row.entry for row in position.rows), position.totals
            waiting = not_agreed(period.council, period.period.year)
        match options["format"]:
            case "json":
                printed = savings_json(
                    savings,
                    totals,
                    council=period.council.slug,
                    period=period.period.slug,
                    published=newest.version if newest else None,
                    not_agreed=waiting,
                )
            case "csv":
                printed = savings_csv(savings, totals)
            case _:
                which = (
                    f"published, version {newest.version}"
                    if options["published"] and newest
                    else "working figures"
                )
                heading = f"{period.council}, savings, {period.period.label}, {which}"
                printed = savings_table(savings, totals, heading=heading, not_agreed=waiting)
        self.stdout.write(printed)


def _published(
    period: MonitoringPeriod, newest: Publication | None
) -> tuple[tuple[SavingEntry, ...], tuple[SavingsTotal, ...]]:
    if newest is None:
        slug = period.council.slug
        raise CommandError(
            f"{period.period.label} of {period.council} has not been published. Leave out --published for the working figures, or publish it: "
            f"manage.py publish --council {slug} --period {period.period.slug} --by USER --approved-by USER"
        )
    if digest_of(newest.content) != newest.digest:
        raise CommandError(f"The stored content of {newest} does not have the digest it was published with.")
    content = content_from(newest.content).savings
    return content.savings, content.totals
