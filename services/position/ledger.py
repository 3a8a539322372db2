"""A ledger file's preview as it was kept, in values a table can show, and the mapping table."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from services.models import Council, LedgerBatch, LedgerCode


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """A line that the ledger changes: what is held and what the ledger says, pounds; `None` where nothing is held."""

    line: str
    actual_before: Decimal | None
    actual_after: Decimal | None
    actual_change: Decimal | None
    commitments_before: Decimal | None
    commitments_after: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestatedLine:
    """A line of which the ledger changed an earlier month."""

    line: str
    then: Decimal
    now: Decimal
    difference: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedCode:
    """One row of the mapping table."""

    cost_centre: str
    subjective: str
    line: str
    closed_from: str


def changed_lines(batch: LedgerBatch) -> list[LedgerLine]:
    """The lines that a checked file would change, or an applied one did."""
    return [_changed(row) for row in batch.outcome.get("changes", [])]


def _changed(row: Mapping[str, Any]) -> LedgerLine:
    before, after = _pounds(row["actual_before"]), _pounds(row["actual_after"])
    return LedgerLine(
        line=row["line"],
        actual_before=before,
        actual_after=after,
        actual_change=None if before is None or after is None else after - before,
        commitments_before=_pounds(row["commitments_before"]),
        commitments_after=_pounds(row["commitments_after"]),
    )


def restated_lines(batch: LedgerBatch) -> list[RestatedLine]:
    """The lines of which the file says something else about the period before than the ledger that was applied then."""
    return [
        RestatedLine(
            line=row["line"],
            then=Decimal(row["then"]),
            now=Decimal(row["now"]),
            difference=Decimal(row["difference"]),
        )
        for row in batch.outcome.get("restated", [])
    ]


def mapping_table(council: Council, *, wanted: str = "") -> list[MappedCode]:
    """The council's codes in their order; with `wanted`, those whose codes or line hold these words. One query."""
    codes = LedgerCode.objects.filter(council=council).select_related("service_line", "closed_from")
    words = wanted.casefold()
    rows = [
        MappedCode(
            cost_centre=code.cost_centre,
            subjective=code.subjective,
            line=code.service_line.name,
            closed_from=code.closed_from.period.slug if code.closed_from else "",
        )
        for code in codes.order_by("cost_centre", "subjective")
    ]
    return [row for row in rows if words in f"{row.cost_centre} {row.subjective} {row.line}".casefold()]


def _pounds(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
