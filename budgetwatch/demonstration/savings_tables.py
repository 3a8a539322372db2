"""Reads what a fixture says of savings: rows of a table into the fields that operations take, refusing words it does not know."""

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from accounting.periods import FinancialYear, Period
from accounting.phasing import PhasedAmount, PhaseKind, SpanMeaning
from savings.operations.particulars import ComponentFields, NoteFields, VacancyFields
from savings.operations.phasing import ShareFields, SpanFields
from savings.operations.strategies import StrategyFields

Table = Mapping[str, Any]


class FixtureError(ValueError):
    """A fixture says something that nothing reads."""


def read(path: Path) -> dict[str, Any]:
    """A fixture as it stands."""
    with path.open("rb") as file:
        return tomllib.load(file)


def read_periods(path: Path) -> list[dict[str, Any]]:
    """The fixture's periods with what each says of savings, in the file's order; none where there is no such file."""
    if not path.exists():
        return []
    periods: list[dict[str, Any]] = read(path)["periods"]
    for period in periods:
        Period.parse(period["period"])
    return periods


def known(row: Table, *names: str, where: str) -> None:
    """Raise `FixtureError` for a key that is none of these, so that a slip in a fixture is not passed over."""
    unknown = sorted(set(row) - set(names))
    if unknown:
        raise FixtureError(f"{where}: nothing reads {', '.join(unknown)}. Known: {', '.join(sorted(names))}.")


def money(text: str | None) -> Decimal | None:
    """Pounds; `None` where the fixture has nothing, because the paper gives no £."""
    return Decimal(text) if text else None


def pounds(row: Table, *names: str) -> dict[str, Any]:
    """The amounts of these names that the row has."""
    return {name: Decimal(row[name]) for name in names if name in row}


def text(row: Table, *names: str) -> dict[str, Any]:
    """The values of these names that the row has, as they stand."""
    return {name: row[name] for name in names if name in row}


def phases_of(rows: Sequence[Sequence[str]]) -> list[PhasedAmount]:
    """[year, change to base, kind]; recurrent where no kind is given."""
    return [
        PhasedAmount(
            year=FinancialYear.parse(year), amount=Decimal(amount), kind=PhaseKind(*kind or ["recurrent"])
        )
        for year, amount, *kind in rows
    ]


def spans_of(rows: Sequence[Sequence[str]]) -> list[SpanFields]:
    """[first year, last year, change to base, what the amount means, words as printed]."""
    return [
        SpanFields(
            first=FinancialYear.parse(first),
            last=FinancialYear.parse(last),
            amount=Decimal(amount),
            meaning=SpanMeaning(meaning),
            words=words,
        )
        for first, last, amount, meaning, words in rows
    ]


def shares_of(rows: Sequence[Sequence[Any]]) -> list[ShareFields]:
    """[year, council, change to base or nothing where the split is not known, whether it is ours]."""
    return [
        ShareFields(year=FinancialYear.parse(year), partner=partner, amount=money(amount), is_ours=ours)
        for year, partner, amount, ours in rows
    ]


def components_of(rows: Sequence[Sequence[str]]) -> list[ComponentFields]:
    """[title, amount or nothing, posts or nothing]."""
    return [
        ComponentFields(
            title=title, amount=money(rest[0] if rest else None), posts=money(rest[1] if rest[1:] else None)
        )
        for title, *rest in rows
    ]


def notes_of(rows: Sequence[Sequence[str]]) -> list[NoteFields]:
    """[aspect, words, role of who said it]."""
    return [
        NoteFields(aspect=aspect, words=words, said_by=said[0] if said else "")
        for aspect, words, *said in rows
    ]


def vacancy_of(row: Table) -> VacancyFields:
    """The terms of a vacancy factor."""
    known(row, *VacancyFields.__dataclass_fields__, where="vacancy")
    plain = text(row, "exempt_posts", "is_substitution_allowed", "review_months", "next_review")
    return VacancyFields(percent=Decimal(row["percent"]), pay_budget=money(row.get("pay_budget")), **plain)


def figures_of(rows: Sequence[Sequence[str]]) -> list[StrategyFields]:
    """[year, base, funding or growth, label, amount]."""
    return [
        StrategyFields(year=FinancialYear.parse(year), kind=kind, label=label, amount=Decimal(amount))
        for year, kind, label, amount in rows
    ]
