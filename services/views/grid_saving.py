"""What every way of saving in the grid shares: the door, the sense checks and the save, in one transaction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.http import Http404

from accounting.periods import Period
from accounting.sense import Finding
from accounts.models import User
from services import access
from services.access import Grant
from services.forms.grid import UnreadableError
from services.models import MonitoringPeriod
from services.operations.authority import still_open_for_figures
from services.operations.forecasts import (
    ForecastEdit,
    SavedForecasts,
    asked_for,
    save_held,
    saved_before,
)
from services.operations.refusals import Refused
from services.position.grid import ENTERED, Grid, GridLine
from services.position.grid_live import keep, live_grid
from services.position.grid_rows import GridRow, line_row, totals_over
from services.roles import Permission

MakeEdits = Callable[[Grid], Sequence[ForecastEdit]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something that looks odd in what was entered: on which line, in which column."""

    line_id: int
    column: str
    finding: Finding


class QuestionedError(Refused):
    """Figures that look like slips. Nothing was saved; with a reason they are."""

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__(" ".join(question.finding.words for question in questions))
        self.questions = tuple(questions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """What was saved, and the grid as it then is."""

    grant: Grant
    grid: Grid
    lines: tuple[GridLine, ...]
    changed: frozenset[int]

    @property
    def rows(self) -> tuple[GridRow, ...]:
        """The lines' rows."""
        return tuple(line_row(self.grid, line) for line in self.lines)

    @property
    def totals(self) -> tuple[GridRow, ...]:
        """The totals that contain them, as far as this person sees them."""
        allowed = self.grant.directorates(Permission.VIEW_WORKING)
        return totals_over(self.grid, self.lines, allowed=allowed)


def grid_now(user: User, council: str, period: Period) -> tuple[Grant, Grid]:
    """The door and the grid, to read."""
    grant, held = access.grant_at_period(user, council, period, needs=Permission.VIEW_WORKING)
    return grant, live_grid(grant.council, held)


def save(
    *,
    by: User,
    council: str,
    period: Period,
    edits: MakeEdits,
    key: str,
    reason: str,
    is_reviewed: bool = False,
    sent: Mapping[str, Any] | None = None,
) -> Saved:
    """Save what `edits` makes of the grid as it is, all or nothing; raise a `Refused` if not.

    `QuestionedError` where it looks odd and no reason is given. `sent`, the request itself, is given where what it comes to depends on what is
    held: sent again with its key it has no second effect, though there is nothing left to change.

    Seven queries, and those of a grid that must be read anew. `is_reviewed`: odd figures have been looked at already.
    """
    with transaction.atomic():
        grant, found = access.grant_at_period(by, council, period, needs=Permission.VIEW_WORKING)
        held: MonitoringPeriod = still_open_for_figures(found)
        grid = live_grid(grant.council, held)
        try:
            made = edits(grid)
        except UnreadableError:
            earlier = saved_before(by=by, key=key, asked=asked_for(held, sent=sent)) if sent else None
            if earlier is None:
                raise
            return _as_before(grant, grid, earlier)
        refuse_unseen(grant, grid, [edit.line_id for edit in made])
        questions = () if reason or is_reviewed else judged(grid, made)
        if questions:
            raise QuestionedError(questions)
        outcome = save_held(
            by=by,
            period=held,
            edits=made,
            retry_key=key,
            reason=reason,
            grant=grant,
            after=grid.through,
            sent=sent,
        )
    after = _after(grid, made, outcome)  # the transaction is over: what is kept now is there
    lines = tuple(after.by_id[edit.line_id] for edit in made)
    return Saved(grant=grant, grid=after, lines=lines, changed=frozenset(outcome.changed))


def _as_before(grant: Grant, grid: Grid, outcome: SavedForecasts) -> Saved:
    """The answer to a request sent again: the lines that it changed, as they are now."""
    lines = tuple(grid.by_id[line_id] for line_id in outcome.versions if line_id in grid.by_id)
    return Saved(grant=grant, grid=grid, lines=lines, changed=frozenset(outcome.changed))


def refuse_unseen(grant: Grant, grid: Grid, line_ids: Sequence[int]) -> None:
    """`Http404` for a line that is not here, or is in a directorate whose figures this person may not see."""
    for line_id in line_ids:
        line = grid.by_id.get(line_id)
        if line is None or not grant.allows(Permission.VIEW_WORKING, directorate_id=line.directorate_id):
            raise Http404("There is no such service line, or it is not for you.")


def judged(grid: Grid, edits: Sequence[ForecastEdit]) -> tuple[Question, ...]:
    """What looks odd, each figure judged beside the others entered with it. An edit against an older version is not: it is refused for that."""
    questions = []
    for edit in edits:
        line = grid.by_id[edit.line_id]
        if edit.expected_version != line.version:
            continue
        for column, amount in edit.figures.items():
            beside = grid.sense(line)
            for other, value in edit.figures.items():
                beside = beside.after(other, value) if other != column else beside
            questions += [
                Question(line_id=line.line_id, column=column, finding=finding)
                for finding in beside.judge(column, amount)
            ]
    return tuple(questions)


def _after(grid: Grid, edits: Sequence[ForecastEdit], outcome: SavedForecasts) -> Grid:
    """The grid with what was saved; a request sent again finds it there already."""
    changed: dict[int, GridLine] = {}
    for edit in edits:
        line, version = grid.by_id[edit.line_id], outcome.versions[edit.line_id]
        if version > line.version:
            changed[edit.line_id] = line.entered(edit.figures, version=version)
    if not changed:
        return grid
    after = grid.with_lines(changed)
    if outcome.head is not None:
        after = replace(after, through=outcome.head)
        keep(after)
    return after


def locks_of(
    grant: Grant, grid: Grid, period: MonitoringPeriod, handed_in: frozenset[int]
) -> Mapping[int, str]:
    """Why each line that cannot be changed here cannot, in words."""
    locks: dict[int, str] = {}
    for line in grid.lines:
        if period.is_locked:
            locks[line.line_id] = f"Locked: {period.get_state_display().lower()}"
        elif line.is_closed:
            locks[line.line_id] = "Closed line"
        elif line.directorate_id in handed_in:
            locks[line.line_id] = "Locked: submitted"
        elif not grant.allows(Permission.ENTER_FORECASTS, directorate_id=line.directorate_id):
            locks[line.line_id] = "To be read only"
    return locks


__all__ = ["ENTERED", "Question", "QuestionedError", "Saved", "grid_now", "judged", "locks_of", "save"]
