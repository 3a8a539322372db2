"""Minutes as a page, a PDF and a Word document: in the committee's numbering, and of an exempt item nothing but its ground."""

import io
import re

import pikepdf
import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult
from docx import Document

from presentation.pdf import PdfError
from scrutiny import tasks_minutes
from scrutiny.committees.operations import minutes
from scrutiny.models import MinutesFile
from services.roles import Role
from tests.scrutiny.meeting_records import (
    in_days,
    make_committee,
    make_exempt,
    make_item,
    make_meeting,
    the_clerk,
)
from tests.scrutiny.question_records import make_action, make_answer, make_question, make_recommendation
from tests.services.factories import make_council, make_member_of
from tests.support.pdf import accessibility_faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting():
    """A meeting with something of everything, its minutes published; each secret has the word canary."""
    council = make_council()
    made = make_meeting(
        make_committee(council), state="minuted", day=in_days(-9), place="Room 1", note="As recorded."
    )
    made.minutes_published_at = made.agenda_published_at
    made.save()
    item, secret = make_item(made, "5", start_time="20.05"), make_exempt(made, "6")
    clerk = the_clerk(council)
    minutes.record_paragraph(by=clerk, item=item, number="6.22", words="First line.\nSecond line.")
    minutes.record_paragraph(by=clerk, item=secret, number="7.1", words="The canary price.")
    make_answer(make_question(item, "Why so?", number="6.33", order=5), "Prices rose.", code="HoF")
    make_answer(make_question(secret, "What is the canary?", number="7.2"), "The canary answer.")
    make_action(
        made.committee,
        "Bring the list.",
        raised_at=made,
        item=item,
        reference="(a)",
        is_due_next_meeting=True,
    )
    make_action(made.committee, "Bring the canary list.", raised_at=made, item=secret, reference="(b)")
    make_recommendation(made.committee, meeting=made, item=item)
    return made


@pytest.fixture
def member(meeting):
    client = Client()
    client.force_login(make_member_of(meeting.council, Role.SCRUTINY_MEMBER, username="reader"))
    return client


def address(meeting, name="minutes/"):
    return f"/{meeting.council.slug}/meetings/{meeting.pk}/{name}"


def work():
    """What the job worker does with what is waiting."""
    for waiting in DBTaskResult.objects.filter(status="READY"):
        waiting.task.func(*waiting.args_kwargs["args"], **waiting.args_kwargs["kwargs"])
        DBTaskResult.objects.filter(pk=waiting.pk).delete()


def made_file(member, meeting, kind, capture):
    with capture(execute=True):
        assert member.get(address(meeting, f"minutes.{kind}")).status_code == 202
    work()
    response = member.get(address(meeting, f"minutes.{kind}"))
    assert response.status_code == 200
    return response


def text_of(document):
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_the_page_keeps_the_committees_numbers_and_hides_the_exempt_item(member, meeting):
    page = " ".join(re.sub(r"<[^>]+>", " ", member.get(address(meeting)).content.decode()).split())
    assert page.index("6.22") < page.index("6.33")
    assert "Taken without the public. Paragraph 3: information relating to the financial" in page
    assert "canary" not in page
    assert "Head of Finance (HoF)" in page
    assert "the next meeting" in page


def test_minutes_that_are_not_published_are_not_there(member, meeting):
    meeting.minutes_published_at, meeting.state = None, "held"
    meeting.save()
    for name in ("minutes/", "minutes.pdf", "minutes.docx"):
        assert member.get(address(meeting, name)).status_code == 404
    assert member.get(address(meeting, "minutes.exe")).status_code == 404
    assert not MinutesFile.objects.exists()


@pytest.mark.slow
def test_the_pdf_is_accessible_and_holds_nothing_exempt(
    member, meeting, django_capture_on_commit_callbacks, settings, tmp_path
):
    settings.PDF_CACHE_DIR = tmp_path
    response = made_file(member, meeting, "pdf", django_capture_on_commit_callbacks)
    assert response["Content-Type"] == "application/pdf"
    assert accessibility_faults(response.content) == []
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert str(pdf.docinfo.Title) == "Minutes: Scrutiny Commission"
        raw = b"".join(
            one.read_bytes()
            for one in pdf.objects
            if isinstance(one, pikepdf.Stream) and "/Subtype" not in one
        )
    assert b"canary" not in raw + response.content


def test_the_word_document_has_headings_and_numbers_as_text(
    member, meeting, django_capture_on_commit_callbacks
):
    response = made_file(member, meeting, "docx", django_capture_on_commit_callbacks)
    assert "attachment" in response["Content-Disposition"]
    document = Document(io.BytesIO(response.content))
    text = text_of(document)
    headings = [paragraph.text for paragraph in document.paragraphs if paragraph.style.name == "Heading 1"]
    assert headings == ["5. Budget monitoring (20.05)", "6. Placement contracts", "Agreed", "Actions"]
    assert "6.22\tFirst line." in text
    assert "6.33\tWhy so? (the Chair)" in text
    assert "(a)\tBring the list. Owner: Director of Children’s Social Care. Due: the next meeting." in text
    assert "1\tRecommends: Publish unit costs every quarter. To: Cabinet." in text
    assert "canary" not in text
    assert document.core_properties.title == "Minutes: Scrutiny Commission"


def test_everybody_gets_the_same_bytes_until_the_minutes_are_corrected(
    member, meeting, django_capture_on_commit_callbacks
):
    first = made_file(member, meeting, "docx", django_capture_on_commit_callbacks).content
    assert member.get(address(meeting, "minutes.docx")).content == first
    item = meeting.items.get(number="5")
    minutes.record_paragraph(by=the_clerk_of(meeting), item=item, number="6.34", words="A correction.")
    second = made_file(member, meeting, "docx", django_capture_on_commit_callbacks).content
    assert "A correction." in text_of(Document(io.BytesIO(second)))
    assert MinutesFile.objects.count() == 1


def the_clerk_of(meeting):
    return meeting.items.get(number="5").questions.get().recorded_by


def test_a_file_that_could_not_be_made_says_why_and_may_be_asked_for_again(
    member, meeting, django_capture_on_commit_callbacks, monkeypatch
):
    def fails(*arguments, **options):
        raise PdfError("an image is missing", section="minutes", title="Minutes")

    monkeypatch.setattr(tasks_minutes, "minutes_pdf", fails)
    with django_capture_on_commit_callbacks(execute=True):
        member.get(address(meeting, "minutes.pdf"))
    work()
    page = member.get(address(meeting, "minutes.pdf"))
    assert page.status_code == 202
    assert "an image is missing" in page.content.decode()
    monkeypatch.setattr(tasks_minutes, "minutes_pdf", lambda *arguments, **options: b"%PDF-again")
    with django_capture_on_commit_callbacks(execute=True):
        assert member.post(address(meeting, "minutes.pdf")).status_code == 302
    work()
    assert member.get(address(meeting, "minutes.pdf")).content == b"%PDF-again"
