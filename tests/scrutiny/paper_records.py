"""Reports as they stand in the database, for tests that need one in a given state."""

from typing import Any

from scrutiny.committees.operations import paper_options, paper_sections, papers
from scrutiny.committees.papers.lines import OptionGiven, paragraphs_in
from scrutiny.models import Paper, PaperSection, Publication
from services.models import Council
from services.roles import Role
from tests.services.factories import make_member_of

ADOPT = OptionGiven(number="6.2", words="Adopt the points.")
MORE_TIME = OptionGiven(
    number="6.4",
    words="Give it more time:",
    sub_options=(
        OptionGiven(number="1", words="an extension;"),
        OptionGiven(number="2", words="a deeper look."),
    ),
)


def the_writer(council: Council):
    """A finance officer who writes reports, made when first asked for."""
    return make_member_of(council, Role.FINANCE_OFFICER, username=f"writer-of-{council.slug}")


def make_paper(council: Council, *, publication: Publication | None = None, **header: Any) -> Paper:
    """A draft without sections that uses no background papers."""
    header.setdefault("background_papers", "None")
    return papers.record_paper(
        by=the_writer(council),
        council=council,
        title=header.pop("title", "Placements"),
        publication=publication,
        begins=False,
        **header,
    )


def write_section(paper: Paper, text: str, *, heading: str = "Report", **fields: Any) -> PaperSection:
    """A section of these lines, added at the end."""
    return paper_sections.add_section(
        by=the_writer(paper.council),
        paper=paper,
        heading=heading,
        paragraphs=paragraphs_in(text),
        **fields,
    )


def put_options(paper: Paper) -> Paper:
    """Two options, the second with two sub-options."""
    paper.refresh_from_db()
    return paper_options.set_options(
        by=the_writer(paper.council),
        paper=paper,
        expected_version=paper.version,
        options=(ADOPT, MORE_TIME),
    )


def make_final(paper: Paper) -> Paper:
    """The report made final, with a section if it has none."""
    if not paper.sections.exists():
        write_section(paper, "1.1 All is said.", kind="options" if paper.options.exists() else "body")
    paper.refresh_from_db()
    return papers.finalise_paper(by=the_writer(paper.council), paper=paper, expected_version=paper.version)
