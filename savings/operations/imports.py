"""Importing schedules of savings or growth: preview, stage, apply. Everything in a file is written, or nothing is."""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from savings.imports.profile import ScheduleProfile, parse_schedule_profile
from savings.imports.reading import ScheduleReading, read_schedule
from savings.models import ScheduleImport
from savings.models import ScheduleProfile as HeldProfile
from savings.operations.import_assessment import ScheduleAssessment, assess, outcome_of
from savings.operations.import_writing import write_schedule
from services import audit
from services.imports.problems import Confirmation
from services.imports.profile import ProfileError
from services.models import Council
from services.operations.authority import authorise
from services.operations.entries import checked_name
from services.operations.refusals import AlreadyDoneError, InvalidEntryError, Refused
from services.roles import Permission

log = logging.getLogger("budgetwatch.imports")
State = ScheduleImport.State
NO_PROFILE = ScheduleProfile()
"""Headings matched by their words, savings negative, pounds unless the headings say otherwise."""


class ScheduleRefusedError(Refused):
    """The file has problems, or findings that nobody has confirmed. Nothing was written. `assessment` says everything."""

    def __init__(self, assessment: ScheduleAssessment, unconfirmed: list[Confirmation]) -> None:
        count = len(assessment.problems)
        problems = f"{count} problem{'s' if count != 1 else ''}"
        super().__init__(
            f"Nothing was written: {problems if count else f'{len(unconfirmed)} to be confirmed'}."
        )
        self.assessment = assessment
        self.unconfirmed = tuple(unconfirmed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleFile:
    """A schedule as it was sent: its name, its bytes, and how to read it."""

    name: str
    content: bytes
    profile: ScheduleProfile = NO_PROFILE


def preview_schedule(*, by: User, council: Council, file: ScheduleFile) -> ScheduleAssessment:
    """What an import would do. Writes nothing."""
    _authorise(by, council)
    return assess(by=by, council=council, reading=_read(file))


def import_schedule(
    *, by: User, council: Council, file: ScheduleFile, confirmed: frozenset[str] = frozenset()
) -> ScheduleAssessment:
    """Import a schedule in one go: everything in it, or nothing.

    A file that has been imported and still stands changes nothing and is no error: `already_imported`. Raises `ScheduleRefusedError`.
    """
    _authorise(by, council)
    reading = _read(file)
    with transaction.atomic():
        audit.hold(council.pk)
        found = assess(by=by, council=council, reading=reading)
        _refuse(found, confirmed)
        if not found.already_imported:
            _apply(by, _batch(by, found, file), found, confirmed)
    return found


@transaction.atomic
def stage_schedule(*, by: User, council: Council, file: ScheduleFile) -> ScheduleImport:
    """Keep an uploaded file for its preview. The same file, read the same way by the same person, is the same batch."""
    _authorise(by, council)
    reading = _read(file)
    audit.hold(council.pk)
    held = ScheduleImport.objects.filter(
        council=council,
        staged_by=by,
        state=State.STAGED,
        file_digest=reading.digest,
        profile_toml=file.profile.toml,
    ).first()
    if held is not None:
        return held
    found = assess(by=by, council=council, reading=reading)
    if reading.table is None and not reading.headings:
        _refuse(found, frozenset())  # it is no table at all: there is nothing to preview, and nothing is kept
    batch = _batch(by, found, file)
    batch.save()
    _record(by, batch, "stage schedule", {"digest": batch.file_digest})
    return batch


def assess_schedule(*, by: User, batch: ScheduleImport) -> ScheduleAssessment:
    """A staged file's preview, against what is held now."""
    return assess(by=by, council=batch.council, reading=_read(_file_of(batch)))


def apply_schedule(
    *, by: User, batch: ScheduleImport, confirmed: frozenset[str] = frozenset()
) -> ScheduleAssessment:
    """Apply a staged file, read afresh and checked against what is held now. Two tabs, or a second click, have one effect.

    Raises `AlreadyDoneError` if it has been applied or put aside, `ScheduleRefusedError` if there is a problem or something unconfirmed.
    """
    _authorise(by, batch.council)
    reading = _read(_file_of(batch))
    with transaction.atomic():
        now = _held_batch(batch)
        found = assess(by=by, council=now.council, reading=reading)
        _refuse(found, confirmed)
        _apply(by, now, found, confirmed)
    return found


@transaction.atomic
def abandon_schedule(*, by: User, batch: ScheduleImport) -> ScheduleImport:
    """Put a staged file aside. Raises `AlreadyDoneError` if it has been applied."""
    _authorise(by, batch.council)
    now = _held_batch(batch)
    now.state = State.ABANDONED
    now.save(update_fields=["state"])
    _record(by, now, "put schedule aside", {"digest": now.file_digest})
    return now


@transaction.atomic
def save_schedule_profile(*, by: User, council: Council, name: str, toml: str) -> HeldProfile:
    """Keep a profile under a name; one of that name is replaced. Raises `InvalidEntryError` with everything that is wrong with it."""
    _authorise(by, council)
    name = checked_name("name", name, limit=120)
    try:
        parse_schedule_profile(toml)
    except ProfileError as error:
        raise InvalidEntryError("profile", str(error)) from error
    audit.hold(council.pk)
    held = HeldProfile.objects.select_for_update(of=("self",)).filter(council=council, name=name).first()
    before = held.toml if held else None
    profile = held or HeldProfile(council=council, name=name, version=0)
    profile.toml, profile.version = toml, profile.version + 1
    profile.save()
    change = audit.Change(
        action="save schedule profile", subject=profile, before={"toml": before}, after={"toml": toml}
    )
    audit.record(by=by, council=council, changes=[change])
    return profile


def _authorise(by: User, council: Council) -> None:
    """A schedule is the whole council's, so only who may import for all of it may import one."""
    authorise(by=by, council=council, needs=Permission.IMPORT_RETURNS)


def _read(file: ScheduleFile) -> ScheduleReading:
    return read_schedule(file.content, file_name=file.name, profile=file.profile)


def _file_of(batch: ScheduleImport) -> ScheduleFile:
    profile = parse_schedule_profile(batch.profile_toml) if batch.profile_toml else NO_PROFILE
    return ScheduleFile(name=batch.file_name, content=bytes(batch.content), profile=profile)


def _held_batch(batch: ScheduleImport) -> ScheduleImport:
    """The batch as it is now, held until the transaction ends, if it still waits."""
    audit.hold(batch.council_id)
    now = ScheduleImport.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    now.council = batch.council
    if now.state == State.APPLIED:
        at = (
            f"{timezone.localtime(now.applied_at):%-d %B %Y at %H:%M}" if now.applied_at else "an unknown day"
        )
        raise AlreadyDoneError(
            f"“{now.file_name}” has already been imported, by {now.applied_by} on {at}. Nothing was changed now."
        )
    if now.state == State.ABANDONED:
        raise AlreadyDoneError(f"“{now.file_name}” was put aside. Upload it again to import it.")
    return now


def _refuse(found: ScheduleAssessment, confirmed: frozenset[str]) -> None:
    unconfirmed = found.unconfirmed(confirmed)
    if not found.problems and not unconfirmed:
        return
    log.warning(
        "schedule refused: council=%s file=%s problems=%d unconfirmed=%s",
        found.council.slug,
        found.reading.digest[:16],
        len(found.problems),
        ",".join(item.code for item in unconfirmed),
    )
    raise ScheduleRefusedError(found, unconfirmed)


def _batch(by: User, found: ScheduleAssessment, file: ScheduleFile) -> ScheduleImport:
    """The file as it will be kept, unsaved."""
    return ScheduleImport(
        council=found.council,
        profile_toml=file.profile.toml,
        file_name=found.reading.file_name,
        file_digest=found.reading.digest,
        content=file.content,
        staged_by=by,
        staged_at=timezone.now(),
        **_counts(found, frozenset()),
    )


def _counts(found: ScheduleAssessment, confirmed: frozenset[str]) -> dict[str, Any]:
    return {
        "rows_new": found.rows_new,
        "rows_changed": found.rows_changed,
        "rows_unchanged": found.rows_unchanged,
        "outcome": outcome_of(found, confirmed=confirmed),
    }


def _apply(by: User, batch: ScheduleImport, found: ScheduleAssessment, confirmed: frozenset[str]) -> None:
    """Everything that an import writes, in the caller's transaction."""
    write_schedule(by=by, found=found)
    batch.state, batch.applied_by, batch.applied_at = State.APPLIED, by, timezone.now()
    for name, value in _counts(found, confirmed).items():
        setattr(batch, name, value)
    batch.save()
    told = {name: batch.outcome[name] for name in ("read", "new", "changed", "unchanged", "confirmed")}
    _record(by, batch, "apply schedule", told | {"digest": batch.file_digest})


def _record(by: User, batch: ScheduleImport, action: str, after: dict[str, Any]) -> None:
    change = audit.Change(action=action, subject=batch, after=after)
    audit.record(by=by, council=batch.council, changes=[change])
