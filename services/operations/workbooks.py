"""A workbook against what is held: whose it is, which of its figures can stand, which were changed by somebody else too."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from services.access import Grant
from services.imports.problems import Problem, listed
from services.models import Forecast, MonitoringPeriod
from services.operations.entries import checked_range
from services.operations.forecasts import ForecastEdit
from services.operations.refusals import InvalidFigureError, Refused
from services.operations.staleness import last_saved
from services.position.workbook import HeldLine, held_lines
from services.roles import Permission
from services.workbooks.layout import LABELS, LINES_SHEET
from services.workbooks.sealing import Download, ProposedCell, ShownCell

ENTER = Permission.ENTER_FORECASTS


class WorkbookRefusedError(Refused):
    """A workbook that is not this person's to upload here."""


class Choice(StrEnum):
    """Which of two figures stands."""

    MINE = "mine"
    THEIRS = "theirs"


class Standing(StrEnum):
    """How a figure of the file stands to what is held now."""

    CHANGE = "change"
    CONFLICT = "conflict"
    ALREADY = "already"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure that a person changed in the workbook: base, theirs and yours."""

    cell: ProposedCell
    line: HeldLine
    saved_by: str = ""
    """Who last saved the line, where it is a conflict."""

    @property
    def theirs(self) -> Decimal | None:
        """The figure that is held now."""
        return self.line.figures[self.cell.figure]

    @property
    def standing(self) -> Standing:
        """Held already, changed by this person only, or by somebody else too and differently."""
        if self.shown.is_held_already:
            return Standing.ALREADY
        return Standing.CONFLICT if self.shown.is_conflict else Standing.CHANGE

    @property
    def shown(self) -> ShownCell:
        """As the confirmation carries it."""
        return ShownCell(cell=self.cell, theirs=self.theirs, version=self.line.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Every difference, cell by cell, and what stands in the way."""

    differences: tuple[Difference, ...]
    problems: tuple[Problem, ...]

    def of(self, standing: Standing) -> tuple[Difference, ...]:
        """The differences that stand so."""
        return tuple(one for one in self.differences if one.standing is standing)

    @property
    def conflicts(self) -> tuple[Difference, ...]:
        """What must be chosen."""
        return self.of(Standing.CONFLICT)

    @property
    def has_anything_to_write(self) -> bool:
        """Whether any figure of the file is not held already."""
        return any(one.standing is not Standing.ALREADY for one in self.differences)


def refuse_foreign(download: Download, *, grant: Grant, period: MonitoringPeriod) -> None:
    """Refuse a workbook of another council or period, and one with lines that this person may not enter. Raises `WorkbookRefusedError`."""
    if (download.council_id, download.period_id) != (period.council_id, period.pk):
        raise WorkbookRefusedError(
            f"This workbook was downloaded for {download.council}, {download.period}, and this page is {grant.council.name}, {period}. Upload it "
            "on the page that it came from."
        )
    held = held_lines(grant.council, period)
    beyond = dict.fromkeys(
        held[line.line_id].directorate
        for line in download.lines
        if line.line_id in held and not grant.allows(ENTER, directorate_id=held[line.line_id].directorate_id)
    )
    if beyond:
        raise WorkbookRefusedError(
            f"This workbook was downloaded by {download.by} and holds lines of {listed(list(beyond))}, whose figures your role does not let you "
            "enter. Download your own lines, and copy your figures into them."
        )


def compare(cells: Sequence[ProposedCell], *, grant: Grant, period: MonitoringPeriod) -> Comparison:
    """The figures of a workbook against what is held now. Writes nothing."""
    held = held_lines(grant.council, period)
    differences, problems = [], []
    for cell in cells:
        line = held.get(cell.line_id)
        why = _not_to_be_entered(line, grant=grant, period=period)
        if line is None or why:
            problems.append(_problem(cell, why))
        else:
            differences.append(Difference(cell=cell, line=line))
    problems += _outside_range(differences)
    return Comparison(differences=tuple(_with_names(differences, period)), problems=tuple(problems))


def changed_by_others(
    download: Download, cells: Iterable[ProposedCell], *, grant: Grant, period: MonitoringPeriod
) -> list[str]:
    """The lines on which somebody else changed a figure since the download that the workbook leaves as it was: theirs stands."""
    mine = {(cell.line_id, cell.figure) for cell in cells}
    held = held_lines(grant.council, period)
    return [
        line.name
        for line in download.lines
        if line.line_id in held
        and any(
            held[line.line_id].figures[name] != was and (line.line_id, name) not in mine
            for name, was in line.figures.items()
        )
    ]


def _not_to_be_entered(line: HeldLine | None, *, grant: Grant, period: MonitoringPeriod) -> str:
    """Why a line takes no figure from this person now; empty if it does."""
    if line is None or line.is_closed:
        what = line.name if line else "This line"
        return f"{what} no longer reports in {period.period.label}. Enter the figure on the line that does, and leave this one as it was."
    if not grant.allows(ENTER, directorate_id=line.directorate_id):
        return f"{line.name} is a line of {line.directorate}, whose figures your role does not let you enter."
    if line.is_submitted:
        return (
            f"{line.directorate} has submitted {period.period.label} since the download. Ask finance to return it to you; then upload this "
            "workbook again."
        )
    return ""


def _problem(cell: ProposedCell, what: str) -> Problem:
    row = "".join(character for character in cell.place if character.isdigit())
    return Problem(what=what, sheet=LINES_SHEET, row=int(row) if row else None, column=LABELS[cell.figure])


def _outside_range(differences: Iterable[Difference]) -> Iterator[Problem]:
    """Best case ≤ forecast outturn ≤ worst case. A line with a conflict is checked when it is known which figure stands."""
    by_line: dict[int, list[Difference]] = {}
    for one in differences:
        by_line.setdefault(one.line.line_id, []).append(one)
    for changed in by_line.values():
        if any(one.standing is Standing.CONFLICT for one in changed):
            continue
        line = changed[0].line
        figures = {**line.figures, **{one.cell.figure: one.cell.yours for one in changed}}
        try:
            checked_range(figures, line=line.name, line_id=line.line_id)
        except InvalidFigureError as refusal:
            at = next((one for one in changed if one.cell.figure == refusal.field), changed[0])
            yield _problem(at.cell, str(refusal))


def _with_names(differences: Sequence[Difference], period: MonitoringPeriod) -> Iterator[Difference]:
    """Each conflict with who saved its line."""
    wanted = {one.line.line_id for one in differences if one.standing is Standing.CONFLICT}
    names: dict[int, str] = {}
    if wanted:
        rows = Forecast.objects.filter(period=period).values_list("pk", "service_line_id")
        lines = {pk: line_id for pk, line_id in rows if line_id in wanted}
        entries = last_saved(council_id=period.council_id, kind="forecast", ids=lines)
        names = {lines[pk]: entry.by for pk, entry in entries.items()}
    for one in differences:
        yield Difference(
            cell=one.cell, line=one.line, saved_by=names.get(one.line.line_id, "") if wanted else ""
        )


def edits_of(cells: Sequence[ShownCell], *, choices: Mapping[str, str]) -> list[ForecastEdit]:
    """What is to be saved of the figures that were shown, each line against the version that was shown.

    `choices` holds, by a figure's key, whose stands where somebody else had changed it too; without one it is not written.
    """
    by_line: dict[int, dict[str, Decimal | None]] = {}
    versions: dict[int, int] = {}
    for shown in cells:
        cell = shown.cell
        if shown.is_held_already or (shown.is_conflict and choices.get(shown.key) != Choice.MINE):
            continue
        by_line.setdefault(cell.line_id, {})[cell.figure] = cell.yours
        versions[cell.line_id] = shown.version
    return [
        ForecastEdit(line_id=line_id, expected_version=versions[line_id], **figures)
        for line_id, figures in by_line.items()
    ]
