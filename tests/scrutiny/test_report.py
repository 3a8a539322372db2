"""The budget monitoring report: asked for once, made by the worker, the same bytes for everyone, accessible."""

import hashlib
import io
import re
import sys
from dataclasses import replace
from datetime import timedelta

import pikepdf
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from presentation.pdf import PdfError
from scrutiny import access, tasks
from scrutiny.models import RenderedReport
from scrutiny.reports.document import report_document, report_pdf
from scrutiny.reports.operations import ABANDONED_AFTER, request_report
from scrutiny.reports.recommendations import outturn_in_full
from scrutiny.tables import appendix_tables
from tests.scrutiny.council import open_month
from tests.scrutiny.pages import publish_period
from tests.scrutiny.records import figures, line, whole
from tests.support.pdf import accessibility_faults, archive_failures, text_of

REPORT = "/thorney/2023-24/p7/report.pdf"


@pytest.fixture
def member(thorney):
    client = Client()
    client.force_login(thorney.member)
    return client


@pytest.fixture
def quick(monkeypatch):
    """A report made without rendering, for tests of the steps around it."""
    monkeypatch.setattr(tasks, "report_pdf", lambda *arguments, **options: b"%PDF-quick")


def work():
    """What the job worker does with what is waiting."""
    for waiting in DBTaskResult.objects.filter(status="READY"):
        waiting.task.func(*waiting.args_kwargs["args"], **waiting.args_kwargs["kwargs"])
        DBTaskResult.objects.filter(pk=waiting.pk).delete()


def ask(client, capture):
    with capture(execute=True):
        return client.get(REPORT)


def test_the_first_to_ask_gets_a_page_that_says_it_is_being_made(
    thorney, member, django_capture_on_commit_callbacks
):
    publish_period(thorney)
    response = ask(member, django_capture_on_commit_callbacks)
    assert response.status_code == 202
    page = response.content.decode()
    assert "The report is being made" in page
    assert "Waiting to be made" in page
    assert 'data-report="/thorney/2023-24/p7/v1/report.pdf"' in page
    assert DBTaskResult.objects.count() == 1


def test_asking_again_while_it_waits_does_not_make_it_twice(
    thorney, member, django_capture_on_commit_callbacks
):
    publish_period(thorney)
    for _ in range(3):
        ask(member, django_capture_on_commit_callbacks)
    assert DBTaskResult.objects.count() == 1


def test_once_made_the_file_is_served_with_a_clear_name(
    thorney, member, quick, django_capture_on_commit_callbacks
):
    publish_period(thorney)
    ask(member, django_capture_on_commit_callbacks)
    work()
    response = member.get(REPORT)
    assert (response.status_code, response.content, response["Content-Type"]) == (
        200,
        b"%PDF-quick",
        "application/pdf",
    )
    assert response["Content-Disposition"] == 'inline; filename="thorney-2023-24-p7-v1-budget-monitoring.pdf"'
    report = RenderedReport.objects.get()
    assert (report.state, report.digest) == ("done", hashlib.sha256(b"%PDF-quick").hexdigest())


def test_a_repeated_job_does_not_replace_the_file(
    thorney, quick, monkeypatch, django_capture_on_commit_callbacks
):
    publication = publish_period(thorney)
    with django_capture_on_commit_callbacks(execute=True):
        request_report(publication_id=publication.pk)
    work()
    monkeypatch.setattr(tasks, "report_pdf", lambda *arguments, **options: b"%PDF-other")
    tasks.render_report.func(publication.pk)
    assert bytes(RenderedReport.objects.get().content) == b"%PDF-quick"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (PdfError("It has no title.", section="report", title="Report"), "It has no title."),
        (ZeroDivisionError("secret detail"), "Something unexpected went wrong."),
    ],
)
def test_a_report_that_cannot_be_made_says_why_and_can_be_asked_for_again(
    thorney, member, monkeypatch, caplog, fault, words, django_capture_on_commit_callbacks
):
    def fail(*arguments, **options):
        raise fault

    monkeypatch.setattr(tasks, "report_pdf", fail)
    publish_period(thorney)
    ask(member, django_capture_on_commit_callbacks)
    work()
    page = ask(member, django_capture_on_commit_callbacks).content.decode()
    assert "The report could not be made" in page
    assert words in page
    assert "secret detail" not in page
    assert DBTaskResult.objects.count() == 0  # looking does not ask again
    with django_capture_on_commit_callbacks(execute=True):
        assert member.post(REPORT).status_code == 302
    assert RenderedReport.objects.get().state == "queued"
    assert DBTaskResult.objects.count() == 1


def test_a_report_whose_worker_was_lost_is_asked_for_anew(
    thorney, member, django_capture_on_commit_callbacks
):
    publish_period(thorney)
    ask(member, django_capture_on_commit_callbacks)
    long_ago = timezone.now() - ABANDONED_AFTER - timedelta(minutes=1)
    RenderedReport.objects.update(state="running", requested_at=long_ago, started_at=long_ago)
    ask(member, django_capture_on_commit_callbacks)
    assert RenderedReport.objects.get().state == "queued"
    assert DBTaskResult.objects.count() == 2


def test_no_request_loads_what_renders(thorney, member, django_capture_on_commit_callbacks):
    publish_period(thorney)
    already = "weasyprint" in sys.modules
    ask(member, django_capture_on_commit_callbacks)
    assert ("weasyprint" in sys.modules) == already


def test_a_position_is_said_in_whole_pounds_for_the_committee_to_note():
    assert outturn_in_full(figures("100000000", "107400000", drawdown="3600000"), is_outturn=False) == (
        "a forecast outturn £3,800,000 over budget after reserves: £7,400,000 over budget before reserves, "
        "with £3,600,000 drawn from reserves"
    )
    assert outturn_in_full(figures("100", "100"), is_outturn=True) == (
        "an outturn on budget after reserves: on budget before reserves, with no use of reserves"
    )
    assert outturn_in_full(figures(forecast=None), is_outturn=False) == "an outturn that is not yet known"


@pytest.fixture
def made(thorney, tmp_path):
    """A real report of the second of two published months."""
    publish_period(thorney)
    publication = publish_period(thorney, open_month(thorney, 8))
    published, history = access.publication_to_print(publication.pk)
    return published, report_pdf(published, history=history, cache_dir=tmp_path)


@pytest.mark.slow
def test_the_report_is_what_a_committee_gets(made, thorney, tmp_path):
    published, content = made
    assert accessibility_faults(content) == []
    assert archive_failures(content) == []
    words = " ".join(text_of(content).split())
    for sentence in (
        "Children's services budget monitoring, Month 8 (November 2023)",
        "Report of Head",
        "Classification Open",
        "1.1 Children's services will overspend by £4.6m after using £1.3m of reserves",
        "2.1 The committee is asked to note:",
        "a forecast outturn £4,582,999 over budget after reserves: £5,948,999 over budget before reserves",
        "the Dedicated Schools Grant, which is in no figure above: Cumulative SEND deficit, £21,000,000 at 31 March 2024.",
        "7. Dedicated Schools Grant, kept apart",
        "ends on 31 March 2026",
        "Appendix A: all figures by line",
        "Appendix B: where marked figures come from",
        f"Figures as published on {timezone.localtime(published.published_at):%-d %B %Y}, version 1. Digest {published.digest[:16]}",
        "Page 1 of",
    ):
        assert sentence in words, sentence
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.docinfo["/Title"]).startswith("Children's services budget monitoring")
        with pdf.open_outline() as outline:
            marks = [item.title for item in outline.root]
            inner = [child.title for item in outline.root for child in item.children]
        assert set(pdf.attachments) == {f"thorney-2023-24-p8-v1-{name}.csv" for name in ("position", "lines")}
        landscape = [page.mediabox[2] > page.mediabox[3] for page in pdf.pages]
    assert any(title.startswith("Children's services") for title in marks)
    assert "3. Position by service" in [*marks, *inner]
    assert True in landscape
    assert landscape[0] is False
    again, history = access.publication_to_print(access.publication_to_print_of("thorney", published.period))
    assert report_pdf(again, history=history, cache_dir=None) == content, (
        "the same figures give the same bytes"
    )


@pytest.mark.slow
def test_no_number_is_broken_over_two_lines_however_large(tmp_path):
    big = figures("1137425000", "1268931000", drawdown="98765000", contribution="12345000", last="0")
    published = replace(
        whole(
            big,
            lines=[
                line(
                    "Placements",
                    replace(big, commitments=big.revised_budget, actual_to_date=big.revised_budget),
                )
            ],
        ),
        approved_by="Head of finance",
    )
    words = " ".join(text_of(report_pdf(published, history=(), cache_dir=tmp_path), "-raw").split())
    (table,) = appendix_tables(published)
    assert len(table.figure_columns) > 15
    for row in table.all_rows:
        assert " ".join(column.cell_text(row) for column in table.figure_columns) in words


def test_a_report_says_the_same_whatever_is_published_after_it(thorney):
    first = publish_period(thorney)
    before = document_of(first)
    publish_period(thorney, open_month(thorney, 8))
    access._read.cache_clear()
    assert document_of(first) == before


def document_of(publication):
    published, history = access.publication_to_print(publication.pk)
    return report_document(published, history=history)


def test_the_command_writes_the_file_that_the_page_serves(thorney, quick, monkeypatch, tmp_path):
    from scrutiny.management.commands import render_report as command

    monkeypatch.setattr(command, "report_pdf", lambda *arguments, **options: b"%PDF-quick")
    publish_period(thorney)
    target = tmp_path / "report.pdf"
    call_command("render_report", council="thorney", period="2023-24/p7", output=target, stdout=io.StringIO())
    assert target.read_bytes() == b"%PDF-quick"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"period": "2023-24/p9"}, "has not been published"),
        ({"period": "2023-25/p1"}, "is not a financial year"),
        ({"council": "nowhere"}, "has not been published"),
        ({"version_number": 4}, "version 4"),
    ],
)
def test_the_command_says_what_is_wrong(thorney, tmp_path, options, words):
    publish_period(thorney)
    given = {"council": "thorney", "period": "2023-24/p7", "output": tmp_path / "r.pdf"} | options
    with pytest.raises(CommandError, match=re.escape(words)):
        call_command("render_report", **given)
    assert not (tmp_path / "r.pdf").exists()


def test_a_folder_that_is_not_there_is_named(thorney, monkeypatch, tmp_path):
    from scrutiny.management.commands import render_report as command

    monkeypatch.setattr(command, "report_pdf", lambda *arguments, **options: b"%PDF-quick")
    publish_period(thorney)
    with pytest.raises(CommandError, match="could not be written"):
        call_command(
            "render_report", council="thorney", period="2023-24/p7", output=tmp_path / "none" / "r.pdf"
        )
