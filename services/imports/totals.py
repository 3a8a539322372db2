"""Which rows are totals, which lines each covers, and how far each printed total is from their sum."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from accounting.money import Unit, total
from accounting.returns import RunningSum
from accounting.tolerance import display_unit, of_total
from services.imports.characters import folded
from services.imports.labels import matches, patterns
from services.imports.problems import Check, Confirmation, Problem, Remark
from services.imports.profile import MONEY_FIELDS, Field, Profile
from services.imports.rows import ReturnRow, Rows

_LOOKS_TOTAL = re.compile(
    r"^(sub-?\s?|grand |overall |net )?totals?\b|\b(sub-?\s?)?totals?\s*(\(?(net|gross|expenditure|income)\)?)?$"
)
_LINE_KINDS = {"", "service line", "line"}


def mark_totals(
    rows: Rows, profile: Profile, *, sheet: str, held_names: frozenset[str]
) -> tuple[Confirmation, ...]:
    """Mark the rows that are totals; those that only look like totals need confirming.

    A row of a line that the council holds by that very name is a line, whatever it looks like.
    """
    named, found = patterns(profile.total_rows), []
    since = RunningSum()
    for entry in rows.entries:
        if matches(entry.name or entry.code, named) or entry.row_kind not in _LINE_KINDS:
            entry.is_total = True
        elif folded(entry.name) not in held_names and (reason := _why_total(entry, since)):
            entry.is_total = True
            found.append(f"Row {entry.row}, “{entry.name or 'without a name'}”: {reason}")
        if entry.is_total:
            since = RunningSum()
        else:
            since.add(entry.revised, entry.forecast)
    rows.problems.extend(_nameless(rows, sheet))
    if not found:
        return ()
    return (
        Confirmation(
            code="total-row",
            question="These rows look like totals and the profile's total_rows does not name them. Confirm to check them as control totals "
            "and not import them as lines.",
            details=tuple(found),
        ),
    )


def _why_total(entry: ReturnRow, since: RunningSum) -> str:
    if entry.code:
        return ""
    if _LOOKS_TOTAL.search(folded(entry.name)):
        return "its name says so"
    if since.equals(entry.revised, entry.forecast):
        return f"its budget and its forecast are the sums of the {since.lines} lines above"
    return ""


def _nameless(rows: Rows, sheet: str) -> Iterator[Problem]:
    for entry in rows.entries:
        if not entry.is_total and not entry.name and not entry.code:
            yield Problem(
                what="The row has figures and no name. Name the line, or name the row in the profile's total_rows or ignore_rows.",
                sheet=sheet,
                row=entry.row,
                column=Field.SERVICE_LINE.label,
            )


def control_totals(rows: Rows, *, sheet: str, unit: Unit) -> tuple[list[Check], list[Remark]]:
    """Every printed figure of every total row against the sum of the lines it covers."""
    checks: list[Check] = []
    remarks: list[Remark] = []
    for position, entry in enumerate(rows.entries):
        if not entry.is_total or entry.is_bad:
            continue
        if entry.row_kind not in _LINE_KINDS:
            remarks.append(
                Remark(
                    what=f"“{entry.name}” is a {entry.row_kind} of our own export: not imported, and worked out afresh.",
                    sheet=sheet,
                    row=entry.row,
                )
            )
            continue
        made = _checks_of(entry, rows, position, sheet=sheet, unit=unit)
        if not made:
            remarks.append(
                Remark(
                    what=f"“{entry.name}” could not be checked: no column of it has a figure on every line it covers.",
                    sheet=sheet,
                    row=entry.row,
                )
            )
        checks.extend(made)
    return checks, remarks


def _checks_of(entry: ReturnRow, rows: Rows, position: int, *, sheet: str, unit: Unit) -> list[Check]:
    """The checks for the lines that the total covers. Where its place leaves open which, those by which all its figures hold."""
    candidates = [
        [
            _check(entry, field, lines, rows, sheet=sheet, unit=unit)
            for field in _comparable(entry, lines, rows)
        ]
        for lines in _covered(entry, rows.entries, position)
        if lines
    ]
    held = next((checks for checks in candidates if checks and all(check.holds for check in checks)), None)
    return held or next((checks for checks in candidates if checks), [])


def _covered(entry: ReturnRow, entries: Sequence[ReturnRow], position: int) -> Iterator[list[ReturnRow]]:
    """The lines a total may cover, likeliest first."""
    above = entries[:position]
    lines = [line for line in above if not line.is_total]
    of_kind = [line for line in (lines or entries) if not line.is_total and _same_kind(entry, line)]
    if entry.directorate or entry.division:
        own = [
            line
            for line in entries
            if not line.is_total and _same_part(entry, line) and _same_kind(entry, line)
        ]
        yield own
        return
    last = next((index for index in range(position - 1, -1, -1) if above[index].is_total), -1)
    since = [line for line in above[last + 1 :] if _same_kind(entry, line)]
    if since:
        yield since
    yield of_kind
    group = next(
        (index for index in range(last - 1, 0, -1) if above[index].is_total and above[index - 1].is_total), -1
    )
    if group >= 0:
        yield [line for line in above[group + 1 :] if not line.is_total and _same_kind(entry, line)]


def _same_part(entry: ReturnRow, line: ReturnRow) -> bool:
    return (not entry.directorate or folded(entry.directorate) == folded(line.directorate)) and (
        not entry.division or folded(entry.division) == folded(line.division)
    )


def _same_kind(entry: ReturnRow, line: ReturnRow) -> bool:
    """A total with a kind covers lines of that kind; a net total covers expenditure and income alike."""
    return entry.kind in ("", "net") or entry.kind == line.kind


def _comparable(entry: ReturnRow, lines: Sequence[ReturnRow], rows: Rows) -> list[Field]:
    return [
        field
        for field in MONEY_FIELDS
        if field in rows.printed
        and field in entry.amounts
        and all(field in line.amounts and not line.is_bad for line in lines)
    ]


def _check(
    entry: ReturnRow, field: Field, lines: Sequence[ReturnRow], rows: Rows, *, sheet: str, unit: Unit
) -> Check:
    step = display_unit(unit, rows.decimals.get(field, 0))
    return Check(
        what=f"{entry.name or 'Total'}: {field.label.lower()}",
        sheet=sheet,
        row=entry.row,
        column=field.label,
        printed=entry.amounts[field],
        computed=total([line.amounts[field] for line in lines]),
        tolerance=of_total(step, len(lines)),
        lines=len(lines),
        unit=unit,
    )


def stated_total(rows: Rows, *, field: Field, amount: Decimal, decimals: int, unit: Unit) -> Check | Problem:
    """A control total given beside the file, in pounds, against the sum of all lines."""
    lines = list(rows.lines)
    figures = [line.amounts.get(field) for line in lines]
    if not lines or any(figure is None for figure in figures):
        return Problem(
            what=f"The control total cannot be checked: not every line has a figure for {field.label.lower()}."
        )
    step = min(
        display_unit(unit, rows.decimals.get(field, 0)),
        display_unit(Unit.POUNDS, decimals) if decimals else unit.factor,
    )
    return Check(
        what=f"Control total given: {field.label.lower()}",
        column=field.label,
        printed=amount,
        computed=total([figure for figure in figures if figure is not None]),
        tolerance=of_total(step, len(lines)),
        lines=len(lines),
    )


def bad_totals(checks: Sequence[Check]) -> list[Problem]:
    """The checks that do not hold, as refusals."""
    return [check.as_problem() for check in checks if not check.holds]
