"""What the job worker does for members' pages: it makes reports, which no request ever does."""

import logging

from django.conf import settings
from django_tasks import task

from presentation.pdf import PdfError
from scrutiny.access import publication_to_print
from scrutiny.reports.document import report_pdf
from scrutiny.reports.operations import begin_report, fail_report, finish_report

logger = logging.getLogger(__name__)


@task()
def render_report(publication_id: int) -> None:
    """Make one publication's report and keep it, or keep why it could not be made."""
    if not begin_report(publication_id=publication_id):
        return
    try:
        published, history = publication_to_print(publication_id)
        content = report_pdf(published, history=history, cache_dir=settings.PDF_CACHE_DIR)
    except PdfError as error:
        fail_report(publication_id=publication_id, error=str(error))
    except Exception:
        logger.exception("The report of publication %s could not be made.", publication_id)
        fail_report(
            publication_id=publication_id,
            error="Something unexpected went wrong. The server's log says what; tell whoever runs this site.",
        )
    else:
        finish_report(publication_id=publication_id, content=content)
