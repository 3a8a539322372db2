"""The chasing board of one period: how far each directorate and division has got, what is late, and whom to ask. Fourteen queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q
from django.utils import timezone

from accounting.deadlines import Deadline, Step, deadlines_of
from services.models import (
    Council,
    Directorate,
    DirectorateSubmission,
    MonitoringPeriod,
    ReminderSent,
    RoleAssignment,
)
from services.position.deadlines import deadline_rules
from services.position.lines import LinePosition, council_position
from services.position.people import deputies_now
from services.roles import Role

State = DirectorateSubmission.State
HANDED_IN: Final = (State.SUBMITTED, State.APPROVED)
_PAST: Final[Mapping[Step, tuple[str, ...]]] = {
    Step.FORECASTS: ("submitted", "approved", "published"),
    Step.REVIEW: ("submitted", "approved", "published"),
    Step.APPROVAL: ("approved", "published"),
    Step.PUBLICATION: ("published",),
}
"""The states of a period in which a step lies behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProgress:
    """One step of the period, and how it stands on a day."""

    deadline: Deadline
    is_done: bool
    words: str
    is_late: bool
    is_due_soon: bool

    @property
    def label(self) -> str:
        """As pages name it."""
        return self.deadline.step.label


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A directorate or a division: where it has got to, and its lines counted."""

    name: str
    state: str
    state_label: str
    lines: int
    lines_forecast: int
    """Lines with a forecast for this period that somebody made, or confirmed."""
    lines_carried: int
    """Lines whose forecast is a copy of the period before, not yet confirmed."""
    lines_without_reasons: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who may be asked, by post."""

    user_id: int
    post: str
    address: str
    reminded_on: date | None
    """The last day on which an e-mail about these forecasts went to them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectorateOnBoard:
    """One directorate's place on the board."""

    directorate_id: int
    whole: Counted
    divisions: tuple[Counted, ...]
    note: str
    """Why it was returned, if it was."""
    timing: str
    """“2 working days late”, “due today”, “submitted on time”."""
    is_late: bool
    is_handed_in: bool
    chase: tuple[Person, ...]
    """Its budget holders, where its forecasts are still awaited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """Everything on the board of a period."""

    period: MonitoringPeriod
    today: date
    is_correction: bool
    """A version has been published, and the period is open again: its deadlines were for the first."""
    steps: tuple[StepProgress, ...]
    directorates: tuple[DirectorateOnBoard, ...]

    @property
    def late(self) -> tuple[DirectorateOnBoard, ...]:
        """Directorates whose forecasts are late, in the council's order."""
        return tuple(row for row in self.directorates if row.is_late)


def board_of(
    council: Council,
    period: MonitoringPeriod,
    *,
    today: date,
    directorate_ids: frozenset[int] | None = None,
) -> Board:
    """The board as it stands on a London day, for all directorates or some of them."""
    deadlines = {deadline.step: deadline for deadline in deadlines_of(period.period, deadline_rules(council))}
    submissions = {row.directorate_id: row for row in DirectorateSubmission.objects.filter(period=period)}
    lines: dict[int, list[LinePosition]] = defaultdict(list)
    for line in council_position(council, period, directorate_ids=directorate_ids).lines:
        if not line.is_closed:
            lines[line.directorate_id].append(line)
    named = Directorate.objects.filter(council=council).order_by("order", "name")
    everyone = list(named)
    shown = [row for row in everyone if directorate_ids is None or row.pk in directorate_ids]
    people = _budget_holders(council, period)
    is_correction = period.publications > 0 and not period.is_locked
    return Board(
        period=period,
        today=today,
        is_correction=is_correction,
        steps=tuple(_steps(period, deadlines, everyone, submissions, today=today)),
        directorates=tuple(
            _directorate(
                row,
                period=period,
                submission=submissions.get(row.pk),
                lines=lines[row.pk],
                deadline=None if is_correction else deadlines.get(Step.FORECASTS),
                people=(*people[row.pk], *people[None]),
                today=today,
            )
            for row in shown
        ),
    )


def _steps(
    period: MonitoringPeriod,
    deadlines: Mapping[Step, Deadline],
    directorates: Sequence[Directorate],
    submissions: Mapping[int, DirectorateSubmission],
    *,
    today: date,
) -> Iterable[StepProgress]:
    all_in = bool(directorates) and all(
        row.pk in submissions and submissions[row.pk].state in HANDED_IN for row in directorates
    )
    for step, deadline in deadlines.items():
        is_done = period.state in _PAST[step] or (step is Step.FORECASTS and all_in)
        # A correction follows no timetable; the version it corrects kept it or did not.
        counts = not is_done and not period.publications
        yield StepProgress(
            deadline=deadline,
            is_done=is_done,
            words="done" if is_done else deadline.words(today) if counts else "again, for the correction",
            is_late=counts and deadline.is_late(today),
            is_due_soon=counts and deadline.is_due_soon(today),
        )


def _directorate(
    directorate: Directorate,
    *,
    period: MonitoringPeriod,
    submission: DirectorateSubmission | None,
    lines: Sequence[LinePosition],
    deadline: Deadline | None,
    people: Sequence[Person],
    today: date,
) -> DirectorateOnBoard:
    state = submission.state if submission else State.NOT_STARTED
    is_handed_in = state in HANDED_IN or period.is_locked
    divisions: dict[str, list[LinePosition]] = defaultdict(list)
    for line in lines:
        divisions[line.division].append(line)
    is_late = deadline is not None and not is_handed_in and deadline.is_late(today)
    return DirectorateOnBoard(
        directorate_id=directorate.pk,
        whole=_counted(directorate.name, lines, state=state, period=period),
        divisions=tuple(
            _counted(name, own, state=_division_state(state, own), period=period)
            for name, own in divisions.items()
        ),
        note=submission.note if submission and state == State.RETURNED else "",
        timing=_timing(submission, deadline, is_handed_in=is_handed_in, period=period, today=today),
        is_late=is_late,
        is_handed_in=is_handed_in,
        chase=() if is_handed_in else tuple(people),
    )


def _division_state(state: str, lines: Sequence[LinePosition]) -> str:
    """Divisions do not submit: until their directorate has, they have started once a line has a forecast that is no copy."""
    if state not in (State.NOT_STARTED, State.IN_PROGRESS):
        return state
    started = any(
        line.position.forecast_outturn is not None and not line.is_carried_forward for line in lines
    )
    return State.IN_PROGRESS if started else State.NOT_STARTED


def _counted(name: str, lines: Sequence[LinePosition], *, state: str, period: MonitoringPeriod) -> Counted:
    is_published = period.state == MonitoringPeriod.State.PUBLISHED
    carried = [line for line in lines if line.is_carried_forward]
    forecast = [line for line in lines if line.position.forecast_outturn is not None]
    return Counted(
        name=name,
        state="published" if is_published else state,
        state_label="Published" if is_published else State(state).label,
        lines=len(lines),
        lines_forecast=len([line for line in forecast if not line.is_carried_forward]),
        lines_carried=len(carried),
        lines_without_reasons=len([line for line in lines if line.needs_reasons]),
    )


def _timing(
    submission: DirectorateSubmission | None,
    deadline: Deadline | None,
    *,
    is_handed_in: bool,
    period: MonitoringPeriod,
    today: date,
) -> str:
    if deadline is None:
        return "being corrected" if not period.is_locked else "done"
    if not is_handed_in:
        return deadline.words(today)
    if submission is None or submission.state != State.SUBMITTED or submission.changed_at is None:
        return "done"
    handed_in = timezone.localdate(submission.changed_at)
    return f"submitted {deadline.words(handed_in)}" if deadline.is_late(handed_in) else "submitted on time"


def _budget_holders(council: Council, period: MonitoringPeriod) -> dict[int | None, list[Person]]:
    """Budget holders by directorate, and whoever is deputy for them today; `None` for those of the whole council. Three queries."""
    reminded = dict(
        ReminderSent.objects.filter(period=period, step=Step.FORECASTS)
        .order_by("day")
        .values_list("user_id", "day")
    )
    held = (
        RoleAssignment.objects.filter(Q(council=council) | Q(council__isnull=True))
        .filter(role=Role.BUDGET_HOLDER, user__is_active=True)
        .select_related("user")
        .order_by("user__post", "user__username")
    )
    found: dict[int | None, list[Person]] = defaultdict(list)
    deputies = [(one.deputy, one.assignment) for one in deputies_now(council, held)]
    for user, row in [*((row.user, row) for row in held), *deputies]:
        if row is not None:
            said = reminded.get(user.pk)
            person = Person(user_id=user.pk, post=str(user), address=user.email, reminded_on=said)
            found[row.directorate_id].append(person)
    return found
