"""Services that ended over, or under, their budget year after year: whose budget may be the wrong size, offered as proposals.

Read from the last published period of each past year. What is compared is the underlying variance, with one-off support taken out again: an
overspend that reserves covered every year is still an overspend of the service.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from accounting.funds import Fund
from accounting.money import total_or_unknown
from accounting.periods import FinancialYear, Period
from accounting.right_sizing import Persistent, persistent
from savings.models import SavingsProposal
from services.models import Council, MonitoringPeriod, ServiceLine
from services.position import council_position

LEAST_YEARS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingYear:
    """One year of a run: the period that was published last in it, and the underlying variance; overspend positive."""

    year: FinancialYear
    period: Period
    variance: Decimal

    @property
    def size(self) -> Decimal:
        """How far it was over or under, without a sign."""
        return abs(self.variance)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A service over, or under, in every year asked about. `typical` is the variance nearest nil, the cautious amount to re-size by.

    `change_to_base` is that amount as a proposal would phase it: a lasting underspend is a saving, negative; a lasting overspend is growth.
    """

    service_line_id: int
    service: str
    directorate_id: int
    directorate: str
    is_over: bool
    years: tuple[FindingYear, ...]
    typical: Decimal
    summed: Decimal
    with_predecessors: tuple[str, ...] = ()
    """Lines that have gone into this one since, whose variances are in its years."""
    proposed_as: tuple[str, ...] = ()
    """Right-sizing proposals that there are for the service already."""

    @property
    def change_to_base(self) -> Decimal:
        """The cautious amount as a change to base."""
        return self.typical

    @property
    def kind(self) -> str:
        """Which kind of proposal it would be."""
        return SavingsProposal.Kind.GROWTH if self.is_over else SavingsProposal.Kind.SAVING


def right_sizing(
    council: Council, *, years: int = 3, at_least: Decimal = Decimal(50_000)
) -> tuple[Finding, ...]:
    """Services of the General Fund that were over, or under, by `at_least` pounds in each of the last `years` years, the largest first.

    A year counts once it is over and something of it was published. Nothing is found before there are so many years in a row. The queries grow
    with the years, not with the lines. Raises `ValueError` for fewer than two years: one year is no pattern.
    """
    if years < LEAST_YEARS:
        raise ValueError("Give at least two years: one year over or under is no pattern.")
    periods = _closing_periods(council)[-years:]
    if len(periods) < years or periods[-1].year - periods[0].year != years - 1:
        return ()
    lines = {line.pk: line for line in _lines(council)}
    heirs = {line_id: _heir(lines, line_id) for line_id in lines}
    variances = [(period, _variances(council, period, heirs)) for period in periods]
    proposed = _proposed(council)
    found = []
    for line_id in dict.fromkeys(heirs.values()):
        by_year = {period.period.year: of_period.get(line_id) for period, of_period in variances}
        run = persistent(by_year, last=periods[-1].period.year, years=years, at_least=at_least)
        line = lines[line_id]
        if run is not None and line.closed_from_id is None:
            gone = tuple(lines[one].name for one, heir in heirs.items() if heir == line_id != one)
            found.append(_finding(line, run, periods, gone, tuple(proposed[line_id])))
    return tuple(sorted(found, key=lambda finding: (-abs(finding.typical), finding.service)))


def _closing_periods(council: Council) -> list[MonitoringPeriod]:
    """The last published period of each year that is over, in order of years. One query."""
    rows = list(MonitoringPeriod.objects.filter(council=council).order_by("year", "number"))
    newest_year = rows[-1].year if rows else 0
    last: dict[int, MonitoringPeriod] = {}
    for row in rows:
        is_over = row.year < newest_year or row.period.is_outturn
        if is_over and row.state == MonitoringPeriod.State.PUBLISHED:
            last[row.year] = row
    return list(last.values())


def _lines(council: Council) -> Iterable[ServiceLine]:
    """Lines of the General Fund: what is left of ring-fenced money is no saving. One query."""
    rows = ServiceLine.objects.filter(council=council, fund=Fund.GENERAL_FUND)
    return rows.select_related("division__directorate").order_by("pk")


def _heir(lines: dict[int, ServiceLine], line_id: int) -> int:
    """The line into which this one has gone, through every restructure; itself where it has not."""
    seen = {line_id}
    while (successor := lines[line_id].successor_id) in lines and successor not in seen:
        seen.add(successor)
        line_id = successor
    return line_id


def _variances(
    council: Council, period: MonitoringPeriod, heirs: dict[int, int]
) -> dict[int, Decimal | None]:
    """The underlying variance of every line that there is now, with those of the lines that have gone into it."""
    found: dict[int, list[Decimal | None]] = defaultdict(list)
    for line in council_position(council, period).lines:
        if line.line_id in heirs and not line.is_closed:
            found[heirs[line.line_id]].append(line.position.underlying_variance)
    return {line_id: total_or_unknown(amounts) for line_id, amounts in found.items()}


def _proposed(council: Council) -> dict[int, list[str]]:
    """Right-sizing proposals that may still count, by line. One query."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = SavingsProposal.objects.filter(
        council=council, type=SavingsProposal.Type.RIGHT_SIZING, service_line__isnull=False
    )
    for proposal in rows.may_count().select_related("service_line"):
        if proposal.service_line is not None:
            found[proposal.service_line.pk].append(str(proposal))
    return found


def _finding(
    line: ServiceLine,
    run: Persistent,
    periods: Sequence[MonitoringPeriod],
    gone: tuple[str, ...],
    proposed: tuple[str, ...],
) -> Finding:
    directorate = line.division.directorate
    return Finding(
        service_line_id=line.pk,
        service=line.name,
        directorate_id=directorate.pk,
        directorate=directorate.name,
        is_over=run.is_over,
        years=tuple(
            FindingYear(year=year, period=period.period, variance=variance)
            for (year, variance), period in zip(run.years, periods, strict=True)
        ),
        typical=run.typical,
        summed=run.summed,
        with_predecessors=gone,
        proposed_as=proposed,
    )
