"""What the job worker does for minutes: it makes their files, which no request ever does."""

import logging

from django.conf import settings
from django_tasks import task

from presentation.pdf import PdfError
from scrutiny.committees.minutes_printing import minutes_docx, minutes_pdf, wording_of
from scrutiny.committees.operations.minutes_files import begin_minutes, fail_minutes, finish_minutes
from scrutiny.committees.public.minutes import minutes_to_print

logger = logging.getLogger(__name__)
UNEXPECTED = "Something unexpected went wrong. The server's log says what; tell whoever runs this site."


@task()
def render_minutes(meeting_id: int, kind: str) -> None:
    """Make the minutes' file and keep it, or keep why it could not be made."""
    if not begin_minutes(meeting_id=meeting_id, kind=kind):
        return
    try:
        minutes = minutes_to_print(meeting_id)
        is_pdf = kind == "pdf"
        content = minutes_pdf(minutes, cache_dir=settings.PDF_CACHE_DIR) if is_pdf else minutes_docx(minutes)
    except PdfError as error:
        fail_minutes(meeting_id=meeting_id, kind=kind, error=str(error))
    except Exception:
        logger.exception("The minutes of meeting %s could not be made.", meeting_id)
        fail_minutes(meeting_id=meeting_id, kind=kind, error=UNEXPECTED)
    else:
        finish_minutes(meeting_id=meeting_id, kind=kind, wording=wording_of(minutes), content=content)
