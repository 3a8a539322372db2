"""Making a complete copy, and putting one back."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

from django.core.files.storage import default_storage
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from budgetwatch.copies import archive, on_postgres, on_sqlite
from budgetwatch.copies.errors import CopyDiffersError, CopyRefusedError
from budgetwatch.copies.fingerprint import differences

ENGINES: dict[str, ModuleType] = {"sqlite": on_sqlite, "postgresql": on_postgres}


def files_folder() -> Path:
    """Return where stored files lie."""
    return Path(default_storage.path(""))


def back_up(target: Path, *, trial: bool = True) -> str:
    """Write everything to one new file, try it out in a scratch place, and return a sentence on what it holds.

    Raises `CopyRefusedError`; then no file of that name is there, or the one that was there is untouched.
    """
    if target.exists():
        raise CopyRefusedError(f"{target} is there already and was not touched. Choose another name.")
    if not target.parent.is_dir():
        raise CopyRefusedError(f"There is no folder {target.parent}.")
    engine = ENGINES[connection.vendor]
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".budgetwatch-copy-") as scratch:
        dump = Path(scratch) / engine.DUMP
        original = engine.take(dump)
        if trial and (problems := differences(original, engine.examine(dump))):
            raise CopyDiffersError("The copy", problems)
        members = {engine.DUMP: dump, **archive.stored_files(files_folder())}
        manifest = archive.Manifest(
            vendor=connection.vendor,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            migrations=_migrations_applied(),
            fingerprint=original,
            members={name: archive.digest_of(path) for name, path in members.items()},
        )
        archive.write(target, manifest=manifest, members=members)
    tried = "tried out and found the same" if trial else "not tried out"
    return f"{target}: {len(original) - 1} tables and {len(members) - 1} stored files, {tried}."


def restore(source: Path, *, force: bool = False) -> str:
    """Put a copy back, proving it in a scratch place before and in its own place after; return what was done.

    Raises `CopyRefusedError`, also when the present database holds anything and `force` was not said.
    """
    engine = ENGINES[connection.vendor]
    with tempfile.TemporaryDirectory(prefix="budgetwatch-restore-") as scratch:
        unpacked = Path(scratch)
        manifest = archive.read(source, into=unpacked)
        _require_fit(manifest)
        if not force and (held := engine.rows_held()):
            raise CopyRefusedError(
                f"The present database holds {held} rows, and nothing was changed. "
                "Make a copy of it with 'manage.py backup', then say --force to replace it."
            )
        dump = unpacked / engine.DUMP
        if problems := differences(manifest.fingerprint, engine.examine(dump)):
            raise CopyDiffersError("The copy, tried out in a scratch place,", problems)
        done = [engine.put_back(dump), _put_files_back(unpacked / "files")]
        if problems := differences(manifest.fingerprint, engine.examine_in_place()):
            raise CopyDiffersError("The restored database", problems)
    behind = len(_migrations_known() - set(manifest.migrations))
    advice = f"It is older than this version: run 'manage.py migrate' ({behind} changes)." if behind else ""
    return " ".join(part for part in (*done, "Every table is the same as in the copy.", advice) if part)


def _require_fit(manifest: archive.Manifest) -> None:
    """Refuse a copy from the other kind of database, or from a newer version of the code."""
    if manifest.vendor != connection.vendor:
        raise CopyRefusedError(
            f"The copy is of a {manifest.vendor} database and this one is {connection.vendor}; set DATABASE_URL to fit. "
            "Nothing was changed."
        )
    if newer := sorted(set(manifest.migrations) - _migrations_known()):
        raise CopyRefusedError(
            f"The copy comes from a newer version of BudgetWatch ({', '.join(newer)}). Nothing was changed."
        )


def _put_files_back(arriving: Path) -> str:
    """Put the stored files in their place; the present ones are kept beside them."""
    folder = files_folder()
    if folder.is_dir() and any(folder.iterdir()):
        kept = folder.with_name(f"{folder.name}.before-restore-{datetime.now().astimezone():%Y%m%d-%H%M%S}")
        folder.rename(kept)
    folder.mkdir(parents=True, exist_ok=True)
    found = archive.stored_files(arriving)
    for name, path in found.items():
        target = folder.joinpath(*Path(name).parts[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
    return f"{len(found)} stored files are back in {folder}." if found else ""


def _migrations_applied() -> list[str]:
    return sorted(".".join(key) for key in MigrationLoader(connection).applied_migrations)


def _migrations_known() -> set[str]:
    return {".".join(key) for key in MigrationLoader(None).disk_migrations}
