"""The medium-term schedule as a terminal prints it: aligned text, CSV, or JSON. Exact pounds; nothing is worked out here."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from accounting.wording import export_money, format_money
from presentation.exports import inert
from savings.entries import StrategyYear
from savings.listing.text import aligned, csv_text, name_of, shown, spaced, span_object, text_of
from savings.position.schedule import Schedule, ScheduleRow

STRATEGY_FIGURES: Final = ("base", "growth", "reopened", "savings", "requirement", "funding", "gap")


def schedule_json(schedule: Schedule) -> str:
    """Changes to base as decimal strings in pounds, a saving negative; unknown is null."""
    years = [str(year) for year in schedule.years]
    listed = {
        "council": schedule.council.slug,
        "title": schedule.strategy.title,
        "years": years,
        "proposals": [_proposal_object(row, years) for row in schedule.rows],
        "totals": _by_year(years, schedule.totals),
        "savings": _by_year(years, schedule.savings),
        "growth": _by_year(years, schedule.growth),
        "agreed": _by_year(years, schedule.agreed),
        "strategy": [_strategy_object(year) for year in schedule.strategy.years],
        "strategy_if_all_agreed": [_strategy_object(year) for year in schedule.strategy.years_if_all_agreed],
        "left_out": list(schedule.strategy.left_out),
    }
    return json.dumps(listed, indent=2, ensure_ascii=False)


def _proposal_object(row: ScheduleRow, years: Sequence[str]) -> dict[str, Any]:
    proposal = row.proposal
    return {
        "reference": proposal.reference,
        "title": proposal.title,
        "kind": proposal.kind,
        "directorate": proposal.directorate,
        "status": proposal.stage.value,
        "amounts": _by_year(years, row.amounts),
        "total": text_of(row.total),
        "total_of_years": text_of(row.total_of_years),
        "gap": text_of(row.gap),
        "first_year_is_level": bool(proposal.phasing and proposal.phasing.first_year_is_level),
        "spans": [span_object(span) for span in (proposal.phasing.spans if proposal.phasing else ())],
    }


def _by_year(years: Sequence[str], amounts: Sequence[Decimal | None]) -> dict[str, str | None]:
    return {year: text_of(amount) for year, amount in zip(years, amounts, strict=True)}


def _strategy_object(year: StrategyYear) -> dict[str, str | None]:
    return {"year": str(year.year), **{name: text_of(getattr(year, name)) for name in STRATEGY_FIGURES}}


def schedule_csv(schedule: Schedule) -> str:
    """Exact pounds, one row a proposal and one the totals; an unknown figure is empty. Text that looks like a formula is made inert."""
    years = [str(year) for year in schedule.years]
    rows = [
        [
            inert(row.proposal.reference),
            inert(row.proposal.title),
            row.proposal.kind,
            row.proposal.stage.value,
            *map(export_money, row.amounts),
            *map(export_money, (row.total, row.total_of_years, row.gap)),
        ]
        for row in schedule.rows
    ]
    rows += [
        ["", name, "", "", *map(export_money, sums), "", "", ""]
        for name, sums in (("Total", schedule.totals), ("Of which agreed", schedule.agreed))
    ]
    return csv_text(["reference", "title", "kind", "status", *years, "total", "total_of_years", "gap"], rows)


def schedule_table(schedule: Schedule) -> str:
    """Aligned text in pounds: each proposal, the sums, then the gap of each year where base and funding are known."""
    years = [str(year) for year in schedule.years]
    rows = [
        [name_of(row.proposal.heading), *map(shown, row.amounts), shown(row.total)] for row in schedule.rows
    ]
    sums = (("Total", schedule.totals), ("Of which agreed", schedule.agreed))
    rows += [[name, *map(shown, amounts), ""] for name, amounts in sums if schedule.rows]
    told = [f"{schedule.council}, {schedule.strategy.title}, changes to base in £, a saving negative"]
    if not schedule.rows:
        return "\n".join([*told, "", "No saving and no growth is recorded."])
    gaps = [
        f"{row.proposal.heading}: the years sum to {format_money(row.total_of_years, places=2)}, the printed total is "
        f"{format_money(row.total, places=2)}: a difference of {format_money(row.gap, places=2)}."
        for row in schedule.rows
        if row.gap
    ]
    known = [year for year in schedule.strategy.years if year.gap is not None]
    lines = [*told, "", *aligned(["", *years, "total"], rows), *spaced(gaps)]
    lines += spaced([f"Gap to be found in {year.year}: {format_money(year.gap, places=2)}" for year in known])
    return "\n".join([*lines, *spaced(schedule.strategy.left_out)])
