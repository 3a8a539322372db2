"""Printed totals of a schedule beside the sums they should be: of each proposal's years, and of each column. Gaps are shown, never mended."""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Final

from accounting.money import ZERO, total
from accounting.periods import FinancialYear
from accounting.tolerance import display_unit, of_total
from savings.imports.columns import Field
from savings.imports.profile import ScheduleProfile
from savings.imports.rows import ScheduleRow, ScheduleRows
from savings.imports.table import ScheduleTable
from services.imports.characters import folded
from services.imports.labels import matches, patterns
from services.imports.problems import Check, Confirmation, Remark

_LOOKS_TOTAL: Final = re.compile(
    r"^(sub-?\s?|grand |overall |net )?totals?\b|\b(sub-?\s?)?totals?\s*(\(?(net|savings?|growth|pressures?|proposals?)\)?)?$"
)


def mark_totals(rows: ScheduleRows, profile: ScheduleProfile) -> tuple[Confirmation, ...]:
    """Mark the rows that are totals; those that only look like totals need confirming."""
    named, found = patterns(profile.total_rows), []
    for entry in rows.entries:
        if matches(entry.title, named) or matches(entry.name, named):
            entry.is_total = True
        elif not entry.reference and _LOOKS_TOTAL.search(folded(entry.title)):
            entry.is_total = True
            found.append(f"Row {entry.row}, “{entry.title}”: its name says so")
    if not found:
        return ()
    question = (
        "These rows look like totals and the profile's total_rows does not name them. Confirm to check them as control totals "
        "and not import them as proposals."
    )
    return (Confirmation(code="total-row", question=question, details=tuple(found)),)


def gaps(rows: ScheduleRows, table: ScheduleTable) -> list[Check]:
    """Every proposal's printed total, and every total row's, beside the sum of its years: those that differ at all.

    Tolerance: half a step for each year and for the total itself (domain §2.4); none where the schedule prints pence.
    """
    step = display_unit(table.unit, rows.decimals)
    checks = []
    for entry in rows.entries:
        if entry.is_bad or entry.printed_total is None or not entry.amounts:
            continue
        check = Check(
            what=f"{entry.name or 'Total'}: total = sum of its years",
            sheet=table.sheet,
            row=entry.row,
            column=_heading(table, None),
            printed=entry.printed_total,
            computed=total(list(entry.amounts.values())),
            tolerance=of_total(step, len(entry.amounts)),
            unit=table.unit,
        )
        if not check.is_exact:
            checks.append(check)
    return checks


def control_totals(rows: ScheduleRows, table: ScheduleTable) -> tuple[list[Check], list[Remark]]:
    """Every figure of every total row against the sum of the proposals it covers."""
    checks: list[Check] = []
    remarks: list[Remark] = []
    for position, entry in enumerate(rows.entries):
        if not entry.is_total or entry.is_bad:
            continue
        candidates = [
            _checks_of(entry, lines, rows, table) for lines in _covered(rows.entries, position) if lines
        ]
        held = next((made for made in candidates if made and all(check.holds for check in made)), None)
        made = held or next((made for made in candidates if made), [])
        if not made:
            what = f"“{entry.title}” could not be checked: a proposal that it covers has a figure that could not be read."
            remarks.append(Remark(what=what, sheet=table.sheet, row=entry.row))
        checks.extend(made)
    return checks, remarks


def _covered(entries: Sequence[ScheduleRow], position: int) -> Iterator[list[ScheduleRow]]:
    """The proposals a total may cover, likeliest first: those since the last total, all above it, all there are."""
    last = next((index for index in range(position - 1, -1, -1) if entries[index].is_total), -1)
    yield [entry for entry in entries[last + 1 : position] if not entry.is_total]
    yield [entry for entry in entries[:position] if not entry.is_total]
    yield [entry for entry in entries if not entry.is_total]


def _checks_of(
    entry: ScheduleRow, lines: list[ScheduleRow], rows: ScheduleRows, table: ScheduleTable
) -> list[Check]:
    if any(line.is_bad for line in lines):
        return []
    sums: list[tuple[FinancialYear | None, Decimal, Decimal]] = [
        (year, printed, total([line.amounts.get(year, ZERO) for line in lines]))
        for year, printed in entry.amounts.items()
    ]
    if entry.printed_total is not None:
        of_lines = [line.printed_total for line in lines if line.printed_total is not None]
        if len(of_lines) == len([line for line in lines if line.amounts]):
            sums.append((None, entry.printed_total, total(of_lines)))
    step = display_unit(table.unit, rows.decimals)
    return [
        Check(
            what=f"{entry.name or 'Total'}: {year or 'total'}",
            sheet=table.sheet,
            row=entry.row,
            column=_heading(table, year),
            printed=printed,
            computed=computed,
            tolerance=of_total(step, len(lines)),
            lines=len(lines),
            unit=table.unit,
        )
        for year, printed, computed in sums
    ]


def _heading(table: ScheduleTable, year: FinancialYear | None) -> str:
    found = (
        one
        for one in table.columns
        if one.meaning and (one.meaning.year == year if year else one.meaning.field is Field.TOTAL)
    )
    column = next(found, None)
    return column.name if column else ""
