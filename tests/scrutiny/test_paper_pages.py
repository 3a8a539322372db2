"""Pages of reports: begun, written with the figures at hand, compared when two write at once, made final, read and printed."""

from io import BytesIO

import pikepdf
import pytest
from django.test import Client
from django_tasks_db.models import DBTaskResult

from presentation.pdf import PdfError
from scrutiny import tasks_papers
from scrutiny.models import Paper, RenderedPaper
from services.roles import Role
from tests.scrutiny.council import make_person
from tests.scrutiny.meeting_records import make_committee, make_exempt, make_item, make_meeting
from tests.scrutiny.paper_records import make_final, make_paper, put_options, write_section
from tests.scrutiny.question_records import publish_figures
from tests.support.pdf import accessibility_faults, text_of, ua_failures

pytestmark = pytest.mark.django_db
DESK = "/thorney/desk/papers/"


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def writer(thorney):
    return signed_in(thorney.officer)


@pytest.fixture
def reader(thorney):
    return signed_in(thorney.member)


@pytest.fixture
def publication(thorney):
    return publish_figures(thorney)


def shown(paper):
    """Put on an open item of a published agenda."""
    make_item(make_meeting(make_committee(paper.council), state="published"), paper=paper)
    return f"/thorney/papers/{paper.pk}/"


def section_form(section, **changed):
    said = {
        "kind": section.kind,
        "number": section.number,
        "heading": section.heading,
        "expected_version": section.version,
    }
    return said | changed


def work():
    """What the job worker does with what is waiting."""
    for waiting in DBTaskResult.objects.filter(status="READY"):
        waiting.task.func(*waiting.args_kwargs["args"], **waiting.args_kwargs["kwargs"])
        DBTaskResult.objects.filter(pk=waiting.pk).delete()


def test_an_officer_begins_the_months_report_and_sees_it_as_it_will_print(writer, publication):
    given = {"template": "monitoring", "title": "Month 7", "publication": publication.pk}
    response = writer.post(f"{DESK}new/", given)
    paper = Paper.objects.get()
    assert response["Location"] == f"{DESK}{paper.pk}/"
    assert writer.get(response["Location"]).status_code == 200
    page = writer.get(f"{DESK}{paper.pk}/preview/").content.decode()
    assert "Draft." in page
    assert '<table class="figures" id="position">' in page
    assert "{{" not in page
    assert "Month 7" in writer.get(DESK).content.decode()


def test_the_editor_offers_what_may_be_quoted_and_refuses_what_is_no_figure(writer, thorney, publication):
    section = write_section(make_paper(thorney.council, publication=publication), "1.1 So.")
    address = f"{DESK}{section.paper_id}/sections/{section.pk}/"
    page = writer.get(address).content.decode()
    assert "{{ line:&quot;Corporate parenting&quot; variance_after_reserves }}" in page
    response = writer.post(address, section_form(section, text="1.1 It is {{ settings.SECRET_KEY }}."))
    assert response.status_code == 422
    assert "Paragraph 1.1: “{{ settings.SECRET_KEY }}”" in response.content.decode()
    response = writer.post(
        address, section_form(section, number="4", numbering="on", text="It is {{ council drawdown }}.\n- so")
    )
    assert response.status_code == 302
    assert [(one.number, one.words) for one in section.paragraphs.all()] == [
        ("4.1", "It is {{ council drawdown }}."),
        ("", "so"),
    ]


def test_words_that_may_tell_who_a_child_is_are_asked_about(writer, thorney):
    section = write_section(make_paper(thorney.council), "1.1 So.")
    address = f"{DESK}{section.paper_id}/sections/{section.pk}/"
    response = writer.post(address, section_form(section, text="1.1 Two children aged 9 moved."))
    assert response.status_code == 422
    assert "may tell who a child is" in response.content.decode()


def test_two_who_write_one_section_are_compared(writer, thorney):
    section = write_section(make_paper(thorney.council), "1.1 First.")
    address = f"{DESK}{section.paper_id}/sections/{section.pk}/"
    begun = {"initial-text": "1.1 First.", "initial-heading": "Report", "initial-kind": "body"}
    assert writer.post(address, section_form(section, text="1.1 Theirs.", **begun)).status_code == 302
    response = writer.post(address, section_form(section, text="1.1 Mine.", **begun))
    assert response.status_code == 409
    page = response.content.decode()
    assert "1.1 Theirs." in page
    assert "1.1 Mine." in page


def test_options_are_written_a_line_each_and_the_report_made_final(writer, thorney):
    paper = make_paper(thorney.council)
    write_section(paper, "6.1 The options are:", kind="options")
    paper.refresh_from_db()
    address = f"{DESK}{paper.pk}/options/"
    response = writer.post(address, {"expected_version": paper.version, "options": "none of these"})
    assert "is no option" in response.content.decode()
    given = "6.2 Adopt it.\n6.4 Give it time:\n- 1 an extension"
    assert writer.post(address, {"expected_version": paper.version, "options": given}).status_code == 302
    paper.refresh_from_db()
    assert paper.options.count() == 3
    writer.post(f"{DESK}{paper.pk}/final/", {"seen": paper.version})
    paper.refresh_from_db()
    assert paper.state == Paper.State.FINAL
    assert writer.get(f"{DESK}{paper.pk}/choice/").status_code == 200


def test_sections_are_moved_and_taken_out(writer, thorney):
    paper = make_paper(thorney.council)
    one, two = (write_section(paper, "So.", heading=heading) for heading in ("One", "Two"))
    paper.refresh_from_db()
    place = f"{DESK}{paper.pk}/sections/"
    writer.post(f"{place}{two.pk}/move/", {"seen": paper.version, "to": "1"})
    assert [section.heading for section in paper.sections.all()] == ["Two", "One"]
    writer.post(f"{place}{one.pk}/remove/", {"seen": one.version})
    assert [section.heading for section in paper.sections.all()] == ["Two"]
    assert writer.get(f"{place}new/").status_code == 200


def test_members_read_a_final_report_and_the_agenda_leads_to_it(reader, thorney, publication):
    paper = make_paper(thorney.council, publication=publication, title="Placements at month 7")
    write_section(paper, "1.1 It is **{{ council variance_after_reserves short }}**.\n{{ table position }}")
    address = shown(paper)
    assert reader.get(address).status_code == 404
    make_final(paper)
    page = reader.get(address).content.decode()
    assert "Draft." not in page
    assert "<strong><span class=" in page
    meeting = paper.agenda_items.get().meeting_id
    assert address in reader.get(f"/thorney/meetings/{meeting}/").content.decode()


def test_the_desk_is_for_writers_and_an_exempt_report_for_those_who_may_read_it(reader, writer, thorney):
    paper = make_paper(thorney.council)
    for place in ("", "new/", f"{paper.pk}/", f"{paper.pk}/preview/", f"{paper.pk}/header/"):
        assert reader.get(DESK + place).status_code == 404
        assert writer.get(DESK + place).status_code == 200
    make_exempt(make_meeting(make_committee(thorney.council), state="published"), paper=paper)
    clerk = signed_in(make_person("clerk-of-thorney", thorney.council, Role.CLERK))
    assert writer.get(f"{DESK}{paper.pk}/").status_code == 404
    assert clerk.get(f"{DESK}{paper.pk}/").status_code == 200
    assert str(paper) not in writer.get(DESK).content.decode()


def test_the_worker_makes_the_pdf_and_nothing_typed_is_fetched(
    reader, thorney, publication, tmp_path, settings, django_capture_on_commit_callbacks
):
    settings.PDF_CACHE_DIR = tmp_path
    paper = make_paper(thorney.council, publication=publication, stamp="FOR DECISION")
    write_section(
        paper,
        "1.1 It is {{ council variance_after_reserves }}. <img src=http://127.0.0.1:9/x.png> ₤ ŵ ł עברית 😀\n"
        "- <style>@page { size: 1mm }</style>\n(i) one\n{{ table position }}",
        kind="options",
    )
    address = f"{shown(make_final(put_options(paper)))}report.pdf"
    with django_capture_on_commit_callbacks(execute=True):
        assert reader.get(address).status_code == 202
    work()
    content = reader.get(address).content
    words = " ".join(text_of(content).split())
    assert "<img src=http://127.0.0.1:9/x.png> ₤ ŵ ł" in words
    assert "FOR DECISION" in words
    assert "6.4" in words
    assert (accessibility_faults(content), ua_failures(content)) == ([], [])
    with pikepdf.open(BytesIO(content)) as pdf:
        assert list(pdf.attachments) == [f"paper-{paper.pk}-position.csv"]


def test_a_pdf_that_cannot_be_made_says_why_and_may_be_asked_for_again(
    reader, thorney, monkeypatch, django_capture_on_commit_callbacks
):
    def fails(*arguments, **options):
        raise PdfError("It takes too long.")

    monkeypatch.setattr(tasks_papers, "paper_pdf", fails)
    address = f"{shown(make_final(make_paper(thorney.council)))}report.pdf"
    with django_capture_on_commit_callbacks(execute=True):
        reader.get(address)
    work()
    assert "It takes too long." in reader.get(address).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        reader.post(address)
    assert RenderedPaper.objects.get().state == RenderedPaper.State.QUEUED


def test_a_draft_has_no_file(writer, thorney):
    paper = make_paper(thorney.council)
    assert writer.get(f"{DESK}{paper.pk}/report.pdf").status_code == 404
