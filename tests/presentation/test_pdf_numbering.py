"""Pages that go on from another document's, marks at their heads, and how far the work is."""

import io
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pytest

from presentation.pdf import PdfDocument, PdfError, PdfSection, build_pdf
from tests.support.pdf import accessibility_faults, text_of

DOCUMENT = PdfDocument(
    title="Supplement",
    subject="A meeting",
    author="Thorney",
    dated=datetime(2026, 1, 1, tzinfo=UTC),
    sections=(
        PdfSection("cover", "<h1>Cover</h1>", "Cover"),
        PdfSection("late", "<h1>Late item</h1>", "Late item", mark="KEPT: prices"),
    ),
    contents=True,
    first_page=23,
    mark="KEPT",
)


@pytest.mark.slow
def test_a_supplement_goes_on_with_the_pages_in_print_in_labels_and_in_the_contents():
    content = build_pdf(DOCUMENT)
    pages = text_of(content, "-layout").split("\f")[:-1]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        labels = [page.label for page in pdf.pages]
    assert labels == ["23", "24", "25"]
    assert [f"Page {label} of 25" in page for label, page in zip(labels, pages, strict=True)] == [True] * 3
    assert next(line for line in pages[1].splitlines() if "Late item" in line).split()[-1] == "25"
    assert accessibility_faults(content) == ["page labels are not 1, 2, 3"]


@pytest.mark.slow
def test_every_page_has_its_own_mark_or_the_documents_that_of_the_contents_too():
    pages = text_of(build_pdf(DOCUMENT)).split("\f")[:-1]
    assert ["KEPT" in page for page in pages] == [True] * 3
    assert ["KEPT: prices" in page for page in pages] == [False, False, True]


@pytest.mark.slow
def test_progress_is_told_and_may_end_the_work(tmp_path):
    told = []
    build_pdf(DOCUMENT, cache_dir=tmp_path, processes=1, on_progress=lambda *now: told.append(now))
    assert told == [(0, 2), (1, 2), (2, 2)]
    told.clear()
    build_pdf(DOCUMENT, cache_dir=tmp_path, on_progress=lambda *now: told.append(now))
    assert told == [(2, 2)], "what is kept from last time is there at once"

    class StopError(Exception):
        pass

    def stop(done, total):
        raise StopError

    with pytest.raises(StopError):
        build_pdf(DOCUMENT, on_progress=stop)


def test_pages_are_not_numbered_from_nought():
    with pytest.raises(PdfError, match="numbered from 0"):
        build_pdf(replace(DOCUMENT, first_page=0))
