"""One figure of every line, as it stood at a moment and as it is now."""

from dataclasses import dataclass
from decimal import Decimal

from presentation.tables import FigureTable, MoneyColumn, RowHeaderColumn, TextColumn
from services.forms.as_at import moment_words
from services.models import Council
from services.position.as_at import Author, FigureAsAt, PositionAsAt

UNKNOWN = "not known"


class AsAtTable(FigureTable):
    """Then and now, line by line; there are no totals, because funds are never added together."""

    name = RowHeaderColumn("Service", link="link")
    directorate = TextColumn("Directorate")
    then = MoneyColumn("Then", unknown=UNKNOWN)
    given = TextColumn("Given by", unknown="nobody")
    now = MoneyColumn("Now", unknown=UNKNOWN)
    change = MoneyColumn("Changed since", unknown=UNKNOWN)
    changed = TextColumn("Changed by", unknown="nobody since")


@dataclass(frozen=True, slots=True, kw_only=True)
class AsAtRow:
    """One row of the table."""

    name: str
    link: str | None
    directorate: str
    then: Decimal | None
    given: str
    now: Decimal | None
    change: Decimal | None
    changed: str


def as_at_table(
    found: PositionAsAt, *, figure: str, label: str, council: Council, line_base: str
) -> AsAtTable:
    """The table of one figure; `line_base` is the address under which the lines' pages are."""
    rows = [
        AsAtRow(
            name=line.name,
            link=f"{line_base}{line.line_id}/" if line.reports_now else None,
            directorate=line.directorate,
            then=line.figures[figure].then,
            given=_given(line.figures[figure]),
            now=line.figures[figure].now,
            change=line.figures[figure].change,
            changed=_author(line.figures[figure].changed),
        )
        for line in found.lines
    ]
    return AsAtTable(
        rows,
        caption=f"{council.name}: {label.lower()} on {moment_words(found.moment)} and now",
        unit=council.unit,
        key="as-at",
    )


def _given(figure: FigureAsAt) -> str:
    if figure.given is None and figure.then is not None:
        return "carried forward"
    return _author(figure.given)


def _author(author: Author | None) -> str:
    return f"{author.by}, {moment_words(author.at)}" if author else ""
