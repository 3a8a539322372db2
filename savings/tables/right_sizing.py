"""Services over or under their budget year after year, as officers see them; members see the proposals that come of it."""

from dataclasses import dataclass
from decimal import Decimal

from presentation.tables import FigureTable, RowHeaderColumn, TextColumn, VarianceColumn


@dataclass(frozen=True, slots=True, kw_only=True)
class RightSizingRow:
    """One service, with what each year said."""

    name: str
    directorate: str
    years: str
    typical: Decimal
    summed: Decimal
    joined: str
    proposed: str


class RightSizingTable(FigureTable):
    """Services over, or under, in every year asked about."""

    name = RowHeaderColumn("Service")
    directorate = TextColumn("Directorate")
    years = TextColumn("Each year", wide=True)
    typical = VarianceColumn("Amount nearest nil")
    summed = VarianceColumn("All years together")
    joined = TextColumn("With lines that joined it", unknown="none joined it")
    proposed = TextColumn("Proposed already", unknown="not yet")
