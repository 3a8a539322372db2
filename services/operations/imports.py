"""Importing monitoring returns: preview, stage, apply. Everything in a file is written, or nothing is."""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounting.periods import Period
from accounts.models import User
from services import audit
from services.imports.matching import LineIndex
from services.imports.problems import Confirmation
from services.imports.profile import Profile, parse_profile
from services.imports.reading import Reading, Stated, read_return
from services.models import Council, ImportBatch, MonitoringPeriod
from services.operations.authority import locked_period
from services.operations.import_assessment import Assessment, assess
from services.operations.import_records import authorise_import, outcome_of, save_profile
from services.operations.import_writing import add_divisions, add_lines, write_figures
from services.operations.periods import open_period
from services.operations.refusals import (
    AlreadyDoneError,
    PeriodClosedError,
    Refused,
    SubmittedError,
)

log = logging.getLogger("budgetwatch.imports")
State = ImportBatch.State
NO_PROFILE = Profile()
"""Headings matched by the words of the field, figures in pounds unless the headings say otherwise."""


class ImportRefusedError(Refused):
    """The file has problems, or findings that nobody has confirmed. Nothing was written. `assessment` says everything."""

    def __init__(self, assessment: Assessment, unconfirmed: list[Confirmation]) -> None:
        count = len(assessment.problems)
        words = (
            f"{count} problem{'s' if count != 1 else ''}" if count else f"{len(unconfirmed)} to be confirmed"
        )
        super().__init__(f"Nothing was written: {words}.")
        self.assessment = assessment
        self.unconfirmed = tuple(unconfirmed)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A return as it was sent: its name, its bytes, and how to read it."""

    name: str
    content: bytes
    profile: Profile = NO_PROFILE
    stated: Stated | None = None


def preview_import(*, by: User, council: Council, period: Period, file: File) -> Assessment:
    """What an import would do. Writes nothing."""
    authorise_import(by=by, council=council)
    index = LineIndex(council)
    reading = _read(file, period, index)
    return assess(
        by=by, council=council, monitoring=_monitoring(council, period), reading=reading, index=index
    )


def import_file(
    *, by: User, council: Council, period: Period, file: File, confirmed: frozenset[str] = frozenset()
) -> Assessment:
    """Import a file in one go: everything in it, or nothing. The period is opened if it was not.

    A file that has been imported and still stands changes nothing and is no error: `already_imported`. Raises `ImportRefusedError`.
    """
    authorise_import(by=by, council=council)
    index = LineIndex(council)
    reading = _read(file, period, index)
    with transaction.atomic():
        found = assess(
            by=by,
            council=council,
            monitoring=_monitoring(council, period, lock=True),
            reading=reading,
            index=index,
        )
        _refuse(found, confirmed)
        if found.already_imported:
            return found
        batch = _staged(by=by, found=found, file=file, save=False)
        _apply(by=by, batch=batch, found=found, confirmed=confirmed)
    return found


@transaction.atomic
def stage_import(*, by: User, council: Council, period: MonitoringPeriod, file: File) -> ImportBatch:
    """Keep an uploaded file for its preview, under its digest. The same file staged again by the same person is the same batch."""
    authorise_import(by=by, council=council)
    index = LineIndex(council)
    reading = _read(file, period.period, index)
    period.council = council
    held = ImportBatch.objects.filter(
        period=period,
        staged_by=by,
        state=State.STAGED,
        file_digest=reading.digest,
        profile_toml=file.profile.toml,
    ).first()
    if held is not None:
        return held
    found = assess(by=by, council=council, monitoring=period, reading=reading, index=index)
    if found.reading.table is None and not found.reading.headings:
        _refuse(found, frozenset())  # it is no table at all: there is nothing to preview, and nothing is kept
    batch = _staged(by=by, found=found, file=file, save=True)
    _audited(by, batch, "stage import")
    return batch


def assess_batch(*, by: User, batch: ImportBatch) -> Assessment:
    """A staged file's preview, against what is held now."""
    index = LineIndex(batch.council)
    reading = _read(_file_of(batch), batch.period.period, index)
    return assess(by=by, council=batch.council, monitoring=batch.period, reading=reading, index=index)


def apply_import(*, by: User, batch: ImportBatch, confirmed: frozenset[str] = frozenset()) -> Assessment:
    """Apply a staged file, read afresh and checked against what is held now. Two tabs, or a second click, have one effect.

    Raises `AlreadyDoneError` if it has been applied or abandoned, `ImportRefusedError` if there is a problem or something unconfirmed.
    """
    authorise_import(by=by, council=batch.council)
    index = LineIndex(batch.council)
    reading = _read(_file_of(batch), batch.period.period, index)
    with transaction.atomic():
        now = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        _refuse_unless_staged(now)
        found = assess(
            by=by, council=batch.council, monitoring=locked_period(batch.period), reading=reading, index=index
        )
        _refuse(found, confirmed)
        _apply(by=by, batch=now, found=found, confirmed=confirmed)
    return found


@transaction.atomic
def abandon_import(*, by: User, batch: ImportBatch) -> ImportBatch:
    """Put a staged file aside. Raises `AlreadyDoneError` if it has been applied."""
    authorise_import(by=by, council=batch.council)
    now = ImportBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    _refuse_unless_staged(now)
    now.state = State.ABANDONED
    now.save(update_fields=["state"])
    _audited(by, now, "put import aside")
    return now


def _audited(by: User, batch: ImportBatch, action: str) -> None:
    change = audit.Change(
        action=action, subject=batch, after={"digest": batch.file_digest}, period=batch.period
    )
    audit.record(by=by, council=batch.council, changes=[change])


def _read(file: File, period: Period, index: LineIndex) -> Reading:
    return read_return(
        file.content,
        file_name=file.name,
        profile=file.profile,
        period=period,
        held_names=index.names,
        stated=file.stated,
    )


def _monitoring(council: Council, period: Period, *, lock: bool = False) -> MonitoringPeriod:
    """The council's period, held if asked for; unsaved if it has not been opened."""
    found = MonitoringPeriod.objects.filter(
        council=council, year=period.year.first_year, number=period.number
    ).first()
    if found is None:
        return MonitoringPeriod(council=council, year=period.year.first_year, number=period.number)
    return locked_period(found) if lock else found


def _file_of(batch: ImportBatch) -> File:
    profile = parse_profile(batch.profile_toml) if batch.profile_toml else NO_PROFILE
    return File(name=batch.file_name, content=bytes(batch.content), profile=profile)


def _refuse_unless_staged(batch: ImportBatch) -> None:
    if batch.state == State.APPLIED:
        raise AlreadyDoneError(
            f"“{batch.file_name}” has already been imported, by {batch.applied_by} on {_day(batch.applied_at)}. Nothing was changed now."
        )
    if batch.state == State.ABANDONED:
        raise AlreadyDoneError(f"“{batch.file_name}” was put aside. Upload it again to import it.")


def _day(at: Any) -> str:
    return f"{timezone.localtime(at):%-d %B %Y at %H:%M}" if at else "an unknown day"


def _refuse(found: Assessment, confirmed: frozenset[str]) -> None:
    unconfirmed = found.unconfirmed(confirmed)
    if not found.problems and not unconfirmed:
        return
    log.warning(
        "import refused: council=%s period=%s file=%s problems=%d unconfirmed=%s",
        found.council.slug,
        found.period.slug,
        found.reading.digest[:16],
        len(found.problems),
        ",".join(item.code for item in unconfirmed),
    )
    raise ImportRefusedError(found, unconfirmed)


def _staged(*, by: User, found: Assessment, file: File, save: bool) -> ImportBatch:
    batch = ImportBatch(
        council=found.council,
        period=found.monitoring,
        profile_toml=file.profile.toml,
        file_name=found.reading.file_name,
        file_digest=found.reading.digest,
        content=file.content,
        rows_matched=found.rows_matched,
        rows_created=found.rows_created,
        rows_changed=found.rows_changed,
        outcome=outcome_of(found, confirmed=frozenset()),
        staged_by=by,
        staged_at=timezone.now(),
    )
    if save:
        batch.save()
    return batch


def _apply(*, by: User, batch: ImportBatch, found: Assessment, confirmed: frozenset[str]) -> None:
    """Everything that an import writes, in the caller's transaction."""
    imports_for = by.acting_for  # the steps below may need another right, which may be the person's own
    divisions = (
        add_divisions(by=by, council=found.council, new=found.matches.new) if found.matches.new else {}
    )
    period = open_period(
        by=by, council=found.council, period=found.period, title_as_printed=found.reading.title
    )
    period = locked_period(period)
    _keep_title(period, found)
    made = add_lines(by=by, council=found.council, new=found.matches.new, divisions=divisions)
    reference = f"Return “{found.reading.file_name}”"
    write_figures(by=by, period=period, found=found, made=made, reference=reference)
    batch.period, batch.state, batch.applied_by, batch.applied_at = period, State.APPLIED, by, timezone.now()
    batch.rows_matched, batch.rows_created, batch.rows_changed = (
        found.rows_matched,
        found.rows_created,
        found.rows_changed,
    )
    batch.outcome = outcome_of(found, confirmed=confirmed)
    batch.save()
    by.acting_for = imports_for
    after = {name: batch.outcome[name] for name in ("read", "matched", "created", "changed", "confirmed")} | {
        "digest": batch.file_digest
    }
    audit.record(
        by=by,
        council=found.council,
        changes=[audit.Change(action="apply import", subject=batch, after=after, period=period)],
    )


def _keep_title(period: MonitoringPeriod, found: Assessment) -> None:
    """The first return's title, as printed, right or wrong."""
    if found.reading.title and not period.title_as_printed:
        period.title_as_printed = found.reading.title
        period.save(update_fields=["title_as_printed"])


__all__ = [
    "AlreadyDoneError",
    "File",
    "ImportRefusedError",
    "PeriodClosedError",
    "SubmittedError",
    "abandon_import",
    "apply_import",
    "assess_batch",
    "import_file",
    "preview_import",
    "save_profile",
    "stage_import",
]
