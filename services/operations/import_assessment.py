"""What an import would do, and whether it may: a reading set beside the council's lines, budgets, earlier figures and the person's role."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from accounting.periods import Period
from accounting.returns import looks_rescaled
from accounting.tolerance import display_unit, of_identity
from accounts.models import User
from services.access import grant_for
from services.imports.characters import folded
from services.imports.matching import LineIndex, Matches, match_lines
from services.imports.problems import Confirmation, Problem, Remark, in_unit
from services.imports.profile import Field
from services.imports.reading import Reading
from services.imports.rows import ReturnRow
from services.models import Council, ImportBatch, MonitoringPeriod, ServiceLine
from services.operations.import_comparison import (
    Difference,
    Held,
    differences,
    held_for,
    reason_difference,
    rescaled,
)
from services.roles import Permission


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
        problems=[*_period_problems(monitoring), *reading.problems],
        confirmations=list(reading.confirmations),
        remarks=list(reading.remarks),
    )
    _whose(found)
    if reading.table is None or not reading.lines:
        return found
    found.held = held_for(council, monitoring)
    found.matches = match_lines(
        reading.lines, index=index, profile=reading.profile, table=reading.table, period=found.period
    )
    found.problems += found.matches.problems
    found.problems += _outside_scope(by, found)
    _budgets(found)
    _scale_and_signs(found)
    _compare(found)
    return found


def _period_problems(monitoring: MonitoringPeriod) -> list[Problem]:
    if not monitoring.is_locked:
        return []
    state = monitoring.get_state_display().lower()
    return [
        Problem(
            what=f"{monitoring.period.label} is {state}, so its figures can no longer be changed. To correct it, ask a head of finance to reopen the "
            "period with a reason, import, and publish again: that makes a new version beside the old one. Or import into a later period."
        )
    ]


def _whose(found: Assessment) -> None:
    """A file that names another council is confirmed; a profile made for another is refused."""
    wanted, council = found.reading.profile.council, found.council
    if wanted and folded(wanted) not in (folded(council.slug), folded(council.name)):
        found.problems.append(
            Problem(what="The profile is for another council.", found=wanted, expected=council.slug)
        )
    title = folded(found.reading.title)
    if not title or folded(council.name) in title:
        return
    others = Council.objects.exclude(pk=council.pk).values_list("name", flat=True)
    if named := [name for name in others if folded(name) in title]:
        found.confirmations.append(
            Confirmation(code="other-council", question=f"The file's title names {named[0]}, and this is {council.name}. Confirm only if the figures "
                         f"are {council.name}'s.", details=(found.reading.title,))
        )  # fmt: skip


def _outside_scope(by: User, found: Assessment) -> list[Problem]:
    """Lines of directorates for which the person may not import."""
    if by.is_superuser:
        return []
    grant = grant_for(by, found.council)
    allowed = grant.directorates(Permission.IMPORT_RETURNS) if grant else frozenset()
    if allowed is None:
        return []
    names = {
        line.division.directorate.name
        for _, line in found.matches.held
        if line.division.directorate_id not in allowed
    }
    names |= {line.directorate for line in found.matches.new}
    return [
        Problem(
            what=f"Your role does not let you import figures of {name}.", column="directorate", found=name
        )
        for name in sorted(names)
    ]


def _budgets(found: Assessment) -> None:
    """A line whose original budget is kept has its budget checked; any other needs one from the file or from an earlier return."""
    for row, line in found.matches.held:
        held = found.held.revised(line.pk)
        if row.revised is None:
            if held is None and not row.is_bad:
                found.problems.append(_no_budget(found, row))
        elif line.pk in found.held.originals and held is not None:
            _check_budget(found, row, line, held)
    for new in found.matches.new:
        if new.row.revised is None and not new.row.is_bad:
            found.problems.append(_no_budget(found, new.row))


def _no_budget(found: Assessment, row: ReturnRow) -> Problem:
    return Problem(
        what="There is no budget for this line, neither in the file nor held here. Add a revised budget, or original budget and virements.",
        sheet=found.reading.sheet, row=row.row, column=Field.REVISED_BUDGET.label, found="none", expected="a budget",
    )  # fmt: skip


def _check_budget(found: Assessment, row: ReturnRow, line: ServiceLine, held: Decimal) -> None:
    reading = found.reading
    step = display_unit(reading.unit, reading.decimals.get(Field.REVISED_BUDGET, 0))
    if row.revised is not None and abs(row.revised - held) > of_identity(step):
        found.problems.append(
            Problem(
                what=f"The budget of “{line}” in the file is not the budget held here. Post the virement or funding change first; a return does not move "
                "a budget.", sheet=reading.sheet, row=row.row, column=Field.REVISED_BUDGET.label, found=in_unit(row.revised, reading.unit),
                expected=in_unit(held, reading.unit),
            )
        )  # fmt: skip


def _scale_and_signs(found: Assessment) -> None:
    scale = looks_rescaled(*rescaled(found.matches.held, found.held))
    if scale:
        times = "a thousand times" if scale > 0 else "a thousandth of"
        found.confirmations.append(
            Confirmation(
                code="scale",
                question=f"The forecasts are about {times} those of the period before. The file may be in {'£' if scale > 0 else '£000'}, not in "
                f"{found.reading.unit.label}: check the profile's units. Confirm only if the figures really changed so.",
            )
        )
    flipped = [
        f"Row {row.row}, “{line}”: {in_unit(row.revised, found.reading.unit)}, held {in_unit(held, found.reading.unit)}"
        for row, line in found.matches.held
        if row.revised and (held := found.held.revised(line.pk)) and (row.revised > 0) != (held > 0)
    ]
    flipped += [
        f"Row {row.row}, “{line}”: income without a minus sign"
        for row, line in found.matches.held
        if line.kind == ServiceLine.Kind.INCOME and not row.kind and (row.revised or row.forecast or 0) > 0
    ]
    if flipped and not any(finding.code == "sign" for finding in found.confirmations):
        question = "These budgets have the opposite sign of those held. Income is negative here. Confirm only if they really turned."
        found.confirmations.append(
            Confirmation(code="sign", question=question, details=tuple(dict.fromkeys(flipped))[:20])
        )


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
