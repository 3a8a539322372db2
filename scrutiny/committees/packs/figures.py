"""A publication's budget monitoring report as part of a pack: the same sections, one level of headings further down."""

import re
from dataclasses import replace

from django.utils.safestring import SafeString, mark_safe

from presentation.pdf import PdfAttachment, PdfSection
from scrutiny.access import publication_to_print
from scrutiny.reports.document import report_document

# Our own templates made the headings, and escaped what people wrote, so that no other text can look like one.
_HEADING = re.compile(r"<(/?)h([1-5])(?=[\s>])")


def report_parts(
    publication_id: int, *, key: str, label: str
) -> tuple[SafeString, tuple[PdfSection, ...], tuple[PdfAttachment, ...]]:
    """The report's body to stand under an item's heading, its appendices as sections named after the item, and its files. Four queries."""
    published, history = publication_to_print(publication_id)
    document = report_document(published, history=history)
    body, *appendices = document.sections
    return (
        one_level_down(body.html),
        tuple(
            replace(
                one,
                key=f"{key}-{one.key}",
                html=one_level_down(one.html),
                title=f"{label}, {_small(one.title)}",
            )
            for one in appendices
        ),
        document.attachments,
    )


def one_level_down(html: str) -> SafeString:
    """Every heading of a fragment of ours one level lower."""
    return mark_safe(_HEADING.sub(lambda match: f"<{match[1]}h{int(match[2]) + 1}", html))


def _small(title: str) -> str:
    return f"{title[0].lower()}{title[1:]}"
