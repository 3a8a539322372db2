"""Figures quoted in words: `{{ line:"Family Intervention" variance_before_reserves short }}`, read from one publication and nothing else.

A reference is a scope, a figure of it and, if wished, a form: `full` (“£2,700,000 over”, as it is without one), `short` (“£2.7m over”) or
`table` (the digits as the publication's tables print them). Nothing is worked out: a reference has no expression, no variable and no code.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from accounting.figures import Figures
from accounting.funds import Fund, FundFormatError
from accounting.money import Unit
from accounting.savings import SavingFigures
from scrutiny.committees.entries.pins import (
    FIGURES,
    SAVING,
    SAVING_FIGURES,
    amount_of,
    value_words,
    words_as_in_tables,
    words_in_full,
)
from scrutiny.published import COUNCIL, DIRECTORATE, DIVISION, LINE, PublishedPeriod, PublishedTotal
from scrutiny.savings.position import council_total

SAVINGS: Final = "savings"
"""The scope of all savings of the period together."""
SCOPES: Final = (COUNCIL, DIRECTORATE, DIVISION, LINE, SAVING, SAVINGS)
FORMS: Final = ("full", "short", "table")
BRACES: Final = re.compile(r"\{\{(?P<inside>.*?)\}\}", re.DOTALL)
_PARTS: Final = re.compile(
    r"""\s*(?P<scope>[a-z]+)(?::"(?P<name>[^"{}]{1,200})")?\s+(?P<figure>[a-z_]+)(?:\s+(?P<form>[a-z]+))?\s*"""
)
_SHAPE: Final = 'A figure is quoted as {{ council variance_after_reserves short }} or {{ line:"Its name" revised_budget }}'


class UnknownReferenceError(ValueError):
    """What stands between braces is no figure of the publication. The message says what was written and what there is."""

    def __init__(self, written: str, problem: str) -> None:
        super().__init__(f"“{written}”: {problem}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference as read."""

    scope: str
    name: str
    figure: str
    form: str
    written: str


@dataclass(frozen=True, slots=True)
class _Row:
    """What a reference found: the figures of a line, a total or savings, and the unit in which tables print them."""

    figures: Figures | SavingFigures
    unit: Unit


def read_reference(written: str) -> Reference:
    """Read one reference, braces and all. Raises `UnknownReferenceError`."""
    inside = BRACES.fullmatch(written)
    parts = _PARTS.fullmatch(inside["inside"]) if inside else None
    if parts is None:
        raise UnknownReferenceError(written, f"cannot be read. {_SHAPE}.")
    scope, form = parts["scope"], parts["form"] or FORMS[0]
    if scope not in SCOPES:
        raise UnknownReferenceError(written, f"there is no “{scope}” to quote. {_listed(SCOPES)}")
    if form not in FORMS:
        raise UnknownReferenceError(written, f"“{form}” is no way to print it. {_listed(FORMS)}")
    labels = SAVING_FIGURES if scope in (SAVING, SAVINGS) else FIGURES
    if parts["figure"] not in labels:
        raise UnknownReferenceError(written, f"there is no figure “{parts['figure']}”. {_listed(labels)}")
    if scope not in (COUNCIL, SAVINGS) and not parts["name"]:
        raise UnknownReferenceError(written, f'say which {scope} it is: {scope}:"Its name".')
    return Reference(
        scope=scope, name=parts["name"] or "", figure=parts["figure"], form=form, written=written
    )


def quoted(written: str, published: PublishedPeriod | None) -> str:
    """The figure in words. Raises `UnknownReferenceError` for what this publication has not, and where there is no publication."""
    reference = read_reference(written)
    if published is None:
        raise UnknownReferenceError(
            written, "the report quotes no publication. Choose one in its header first."
        )
    row = _row(reference, published)
    amount = amount_of(row.figures, reference.figure)
    if reference.form == "short":
        return value_words(reference.figure, amount)
    if reference.form == "table":
        return words_as_in_tables(reference.figure, amount, unit=row.unit)
    return words_in_full(reference.figure, amount)


def references_in(words: str) -> Iterator[str]:
    """Everything between double braces, as written. Raises `UnknownReferenceError` for braces without their partner."""
    yield from (found[0] for found in BRACES.finditer(words))
    rest = BRACES.sub("", words)
    lone = next((braces for braces in ("{{", "}}") if braces in rest), None)
    if lone:
        raise UnknownReferenceError(lone, f"stands without its partner. {_SHAPE}.")


def _row(reference: Reference, published: PublishedPeriod) -> _Row:
    rows = list(dict.fromkeys(_rows(reference, published)))
    if len(rows) == 1:
        return rows[0]
    if rows:
        raise UnknownReferenceError(
            reference.written,
            f"{len(rows)} have this name. Take the reference from the list, where each has a number.",
        )
    what = f"{reference.scope} “{reference.name}”" if reference.name else f"{reference.scope} total"
    raise UnknownReferenceError(reference.written, f"the publication has no {what}.")


def _rows(reference: Reference, published: PublishedPeriod) -> Iterator[_Row]:
    """Every row of that scope and name; lines and savings also by the number that tells those of one name apart."""
    name = reference.name
    if reference.scope == LINE:
        for line in published.lines:
            if name in (line.name, f"#{line.key}"):
                yield _Row(line.figures, published.unit)
    elif reference.scope == SAVING:
        for saving in published.savings.savings:
            proposal = saving.proposal
            if name in (proposal.reference, proposal.heading, f"#{proposal.key}"):
                yield _Row(saving.figures, Unit.POUNDS)
    elif reference.scope == SAVINGS:
        total = council_total(published.savings)
        if total is not None:
            yield _Row(total.figures, Unit.POUNDS)
    else:
        yield from (_Row(total.figures, published.unit) for total in _totals(reference, published))


def _totals(reference: Reference, published: PublishedPeriod) -> list[PublishedTotal]:
    """The General Fund's totals of that name; another fund's only where it is named (the council), or the only one."""
    scoped = [total for total in published.totals if total.scope == reference.scope]
    if reference.scope == COUNCIL:
        fund = _fund(reference)
        return [total for total in scoped if total.fund is fund]
    named = [total for total in scoped if reference.name in (total.name, f"#{total.key}")]
    return [total for total in named if total.fund is Fund.GENERAL_FUND] or named


def _fund(reference: Reference) -> Fund:
    if not reference.name:
        return Fund.GENERAL_FUND
    try:
        return Fund.parse(reference.name)
    except FundFormatError as error:
        raise UnknownReferenceError(reference.written, str(error)) from error


def _listed(names: Iterable[str]) -> str:
    return f"There are: {', '.join(names)}."
