"""Loads a council's reports to committees from a file: through the writers' own operations, final, and once."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.db import transaction

from accounting.periods import Period
from accounts.models import User
from scrutiny.committees.operations.paper_options import set_options
from scrutiny.committees.operations.paper_sections import add_section, set_section
from scrutiny.committees.operations.papers import finalise_paper, record_paper
from scrutiny.committees.papers.lines import numbered, options_in, paragraphs_in
from scrutiny.models import Paper, Publication
from services.models import Council

Table = Mapping[str, Any]
HEADER = (
    "title", "template", "authority", "body", "day", "report_of", "portfolio", "wards", "key_decision", "access", "stamp",
    "abstract", "contact_role", "background_papers",
)  # fmt: skip


@transaction.atomic
def load(path: Path, *, council: Council, clerk: User) -> bool:
    """Load the reports of a file that are not there yet, by their titles; whether there was anything to do. All of it or none."""
    if not path.exists():
        return False
    with path.open("rb") as file:
        rows = tomllib.load(file)["papers"]
    held = set(Paper.objects.filter(council=council).values_list("title", flat=True))
    missing = [row for row in rows if row["title"] not in held]
    for row in missing:
        _paper(row, council=council, clerk=clerk)
    return bool(missing)


def _paper(row: Table, *, council: Council, clerk: User) -> None:
    """One report: a budget monitoring report begins with what its template says, and every other with the file's own sections."""
    paper = record_paper(
        by=clerk,
        council=council,
        publication=publication_of(council, row.get("publication")),
        begins=row.get("template") == Paper.Template.MONITORING,
        **{name: row[name] for name in HEADER if name in row},
    )
    for section in row["sections"]:
        _section(section, paper, clerk=clerk)
    if "options" in row:
        now = Paper.objects.get(pk=paper.pk)
        set_options(by=clerk, paper=now, expected_version=now.version, options=options_in(row["options"]))
    now = Paper.objects.get(pk=paper.pk)
    finalise_paper(by=clerk, paper=now, expected_version=now.version)


def _section(row: Table, paper: Paper, *, clerk: User) -> None:
    """A section at the end, or what stands in one that the template began."""
    kind, paragraphs = row.get("kind", "body"), paragraphs_in(row["text"])
    begun = paper.sections.filter(heading=row["heading"]).first()
    if begun is None:
        number = row["number"]
        add_section(
            by=clerk, paper=paper, heading=row["heading"], kind=kind, number=number, paragraphs=paragraphs
        )
        return
    set_section(
        by=clerk,
        section=begun,
        expected_version=begun.version,
        heading=begun.heading,
        kind=begun.kind,
        number=begun.number,
        paragraphs=numbered(paragraphs, section=begun.number),
    )


def publication_of(council: Council, period: str | None) -> Publication | None:
    """The latest version of what was published of the period. Raises `Publication.DoesNotExist` for one that is named and not there."""
    if period is None:
        return None
    found = Period.parse(period)
    rows = Publication.objects.filter(
        council=council, period_year=found.year.first_year, period_number=found.number
    )
    return rows.latest("version")
