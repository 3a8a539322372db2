"""Which of the council's lines each row is: by code, exactly, otherwise by name within its directorate and division."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from accounting.funds import Fund
from accounting.periods import Period
from services.imports.characters import folded
from services.imports.problems import Problem, listed
from services.imports.profile import Profile
from services.imports.rows import ReturnRow
from services.imports.table import Table
from services.models import Council, Division, MonitoringPeriod, ServiceLine

FALLBACK_DIRECTORATE = "Children's services"
_SUGGESTIONS = 50
"""How many unknown rows get a suggestion: finding the nearest name among thousands takes time."""


@dataclass(slots=True, kw_only=True)
class NewLine:
    """A line that the file has and the council does not, where the profile lets it be made."""

    row: ReturnRow
    directorate: str
    division: str
    name: str
    fund: Fund


@dataclass(slots=True)
class Matches:
    """The file's rows, each with the council's line or the line to be made; rows with neither are in `problems`."""

    held: list[tuple[ReturnRow, ServiceLine]] = field(default_factory=list)
    new: list[NewLine] = field(default_factory=list)
    unknown: int = 0
    problems: list[Problem] = field(default_factory=list)


class LineIndex:
    """The council's lines, found by code and by name. Five queries: one object serves all lines of a division."""

    def __init__(self, council: Council) -> None:
        self.lines: list[ServiceLine] = list(
            ServiceLine.objects.filter(council=council).order_by("order", "pk")
        )
        divisions = {
            division.pk: division
            for division in Division.objects.filter(directorate__council=council).select_related(
                "directorate"
            )
        }
        periods = {period.pk: period for period in MonitoringPeriod.objects.filter(council=council)}
        by_key = {line.pk: line for line in self.lines}
        for line in self.lines:
            line.division = divisions[line.division_id]
            if line.opened_in_id:
                line.opened_in = periods[line.opened_in_id]
            if line.closed_from_id:
                line.closed_from = periods[line.closed_from_id]
            if line.successor_id:
                line.successor = by_key[line.successor_id]
        self.by_code: dict[str, ServiceLine] = {line.code: line for line in self.lines if line.code}
        self.by_name: dict[str, list[ServiceLine]] = defaultdict(list)
        for line in self.lines:
            self.by_name[folded(line.name)].append(line)
        self.directorates = list(
            council.directorates.order_by("order", "name").values_list("name", flat=True)
        )
        self._plain_codes: dict[str, str] | None = None

    @property
    def names(self) -> frozenset[str]:
        """Folded names of every line."""
        return frozenset(self.by_name)

    def near_code(self, code: str) -> str:
        """A code that a spreadsheet may have made this one of: 00123 becomes 123, 1E05 becomes 100000."""
        if self._plain_codes is None:
            self._plain_codes = {_plain(held): held for held in self.by_code}
        near = self._plain_codes.get(_plain(code))
        if near:
            return near
        return next(iter(get_close_matches(code, list(self.by_code)[:5000], n=1, cutoff=0.8)), "")


def _plain(code: str) -> str:
    """A code as a spreadsheet would take it for a number."""
    try:
        return f"{Decimal(code).normalize():f}"
    except InvalidOperation:
        return code.casefold().lstrip("0")


def match_lines(
    rows: Iterable[ReturnRow], *, index: LineIndex, profile: Profile, table: Table, period: Period
) -> Matches:
    """Match every row; refuse what is unknown, ambiguous, closed, or matched twice."""
    matches = Matches()
    seen: dict[int, ReturnRow] = {}
    for row in rows:
        found = _find(row, index, profile)
        if isinstance(found, ServiceLine):
            problem = _not_reporting(row, found, table, period) or _twice(row, found, seen, table)
            if problem:
                matches.problems.append(problem)
            elif found.pk not in seen:
                seen[found.pk] = row
                matches.held.append((row, found))
        elif len(found) > 1:
            matches.problems.append(_ambiguous(row, found, table))
        elif (
            profile.create_missing_lines
            and row.name
            and not _taken(new := _new_line(row, index, profile), index)
        ):
            matches.new.append(new)
        else:
            matches.unknown += 1
            matches.problems.append(_unknown(row, index, table, suggest=matches.unknown <= _SUGGESTIONS))
    matches.problems += _new_twice(matches.new, table)
    return matches


def _find(row: ReturnRow, index: LineIndex, profile: Profile) -> ServiceLine | Sequence[ServiceLine]:
    """The line, or the several it may be, or none."""
    if row.code and row.code in index.by_code:
        return index.by_code[row.code]
    found = [line for line in index.by_name.get(folded(row.name), []) if not (row.code and line.code)]
    directorate = row.directorate or profile.defaults.directorate
    division = row.division or profile.defaults.division
    if directorate:
        found = [line for line in found if folded(line.division.directorate.name) == folded(directorate)]
    if division:
        found = [line for line in found if folded(line.division.name) == folded(division)]
    fund = row.fund or profile.defaults.fund
    if fund:
        found = [line for line in found if line.fund == fund]
    if len(found) > 1 and row.kind:
        found = [line for line in found if line.kind == row.kind]
    return found[0] if len(found) == 1 else found


def _not_reporting(row: ReturnRow, line: ServiceLine, table: Table, period: Period) -> Problem | None:
    here = (period.year.first_year, period.number)
    if line.closed_from and (line.closed_from.year, line.closed_from.number) <= here:
        instead = f" Its figures belong to “{line.successor}”." if line.successor else ""
        return Problem(
            what=f"“{line}” is closed from {line.closed_from}.{instead}",
            sheet=table.sheet,
            row=row.row,
            found=row.code or row.name,
        )
    if line.opened_in and (line.opened_in.year, line.opened_in.number) > here:
        return Problem(
            what=f"“{line}” opens in {line.opened_in} and has no place in {period.label}.",
            sheet=table.sheet,
            row=row.row,
            found=row.code or row.name,
        )
    return None


def _twice(row: ReturnRow, line: ServiceLine, seen: dict[int, ReturnRow], table: Table) -> Problem | None:
    first = seen.get(line.pk)
    if first is None or (first.code, folded(first.name)) == (row.code, folded(row.name)):
        return None  # the same words twice are told once, where the rows are checked among themselves
    return Problem(
        what=f"“{line}” is in the file twice.",
        sheet=table.sheet,
        row=row.row,
        found=f"rows {first.row} and {row.row}",
        expected="one row",
    )


def _ambiguous(row: ReturnRow, found: Sequence[ServiceLine], table: Table) -> Problem:
    places = listed(
        [f"{line.division.directorate} / {line.division} ({line.money_fund.label})" for line in found]
    )
    return Problem(
        what=f"“{row.name}” is the name of {len(found)} lines. Add a column for the code, directorate, division or fund.",
        sheet=table.sheet,
        row=row.row,
        found=places,
        expected="one line",
    )


def _unknown(row: ReturnRow, index: LineIndex, table: Table, *, suggest: bool) -> Problem:
    if row.code:
        near = index.near_code(row.code) if suggest else ""
        hint = (
            f" The nearest code is “{near}” ({index.by_code[near]}). Codes are text and must be the same to the letter."
            if near
            else ""
        )
        return Problem(
            what=f"No line has the code “{row.code}”.{hint}",
            sheet=table.sheet,
            row=row.row,
            column="code",
            found=row.code,
            expected=near,
        )
    names = {folded(line.name): line.name for line in index.lines} if suggest else {}
    near_names = get_close_matches(folded(row.name), list(names)[:5000], n=1, cutoff=0.6)
    near = names[near_names[0]] if near_names else ""
    elsewhere = index.by_name.get(folded(row.name), [])
    if elsewhere:
        place = (
            f"{elsewhere[0].division.directorate} / {elsewhere[0].division}, {elsewhere[0].money_fund.label}"
        )
        hint = f" There is one in {place}."
    else:
        hint = f" The nearest is “{near}”." if near else ""
    where = " / ".join(part for part in (row.directorate, row.division) if part)
    return Problem(
        what=f"No line is named “{row.name}”{f' in {where}' if where else ''}.{hint} Correct the name, or let the profile create missing lines.",
        sheet=table.sheet,
        row=row.row,
        column="service line",
        found=row.name,
        expected=near,
    )


def _new_line(row: ReturnRow, index: LineIndex, profile: Profile) -> NewLine:
    """A line to be made, in the directorate and division that the row, the profile or the council gives."""
    only = index.directorates[0] if len(index.directorates) == 1 else FALLBACK_DIRECTORATE
    directorate = row.directorate or profile.defaults.directorate or only
    division = row.division or profile.defaults.division or directorate
    return NewLine(
        row=row,
        directorate=directorate,
        division=division,
        name=row.name,
        fund=row.fund or profile.defaults.fund or Fund.GENERAL_FUND,
    )


def _taken(new: NewLine, index: LineIndex) -> bool:
    """Whether the council has a line of that name in that place, under another code."""
    return any(
        (folded(line.division.directorate.name), folded(line.division.name), line.fund)
        == (folded(new.directorate), folded(new.division), new.fund)
        for line in index.by_name.get(folded(new.name), [])
    )


def _new_twice(new: Sequence[NewLine], table: Table) -> list[Problem]:
    """New lines that would have one name: those of different kinds are told apart by it, others refused."""
    groups: dict[tuple[str, ...], list[NewLine]] = defaultdict(list)
    for line in new:
        groups[folded(line.directorate), folded(line.division), folded(line.name), line.fund].append(line)
    problems = []
    for lines in groups.values():
        if len(lines) < 2:
            continue
        if len({line.row.kind for line in lines}) == len(lines):
            for line in lines:
                line.name = f"{line.name} ({line.row.kind})" if line.row.kind else line.name
            continue
        if all(line.row.code for line in lines):
            for line in lines:
                line.name = f"{line.name} ({line.row.code})"
            continue
        numbers = listed([str(line.row.row) for line in lines])
        problems.append(
            Problem(
                what=f"“{lines[0].name}” would be made more than once.",
                sheet=table.sheet,
                row=lines[1].row.row,
                found=f"rows {numbers}",
                expected="one row",
            )
        )
    return problems
