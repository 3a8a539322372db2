"""What right-sizing found, as rows of its table and in words."""

from collections.abc import Iterable

from accounting.wording import format_money
from savings.position.right_sizing import Finding
from savings.tables.right_sizing import RightSizingRow


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
    return ", ".join(f"{one.year} {format_money(one.size)} {way}" for one in finding.years)
