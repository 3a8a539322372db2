"""Whether each row agrees with itself: variances, percentages, signs, keys, and figures that a forecast needs."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from accounting.money import Unit
from accounting.returns import (
    forecast_outturn,
    implied,
    implied_percent,
    percent_tolerance,
    revised_budget,
)
from accounting.tolerance import display_unit
from services.imports.characters import folded
from services.imports.problems import Check, Confirmation, Problem, listed
from services.imports.profile import Field, Profile
from services.imports.rows import PERCENT_FIELDS, ReturnRow, Rows
from services.imports.table import Table

_SUPPORT = (Field.DRAWDOWN, Field.CONTRIBUTION, Field.ONE_OFF_FUNDING)


def identities(rows: Rows, table: Table) -> list[Check]:
    """Every printed figure that follows from others in its row, totals included, beside what it should be."""
    checks: list[Check] = []
    steps = {field: display_unit(table.unit, rows.decimals.get(field, 0)) for field in Field}
    for entry in rows.entries:
        if entry.is_bad:
            continue
        checks.extend(_money_checks(entry, table, steps))
        checks.extend(_percent_checks(entry, table, steps))
    return checks


def _money_checks(entry: ReturnRow, table: Table, steps: dict[Field, Decimal]) -> Iterator[Check]:
    for rule in implied(entry.amounts):
        printed = entry.amounts[Field(rule.figure)]
        if printed == rule.value:
            continue
        yield Check(
            what=f"{entry.name or entry.code}: {Field(rule.figure).label.lower()} = {rule.rule}",
            sheet=table.sheet,
            row=entry.row,
            column=_heading(table, Field(rule.figure)),
            printed=printed,
            computed=rule.value,
            tolerance=rule.tolerance(max(steps[Field(figure)] for figure in rule.figures)),
            unit=table.unit,
        )


def _percent_checks(entry: ReturnRow, table: Table, steps: dict[Field, Decimal]) -> Iterator[Check]:
    for figure in PERCENT_FIELDS:
        budget = revised_budget(entry.amounts)
        if figure not in entry.percents or not budget:
            continue
        printed, decimals = entry.percents[figure], entry.percent_decimals[figure]
        computed = implied_percent(entry.amounts, figure, near=printed)
        if computed is None:
            continue
        if decimals < 0:  # a workbook's own number: 0.058 formatted as a percentage is 5.8
            printed, decimals = min((printed, printed.scaleb(2)), key=lambda shown: abs(shown - computed)), 1
        tolerance = percent_tolerance(
            step=max(steps[Field.REVISED_BUDGET], steps[Field.VARIANCE]),
            budget=budget,
            percent=computed,
            decimals=decimals,
        )
        check = Check(
            what=f"{entry.name or entry.code}: {figure.label.lower()} of the revised budget",
            sheet=table.sheet,
            row=entry.row,
            column=_heading(table, figure),
            printed=printed,
            computed=computed,
            tolerance=tolerance,
            is_percent=True,
        )
        if not check.holds:
            yield check


def _heading(table: Table, field: Field) -> str:
    column = table.column(field)
    return column.name if column else field.label


def derive(rows: Rows, table: Table, *, budgets_are_held: bool = True) -> list[Problem]:
    """Fill in the budget or the forecast that follows from the other figures; refuse a line for which neither printing nor arithmetic gives one."""
    problems = []
    for entry in rows.entries:
        if entry.is_bad:
            continue
        budget, forecast = revised_budget(entry.amounts), forecast_outturn(entry.amounts)
        if budget is not None:
            entry.amounts[Field.REVISED_BUDGET] = budget
        if forecast is not None:
            entry.amounts[Field.FORECAST_OUTTURN] = forecast
        elif not entry.is_total:
            problems.append(
                Problem(
                    what="There is no forecast outturn on this line, and it does not follow from a budget and a variance. A blank is not nil: "
                    "write 0 for nil, or leave the line out until it is forecast.",
                    sheet=table.sheet,
                    row=entry.row,
                    column=_heading(table, Field.FORECAST_OUTTURN),
                    found="blank",
                    expected="a figure",
                )
            )
    return problems


def no_way_to_figures(rows: Rows, table: Table) -> Problem | None:
    """Refuse a table whose columns cannot give a forecast, once, instead of line by line."""
    printed = rows.printed
    has_variance = Field.VARIANCE in printed or (
        Field.VARIANCE_AFTER_RESERVES in printed and bool(printed & set(_SUPPORT))
    )
    has_budget = Field.REVISED_BUDGET in printed or {Field.ORIGINAL_BUDGET, Field.VIREMENTS} <= printed
    if Field.FORECAST_OUTTURN in printed or (has_budget and has_variance):
        return None
    return Problem(
        what="The columns do not give a forecast outturn. The file needs a forecast column, or a budget and a variance.",
        sheet=table.sheet,
        row=table.header_row,
        found=listed([column.heading for column in table.columns if column.heading], limit=15),
        expected="forecast outturn; or revised budget (or original budget and virements) with variance",
    )


def opposite_signs(rows: Rows, table: Table, profile: Profile) -> Problem | None:
    """Say it plainly where the printed variances follow the other sign convention."""
    opposite = agreeing = 0
    for entry in rows.entries:
        a = entry.amounts
        if (
            entry.is_bad
            or not {Field.VARIANCE, Field.FORECAST_OUTTURN, Field.REVISED_BUDGET} <= a.keys()
            or not a[Field.VARIANCE]
        ):
            continue
        rule = next((rule for rule in implied(a) if rule.figure == Field.VARIANCE), None)
        tolerance = (
            rule.tolerance(display_unit(table.unit, rows.decimals.get(Field.VARIANCE, 0)))
            if rule
            else Decimal(0)
        )
        if rule is None or abs(a[Field.VARIANCE] - rule.value) <= tolerance:
            agreeing += 1
        elif abs(a[Field.VARIANCE] + rule.value) <= tolerance:
            opposite += 1
    if opposite < 2 or opposite <= agreeing:
        return None
    now, other = ("negative", "positive") if profile.overspend_is_negative else ("positive", "negative")
    return Problem(
        what=f"The printed variances have the opposite sign in {opposite} of {opposite + agreeing} rows. "
        f'If this council prints an overspend as {other}, set overspend = "{other}" in the profile.',
        sheet=table.sheet,
        row=table.header_row,
        column=_heading(table, Field.VARIANCE),
        found=f"overspend {other}",
        expected=f"overspend {now}",
    )


def duplicates(rows: Rows, table: Table) -> list[Problem]:
    """Lines that stand in the file twice, both rows named."""
    seen: dict[tuple[str, ...], list[ReturnRow]] = defaultdict(list)
    for entry in rows.lines:
        key = (
            ("code", entry.code)
            if entry.code
            else (
                folded(entry.directorate),
                folded(entry.division),
                entry.fund or "",
                folded(entry.name),
                entry.kind,
            )
        )
        seen[key].append(entry)
    return [
        Problem(
            what=f"“{entries[0].code or entries[0].name}” is in the file more than once. One line has one row: add them "
            "together, or tell them apart by code, directorate, division or fund.",
            sheet=table.sheet,
            row=entries[1].row,
            found="rows " + listed([str(entry.row) for entry in entries]),
            expected="one row",
        )
        for key, entries in seen.items()
        if len(entries) > 1 and any(key)
    ]


def unsigned_support(rows: Rows, table: Table) -> tuple[list[Problem], list[Confirmation]]:
    """Drawdowns, contributions and funding are amounts without a sign. A column printed wholly negative may be meant so; a mixed one is refused."""
    problems: list[Problem] = []
    confirmations: list[Confirmation] = []
    for field in _SUPPORT:
        below = [entry for entry in rows.entries if entry.amounts.get(field, 0) < 0]
        if not below:
            continue
        if any(entry.amounts.get(field, 0) > 0 for entry in rows.entries):
            problems.extend(
                Problem(
                    what=f"A {field.label.lower()} is an amount without a sign, and this one is negative while others "
                    "are not.",
                    sheet=table.sheet,
                    row=entry.row,
                    column=_heading(table, field),
                    expected="an amount without a sign",
                )
                for entry in below
            )
            continue
        for entry in below:
            entry.amounts[field] = -entry.amounts[field]
        confirmations.append(
            Confirmation(
                code=f"{field.value.replace('_', '-')}-sign",
                question=f"Every {field.label.lower()} is printed negative. Confirm to read them as "
                "amounts without a sign.",
                details=(f"{len(below)} rows",),
            )
        )
    return problems, confirmations


def positive_income(rows: Rows, unit: Unit) -> list[str]:
    """Lines of gross income whose budget is printed positive, where income is negative."""
    return [
        f"Row {entry.row}, “{entry.name or entry.code}”: income budget without a minus sign"
        for entry in rows.lines
        if entry.kind == "income" and (entry.revised or 0) > 0 and unit
    ]
