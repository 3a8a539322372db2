"""Ledger files: staged by a person, checked by the worker, confirmed by a person, applied whole or not at all."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from services.imports.problems import UnreadableFileError
from services.imports.reading import digest_of
from services.imports.upload import sniff
from services.models import Council, LedgerBatch, MonitoringPeriod
from services.operations.authority import open_for_figures
from services.operations.ledger_work import LedgerFile, audited, authorise_ledger, new_batch
from services.operations.refusals import AlreadyDoneError, InvalidEntryError, Refused

State = LedgerBatch.State
LOST_AFTER = timedelta(minutes=2)
"""A file whose worker has said nothing for so long has lost it, and may be started again."""
WAITING = (State.STAGED, State.CHECKING, State.CHECKED)


@transaction.atomic
def stage_ledger(*, by: User, council: Council, period: MonitoringPeriod, file: LedgerFile) -> LedgerBatch:
    """Keep a file and ask the worker to check it. The same file from the same person, still waiting, is the same batch.

    Raises `InvalidEntryError` for what is no table at all, which is not kept; `PeriodClosedError`, `NotAllowedError`.
    """
    authorise_ledger(by=by, council=council)
    try:
        sniff(file.content, file_name=file.name)
    except UnreadableFileError as error:
        raise InvalidEntryError("file", str(error)) from error
    now = open_for_figures(period)
    held = LedgerBatch.objects.filter(
        period=now,
        staged_by=by,
        state__in=WAITING,
        file_digest=digest_of(file.content),
        profile_toml=file.profile.toml,
        stated_actual=file.stated,
    ).first()
    if held is not None:
        return held
    batch = new_batch(by=by, period=now, file=file)
    batch.save()
    audited(by, batch, "stage ledger")
    _ask_for_check(batch)
    return batch


@transaction.atomic
def confirm_ledger(*, by: User, batch: LedgerBatch, confirmed: frozenset[str]) -> LedgerBatch:
    """Confirm what the check found, and ask the worker to apply the file.

    Raises `AlreadyDoneError` for a file that is not waiting to be confirmed, `Refused` while there is a problem or a finding unconfirmed.
    """
    authorise_ledger(by=by, council=batch.council)
    now = _held(batch)
    if now.state != State.CHECKED:
        raise AlreadyDoneError(_why_not(now))
    open_for_figures(now.period)
    if not now.is_clean:
        raise Refused("The file has problems. Nothing can be written until they are put right.")
    asked = {finding["code"] for finding in now.outcome["confirmations"]}
    if asked - confirmed:
        raise Refused("Something is still to be confirmed. Nothing was written.")
    now.state, now.confirmed, now.confirmed_by = State.APPLYING, sorted(confirmed & asked), by
    now.worked_at, now.error, now.rows_done = timezone.now(), "", 0
    now.save(update_fields=["state", "confirmed", "confirmed_by", "worked_at", "error", "rows_done"])
    audited(by, now, "confirm ledger")
    _ask_for_apply(now)
    return now


@transaction.atomic
def check_again(*, by: User, batch: LedgerBatch) -> LedgerBatch:
    """Check a file anew, for example with more codes mapped; also one whose worker was lost. Raises `AlreadyDoneError` if it is done with."""
    authorise_ledger(by=by, council=batch.council)
    now = _held(batch)
    if is_lost(now) and now.state == State.APPLYING:
        now.worked_at = timezone.now()
        now.save(update_fields=["worked_at"])
        audited(by, now, "apply ledger again")
        _ask_for_apply(now)
        return now
    if now.state not in (State.CHECKED, State.FAILED) and not is_lost(now):
        raise AlreadyDoneError(_why_not(now))
    now.state, now.error, now.worked_at, now.rows_done, now.rows_all = State.STAGED, "", timezone.now(), 0, 0
    now.save(update_fields=["state", "error", "worked_at", "rows_done", "rows_all"])
    audited(by, now, "check ledger again")
    _ask_for_check(now)
    return now


@transaction.atomic
def abandon_ledger(*, by: User, batch: LedgerBatch) -> LedgerBatch:
    """Put a file aside. Raises `AlreadyDoneError` if it is applied, or being applied by a worker that is at it."""
    authorise_ledger(by=by, council=batch.council)
    now = _held(batch)
    if now.state in (State.APPLIED, State.ABANDONED) or (now.state == State.APPLYING and not is_lost(now)):
        raise AlreadyDoneError(_why_not(now))
    now.state = State.ABANDONED
    now.save(update_fields=["state"])
    audited(by, now, "put ledger aside")
    return now


def is_lost(batch: LedgerBatch) -> bool:
    """Whether the worker has said nothing of this file for so long that it may be started again."""
    if batch.state not in (State.STAGED, State.CHECKING, State.APPLYING):
        return False
    return timezone.now() - (batch.worked_at or batch.staged_at) > LOST_AFTER


def _held(batch: LedgerBatch) -> LedgerBatch:
    """The batch as it is now, held; without its file, which nobody changes."""
    rows = LedgerBatch.objects.select_for_update(of=("self",)).select_related(
        "council", "period__council", "applied_by"
    )
    return rows.defer("content").get(pk=batch.pk)


def _why_not(batch: LedgerBatch) -> str:
    if batch.state == State.APPLIED:
        at = (
            f"{timezone.localtime(batch.applied_at):%-d %B %Y at %H:%M}"
            if batch.applied_at
            else "an unknown day"
        )
        return f"“{batch.file_name}” has already been applied, by {batch.applied_by} on {at}. Nothing was changed now."
    if batch.state == State.ABANDONED:
        return f"“{batch.file_name}” was put aside. Upload it again to apply it."
    return f"“{batch.file_name}” is {batch.get_state_display().lower()}. Wait until that is done."


def _ask_for_check(batch: LedgerBatch) -> None:
    from services.tasks import check_ledger

    transaction.on_commit(lambda: check_ledger.enqueue(batch.pk))


def _ask_for_apply(batch: LedgerBatch) -> None:
    from services.tasks import apply_ledger

    transaction.on_commit(lambda: apply_ledger.enqueue(batch.pk))
