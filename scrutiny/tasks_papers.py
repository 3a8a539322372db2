"""What the job worker does for reports to committees: it makes the file of a final one, which no request ever does."""

import logging

from django.conf import settings
from django_tasks import task

from presentation.pdf import PdfError
from scrutiny.committees.operations.rendered_papers import begin_paper, fail_paper, finish_paper
from scrutiny.committees.papers.document import paper_pdf
from scrutiny.committees.reading_papers import paper_to_print

logger = logging.getLogger(__name__)


@task()
def render_paper(paper_id: int) -> None:
    """Make one final report's file and keep it, or keep why it could not be made."""
    asked_at = begin_paper(paper_id=paper_id)
    if asked_at is None:
        return
    try:
        content = paper_pdf(paper_to_print(paper_id), dated=asked_at, cache_dir=settings.PDF_CACHE_DIR)
    except PdfError as error:
        fail_paper(paper_id=paper_id, error=str(error))
    except Exception:
        logger.exception("The file of report %s could not be made.", paper_id)
        fail_paper(
            paper_id=paper_id,
            error="Something unexpected went wrong. The server's log says what; tell whoever runs this site.",
        )
    else:
        finish_paper(paper_id=paper_id, content=content)
