"""Computed reads of what was published: scopes, causes, movements and comparisons.

No queries. Every sum is of exact published figures of one fund; a figure that is unknown for a part is unknown for the whole.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounting.figures import Figures
from accounting.funds import Fund
from accounting.money import ZERO
from scrutiny.published import (
    COUNCIL,
    DIRECTORATE,
    DIVISION,
    LINE,
    PublishedLine,
    PublishedPeriod,
    PublishedTotal,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What one driver adds to a scope's variance before reserves, in signed pounds."""

    label: str
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A General Fund total with the lines behind it: the council's, or one directorate's."""

    name: str
    is_council: bool
    total: PublishedTotal
    lines: tuple[PublishedLine, ...]
    causes: tuple[Cause, ...]

    @property
    def figures(self) -> Figures:
        """The total's figures."""
        return self.total.figures


def general_fund_scopes(published: PublishedPeriod) -> tuple[Scope, ...]:
    """The council's General Fund, then each directorate's where there are several; empty if there is no General Fund line."""
    directorates = [
        total for total in published.totals if total.scope == DIRECTORATE and total.fund is Fund.GENERAL_FUND
    ]
    whole = next((t for t in published.totals if t.scope == COUNCIL and t.fund is Fund.GENERAL_FUND), None)
    if whole is None:
        return ()
    scopes = [_scope(published, whole, name=published.remit)]
    if len(directorates) > 1:
        scopes += [_scope(published, total, name=total.name) for total in directorates]
    return tuple(scopes)


def _scope(published: PublishedPeriod, total: PublishedTotal, *, name: str) -> Scope:
    is_council = total.scope == COUNCIL
    lines = tuple(
        line
        for line in published.lines
        if line.fund is Fund.GENERAL_FUND and (is_council or line.directorate == total.name)
    )
    return Scope(name=name, is_council=is_council, total=total, lines=lines, causes=causes_of(lines))


def causes_of(lines: Iterable[PublishedLine]) -> tuple[Cause, ...]:
    """What the reasons' amounts add to by driver, the largest first whatever its sign; reasons without an amount are not counted."""
    sums: dict[str, Decimal] = defaultdict(lambda: ZERO)
    for line in lines:
        for reason in line.reasons:
            if reason.amount is not None:
                sums[reason.driver_label] += reason.amount
    causes = [Cause(label=label, amount=amount) for label, amount in sums.items() if amount]
    return tuple(sorted(causes, key=lambda cause: (-abs(cause.amount), cause.label)))


def largest_variances(
    lines: Sequence[PublishedLine], *, after: Decimal | None, count: int
) -> tuple[PublishedLine, ...]:
    """The lines with the largest variances after reserves in the total's own direction; in either where the total is nil."""
    known = [line for line in lines if line.figures.variance_after_reserves]
    if after:
        known = [line for line in known if (_after(line) > 0) == (after > 0)]
    return tuple(sorted(known, key=lambda line: (-abs(_after(line)), line.name))[:count])


def is_illustrative(line: PublishedLine, figure: str = "variance_after_reserves") -> bool:
    """Whether a line's figure is an illustration: no sentence may name it without saying so."""
    return any(source.basis == "illustrative" and source.figure == figure for source in line.sources)


def _after(line: PublishedLine) -> Decimal:
    return line.figures.variance_after_reserves or ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """A line's variance after reserves then and now. `change` is now − then; unknown where either is."""

    line: PublishedLine
    then: Decimal | None
    now: Decimal | None
    change: Decimal | None


def movements(published: PublishedPeriod) -> tuple[Movement, ...]:
    """General Fund lines whose variance moved since the last published period, the largest movement first; new lines last."""
    found = [_movement(line) for line in published.lines if line.fund is Fund.GENERAL_FUND]
    moved = [movement for movement in found if movement.change != 0]
    return tuple(sorted(moved, key=lambda m: (m.change is None, -abs(m.change or ZERO), m.line.name)))


def _movement(line: PublishedLine) -> Movement:
    now, change = line.figures.variance_after_reserves, line.figures.movement
    return Movement(line=line, then=difference(now, change), now=now, change=change)


def difference(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    """First − second; unknown where either is."""
    return None if first is None or second is None else first - second


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One line or total in two publications: pounds, unknown as `None`. `change` is this − other, worse is positive."""

    name: str
    row_kind: str
    depth: int
    this_budget: Decimal | None
    other_budget: Decimal | None
    this_forecast: Decimal | None
    other_forecast: Decimal | None
    this_after: Decimal | None
    other_after: Decimal | None
    change: Decimal | None


Key = tuple[str, str, str, str]


def compare(
    this: PublishedPeriod, other: PublishedPeriod, *, fund: Fund = Fund.GENERAL_FUND
) -> tuple[Compared, ...]:
    """Every line and total of one fund in this publication beside the same in another, in this one's order; lines only in the other last."""
    now, then = _keyed(this, fund), _keyed(other, fund)
    rows = [_compared(key, now[key], then.get(key)) for key in now]
    rows += [_compared(key, None, then[key]) for key in then if key not in now]
    return tuple(rows)


def _keyed(published: PublishedPeriod, fund: Fund) -> dict[Key, tuple[str, Figures]]:
    """Lines and totals of one fund in reading order, by what makes them the same thing in another publication."""
    return {entry.key: (entry.name, entry.figures) for entry in hierarchy(published, fund)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One row of the hierarchy: a line, or the total of a division, directorate or the council."""

    kind: str
    depth: int
    name: str
    directorate: str
    division: str
    figures: Figures
    line: PublishedLine | None = None
    total: PublishedTotal | None = None

    @property
    def key(self) -> Key:
        """What makes it the same thing in another publication: a line's identity, or a total's scope and name."""
        identity = str(self.line.line_id) if self.line else ""
        return (self.kind, identity, "" if identity else self.directorate, "" if identity else self.division)


def hierarchy(published: PublishedPeriod, fund: Fund) -> tuple[Entry, ...]:
    """Lines of one fund in their order, each division and directorate followed by its total, the council's last.

    A division of a single line has no total of its own: it would say the same twice.
    """
    lines = [line for line in published.lines if fund in (line.fund, line.fund.whole)]
    entries: list[Entry] = []
    for directorate, of_directorate in _grouped(lines, lambda line: line.directorate):
        for division, of_division in _grouped(of_directorate, lambda line: line.division):
            entries += [_line_entry(line) for line in of_division]
            if len(of_division) > 1:
                entries += _total_entry(published, fund, DIVISION, directorate=directorate, division=division)
        entries += _total_entry(published, fund, DIRECTORATE, directorate=directorate)
    return (*entries, *_total_entry(published, fund, COUNCIL))


def _grouped(
    lines: Iterable[PublishedLine], name: Callable[[PublishedLine], str]
) -> Iterable[tuple[str, list[PublishedLine]]]:
    groups: dict[str, list[PublishedLine]] = defaultdict(list)
    for line in lines:
        groups[name(line)].append(line)
    return groups.items()


def _line_entry(line: PublishedLine) -> Entry:
    return Entry(
        kind=LINE,
        depth=2,
        name=f"{line.name} (closed this year)" if line.is_closed else line.name,
        directorate=line.directorate,
        division=line.division,
        figures=line.figures,
        line=line,
    )


def _total_entry(
    published: PublishedPeriod, fund: Fund, scope: str, *, directorate: str = "", division: str = ""
) -> list[Entry]:
    """The stored total of a scope, or nothing where the publication holds none."""
    for total in published.totals:
        if (total.scope, total.fund, total.directorate) != (scope, fund, directorate):
            continue
        if scope == DIVISION and total.name != division:
            continue
        return [
            Entry(
                kind="total" if scope == COUNCIL else scope,
                depth=1 if scope == DIVISION else 0,
                name=f"Total, {total.name}, {fund.label}" if scope == COUNCIL else f"Total, {total.name}",
                directorate=directorate,
                division=division,
                figures=total.figures,
                total=total,
            )
        ]
    return []


def _compared(key: Key, now: tuple[str, Figures] | None, then: tuple[str, Figures] | None) -> Compared:
    name = (now or then or ("", None))[0]
    name = name if now and then else f"{name} ({'not in the other' if now else 'only in the other'})"
    this, other = (now[1] if now else None), (then[1] if then else None)
    kind = key[0]
    return Compared(
        name=name,
        row_kind=kind,
        depth={LINE: 2, DIVISION: 1}.get(kind, 0),
        this_budget=this.revised_budget if this else None,
        other_budget=other.revised_budget if other else None,
        this_forecast=this.forecast_outturn if this else None,
        other_forecast=other.forecast_outturn if other else None,
        this_after=this.variance_after_reserves if this else None,
        other_after=other.variance_after_reserves if other else None,
        change=difference(
            this.variance_after_reserves if this else None, other.variance_after_reserves if other else None
        ),
    )
