"""The mapping table as people keep it: a row a code, pasted from Excel or typed, each naming a service line by its code or its name."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from accounting.periods import Period, PeriodFormatError
from services.imports.characters import folded
from services.imports.ledger_rows import CODE_LIMIT
from services.imports.problems import Problem, listed
from services.models import Council, ServiceLine

HEADING = ("Cost centre", "Subjective code", "Service line", "Closed from")
ROWS_AT_ONCE = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeEntry:
    """One row of the mapping table. A blank subjective code stands for all of the cost centre's that have no row of their own."""

    cost_centre: str
    subjective: str = ""
    line_id: int
    closed_from: Period | None = None


class LineNames:
    """The council's service lines by code and by name. One query."""

    def __init__(self, council: Council) -> None:
        self.by_code: dict[str, ServiceLine] = {}
        self.by_name: dict[str, list[ServiceLine]] = defaultdict(list)
        for line in ServiceLine.objects.filter(council=council).order_by("order", "pk"):
            if line.code:
                self.by_code[line.code] = line
            self.by_name[folded(line.name)].append(line)

    def find(self, words: str) -> ServiceLine | str:
        """The line of that code or that name, also as `choices` offers it; or why there is none."""
        line = self.by_code.get(words.strip()) or self.by_code.get(words.partition(" · ")[0].strip())
        if line is not None:
            return line
        named = self.by_name.get(folded(words), [])
        if len(named) == 1:
            return named[0]
        if named:
            codes = listed([line.code or f"number {line.pk}" for line in named])
            return f"“{words}” is the name of {len(named)} lines. Give the code: {codes}."
        return f"“{words}” is neither the code nor the name of a service line of this council."

    @property
    def choices(self) -> list[str]:
        """Each line as a person may choose it: “C01 · Placements”, or its name where it has no code."""
        return [
            f"{line.code} · {line.name}" if line.code else line.name
            for lines in self.by_name.values()
            for line in lines
        ]


def read_codes(text: str, *, names: LineNames) -> tuple[list[CodeEntry], list[Problem]]:
    """Rows of cost centre, subjective code, service line and, if closed, the first period in which it is; tabs, commas or semicolons between."""
    entries: list[CodeEntry] = []
    problems: list[Problem] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in enumerate(_rows(text), start=1):
        if not any(cells) or (number == 1 and folded(cells[0]) in ("cost centre", "cost centre code")):
            continue
        entry = _entry(number, cells, names)
        if isinstance(entry, Problem):
            problems.append(entry)
            continue
        first = seen.setdefault((entry.cost_centre, entry.subjective), number)
        if first != number:
            problems.append(
                Problem(
                    what="The code is there twice. Give each code one row.",
                    row=number,
                    found=f"rows {first} and {number}",
                )
            )
        entries.append(entry)
    if not entries and not problems:
        problems.append(Problem(what="There are no rows. Give at least one code."))
    if len(entries) > ROWS_AT_ONCE:
        problems.append(
            Problem(what=f"There are {len(entries):,} rows; at most {ROWS_AT_ONCE:,} are taken at once.")
        )
    return entries, problems


def _rows(text: str) -> Iterator[Sequence[str]]:
    first = text.lstrip().partition("\n")[0]
    delimiter = next((mark for mark in ("\t", ";") if mark in first), ",")
    for cells in csv.reader(io.StringIO(text.strip("\r\n"), newline=""), delimiter=delimiter):
        yield [cell.strip() for cell in cells]


def _entry(number: int, cells: Sequence[str], names: LineNames) -> CodeEntry | Problem:
    cost_centre, subjective, line_words, closed, *rest = (*cells, "", "", "", "") if len(cells) < 4 else cells
    what = ""
    if not cost_centre:
        what = "The cost centre is blank."
    elif max(len(cost_centre), len(subjective)) > CODE_LIMIT:
        what = f"A code has at most {CODE_LIMIT} characters."
    elif not (cost_centre.isprintable() and subjective.isprintable()):
        what = "A code holds a character that cannot be seen. Type it again."
    elif not line_words:
        what = "The service line is missing: a row is cost centre, subjective code, service line."
    elif any(rest):
        what = "The row has more than four columns: cost centre, subjective code, service line, closed from."
    if what:
        return Problem(what=what, row=number, found=", ".join(cells)[:80])
    line = names.find(line_words)
    if isinstance(line, str):
        return Problem(what=line, row=number, column="service line")
    try:
        closed_from = Period.parse(closed) if closed else None
    except PeriodFormatError as error:
        return Problem(
            what=str(error), row=number, column="closed from", expected="a period like 2026-27/p5, or nothing"
        )
    return CodeEntry(cost_centre=cost_centre, subjective=subjective, line_id=line.pk, closed_from=closed_from)
