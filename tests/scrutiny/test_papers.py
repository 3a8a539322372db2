"""Reports to committees: a sentence says what the table says, what is final stays, and what is not public is not found."""

import pytest
from django.http import Http404

from accounting.wording import format_money, over_under
from scrutiny.access import publication_to_print
from scrutiny.committees.operations import paper_options, paper_sections, papers
from scrutiny.committees.papers.lines import OptionGiven, ParagraphGiven, paragraphs_in, text_of
from scrutiny.committees.papers.offering import offer_of
from scrutiny.committees.papers.printing import paper_tables, printed
from scrutiny.committees.papers.references import UnknownReferenceError, quoted, references_in
from scrutiny.committees.papers.richtext import plain, rich
from scrutiny.committees.public import papers as public
from scrutiny.committees.reading_papers import paper_to_print
from scrutiny.models import AgendaItem, Meeting, Paper, ReportOption
from services.models import AuditEntry
from services.operations.refusals import (
    AlreadyDoneError,
    InvalidEntryError,
    NotAllowedError,
    StaleVersionError,
    WrongCouncilError,
)
from services.roles import Role
from tests.scrutiny.council import make_person, open_month
from tests.scrutiny.meeting_records import (
    in_days,
    make_committee,
    make_exempt,
    make_item,
    make_meeting,
    the_clerk,
)
from tests.scrutiny.paper_records import (
    make_final,
    make_paper,
    put_options,
    the_writer,
    write_section,
)
from tests.scrutiny.question_records import publish_figures
from tests.services.factories import make_council

pytestmark = pytest.mark.django_db
LINE = '{{ line:"Corporate parenting" variance_before_reserves }}'


@pytest.fixture
def publication(thorney):
    return publish_figures(thorney)


@pytest.fixture
def published(publication):
    return publication_to_print(publication.pk)[0]


def saying(words):
    return rich(words, lambda written: f"<{written}>")


def test_a_figure_in_a_sentence_is_the_published_figure_in_the_form_asked_for(published):
    before = next(
        one for one in published.lines if one.name == "Corporate parenting"
    ).figures.variance_before_reserves
    assert before > 4_000_000
    assert quoted(LINE, published) == f"{format_money(before)} over"
    assert quoted(LINE.replace(" }}", " short }}"), published) == over_under(before) == "£4.4m over"
    in_tables = format_money(before, unit=published.unit, symbol=False)
    assert quoted(LINE.replace(" }}", " table }}"), published) == in_tables


def test_the_table_of_the_report_prints_what_its_sentences_quote(published):
    page = str(paper_tables(published, history=())["position"].html_rows)
    services = [line for line in published.lines if line.fund.value == "general_fund"]
    assert services
    for line in services:
        said = quoted(f'{{{{ line:"{line.name}" variance_after_reserves table }}}}', published)
        assert f">{said}<" in page


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("{{ council nothing }}", "no figure “nothing”"),
        ("{{ line revised_budget }}", "say which line"),
        ('{{ line:"Nowhere" revised_budget }}', "no line “Nowhere”"),
        ("{{ settings.SECRET_KEY }}", "cannot be read"),
        ("{{ council revised_budget|add:1 }}", "cannot be read"),
        ("{{ council revised_budget loud }}", "no way to print it"),
        ("{{ universe revised_budget }}", "no “universe”"),
        ('{{ council:"Piggy bank" revised_budget }}', "is not a fund"),
        ("{{ savings target }}", "no savings total"),
        ("{{ council", "without its partner"),
        ("council }}", "without its partner"),
        ("{% for x in y %}{{ x }}{% endfor %}", "cannot be read"),
    ],
)
def test_what_is_no_figure_is_refused_with_the_paragraph_named(thorney, publication, written, why):
    paper = make_paper(thorney.council, publication=publication)
    with pytest.raises(InvalidEntryError, match=r"Paragraph 1\.2") as refusal:
        write_section(paper, f"1.1 It is so.\n1.2 It is {written}.")
    assert why in str(refusal.value)
    assert not paper.sections.exists()


def test_a_figure_without_a_publication_is_refused(thorney):
    with pytest.raises(InvalidEntryError, match="quotes no publication"):
        write_section(make_paper(thorney.council), "1.1 It is {{ council revised_budget }}.")


def test_the_grant_is_quoted_only_by_its_name(published):
    general, grant = (
        quoted(f"{{{{ council{name} revised_budget }}}}", published)
        for name in ("", ':"Dedicated Schools Grant"')
    )
    assert general != grant


def test_lines_of_one_name_are_told_apart_by_their_numbers(thorney):
    thorney.lines["Early years centres"].name = "Corporate parenting"
    thorney.lines["Early years centres"].save()
    published, _ = publication_to_print(publish_figures(thorney).pk)
    with pytest.raises(UnknownReferenceError, match="2 have this name"):
        quoted(LINE, published)
    number = thorney.lines["Corporate parenting"].pk
    own = next(line for line in published.lines if line.line_id == number).figures
    said = quoted(LINE.replace("Corporate parenting", f"#{number}"), published)
    assert said == f"{format_money(own.variance_before_reserves)} over"


def test_everything_offered_can_be_quoted_and_says_what_it_says(publication):
    published, history = publication_to_print(publication.pk)
    offer = offer_of(published, history=history)
    assert {one.subject for one in offer.figures} >= {line.name for line in published.lines}
    for one in (*offer.figures, *offer.forms):
        assert quoted(one.written, published) == one.says
    assert {f"{{{{ table {name} }}}}" for name in paper_tables(published, history=history)} == {
        one.written for one in offer.tables
    }


def test_bold_and_italics_are_read_and_nothing_else():
    assert saying("**b** *i* \\*s\\*") == "<strong>b</strong> <em>i</em> *s*"
    for inert in (
        "[x](javascript:alert(1))",
        "![x](http://a.example/x.png)",
        "http://a.example",
        "`code`",
        "# head",
        "1. one",
    ):
        assert saying(inert) == inert
    assert saying("<http://a.example>") == "&lt;http://a.example&gt;"


PAYLOADS = (
    "<img src=http://a.example/x.png>",
    "<img src=file:///etc/passwd>",
    "<script>alert(1)</script>",
    "<style>@page { size: 1mm }</style>",
    "<link rel=stylesheet href=//a.example/x>",
    "<iframe src=http://a.example>",
    '<a href="javascript:alert(1)">x</a>',
    "<div style='font-size:1e9px'>",
    "<table><td colspan=1000000>",
    "<svg onload=alert(1)>",
    "<object data=http://a.example>",
    "<embed src=http://a.example>",
    "<base href=http://a.example>",
    "<meta http-equiv=refresh content=0>",
    "<p style='background:url(http://a.example)'>",
    "&lt;img src=x&gt;",
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_markup_is_printed_as_it_was_typed(payload):
    page = saying(f"**a** {payload}")
    assert page.count("<") == 2
    assert plain(payload, str) == payload


def test_what_a_figure_says_is_escaped_too():
    assert saying("{{ a }}") == '<span class="quoted">&lt;{{ a }}&gt;</span>'


def test_the_lines_of_the_box_are_read_back_as_they_were():
    text = "3.1 Words\n- a bullet\n(i) a point\n{{ table position }}\nNo number"
    assert [one.style for one in paragraphs_in(text)] == [
        "paragraph",
        "bullet",
        "sub_point",
        "table",
        "paragraph",
    ]
    assert text_of(paragraphs_in(f"\n{text}\n\n")) == text


def test_references_are_found_wherever_they_stand():
    assert list(references_in("a {{ one }} b **{{ two }}**")) == ["{{ one }}", "{{ two }}"]


def test_the_monitoring_report_begins_with_sentences_and_tables_of_its_publication(thorney, publication):
    paper = papers.record_paper(
        by=the_writer(thorney.council),
        council=thorney.council,
        title="Month 7",
        template="monitoring",
        publication=publication,
    )
    headings = [section.heading for section in paper.sections.all()]
    assert headings[:3] == ["Summary", "Recommendations", "Position by service"]
    assert headings[-2:] == ["Financial implications", "Legal implications"]
    with pytest.raises(papers.UnfinishedPaperError, match="Financial implications"):
        papers.finalise_paper(by=the_writer(thorney.council), paper=paper, expected_version=_version(paper))
    for section in paper.sections.filter(paragraphs=None):
        section.paragraphs.create(council=thorney.council, words="None.")
    make_final(paper)
    published, history = publication_to_print(publication.pk)
    page = printed(paper_to_print(paper.pk), published=published, history=history)
    assert page.sections[0].blocks[0].words.count('class="quoted"') == 4
    assert page.tables[0].title.startswith("General Fund position")


def test_a_mini_group_report_begins_with_its_options_and_stamp(thorney):
    paper = papers.record_paper(
        by=the_clerk(thorney.council), council=thorney.council, title="Group", template="mini_group"
    )
    assert (paper.stamp, paper.background_papers) == ("FOR DECISION", "None")
    assert [one.number for one in paper.options.filter(parent=None)] == ["4.2", "4.3", "4.4"]
    assert paper.options.filter(parent__number="4.4").count() == 4


def test_a_monitoring_report_without_figures_is_refused(thorney):
    with pytest.raises(InvalidEntryError, match="quotes one"):
        papers.record_paper(
            by=the_clerk(thorney.council), council=thorney.council, title="x", template="monitoring"
        )


def test_another_publication_is_taken_only_if_it_has_every_figure_quoted(thorney, publication):
    paper = make_paper(thorney.council, publication=publication)
    write_section(paper, f"1.1 It is {LINE}.")
    thorney.lines["Corporate parenting"].name = "Placements"
    thorney.lines["Corporate parenting"].save()
    later = publish_figures(thorney, open_month(thorney, 8))
    with pytest.raises(InvalidEntryError, match=r"Paragraph 1\.1.*no line “Corporate parenting”"):
        papers.change_header(
            by=the_writer(thorney.council), paper=paper, expected_version=_version(paper), publication=later
        )
    paper.refresh_from_db()
    assert paper.publication == publication


def test_publications_of_another_council_are_refused(thorney, publication):
    elsewhere = make_council("elsewhere", "Elsewhere")
    with pytest.raises(WrongCouncilError):
        papers.record_paper(by=the_clerk(elsewhere), council=elsewhere, title="x", publication=publication)


def test_what_is_final_no_longer_changes(thorney):
    paper = make_final(put_options(make_paper(thorney.council)))
    by, section = the_writer(thorney.council), paper.sections.get()
    steps = (
        lambda: papers.change_header(by=by, paper=paper, expected_version=paper.version, title="Other"),
        lambda: paper_sections.add_section(by=by, paper=paper, heading="More"),
        lambda: paper_sections.remove_section(by=by, section=section, expected_version=1),
        lambda: paper_sections.move_section(by=by, section=section, expected_version=paper.version, to=1),
        lambda: paper_options.set_options(by=by, paper=paper, expected_version=paper.version, options=()),
        lambda: papers.finalise_paper(by=by, paper=paper, expected_version=paper.version),
    )
    before = AuditEntry.objects.count()
    for step in steps:
        with pytest.raises(AlreadyDoneError, match="final"):
            step()
    assert AuditEntry.objects.count() == before


def test_a_section_that_somebody_wrote_since_is_refused_with_what_it_says(thorney):
    section = write_section(make_paper(thorney.council), "1.1 Mine.")
    by = the_writer(thorney.council)

    def write(text):
        given = {"heading": "Report", "kind": "body", "number": "", "paragraphs": paragraphs_in(text)}
        return paper_sections.set_section(by=by, section=section, expected_version=1, **given)

    write("1.1 Theirs.")
    with pytest.raises(StaleVersionError) as refusal:
        write("1.1 Mine again.")
    assert refusal.value.theirs[0].values["text"] == "1.1 Theirs."


def test_nobody_makes_final_what_they_have_not_seen(thorney):
    paper = make_paper(thorney.council)
    section = write_section(paper, "1.1 Seen.")
    seen = _version(paper)
    paper_sections.set_section(
        by=the_writer(thorney.council),
        section=section,
        expected_version=1,
        heading="Report",
        kind="body",
        number="",
        paragraphs=paragraphs_in("1.1 Not seen."),
    )
    with pytest.raises(StaleVersionError):
        papers.finalise_paper(by=the_writer(thorney.council), paper=paper, expected_version=seen)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("1.1 One.\n1.1 Two.", "two paragraphs 1.1"),
        ("{{ table nowhere }}", "no such table"),
        ("\n".join(f"- {number}" for number in range(401)), "up to 400"),
    ],
)
def test_a_section_that_cannot_print_is_refused(thorney, publication, given, why):
    with pytest.raises(InvalidEntryError, match=why):
        write_section(make_paper(thorney.council, publication=publication), given)


def test_a_paragraph_is_one_line(thorney):
    paper = make_paper(thorney.council)
    with pytest.raises(InvalidEntryError, match="more than one line"):
        paper_sections.add_section(
            by=the_writer(thorney.council),
            paper=paper,
            heading="x",
            paragraphs=[ParagraphGiven(words="one\ntwo")],
        )


def test_a_table_stands_in_a_report_once(thorney, publication):
    paper = make_paper(thorney.council, publication=publication)
    for heading in ("One", "Two"):
        write_section(paper, "{{ table position }}", heading=heading)
    with pytest.raises(InvalidEntryError, match="twice"):
        make_final(paper)


@pytest.mark.parametrize(
    "options",
    [
        [OptionGiven(number="1", words="a"), OptionGiven(number="1", words="b")],
        [OptionGiven(number="1", words="")],
        [OptionGiven(number="1", words="a {{ nothing }}")],
    ],
)
def test_options_that_cannot_be_told_apart_or_printed_are_refused(thorney, options):
    paper = make_paper(thorney.council)
    with pytest.raises(InvalidEntryError):
        paper_options.set_options(
            by=the_writer(thorney.council), paper=paper, expected_version=1, options=options
        )


def _decided(thorney, *, minuted):
    paper = make_final(put_options(make_paper(thorney.council)))
    meeting = make_meeting(make_committee(thorney.council), state="held", day=in_days(-3))
    make_item(meeting, paper=paper)
    paper_options.choose_options(
        by=the_clerk(thorney.council),
        paper=paper,
        expected_version=paper.version,
        meeting=meeting,
        chosen=[paper.options.get(number="2")],
        words="Unanimously.",
    )
    if minuted:
        Meeting.objects.filter(pk=meeting.pk).update(minutes_published_at=meeting.agenda_published_at)
    return public.paper_entry(thorney.council.pk, paper.pk)


def test_a_sub_option_chosen_brings_its_option_and_leaves_the_others(thorney):
    entry = _decided(thorney, minuted=True)
    assert [(one.number, one.is_chosen) for one in entry.every_option] == [
        ("6.2", False),
        ("6.4", True),
        ("1", False),
        ("2", True),
    ]
    assert (entry.chosen_at.split(",")[0], entry.chosen_words) == ("Scrutiny Commission", "Unanimously.")


def test_what_a_meeting_chose_is_public_with_its_minutes(thorney):
    entry = _decided(thorney, minuted=False)
    assert {one.is_chosen for one in entry.every_option} == {None}
    assert (entry.chosen_at, entry.chosen_words) == ("", "")


def test_a_choice_stands_and_belongs_to_a_meeting_that_had_the_report(thorney):
    paper = make_final(put_options(make_paper(thorney.council)))
    by = the_clerk(thorney.council)

    def choose(meeting):
        now = Paper.objects.get(pk=paper.pk)
        return paper_options.choose_options(
            by=by, paper=now, expected_version=now.version, meeting=meeting, chosen=[now.options.first()]
        )

    committee = make_committee(thorney.council)
    without = make_meeting(committee, state="held", day=in_days(-3))
    with pytest.raises(AlreadyDoneError, match="not on the agenda"):
        choose(without)
    coming = make_meeting(committee, state="published")
    make_item(coming, paper=paper)
    with pytest.raises(AlreadyDoneError, match="not been held"):
        choose(coming)
    held = make_meeting(committee, state="held", day=in_days(-2))
    make_item(held, paper=paper)
    choose(held)
    with pytest.raises(AlreadyDoneError, match="has been recorded"):
        choose(held)
    assert ReportOption.objects.filter(is_chosen=True).count() == 1


def test_a_report_is_public_when_final_and_on_an_open_item_of_a_published_agenda(thorney):
    council = thorney.council
    committee = make_committee(council)
    draft, unlisted, waiting, exempt, both, shown = (
        make_paper(council, title=title)
        for title in ("draft", "unlisted", "waiting", "exempt", "both", "shown")
    )
    for paper in (unlisted, waiting, exempt, both, shown):
        make_final(paper)
    published = make_meeting(committee, state="published")
    make_item(published, "1", paper=draft)
    make_item(make_meeting(committee), "1", paper=waiting)
    make_exempt(published, "2", paper=exempt)
    make_item(published, "3", paper=both)
    make_exempt(published, "4", paper=both)
    make_item(published, "5", paper=shown)
    assert [row.title for row in public.shown(council.pk)] == ["shown"]
    for paper in (draft, unlisted, waiting, exempt, both):
        with pytest.raises(Http404):
            public.paper_entry(council.pk, paper.pk)
    with pytest.raises(Http404):
        public.paper_entry(make_council("elsewhere", "Elsewhere").pk, shown.pk)


def test_a_report_of_an_exempt_item_is_written_only_by_those_who_may_read_it(thorney):
    paper = make_paper(thorney.council)
    make_exempt(make_meeting(make_committee(thorney.council)), paper=paper)
    assert AgendaItem.objects.get().classification == "exempt"
    head = make_person("a-head", thorney.council, Role.HEAD_OF_FINANCE)
    with pytest.raises(NotAllowedError):
        papers.change_header(by=the_writer(thorney.council), paper=paper, expected_version=1, stamp="X")
    papers.change_header(by=head, paper=paper, expected_version=1, stamp="X")


def _version(paper):
    return Paper.objects.get(pk=paper.pk).version
