"""A small table of positions for the tests of tables and exports."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from accounting.rag import Rag
from presentation.tables import (
    FigureTable,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    RagColumn,
    RowHeaderColumn,
    TextColumn,
    VarianceColumn,
)


@dataclass(frozen=True)
class Line:
    name: str = "Corporate parenting"
    budget: Decimal | None = Decimal("1234567.89")
    variance: Decimal | None = Decimal("-152000.10")
    percent: Decimal | None = Decimal("-12.31")
    children: int | None = 1204
    rag: Rag | None = Rag.AMBER
    reason: str = "Two posts are vacant."
    row_kind: str = "line"
    marks: Mapping[str, str] = field(default_factory=dict)
    address: str | None = None


class LineTable(FigureTable):
    name = RowHeaderColumn("Service line", link="address")
    budget = MoneyColumn("Revised budget")
    variance = VarianceColumn("Variance after reserves")
    percent = PercentColumn("Percent of budget")
    children = NumberColumn("Activity")
    rag = RagColumn()
    reason = TextColumn("Reason", wide=True)


def table(*lines: Line, **options) -> LineTable:
    return LineTable(lines or (Line(),), caption="Position, Thamesmere, month 7, October 2023", **options)


def column(one: FigureTable, name: str):
    return next(column for column in one.figure_columns if column.name == name)
