"""The work on a ledger file that takes its time: reading and checking it, and applying all of it or nothing."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from services import audit
from services.imports.ledger import LedgerReading, read_ledger
from services.imports.problems import Confirmation
from services.imports.profile import Profile, parse_profile
from services.imports.reading import digest_of, safe_file_name
from services.models import Council, LedgerBatch, MonitoringPeriod
from services.operations.authority import authorise, locked_period
from services.operations.ledger_assessment import LedgerAssessment, assess_ledger
from services.operations.ledger_outcome import headings_of, outcome_of, problems_of
from services.operations.ledger_writing import write_ledger
from services.operations.refusals import Refused
from services.roles import Permission

log = logging.getLogger("budgetwatch.ledger")
State = LedgerBatch.State
NO_PROFILE = Profile()


class LedgerRefusedError(Refused):
    """The file has problems, or findings that nobody has confirmed. Nothing was written. `assessment` says everything."""

    def __init__(self, assessment: LedgerAssessment, unconfirmed: list[Confirmation]) -> None:
        count = len(assessment.problems)
        words = (
            f"{count} problem{'s' if count != 1 else ''}" if count else f"{len(unconfirmed)} to be confirmed"
        )
        super().__init__(f"Nothing was written: {words}.")
        self.assessment = assessment
        self.unconfirmed = tuple(unconfirmed)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerFile:
    """A ledger as it was sent: its name, its bytes, how to read it, and what its actuals must add to (pounds), if somebody said."""

    name: str
    content: bytes
    profile: Profile = NO_PROFILE
    stated: Decimal | None = None


def authorise_ledger(*, by: User, council: Council) -> None:
    """Refuse a person who may not import for the whole council: a ledger has every directorate's money."""
    authorise(by=by, council=council, needs=Permission.IMPORT_RETURNS)


def preview_ledger(
    *, by: User, council: Council, period: MonitoringPeriod, file: LedgerFile
) -> LedgerAssessment:
    """What applying a file would do. Writes nothing."""
    authorise_ledger(by=by, council=council)
    return assess_ledger(council=council, monitoring=period, reading=_read(file, period))


def import_ledger(
    *,
    by: User,
    council: Council,
    period: MonitoringPeriod,
    file: LedgerFile,
    confirmed: frozenset[str] = frozenset(),
) -> LedgerAssessment:
    """Apply a file in one go, everything in it or nothing: for the command line, which can wait.

    A file that is the period's newest ledger and still stands changes nothing and is no error: `already_applied`. Raises `LedgerRefusedError`,
    `NotAllowedError`.
    """
    authorise_ledger(by=by, council=council)
    reading = _read(file, period)
    with transaction.atomic():
        now = locked_period(period)
        found = assess_ledger(council=council, monitoring=now, reading=reading)
        _refuse(found, [finding for finding in found.confirmations if finding.code not in confirmed])
        if not found.already_applied:
            batch = new_batch(by=by, period=now, file=file)
            batch.confirmed, batch.confirmed_by = sorted(confirmed), by
            batch.rows_all = batch.rows_done = len(reading.rows)
            batch.save()
            _apply(by=by, period=now, batch=batch, found=found)
    return found


def check_batch(batch_id: int) -> None:
    """Read a staged file and keep everything that is found. The worker's part: a repeated call does nothing."""
    begun = LedgerBatch.objects.filter(pk=batch_id, state=State.STAGED).update(
        state=State.CHECKING, worked_at=timezone.now(), rows_done=0, rows_all=0
    )
    if not begun:
        return
    batch = _batch(batch_id)
    try:
        reading = _read(_file_of(batch), batch.period, batch_id=batch_id)
        found = assess_ledger(council=batch.council, monitoring=batch.period, reading=reading)
    except Exception:
        log.exception("Ledger file %s could not be checked.", batch_id)
        _fail(
            batch_id,
            "Something unexpected went wrong. The server's log says what; tell whoever runs this site.",
        )
        return
    if reading.table is None:
        words = " ".join(str(problem) for problem in reading.problems)
        _fail(batch_id, words, outcome={"headings": headings_of(reading)})
        return
    _keep(batch_id, found, was=State.CHECKING)


def apply_batch(batch_id: int) -> None:
    """Apply a confirmed file, read afresh: all of it in one transaction. The worker's part: a repeated call does nothing.

    If anything is otherwise than the person saw who confirmed, nothing is written and the file waits again with what is found now.
    """
    batch = _batch(batch_id)
    by = batch.confirmed_by
    if batch.state != State.APPLYING or by is None:
        return
    try:
        reading = _read(_file_of(batch), batch.period, batch_id=batch_id)
        with transaction.atomic():
            authorise_ledger(by=by, council=batch.council)
            period = locked_period(batch.period)
            now = LedgerBatch.objects.select_for_update(of=("self",)).get(pk=batch_id)
            if now.state != State.APPLYING:
                return
            found = assess_ledger(council=batch.council, monitoring=period, reading=reading)
            is_as_seen = not found.problems and outcome_of(found)["effect"] == now.outcome["effect"]
            if is_as_seen and _findings(found) == now.outcome["confirmations"]:
                _apply(by=by, period=period, batch=now, found=found)
                return
    except Refused as refusal:
        _back(batch_id, str(refusal))
        return
    except Exception:
        log.exception("Ledger file %s could not be applied.", batch_id)
        _back(
            batch_id, "Something unexpected went wrong, and nothing was written. The server's log says what."
        )
        return
    _keep(batch_id, found, was=State.APPLYING, error=_CHANGED)


_CHANGED = "Nothing was written: the mapping table, a figure or the period's ledger has changed since the file was checked. See what it would do now."


def _read(file: LedgerFile, period: MonitoringPeriod, *, batch_id: int | None = None) -> LedgerReading:
    def told(done: int, count: int) -> None:
        if batch_id is not None:
            LedgerBatch.objects.filter(pk=batch_id).update(
                rows_done=done, rows_all=count, worked_at=timezone.now()
            )

    return read_ledger(
        file.content,
        file_name=file.name,
        profile=file.profile,
        period=period.period,
        stated=file.stated,
        told=told,
    )


def new_batch(*, by: User, period: MonitoringPeriod, file: LedgerFile) -> LedgerBatch:
    """A file as it is first kept, not yet saved."""
    return LedgerBatch(
        council=period.council,
        period=period,
        file_name=safe_file_name(file.name),
        file_digest=digest_of(file.content),
        profile_toml=file.profile.toml,
        stated_actual=file.stated,
        content=file.content,
        staged_by=by,
        staged_at=timezone.now(),
    )


def _file_of(batch: LedgerBatch) -> LedgerFile:
    profile = parse_profile(batch.profile_toml) if batch.profile_toml else NO_PROFILE
    return LedgerFile(
        name=batch.file_name, content=bytes(batch.content), profile=profile, stated=batch.stated_actual
    )


def _batch(batch_id: int) -> LedgerBatch:
    return LedgerBatch.objects.select_related("council", "period__council", "confirmed_by").get(pk=batch_id)


def _apply(*, by: User, period: MonitoringPeriod, batch: LedgerBatch, found: LedgerAssessment) -> None:
    """Everything that applying writes, in the caller's transaction."""
    write_ledger(by=by, period=period, batch=batch, found=found)
    batch.outcome, batch.problems, batch.is_clean = outcome_of(found), [], True
    batch.state, batch.applied_by, batch.applied_at, batch.error = State.APPLIED, by, timezone.now(), ""
    batch.save(
        update_fields=["outcome", "problems", "is_clean", "state", "applied_by", "applied_at", "error"]
    )
    audited(by, batch, "apply ledger", lines=len(found.changes), rows=len(found.matches.rows))


def _keep(batch_id: int, found: LedgerAssessment, *, was: State, error: str = "") -> None:
    """Keep what a check found, unless the file has been put aside meanwhile."""
    LedgerBatch.objects.filter(pk=batch_id, state=was).update(
        state=State.CHECKED,
        outcome=outcome_of(found),
        problems=problems_of(found),
        is_clean=not found.problems,
        error=error,
        worked_at=timezone.now(),
    )


def _fail(batch_id: int, error: str, *, outcome: Mapping[str, Any] | None = None) -> None:
    LedgerBatch.objects.filter(pk=batch_id, state=State.CHECKING).update(
        state=State.FAILED, error=error, outcome=outcome or {}, worked_at=timezone.now()
    )


def _back(batch_id: int, error: str) -> None:
    LedgerBatch.objects.filter(pk=batch_id, state=State.APPLYING).update(
        state=State.CHECKED, error=error, worked_at=timezone.now()
    )


def _findings(found: LedgerAssessment) -> list[dict[str, object]]:
    kept: list[dict[str, object]] = outcome_of(found)["confirmations"]
    return kept


def _refuse(found: LedgerAssessment, unconfirmed: list[Confirmation]) -> None:
    if found.problems or unconfirmed:
        raise LedgerRefusedError(found, unconfirmed)


def audited(by: User, batch: LedgerBatch, action: str, **after: int) -> None:
    """Note what a person did with a file."""
    change = audit.Change(
        action=action, subject=batch, after={"digest": batch.file_digest, **after}, period=batch.period
    )
    audit.record(by=by, council=batch.council, changes=[change])
