"""Services over or under their budget year after year, as officers see them; members see the proposals that come of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from accounting.wording import format_money
from presentation.tables import FigureTable, RowHeaderColumn, TextColumn, VarianceColumn
from savings.position.right_sizing import Finding


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


def right_sizing_rows(findings: Iterable[Finding]) -> tuple[RightSizingRow, ...]:
    """The findings in their order."""
    return tuple(
        RightSizingRow(
            name=finding.service,
            directorate=finding.directorate,
            years=years_in_words(finding),
            typical=finding.typical,
            summed=finding.summed,
            joined=", ".join(finding.with_predecessors),
            proposed=", ".join(finding.proposed_as),
        )
        for finding in findings
    )


def years_in_words(finding: Finding) -> str:
    """“2023/24 £60,000 over, 2024/25 £75,000 over”."""
    way = "over" if finding.is_over else "under"
    return ", ".join(f"{one.year} {format_money(abs(one.variance))} {way}" for one in finding.years)


class RightSizingTable(FigureTable):
    """Services over, or under, in every year asked about."""

    name = RowHeaderColumn("Service")
    directorate = TextColumn("Directorate")
    years = TextColumn("Each year", wide=True)
    typical = VarianceColumn("Amount nearest nil")
    summed = VarianceColumn("All years together")
    joined = TextColumn("With lines that joined it", unknown="none joined it")
    proposed = TextColumn("Proposed already", unknown="not yet")
