"""What an import would do, and whether it may: a reading set beside the council's lines, budgets, earlier figures and the person's role."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from accounting.funds import Fund
from accounting.money import ZERO
from accounting.periods import Period
from accounting.position import Budget, Position, Support
from accounts.models import User
from services.imports.matching import LineIndex, Matches, match_lines
from services.imports.problems import Confirmation, Problem, Remark
from services.imports.profile import Field
from services.imports.reading import Reading
from services.imports.rows import ReturnRow
from services.models import Council, ImportBatch, MonitoringPeriod, ServiceLine
from services.operations import import_guards
from services.operations.import_comparison import (
    Difference,
    Held,
    differences,
    held_for,
    reason_difference,
)


@dataclass(slots=True, kw_only=True)
class Assessment:
    """Everything a person must see before an import, and everything an import needs."""

    council: Council
    period: Period
    monitoring: MonitoringPeriod
    """Unsaved where the period has not been opened yet."""
    reading: Reading
    matches: Matches = field(default_factory=Matches)
    held: Held = field(default_factory=Held)
    changes: dict[int, tuple[Difference, ...]] = field(default_factory=dict)
    """Of lines that the council has, by line."""
    problems: list[Problem] = field(default_factory=list)
    confirmations: list[Confirmation] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    applied_before: ImportBatch | None = None

    @property
    def rows_read(self) -> int:
        """Lines in the file."""
        return len(self.reading.lines)

    @property
    def rows_matched(self) -> int:
        """Lines that the council has."""
        return len(self.matches.held)

    @property
    def rows_created(self) -> int:
        """Lines to be made."""
        return len(self.matches.new)

    @property
    def rows_changed(self) -> int:
        """Held lines of which a figure or a reason would change."""
        return len(self.changes)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the file is held already."""
        return not self.problems and not self.changes and not self.matches.new

    @property
    def already_imported(self) -> bool:
        """Whether this very file has been imported and still stands."""
        return self.applied_before is not None and self.changes_nothing

    def unconfirmed(self, confirmed: frozenset[str]) -> list[Confirmation]:
        """What still needs a person's word."""
        return [finding for finding in self.confirmations if finding.code not in confirmed]


def assess(
    *, by: User, council: Council, monitoring: MonitoringPeriod, reading: Reading, index: LineIndex
) -> Assessment:
    """Set a reading beside what is held. Reads only."""
    found = Assessment(
        council=council,
        period=monitoring.period,
        monitoring=monitoring,
        reading=reading,
        problems=[*import_guards.period_problems(monitoring), *reading.problems],
        confirmations=list(reading.confirmations),
        remarks=list(reading.remarks),
    )
    import_guards.whose(found)
    if reading.table is None or not reading.lines:
        return found
    found.held = held_for(council, monitoring)
    found.matches = match_lines(
        reading.lines, index=index, profile=reading.profile, table=reading.table, period=found.period
    )
    found.problems += found.matches.problems
    found.problems += [*import_guards.outside_scope(by, found), *import_guards.handed_in(found)]
    import_guards.budgets(found)
    import_guards.scale_and_signs(found)
    import_guards.ratings(found)
    _compare(found)
    return found


def _compare(found: Assessment) -> None:
    changes = {
        line_id: list(items) for line_id, items in differences(found.matches.held, held=found.held).items()
    }
    for row, line in found.matches.held:
        if reason := reason_difference(row, line, found.held):
            changes.setdefault(line.pk, []).append(reason)
        held = found.held.forecasts.get(line.pk)
        if held is not None and held.is_carried_forward and line.pk not in changes:
            changes[line.pk] = []  # the same figure, now confirmed instead of carried forward
    found.changes = {line_id: tuple(items) for line_id, items in changes.items()}
    found.applied_before = _applied_before(found)


def _applied_before(found: Assessment) -> ImportBatch | None:
    if found.monitoring.pk is None:
        return None
    return (
        ImportBatch.objects.filter(
            period=found.monitoring,
            file_digest=found.reading.digest,
            profile_toml=found.reading.profile.toml,
            state=ImportBatch.State.APPLIED,
        )
        .defer("content")
        .select_related("applied_by")
        .order_by("-applied_at")
        .first()
    )


def ordered_changes(found: Assessment) -> Sequence[tuple[ReturnRow, ServiceLine, tuple[Difference, ...]]]:
    """Changed lines in the file's order."""
    return [
        (row, line, found.changes[line.pk]) for row, line in found.matches.held if line.pk in found.changes
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """One line of the file as it would stand: exact pounds, overspend positive; `None` is not in the file."""

    name: str
    place: str
    state: str
    revised_budget: Decimal | None
    actual_to_date: Decimal | None
    forecast_outturn: Decimal | None
    variance_before_reserves: Decimal | None
    variance_after_reserves: Decimal | None


def preview_lines(found: Assessment) -> list[PreviewLine]:
    """Every matched and every new line, in the file's order."""
    lines = [
        (
            row,
            line.name,
            line.division.name,
            _state(found, line),
            line.money_fund,
            found.held.revised(line.pk),
        )
        for row, line in found.matches.held
    ]
    lines += [(new.row, new.name, new.division, "new", new.fund, None) for new in found.matches.new]
    return [_preview_line(*line) for line in sorted(lines, key=lambda line: line[0].row)]


def _state(found: Assessment, line: ServiceLine) -> str:
    if line.pk not in found.changes:
        return "unchanged"
    return "changed" if line.pk in found.held.forecasts else "first figures"


def _preview_line(
    row: ReturnRow, name: str, place: str, state: str, fund: Fund, held_budget: Decimal | None
) -> PreviewLine:
    support = {name: abs(row.amounts.get(field, ZERO)) for name, field in _SUPPORT.items()}
    position = Position(
        fund=fund,
        budget=Budget(original=None, reported=row.revised if row.revised is not None else held_budget),
        actual_to_date=row.amounts.get(Field.ACTUAL_TO_DATE),
        forecast_outturn=row.forecast,
        approved=Support(**support),
    )
    return PreviewLine(
        name=name,
        place=place,
        state=state,
        revised_budget=position.revised_budget,
        actual_to_date=position.actual_to_date,
        forecast_outturn=position.forecast_outturn,
        variance_before_reserves=position.variance_before_reserves,
        variance_after_reserves=position.variance_after_reserves,
    )


_SUPPORT = {
    "drawdown": Field.DRAWDOWN,
    "contribution": Field.CONTRIBUTION,
    "other_one_off_funding": Field.ONE_OFF_FUNDING,
}
