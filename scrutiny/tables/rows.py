"""Rows of the published tables: values for the columns, with the words that columns cannot know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from accounting.figures import Figures
from accounting.funds import Fund
from accounting.rag import Rag
from accounting.wording import format_short
from scrutiny.navigation import publication_address
from scrutiny.position import Entry, Scope, hierarchy
from scrutiny.published import LINE, PublishedLine, PublishedPeriod, PublishedReason, PublishedSource


def marks_of(sources: Iterable[PublishedSource]) -> dict[str, str]:
    """The basis of each marked figure, by its column."""
    return {source.figure: source.basis for source in sources}


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRow:
    """A line or total of the position table."""

    name: str
    row_kind: str
    depth: int
    figures: Figures
    rag: Rag | None
    reason: str
    marks: Mapping[str, str]
    line: PublishedLine | None
    code: str = ""
    directorate: str = ""
    division: str = ""
    fund: str = ""
    ask: str = ""
    """Where a member asks about this line or total."""


def position_rows(published: PublishedPeriod, fund: Fund) -> tuple[PositionRow, ...]:
    """Lines of one fund with the totals of divisions, directorates and the council."""
    ask = publication_address("ask", published)
    return tuple(_position_row(entry, fund, ask=ask) for entry in hierarchy(published, fund))


def _position_row(entry: Entry, fund: Fund, *, ask: str) -> PositionRow:
    line, total = entry.line, entry.total
    asked = line or total
    scope = LINE if line else total.scope if total else ""
    sources = line.sources if line else total.sources if total else ()
    rag = line.rag if line else total.rag if total else None
    return PositionRow(
        name=entry.name,
        row_kind=entry.kind,
        depth=entry.depth,
        figures=entry.figures,
        rag=rag,
        reason=reason_text(line) if line else "total of its lines",
        marks=marks_of(sources),
        line=line,
        code=line.code if line else "",
        directorate=entry.directorate,
        division=entry.division,
        fund=(line.fund if line else fund).label,
        ask=asked_at(ask, scope=scope, key=asked.key, fund=asked.fund) if asked else "",
    )


def asked_at(ask: str, *, scope: str, key: str, fund: Fund) -> str:
    """The address at which a publication's line or total is asked about; the figure is chosen there."""
    return f"{ask}?{urlencode({'scope': scope, 'key': key, 'fund': fund.value})}"


def reason_text(line: PublishedLine) -> str:
    """All reasons of a line in one text; says so where a material variance was published without one."""
    if line.reasons:
        return " ".join(_reason_sentence(reason) for reason in line.reasons)
    return "No reason was given." if line.needs_reasons else "none needed"


def _reason_sentence(reason: PublishedReason) -> str:
    amount = "" if reason.amount is None else f" ({format_short(reason.amount, plus=True)})"
    words = f": {reason.words}" if reason.words else "."
    action = f" Action: {reason.action}" if reason.action else ""
    return f"{reason.driver_label}{amount}{words}{action}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeRow:
    """The council or a directorate, with the pair before and after."""

    name: str
    figures: Figures
    row_kind: str
    marks: Mapping[str, str]


def scope_rows(scopes: Iterable[Scope]) -> tuple[ScopeRow, ...]:
    """Directorates first, the council last, as in the position table."""
    found = [
        ScopeRow(
            name=scope.name,
            figures=scope.figures,
            row_kind="total" if scope.is_council else "line",
            marks=marks_of(scope.total.sources),
        )
        for scope in scopes
    ]
    return (*found[1:], *found[:1])


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step from before reserves to after."""

    label: str
    amount: Decimal | None
    row_kind: str = "line"


def step_rows(figures: Figures) -> tuple[StepRow, ...]:
    """Before, each thing between with the sign that it has there, and after."""
    return (
        StepRow(label="Variance before reserves", amount=figures.variance_before_reserves),
        StepRow(label="Drawdown from reserves", amount=-figures.drawdown),
        StepRow(label="Contribution to reserves", amount=figures.contribution),
        StepRow(label="Other one-off funding", amount=-figures.other_one_off_funding),
        StepRow(label="Variance after reserves", amount=figures.variance_after_reserves, row_kind="total"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonRow:
    """One reason of a line; or, for a material variance without one, that it was not explained."""

    name: str
    directorate: str
    driver: str
    amount: Decimal | None
    recurrence: str
    words: str
    action: str


def reason_rows(lines: Iterable[PublishedLine]) -> tuple[ReasonRow, ...]:
    """Reasons in the lines' order."""
    return tuple(row for line in lines for row in _reasons_of(line))


def _reasons_of(line: PublishedLine) -> Iterable[ReasonRow]:
    # A line of another fund says so, because these rows stand beside those of the General Fund.
    name = line.name if line.fund is Fund.GENERAL_FUND else f"{line.name} ({line.fund.label})"
    for reason in line.reasons:
        yield ReasonRow(
            name=name,
            directorate=line.directorate,
            driver=reason.driver_label,
            amount=reason.amount,
            recurrence=recurrence(reason.is_recurrent),
            words=reason.words,
            action=reason.action,
        )
    if line.needs_reasons:
        yield ReasonRow(
            name=name,
            directorate=line.directorate,
            driver="",
            amount=line.figures.variance_before_reserves,
            recurrence="",
            words="The council's rule asks for a reason, and none was given.",
            action="",
        )


def recurrence(is_recurrent: bool | None) -> str:
    """A reason's lasting, in a word."""
    return "not said" if is_recurrent is None else "Recurrent" if is_recurrent else "One-off"
