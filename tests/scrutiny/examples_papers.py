"""Every operation on reports with an example of it and who may do it."""

from types import SimpleNamespace
from typing import Any

from scrutiny.committees.operations import paper_options, paper_sections, papers
from scrutiny.committees.papers.lines import paragraphs_in
from services.roles import Role
from tests.scrutiny.meeting_records import in_days, make_committee, make_item, make_meeting
from tests.scrutiny.paper_records import ADOPT, make_final, make_paper, put_options, write_section
from tests.services.catalogue import Example

WRITERS = frozenset({Role.FINANCE_OFFICER, Role.HEAD_OF_FINANCE, Role.CLERK})
CLERKS = frozenset({Role.CLERK})


def _section(w: SimpleNamespace) -> Any:
    return write_section(make_paper(w.council), "1.1 It is so.")


def _second_section(w: SimpleNamespace) -> Any:
    return write_section(_section(w).paper, "2.1 And so.", heading="More")


def _ready(w: SimpleNamespace) -> Any:
    paper = _section(w).paper
    paper.refresh_from_db()
    return paper


def _before_meeting(w: SimpleNamespace) -> dict[str, Any]:
    paper = make_final(put_options(make_paper(w.council)))
    meeting = make_meeting(make_committee(w.council), state="held", day=in_days(-3))
    make_item(meeting, paper=paper)
    chosen = [paper.options.get(number="6.2")]
    return {"paper": paper, "expected_version": paper.version, "meeting": meeting, "chosen": chosen}


EXAMPLES = (
    Example(papers.record_paper, WRITERS, lambda w: {"council": w.council, "title": "Placements"}),
    Example(
        papers.change_header,
        WRITERS,
        lambda w: {"paper": make_paper(w.council), "expected_version": 1, "stamp": "FOR DECISION"},
    ),
    Example(
        papers.finalise_paper,
        WRITERS,
        lambda w: {"paper": (paper := _ready(w)), "expected_version": paper.version},
    ),
    Example(
        paper_sections.add_section,
        WRITERS,
        lambda w: {"paper": make_paper(w.council), "heading": "Introduction"},
    ),
    Example(
        paper_sections.set_section,
        WRITERS,
        lambda w: {
            "section": _section(w),
            "expected_version": 1,
            "heading": "Introduction",
            "kind": "body",
            "number": "1",
            "paragraphs": paragraphs_in("1.1 It is not so."),
        },
    ),
    Example(
        paper_sections.move_section,
        WRITERS,
        lambda w: {"section": (one := _second_section(w)), "expected_version": _version(one.paper), "to": 1},
    ),
    Example(
        paper_sections.remove_section, WRITERS, lambda w: {"section": _section(w), "expected_version": 1}
    ),
    Example(
        paper_options.set_options,
        WRITERS,
        lambda w: {"paper": make_paper(w.council), "expected_version": 1, "options": [ADOPT]},
    ),
    Example(paper_options.choose_options, CLERKS, _before_meeting),
)

SHARED = frozenset({"draft_of", "open_paper", "record_step", "keep_section", "keep_options"})
"""Functions that the operations share; they take `by` and are no operation of their own."""


def _version(paper: Any) -> int:
    paper.refresh_from_db()
    return paper.version
