"""What the job worker does for members' pages: it makes reports and packs, which no request ever does."""

import logging

from django.conf import settings
from django_tasks import task

from presentation.pdf import PdfError
from scrutiny.access import publication_to_print
from scrutiny.committees.operations.pack_work import (
    PackStoppedError,
    begin_pack,
    fail_pack,
    finish_pack,
    note_progress,
)
from scrutiny.committees.packs.content import NothingNewError
from scrutiny.committees.packs.making import made_pack
from scrutiny.reports.document import report_pdf
from scrutiny.reports.operations import begin_report, fail_report, finish_report

logger = logging.getLogger(__name__)
UNEXPECTED = "Something unexpected went wrong. The server's log says what; tell whoever runs this site."


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
        fail_report(publication_id=publication_id, error=UNEXPECTED)
    else:
        finish_report(publication_id=publication_id, content=content)


@task()
def render_pack(pack_id: int) -> None:
    """Make one pack and keep it to be looked at, or keep why it could not be made. A pack that is cancelled meanwhile is left alone."""
    pack = begin_pack(pack_id=pack_id)
    if pack is None:
        return

    def tell(done: int, total: int) -> None:
        note_progress(pack=pack, done=done, total=total)

    try:
        made = made_pack(pack, on_progress=tell, cache_dir=settings.PDF_CACHE_DIR)
    except PackStoppedError:
        return
    except (PdfError, NothingNewError) as error:
        fail_pack(pack=pack, error=str(error))
    except Exception:
        logger.exception("Pack %s could not be made.", pack_id)
        fail_pack(pack=pack, error=UNEXPECTED)
    else:
        finish_pack(pack=pack, made=made)
