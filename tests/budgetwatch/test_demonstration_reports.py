"""The papers' reports as the demonstration holds them: in their own numbering, figures from the publication, and no person's name."""

import re
import tomllib
from html import unescape

import pytest
from django.conf import settings

from accounts.operations import command_line_user
from budgetwatch.demonstration import committees, papers, reports
from budgetwatch.demonstration.sign_ins import ensure_people
from scrutiny.access import publication_to_print
from scrutiny.committees.papers.document import paper_body
from scrutiny.committees.papers.references import references_in
from scrutiny.committees.public import papers as public
from scrutiny.models import Paper, PaperParagraph
from services.audit import broken_chains
from services.models import AuditEntry, Council

pytestmark = pytest.mark.django_db
FIXTURES = settings.BASE_DIR / "fixtures"
FOLDER = FIXTURES / "committees"
SLUGS = ("lbbd", "rbkc")


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    """The two councils whose papers are reports, with these on their meetings' agendas."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        by = command_line_user()
        people = ensure_people(by=by)
        for slug in SLUGS:
            council = papers.load(FIXTURES / f"{slug}.toml", by=by, people=people)
            assert reports.load(FOLDER / f"{slug}_papers.toml", council=council, clerk=people["clerk"])
            committees.load(FOLDER / f"{slug}.toml", council=council, clerk=people["clerk"])
        yield people
        transaction.set_rollback(True)


def report(slug):
    """The report as everybody may read it."""
    paper = Paper.objects.get(council__slug=slug)
    return public.paper_entry(paper.council_id, paper.pk)


def words(slug):
    """The report as it prints, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", paper_body(report(slug)))).split())


def test_loading_again_changes_nothing(people):
    before = (AuditEntry.objects.count(), PaperParagraph.objects.count())
    for slug in SLUGS:
        council = Council.objects.get(slug=slug)
        assert not reports.load(FOLDER / f"{slug}_papers.toml", council=council, clerk=people["clerk"])
    assert (AuditEntry.objects.count(), PaperParagraph.objects.count()) == before
    assert list(broken_chains()) == []


def test_the_mini_group_put_three_options_the_third_with_four_of_its_own(people):
    entry = report("rbkc")
    assert (entry.stamp, entry.background, f"{entry.day}") == ("FOR DECISION", ("None",), "2011-05-04")
    assert [section.number for section in entry.sections] == list("1234567")
    assert [option.number for option in entry.options] == ["6.2", "6.3", "6.4"]
    assert [option.number for option in entry.options[2].sub_options] == list("1234")
    assert {option.is_chosen for option in entry.every_option} == {None}
    assert entry.sections[5].kind == "options"
    said = words("rbkc")
    assert "7.1 The Committee is RECOMMENDED to decide whether to adopt option 6.2, 6.3 or 6.4." in said
    for figure in (
        *("£10,000", "£90,000", "£712", "£820", "£880", "£1,000", "11.4 to 9", "5 posts", "£240,000"),
        *("£125,000", "£250,000", "£100,000", "23%", "15%", "35%", "£3.7m", "£4.6m", "£9-10m", "£6.7m"),
        *("£1.8m", "£0.5m", "500 children"),
    ):
        assert figure in said, figure


def test_the_january_update_runs_from_1_1_to_5_7_with_its_supporting_papers(people):
    entry, said = report("lbbd"), words("lbbd")
    numbers = [one.number for section in entry.sections for one in section.paragraphs if one.number]
    assert [number for number in numbers if number.startswith("5.")] == [f"5.{n}" for n in range(1, 8)]
    assert len(entry.background) == 3
    assert entry.quoted_tables == ("position",)
    for figure in (
        *("£3m-£4m", "£1,120,000", "£340,000", "£224,537", "£170,000", "£5,466,000", "£4,652,000"),
        *(
            "£4,681,000 over",
            "£3,751,000 over",
            "79 in August to 65 in December",
            "2,351",
            "572",
            "CHS/SAV/34",
        ),
    ):
        assert figure in said, figure


def test_what_the_publications_hold_is_quoted_from_them(people):
    for slug, count in (("rbkc", 3), ("lbbd", 2)):
        paper = Paper.objects.get(council__slug=slug)
        rows = PaperParagraph.objects.filter(section__paper=paper).exclude(style="table")
        assert sum(len(list(references_in(one.words))) for one in rows) == count
        published, _ = publication_to_print(paper.publication_id)
        assert published.council_slug == slug


def test_the_reports_name_roles_and_no_person(people):
    titled = re.compile(r"\b(Cllr|Mr|Mrs|Ms|Dr)\b|Councillor [A-Z]")
    for file in FOLDER.glob("*_papers.toml"):
        assert not titled.search(str(tomllib.loads(file.read_text()))), file
