"""Who is to be reminded of what on a day: of steps due within two working days, or late by up to a month. Nothing here says a figure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounting.deadlines import Step
from services.models import Council, MonitoringPeriod, ReminderSent, RoleAssignment
from services.position.board import Board, Person, StepProgress, board_of
from services.position.people import deputies_now
from services.roles import Role

_ASKED = {
    Step.REVIEW: Role.FINANCE_OFFICER,
    Step.APPROVAL: Role.HEAD_OF_FINANCE,
    Step.PUBLICATION: Role.HEAD_OF_FINANCE,
}
"""Who takes each step after the forecasts, which are their budget holders'."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """One e-mail to be sent to one person about one step."""

    period: MonitoringPeriod
    step: Step
    words: str
    """How the step stands: “2 working days late”."""
    due: date
    user_id: int
    post: str
    address: str
    directorates: tuple[str, ...]
    """Whose forecasts are awaited; none for a step of the whole council."""


def reminders_due(council: Council, *, today: date) -> tuple[Reminder, ...]:
    """Every reminder that is to be sent on a London day and has not been, by period and step.

    A period that has been published once is being corrected, and follows no timetable. People without an e-mail address are left out. About
    sixteen queries for each open period.
    """
    unpublished = MonitoringPeriod.objects.filter(council=council, publications=0).exclude(
        state=MonitoringPeriod.State.PUBLISHED
    )
    return tuple(
        reminder
        for period in unpublished.select_related("council").order_by("year", "number")
        for reminder in _of_period(council, period, today=today)
    )


def _of_period(council: Council, period: MonitoringPeriod, *, today: date) -> Iterable[Reminder]:
    board = board_of(council, period, today=today)
    already = set(ReminderSent.objects.filter(period=period, day=today).values_list("step", "user_id"))
    told: set[Role] = set()
    for progress in board.steps:
        if progress.is_done or not progress.deadline.is_chased(today):
            continue
        step = progress.deadline.step
        role = _ASKED.get(step, Role.BUDGET_HOLDER)
        if role in told:  # approval comes before publication: the same people hear of one at a time
            continue
        told.add(role)
        asked = _holders(board) if step is Step.FORECASTS else _holding(council, role)
        for person, directorates in asked:
            if person.address and (step.value, person.user_id) not in already:
                yield _reminder(period, progress, person, directorates)


def _holders(board: Board) -> list[tuple[Person, tuple[str, ...]]]:
    """Each budget holder with the directorates whose forecasts are awaited from them."""
    awaited: dict[Person, list[str]] = {}
    for directorate in board.directorates:
        for person in directorate.chase:
            awaited.setdefault(person, []).append(directorate.whole.name)
    return [(person, tuple(names)) for person, names in awaited.items()]


def _holding(council: Council, role: Role) -> list[tuple[Person, tuple[str, ...]]]:
    held = (
        RoleAssignment.objects.filter(Q(council=council) | Q(council__isnull=True))
        .filter(role=role, directorate__isnull=True, user__is_active=True)
        .select_related("user")
        .order_by("user__post", "user__username")
    )
    users = [*(row.user for row in held), *(one.deputy for one in deputies_now(council, held))]
    people = {
        user.pk: Person(user_id=user.pk, post=str(user), address=user.email, reminded_on=None)
        for user in users
    }
    return [(person, ()) for person in people.values()]


def _reminder(
    period: MonitoringPeriod, progress: StepProgress, person: Person, directorates: tuple[str, ...]
) -> Reminder:
    return Reminder(
        period=period,
        step=progress.deadline.step,
        words=progress.words,
        due=progress.deadline.due,
        user_id=person.user_id,
        post=person.post,
        address=person.address,
        directorates=directorates,
    )
