"""A return set beside what is held: which lines are new, which figures differ, which stay as they are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from accounting.money import ZERO, from_pence, to_pence
from services.imports.matching import LineIndex
from services.imports.profile import Field
from services.imports.rows import ReturnRow
from services.models import (
    Council,
    Forecast,
    MonitoringPeriod,
    OneOffFunding,
    OriginalBudget,
    ReportedBudget,
    ReserveUse,
    ServiceLine,
    VarianceReason,
)
from services.position.movements import BudgetMovements, budget_movements

if TYPE_CHECKING:
    import pandas

AS_REPORTED: Final = "As reported in the return"
"""The purpose of uses and funding that an import makes; only those are replaced by the next one."""
REASON_ORDER: Final = 100
"""Where a line's reason as printed in its return stands, after those that were entered."""
FORECAST_FIELDS: Final = (
    Field.ACTUAL_TO_DATE,
    Field.COMMITMENTS,
    Field.FORECAST_OUTTURN,
    Field.BEST_CASE,
    Field.WORST_CASE,
)
BUDGET_FIELDS: Final = (Field.ORIGINAL_BUDGET, Field.VIREMENTS, Field.REVISED_BUDGET)
SUPPORT_FIELDS: Final = (Field.DRAWDOWN, Field.CONTRIBUTION, Field.ONE_OFF_FUNDING)


@dataclass(frozen=True, slots=True)
class HeldForecast:
    """A line's figures at the period as they are held, in the order of `FORECAST_FIELDS`, and their version."""

    figures: tuple[Decimal | None, ...]
    version: int
    is_carried_forward: bool


@dataclass(slots=True)
class Held:
    """What the council holds for the period, by line. A fixed number of queries whatever the number of lines."""

    forecasts: dict[int, HeldForecast] = field(default_factory=dict)
    budgets: dict[int, tuple[Decimal | None, Decimal | None, Decimal | None]] = field(default_factory=dict)
    support: dict[tuple[int, Field], Decimal] = field(default_factory=dict)
    uses: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    funding: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    reasons: dict[int, str] = field(default_factory=dict)
    originals: dict[int, Decimal] = field(default_factory=dict)
    movements: dict[int, BudgetMovements] = field(default_factory=dict)
    earlier: dict[int, Decimal] = field(default_factory=dict)
    """Forecasts of the latest period that has any, up to this one: what the file's are compared with for their scale."""

    def revised(self, line_id: int) -> Decimal | None:
        """The line's revised budget as the position has it."""
        movements = self.movements.get(line_id, BudgetMovements())
        return movements.budget(self.originals.get(line_id)).revised


def held_for(council: Council, period: MonitoringPeriod) -> Held:
    """Read what is held. An unsaved `period` has not been opened: then it holds no figures of its own."""
    held = Held()
    held.originals = dict(
        OriginalBudget.objects.filter(council=council, year=period.year).values_list(
            "service_line_id", "amount"
        )
    )
    held.movements = dict(budget_movements(council, period))
    held.earlier = _earlier(council, period)
    if period.pk is None:
        return held
    for line_id, version, carried, *figures in Forecast.objects.filter(period=period).values_list(
        "service_line_id", "version", "is_carried_forward", *FORECAST_FIELDS
    ):
        held.forecasts[line_id] = HeldForecast(tuple(figures), version, carried)
    for line_id, *budget in ReportedBudget.objects.filter(period=period).values_list(
        "service_line_id", "original", "virements", "revised"
    ):
        held.budgets[line_id] = (budget[0], budget[1], budget[2])
    _read_support(held, period)
    held.reasons = dict(
        VarianceReason.objects.filter(period=period, order=REASON_ORDER).values_list(
            "service_line_id", "words"
        )
    )
    return held


def _read_support(held: Held, period: MonitoringPeriod) -> None:
    for pk, line_id, kind, amount in ReserveUse.objects.filter(
        period=period, purpose=AS_REPORTED
    ).values_list("pk", "service_line_id", "kind", "amount"):
        held.uses[line_id].append(pk)
        key = (line_id, Field(kind))
        held.support[key] = held.support.get(key, ZERO) + amount
    for pk, line_id, amount in OneOffFunding.objects.filter(period=period, purpose=AS_REPORTED).values_list(
        "pk", "service_line_id", "amount"
    ):
        held.funding[line_id].append(pk)
        key = (line_id, Field.ONE_OFF_FUNDING)
        held.support[key] = held.support.get(key, ZERO) + amount


def _earlier(council: Council, period: MonitoringPeriod) -> dict[int, Decimal]:
    """Two queries: the latest period with forecasts, then those."""
    latest = (
        Forecast.objects.filter(
            council=council, forecast_outturn__isnull=False, period__year__lte=period.year
        )
        .exclude(period__year=period.year, period__number__gt=period.number)
        .order_by("-period__year", "-period__number")
        .values_list("period_id", flat=True)
        .first()
    )
    if latest is None:
        return {}
    found = Forecast.objects.filter(period_id=latest, forecast_outturn__isnull=False)
    figures = found.values_list("service_line_id", "forecast_outturn")
    return {line_id: amount for line_id, amount in figures if amount is not None}


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that the import would set: exact pounds, `None` where nothing is held. For a reason, words."""

    field: Field
    before: Decimal | str | None
    after: Decimal | str | None


def figures_of(row: ReturnRow, *, held: Held, line_id: int | None) -> dict[Field, Decimal]:
    """What a row would store. A line whose original budget is kept takes no budget from a return: it is only checked."""
    wanted: list[Field] = [*FORECAST_FIELDS, *SUPPORT_FIELDS]
    keeps_original = line_id is not None and line_id in held.originals
    if Field.REVISED_BUDGET in row.amounts and not keeps_original:
        wanted += BUDGET_FIELDS
    return {name: row.amounts[name] for name in wanted if name in row.amounts}


def differences(
    rows: Iterable[tuple[ReturnRow, ServiceLine]], *, held: Held
) -> dict[int, tuple[Difference, ...]]:
    """Every held line's figures that the file would change, by line. Compared as sets, in whole pence."""
    import pandas

    file = [
        (line.pk, name.value, to_pence(amount))
        for row, line in rows
        for name, amount in figures_of(row, held=held, line_id=line.pk).items()
    ]
    columns = ["line", "figure", "pence"]
    now = pandas.DataFrame(file, columns=columns).astype({"line": "int64", "pence": "int64"})
    before = pandas.DataFrame(_held_pence(held), columns=columns).astype({"line": "int64", "pence": "Int64"})
    both = now.merge(before, on=["line", "figure"], how="left", suffixes=("", "_held"), validate="one_to_one")
    nil_where_absent = both["figure"].isin([name.value for name in SUPPORT_FIELDS])
    both.loc[nil_where_absent, "pence_held"] = both.loc[nil_where_absent, "pence_held"].fillna(0)
    changed = both[both["pence_held"].isna() | (both["pence"] != both["pence_held"]).fillna(value=True)]
    return _grouped(changed)


def _grouped(changed: "pandas.DataFrame") -> dict[int, tuple[Difference, ...]]:
    found: dict[int, list[Difference]] = defaultdict(list)
    absent = changed["pence_held"].isna()
    for line, figure, pence, held, is_new in zip(
        changed["line"],
        changed["figure"],
        changed["pence"],
        changed["pence_held"].fillna(0),
        absent,
        strict=True,
    ):
        before = None if is_new else from_pence(int(held))
        found[int(line)].append(Difference(Field(figure), before, from_pence(int(pence))))
    return {line: tuple(items) for line, items in found.items()}


def _held_pence(held: Held) -> list[tuple[int, str, int]]:
    found = []
    for line_id, forecast in held.forecasts.items():
        for name, amount in zip(FORECAST_FIELDS, forecast.figures, strict=True):
            if amount is not None:
                found.append((line_id, name.value, to_pence(amount)))
    for line_id, budget in held.budgets.items():
        for name, amount in zip(BUDGET_FIELDS, budget, strict=True):
            if amount is not None:
                found.append((line_id, name.value, to_pence(amount)))
    found.extend((line_id, name.value, to_pence(amount)) for (line_id, name), amount in held.support.items())
    return found


def reason_difference(row: ReturnRow, line: ServiceLine, held: Held) -> Difference | None:
    """The words that a return prints for a line, where they are not those already held from an earlier import."""
    before = held.reasons.get(line.pk)
    if not row.reason or row.reason == before:
        return None
    return Difference(Field.REASON, before, row.reason)


def rescaled(
    pairs: Iterable[tuple[ReturnRow, ServiceLine]], held: Held
) -> tuple[list[Decimal], list[Decimal]]:
    """Forecasts of now and of the period before, of the lines that both have."""
    both = [
        (row.forecast, held.earlier[line.pk])
        for row, line in pairs
        if row.forecast is not None and line.pk in held.earlier
    ]
    return [now for now, _ in both], [then for _, then in both]


def index_of(council: Council) -> LineIndex:
    """The council's lines, ready to be matched."""
    return LineIndex(council)


Differences = Mapping[int, tuple[Difference, ...]]
