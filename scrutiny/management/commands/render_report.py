"""`render_report`: a published period's budget monitoring report as a PDF file, made in this command's own process and its workers."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from presentation.pdf import PdfError
from scrutiny.access import publication_to_print, publication_to_print_of
from scrutiny.reports.document import report_pdf
from services.management.arguments import period_named


class Command(BaseCommand):
    """Writes the file that the page of the period serves: the same bytes."""

    help = "Renders a published period's budget monitoring report as a PDF file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which publication, and where to."""
        parser.add_argument("--council", required=True, metavar="SLUG")
        parser.add_argument("--period", required=True, help="as 2023-24/p7")
        parser.add_argument("--version-number", type=int, metavar="N", help="a version other than the latest")
        parser.add_argument("--output", required=True, type=Path, metavar="FILE.pdf")

    def handle(self, *args: Any, **options: Any) -> None:
        """Render, then write; nothing is left half written."""
        period = period_named(options["period"])
        slug, version = options["council"], options["version_number"]
        publication_id = publication_to_print_of(slug, period, version)
        if publication_id is None:
            which = f"version {version} of {period}" if version else str(period)
            raise CommandError(
                f"{which} of the council “{slug}” has not been published, so there is no report. Publish it first, "
                "or check the council's slug and the period."
            )
        published, history = publication_to_print(publication_id)
        try:
            content = report_pdf(published, history=history, cache_dir=settings.PDF_CACHE_DIR)
        except PdfError as error:
            raise CommandError(f"The report could not be made. {error}") from error
        self._write(options["output"], content)

    def _write(self, output: Path, content: bytes) -> None:
        try:
            output.write_bytes(content)
        except OSError as error:
            raise CommandError(f"{output} could not be written: {error.strerror}.") from error
        self.stdout.write(f"Wrote {output} ({len(content):,} bytes).")
