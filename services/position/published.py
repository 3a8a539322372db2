"""What was last published, so that movement can be told from it."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Subquery

from accounting.funds import Fund
from accounting.money import total_or_unknown
from accounting.periods import FinancialYear, Period
from services.models import Council, MonitoringPeriod, PublishedVariance


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPublished:
    """Variances after reserves of the last published period of the same year, by line and by scope."""

    period: Period | None
    version: int | None
    by_line: dict[int, Decimal | None]
    by_scope: dict[tuple[str, int | None, Fund], Decimal | None]

    def of_scope(self, scope: str, scope_id: int | None, fund: Fund) -> Decimal | None:
        """A scope's published variance; lines since closed are in it, as they were then."""
        return self.by_scope.get((scope, scope_id, fund))


def last_published(council: Council, period: MonitoringPeriod) -> LastPublished:
    """The newest version of the last period published before this one, in the same financial year. One query."""
    earlier = PublishedVariance.objects.filter(
        council=council, period__year=period.year, period__number__lt=period.number
    ).order_by("-period__number", "-publication_version")
    rows = PublishedVariance.objects.filter(
        council=council,
        period=Subquery(earlier.values("period")[:1]),
        publication_version=Subquery(earlier.values("publication_version")[:1]),
    ).values_list(
        "period__year",
        "period__number",
        "publication_version",
        "service_line_id",
        "division_id",
        "directorate_id",
        "fund",
        "variance_after_reserves",
    )
    by_line: dict[int, Decimal | None] = {}
    groups: dict[tuple[str, int | None, Fund], list[Decimal | None]] = defaultdict(list)
    found, version = None, None
    for year, number, found_version, line_id, division_id, directorate_id, fund_code, variance in rows:
        if found is None:
            found, version = Period(FinancialYear(year), number), found_version
        by_line[line_id] = variance
        fund = Fund(fund_code)
        for whole in dict.fromkeys((fund.whole, fund)):
            groups["council", None, whole].append(variance)
            groups["directorate", directorate_id, whole].append(variance)
            groups["division", division_id, whole].append(variance)
    by_scope = {key: total_or_unknown(values) for key, values in groups.items()}
    return LastPublished(period=found, version=version, by_line=by_line, by_scope=by_scope)
