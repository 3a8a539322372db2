"""Ledger codes against the council's mapping table: each row's service line, and the codes that have none or may not be used."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from accounting.periods import FinancialYear, Period
from services.imports.ledger import LedgerReading
from services.imports.ledger_rows import LedgerRow
from services.imports.problems import Problem, in_unit, listed
from services.models import Council, LedgerCode

UNKNOWN_SHOWN = 50
"""How many codes without a service line are offered for mapping at a time, each with what it may have meant."""
_NOT_CODE = re.compile(r"[^0-9a-z]+")


@dataclass(frozen=True, slots=True)
class Mapped:
    """What the table says of one code at one period."""

    cost_centre: str
    subjective: str
    line_id: int
    line: str
    closed_from: Period | None
    """Set where the code is closed at this period."""
    line_is_away: bool
    """Whether its service line has no place in this period."""
    successor: str

    @property
    def label(self) -> str:
        """“CC100 5010”."""
        return f"{self.cost_centre} {self.subjective or '(any subjective)'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownCode:
    """A code of the file that has no service line to go to, and what may have been meant."""

    cost_centre: str
    subjective: str
    description: str
    row: int
    near: str
    suggested_line: str


@dataclass(slots=True)
class LedgerMatches:
    """Every row with its service line, and everything that stands in the way."""

    rows: list[tuple[LedgerRow, int]] = field(default_factory=list)
    unknown: list[UnknownCode] = field(default_factory=list)
    unknown_count: int = 0
    problems: list[Problem] = field(default_factory=list)


class CodeIndex:
    """The council's mapping table at one period, read in one query."""

    def __init__(self, council: Council, period: Period) -> None:
        self.by_code: dict[tuple[str, str], Mapped] = {}
        for code in _codes(council):
            mapped = _mapped(code, period)
            self.by_code[mapped.cost_centre, mapped.subjective] = mapped
        self._near: dict[tuple[str, str], Mapped] | None = None
        self._of_centre: dict[str, list[Mapped]] = defaultdict(list)

    def find(self, cost_centre: str, subjective: str) -> Mapped | None:
        """The code's own mapping, otherwise its cost centre's."""
        return self.by_code.get((cost_centre, subjective)) or self.by_code.get((cost_centre, ""))

    def near(self, row: LedgerRow) -> Mapped | None:
        """A code that looks like this one: other leading noughts, other case, a slip of the keyboard."""
        if self._near is None:
            self._near = {(_plain(a), _plain(b)): mapped for (a, b), mapped in self.by_code.items()}
            for mapped in self.by_code.values():
                self._of_centre[mapped.cost_centre].append(mapped)
        centre, subjective = _plain(row.cost_centre), _plain(row.subjective)
        found = self._near.get((centre, subjective)) or self._near.get((centre, ""))
        if found is not None:
            return found
        likely = get_close_matches(row.cost_centre, list(self._of_centre)[:5_000], n=1, cutoff=0.8)
        if not likely:
            return None
        of_centre = self._of_centre[likely[0]]
        return next((mapped for mapped in of_centre if mapped.subjective == row.subjective), of_centre[0])

    def usual_line(self, cost_centre: str) -> str:
        """The one service line of all the cost centre's codes, if there is one."""
        lines = {mapped.line for (centre, _), mapped in self.by_code.items() if centre == cost_centre}
        return lines.pop() if len(lines) == 1 else ""


def _codes(council: Council) -> Iterator[tuple[object, ...]]:
    yield from LedgerCode.objects.filter(council=council).values_list(
        "cost_centre",
        "subjective",
        "service_line_id",
        "service_line__name",
        "closed_from__year",
        "closed_from__number",
        "service_line__opened_in__year",
        "service_line__opened_in__number",
        "service_line__closed_from__year",
        "service_line__closed_from__number",
        "service_line__successor__name",
    )


def _mapped(code: tuple[object, ...], period: Period) -> Mapped:
    cost_centre, subjective, line_id, line, *places, successor = code
    closed, opened, line_closed = (_period(*places[start : start + 2]) for start in (0, 2, 4))
    return Mapped(
        cost_centre=str(cost_centre),
        subjective=str(subjective),
        line_id=int(str(line_id)),
        line=str(line),
        closed_from=closed if closed is not None and closed <= period else None,
        line_is_away=(opened is not None and opened > period)
        or (line_closed is not None and line_closed <= period),
        successor=str(successor or ""),
    )


def _period(year: object, number: object) -> Period | None:
    return Period(FinancialYear(year), number) if isinstance(year, int) and isinstance(number, int) else None


def _plain(code: str) -> str:
    return _NOT_CODE.sub("", code.casefold()).lstrip("0")


def match_rows(reading: LedgerReading, *, index: CodeIndex, period: Period) -> LedgerMatches:
    """Find each row's service line. Unknown, closed and repeated codes are problems, each told once with all its rows."""
    found = LedgerMatches()
    by_key: dict[tuple[str, str], list[LedgerRow]] = {}
    for row in reading.rows:
        by_key.setdefault(row.key, []).append(row)
    for rows in by_key.values():
        row = rows[0]
        if len(rows) > 1:
            found.problems.append(_repeated(rows, reading))
        mapped = index.find(*row.key)
        if mapped is None:
            _unknown(row, index, reading, found)
        elif mapped.closed_from is not None:
            found.problems.append(_closed(row, mapped, mapped.closed_from, reading))
        elif mapped.line_is_away:
            _line_away(row, mapped, period, reading, found)
        else:
            found.rows.extend((row, mapped.line_id) for row in rows)
    return found


def _repeated(rows: Sequence[LedgerRow], reading: LedgerReading) -> Problem:
    return Problem(
        what=f"The code {rows[0].cost_centre} {rows[0].subjective} is in the file more than once. One code has one row: add them together.",
        sheet=reading.sheet,
        row=rows[1].row,
        found=listed([f"row {row.row}: {in_unit(row.actual, reading.unit)}" for row in rows]),
        expected="one row",
    )


def _unknown(row: LedgerRow, index: CodeIndex, reading: LedgerReading, found: LedgerMatches) -> None:
    near = index.near(row) if found.unknown_count < UNKNOWN_SHOWN else None
    _offer(row, found, near=near.label if near else "", line=near.line if near else index.usual_line(row.cost_centre)
           if found.unknown_count < UNKNOWN_SHOWN else "")  # fmt: skip
    hint = (
        f" It looks like {near.label}, which belongs to {near.line}; codes are matched exactly."
        if near
        else ""
    )
    found.problems.append(
        Problem(
            what=f"The mapping table has no service line for this code.{hint} Map it, or correct the file.",
            sheet=reading.sheet,
            row=row.row,
            column="cost centre and subjective",
            found=f"{row.cost_centre} {row.subjective}",
            expected="a code that is mapped",
        )
    )


def _offer(row: LedgerRow, found: LedgerMatches, *, near: str, line: str) -> None:
    found.unknown_count += 1
    if len(found.unknown) < UNKNOWN_SHOWN:
        found.unknown.append(
            UnknownCode(
                cost_centre=row.cost_centre,
                subjective=row.subjective,
                description=row.description,
                row=row.row,
                near=near,
                suggested_line=line,
            )
        )


def _closed(row: LedgerRow, mapped: Mapped, closed_from: Period, reading: LedgerReading) -> Problem:
    return Problem(
        what=f"The code is closed from {closed_from.label}, and the file has an amount on it. Have it moved in the ledger, or open the code again "
        f"in the mapping table. It belonged to {mapped.line}.",
        sheet=reading.sheet,
        row=row.row,
        column="cost centre and subjective",
        found=f"{row.cost_centre} {row.subjective}: {in_unit(row.actual, reading.unit)}",
        expected="an open code",
    )


def _line_away(
    row: LedgerRow, mapped: Mapped, period: Period, reading: LedgerReading, found: LedgerMatches
) -> None:
    to = f" Its successor is {mapped.successor}." if mapped.successor else ""
    _offer(row, found, near="", line=mapped.successor)
    found.problems.append(
        Problem(
            what=f"The code is mapped to {mapped.line}, which does not report in {period.label}.{to} Map the code to another service line.",
            sheet=reading.sheet,
            row=row.row,
            column="cost centre and subjective",
            found=f"{row.cost_centre} {row.subjective}",
            expected="a service line that reports in this period",
        )
    )
