"""What a report may quote of its publication: each reference as it is written, with what it says now."""

from collections.abc import Iterator
from dataclasses import dataclass

from accounting.funds import Fund
from scrutiny.access import History
from scrutiny.committees.entries.pins import FIGURES, SAVING, SAVING_FIGURES
from scrutiny.committees.papers.beginnings import reference_name
from scrutiny.committees.papers.printing import paper_tables
from scrutiny.committees.papers.references import FORMS, SAVINGS, quoted
from scrutiny.published import COUNCIL, DIRECTORATE, DIVISION, PublishedPeriod, PublishedTotal
from scrutiny.savings.position import council_total

FIRST, FIRST_OF_SAVINGS = "variance_after_reserves", "forecast"
_EXACT, _SHORT, _TABLE = FORMS


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A reference, what it is about, and what it says."""

    subject: str
    written: str
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """All that a report may quote: a first figure of every row, the names of the others, the forms, and the tables."""

    figures: tuple[Offered, ...]
    names: tuple[tuple[str, str], ...]
    saving_names: tuple[tuple[str, str], ...]
    forms: tuple[Offered, ...]
    tables: tuple[Offered, ...]


def offer_of(published: PublishedPeriod, *, history: History) -> Offer:
    """What one publication offers."""
    figures = tuple(_figures(published))
    return Offer(
        figures=figures,
        names=tuple(FIGURES.items()),
        saving_names=tuple(SAVING_FIGURES.items()) if published.savings.savings else (),
        forms=tuple(_forms(published)) if figures else (),
        tables=tuple(
            Offered(subject=table.title, written=f"{{{{ table {name} }}}}", says="the whole table")
            for name, table in paper_tables(published, history=history).items()
        ),
    )


def _figures(published: PublishedPeriod) -> Iterator[Offered]:
    for total in published.totals:
        if _is_hidden(total, published):
            continue
        yield _offered(_of_total(total), _scope_of(total, published), FIRST, published)
    for line in published.lines:
        yield _offered(line.name, f"line:{reference_name(line, published)}", FIRST, published)
    if council_total(published.savings) is not None:
        yield _offered("All savings of the year", SAVINGS, FIRST_OF_SAVINGS, published)
    for saving in published.savings.savings:
        proposal = saving.proposal
        yield _offered(proposal.heading, f'{SAVING}:"#{proposal.key}"', FIRST_OF_SAVINGS, published)


def _offered(subject: str, scope: str, figure: str, published: PublishedPeriod) -> Offered:
    written = f"{{{{ {scope} {figure} }}}}"
    return Offered(subject=subject, written=written, says=quoted(written, published))


def _of_total(total: PublishedTotal) -> str:
    fund = "" if total.fund is Fund.GENERAL_FUND else f", {total.fund.label}"
    kind = {COUNCIL: "whole council", DIRECTORATE: "directorate", DIVISION: "division"}[total.scope]
    return f"{total.name or 'Council'} ({kind}{fund})"


def _scope_of(total: PublishedTotal, published: PublishedPeriod) -> str:
    if total.scope == COUNCIL:
        return COUNCIL if total.fund is Fund.GENERAL_FUND else f'{COUNCIL}:"{total.fund.label}"'
    others = [one for one in published.totals if (one.scope, one.name) == (total.scope, total.name)]
    own = [one for one in others if one.fund is Fund.GENERAL_FUND] or others
    return f'{total.scope}:"{total.name}"' if own == [total] else f'{total.scope}:"#{total.key}"'


def _is_hidden(total: PublishedTotal, published: PublishedPeriod) -> bool:
    """Whether a directorate's or division's total of another fund stands behind its General Fund's, which is what its name quotes."""
    if total.scope == COUNCIL or total.fund is Fund.GENERAL_FUND:
        return False
    others = [one for one in published.totals if (one.scope, one.key) == (total.scope, total.key)]
    return len(others) > 1


def _forms(published: PublishedPeriod) -> Iterator[Offered]:
    """The same figure in each form."""
    said = {_EXACT: "in whole pounds", _SHORT: "rounded, for a sentence", _TABLE: "as the tables print it"}
    total = next(iter(published.totals), None)
    if total is not None:
        scope = _scope_of(total, published)
        for form, subject in said.items():
            written = f"{{{{ {scope} {FIRST} {form} }}}}"
            yield Offered(subject=subject, written=written, says=quoted(written, published))
