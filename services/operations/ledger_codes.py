"""The table that maps ledger codes to service lines: many codes in one request, all or none."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounting.periods import Period
from accounts.models import User
from services import audit
from services.imports.ledger_codes import CodeEntry
from services.models import Council, LedgerCode, MonitoringPeriod, ServiceLine
from services.models.many_rows import insert_rows
from services.operations.entries import checked_name
from services.operations.ledger_work import authorise_ledger
from services.operations.refusals import InvalidEntryError, WrongCouncilError

LIMIT = 40
_WRITTEN = ("service_line", "closed_from", "version")


@transaction.atomic
def set_ledger_codes(*, by: User, council: Council, entries: Sequence[CodeEntry]) -> int:
    """Map codes to lines, adding what is new and changing what is otherwise; return how many changed. What was applied before stays as it was.

    The number of queries does not grow with the codes, but for the batches a database limits its inserts to. Raises `NotAllowedError`,
    `InvalidEntryError`, `WrongCouncilError`.
    """
    authorise_ledger(by=by, council=council)
    audit.hold(council.pk)
    lines = dict(ServiceLine.objects.filter(council=council).values_list("pk", "name"))
    periods = {row.period: row.pk for row in MonitoringPeriod.objects.filter(council=council)}
    held = {(code.cost_centre, code.subjective): code for code in LedgerCode.objects.filter(council=council)}
    rows: list[tuple[Any, ...]] = []
    changes = []
    seen = set()
    for entry in entries:
        key = (
            checked_name("cost_centre", entry.cost_centre, limit=LIMIT),
            checked_name("subjective", entry.subjective, required=False, limit=LIMIT),
        )
        if entry.line_id not in lines:
            raise WrongCouncilError(f"There is no service line {entry.line_id} at {council}.")
        if key in seen:
            raise InvalidEntryError("cost_centre", f"{' '.join(key)} is there twice. Give each code once.")
        seen.add(key)
        closed_from = _closed_from(entry, periods)
        before = held.get(key)
        if before and (before.service_line_id, before.closed_from_id) == (entry.line_id, closed_from):
            continue
        rows.append((council.pk, *key, entry.line_id, closed_from, before.version + 1 if before else 1))
        changes.append(_change(key, entry, before, lines, {pk: period for period, pk in periods.items()}))
    insert_rows(
        LedgerCode,
        ("council", "cost_centre", "subjective", *_WRITTEN),
        rows,
        unique=("council", "cost_centre", "subjective"),
        update=_WRITTEN,
    )
    audit.record(by=by, council=council, changes=changes)
    return len(rows)


def _closed_from(entry: CodeEntry, periods: dict[Period, int]) -> int | None:
    if entry.closed_from is None:
        return None
    if entry.closed_from not in periods:
        raise InvalidEntryError(
            "closed_from",
            f"{entry.closed_from.label} ({entry.closed_from.year}) has not been opened. Close the code from a period that has.",
        )
    return periods[entry.closed_from]


def _change(
    key: tuple[str, str],
    entry: CodeEntry,
    before: LedgerCode | None,
    lines: dict[int, str],
    periods: dict[int, Period],
) -> audit.Change:
    was = (
        {
            "service_line": lines[before.service_line_id],
            "closed_from": periods[before.closed_from_id].slug if before.closed_from_id else "",
        }
        if before
        else None
    )
    return audit.Change(
        action="map ledger code",
        subject=f"Ledger code {key[0]} {key[1] or '(any subjective)'}",
        before=was,
        after={
            "service_line": lines[entry.line_id],
            "closed_from": entry.closed_from.slug if entry.closed_from else "",
        },
    )
