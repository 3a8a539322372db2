"""A schedule of virements, one leg to a row, into balanced virements and a list of everything that is wrong with it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from accounting.funds import FundMismatchError
from accounting.money import MoneyFormatError, Unit, money_from_number, parse_money
from accounting.virements import VirementError, check_legs
from services.imports.cells import text_in
from services.imports.characters import folded, visible
from services.imports.grid import Cell
from services.imports.matching import LineIndex
from services.imports.problems import Problem, UnreadableFileError, listed
from services.imports.reading import file_contents
from services.models import ServiceLine

COLUMNS = ("ref", "reason", "direction", "service", "amount")
OPTIONAL = ("directorate", "division")
_SIGNS = {"from": -1, "to": 1}


@dataclass(slots=True)
class ReadVirement:
    """One virement: the signed change to each line's budget, + receives, − gives."""

    reference: str
    row: int
    reason: str = ""
    legs: list[tuple[ServiceLine, Decimal]] = field(default_factory=list)


@dataclass(slots=True)
class VirementReading:
    """Every virement of a schedule, and every problem with it."""

    virements: list[ReadVirement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_virements(content: bytes, *, file_name: str, index: LineIndex) -> VirementReading:
    """Read a CSV or XLSX schedule with columns ref, reason, direction (from or to), service and amount, in pounds.

    An amount under “from” leaves the line and under “to” reaches it; a negative one (a savings target, an income budget) does the opposite.
    """
    found = VirementReading()
    try:
        grid = file_contents(content, file_name=file_name).grids[0]
    except UnreadableFileError as error:
        found.problems.append(error.problem)
        return found
    if not grid.rows:
        found.problems.append(Problem(what="No rows found."))
        return found
    places = {folded(text_in(cell)): place for place, cell in enumerate(grid.rows[0][1])}
    if missing := [name for name in COLUMNS if name not in places]:
        found.problems.append(
            Problem(
                what="The schedule lacks columns.",
                row=grid.rows[0][0],
                found=listed(list(places)),
                expected=listed(missing),
            )
        )
        return found
    _read_legs(found, grid.rows[1:], places, index)
    found.problems += [problem for virement in found.virements for problem in _unbalanced(virement)]
    if not found.virements and not found.problems:
        found.problems.append(Problem(what="No rows found: there are headings and no virement below them."))
    return found


def _read_legs(
    found: VirementReading, rows: tuple[tuple[int, list[Cell]], ...], places: dict[str, int], index: LineIndex
) -> None:
    by_reference: dict[str, ReadVirement] = {}
    for number, cells in rows:
        texts = {
            name: visible(text_in(cells[place])) if place < len(cells) else ""
            for name, place in places.items()
        }
        if not texts["ref"]:
            found.problems.append(
                Problem(what="The row has no reference.", row=number, column="ref", expected="a reference")
            )
            continue
        virement = by_reference.setdefault(texts["ref"], ReadVirement(texts["ref"], number))
        virement.reason = virement.reason or texts["reason"]
        raw = cells[places["amount"]] if places["amount"] < len(cells) else ""
        leg = _leg(number, texts, raw, index)
        if isinstance(leg, Problem):
            found.problems.append(leg)
        elif any(line.pk == leg[0].pk for line, _ in virement.legs):
            what = f"“{leg[0]}” is in {virement.reference} twice. Add the two legs together."
            found.problems.append(Problem(what=what, row=number, column="service"))
        else:
            virement.legs.append(leg)
    found.virements = list(by_reference.values())


def _leg(
    number: int, texts: dict[str, str], raw: Cell, index: LineIndex
) -> tuple[ServiceLine, Decimal] | Problem:
    sign = _SIGNS.get(folded(texts["direction"]))
    if sign is None:
        return Problem(
            what="The direction is neither from nor to.",
            row=number,
            column="direction",
            found=texts["direction"],
            expected="from or to",
        )
    try:
        amount = (
            money_from_number(raw, unit=Unit.POUNDS)
            if isinstance(raw, Decimal)
            else parse_money(texts["amount"])
        )
    except MoneyFormatError as error:
        return Problem(
            what=str(error),
            row=number,
            column="amount",
            found=texts["amount"],
            expected="an amount like 1,234.50",
        )
    lines = [line for line in index.by_name.get(folded(texts["service"]), []) if _is_there(line, texts)]
    if len(lines) != 1:
        count = (
            f"the name of {len(lines)} lines: add a column for the directorate or division"
            if lines
            else "not a line of this council"
        )
        return Problem(
            what=f"“{texts['service']}” is {count}.",
            row=number,
            column="service",
            found=texts["service"],
            expected="one line",
        )
    return lines[0], sign * amount


def _is_there(line: ServiceLine, texts: dict[str, str]) -> bool:
    directorate, division = texts.get("directorate", ""), texts.get("division", "")
    return (not directorate or folded(line.division.directorate.name) == folded(directorate)) and (
        not division or folded(line.division.name) == folded(division)
    )


def _unbalanced(virement: ReadVirement) -> Iterator[Problem]:
    try:
        check_legs([(line.money_fund, amount) for line, amount in virement.legs])
    except (VirementError, FundMismatchError) as error:
        yield Problem(what=f"{virement.reference}: {error}", row=virement.row)
    if not virement.reason:
        yield Problem(
            what=f"{virement.reference} has no reason.",
            row=virement.row,
            column="reason",
            expected="a reason",
        )
