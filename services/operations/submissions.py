"""Where each directorate has got to in a period: in progress, submitted, returned."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from services import audit
from services.models import Council, Directorate, DirectorateSubmission, MonitoringPeriod
from services.operations.authority import authorise, locked_period, open_for_figures, same_council
from services.operations.entries import checked_words
from services.operations.refusals import AlreadyDoneError, PeriodClosedError, UnexplainedVarianceError
from services.position import council_position
from services.roles import Permission

State = DirectorateSubmission.State
HANDED_IN = (State.SUBMITTED, State.APPROVED)


def state_of(period: MonitoringPeriod, directorate: Directorate) -> str:
    """Where the directorate has got to. One query."""
    held = DirectorateSubmission.objects.filter(period=period, directorate=directorate).first()
    return held.state if held else State.NOT_STARTED


def mark_in_progress(*, by: User, period: MonitoringPeriod, states: Mapping[int, str | None]) -> None:
    """Note that directorates whose lines changed have begun; `states` is where each has got to. No query once they have."""
    waiting = {
        directorate_id
        for directorate_id, state in states.items()
        if state in (None, State.NOT_STARTED, State.RETURNED)
    }
    if waiting:
        write_states(by=by, period=period, directorate_ids=waiting, state=State.IN_PROGRESS)


def write_states(
    *,
    by: User,
    period: MonitoringPeriod,
    directorate_ids: Iterable[int],
    state: str,
    note: str = "",
) -> None:
    """Set where directorates have got to. One query."""
    now = timezone.now()
    DirectorateSubmission.objects.bulk_create(
        [
            DirectorateSubmission(
                council_id=period.council_id,
                period=period,
                directorate_id=directorate_id,
                state=state,
                note=note,
                changed_by=by,
                changed_at=now,
            )
            for directorate_id in sorted(directorate_ids)
        ],
        update_conflicts=True,
        unique_fields=["period", "directorate"],
        update_fields=["state", "note", "changed_by", "changed_at"],
    )


def refuse_unexplained(
    council: Council, period: MonitoringPeriod, directorate_ids: frozenset[int] | None
) -> None:
    """Refuse (`UnexplainedVarianceError`) while a material variance has no confirmed reason."""
    position = council_position(council, period, directorate_ids=directorate_ids)
    unexplained = [line.name for line in position.lines if line.must_be_explained]
    if unexplained:
        raise UnexplainedVarianceError(unexplained)


@transaction.atomic
def submit_directorate(
    *, by: User, period: MonitoringPeriod, directorate: Directorate
) -> DirectorateSubmission:
    """Hand a directorate's figures in; they then change only if they are returned. Raises `UnexplainedVarianceError`, `AlreadyDoneError`."""
    now = open_for_figures(period)
    same_council(now.council_id, directorate)
    authorise(by=by, council=now.council, needs=Permission.ENTER_FORECASTS, directorate_ids=[directorate.pk])
    before = state_of(now, directorate)
    if before in HANDED_IN:
        raise AlreadyDoneError(f"{directorate} has already submitted {now.period.label}.")
    refuse_unexplained(now.council, now, frozenset({directorate.pk}))
    return _set_state(by=by, period=now, directorate=directorate, before=before, state=State.SUBMITTED)


@transaction.atomic
def return_directorate(
    *, by: User, period: MonitoringPeriod, directorate: Directorate, note: str
) -> DirectorateSubmission:
    """Give a directorate its figures back to change, with a note that says why. A submitted period is open again."""
    note = checked_words("note", note, required=True)
    now = locked_period(period)
    same_council(now.council_id, directorate)
    authorise(by=by, council=now.council, needs=Permission.PROPOSE_PUBLICATION)
    if now.is_locked:
        raise PeriodClosedError(now.period, now.get_state_display())
    before = state_of(now, directorate)
    if before not in HANDED_IN:
        raise AlreadyDoneError(
            f"{directorate} has not submitted {now.period.label}: there is nothing to return."
        )
    if now.state == MonitoringPeriod.State.SUBMITTED:
        now.state = MonitoringPeriod.State.OPEN
        now.version += 1
        now.save(update_fields=["state", "version"])
    return _set_state(
        by=by, period=now, directorate=directorate, before=before, state=State.RETURNED, note=note
    )


def _set_state(
    *,
    by: User,
    period: MonitoringPeriod,
    directorate: Directorate,
    before: str,
    state: str,
    note: str = "",
) -> DirectorateSubmission:
    write_states(by=by, period=period, directorate_ids=[directorate.pk], state=state, note=note)
    submission = DirectorateSubmission.objects.select_related("directorate", "period").get(
        period=period, directorate=directorate
    )
    change = audit.Change(
        action="return directorate" if state == State.RETURNED else "submit directorate",
        subject=submission,
        before={"state": before},
        after={"state": state},
        period=period,
        reason=note,
    )
    audit.record(by=by, council=period.council, changes=[change])
    return submission
