"""One file that holds the database's copy, the stored files and a manifest with the digest of each."""

import hashlib
import io
import json
import tarfile
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from budgetwatch.copies.errors import CopyRefusedError
from budgetwatch.copies.fingerprint import Fingerprint

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a copy holds. `members` maps each member's name to its SHA-256."""

    vendor: str
    made_at: str
    migrations: list[str]
    fingerprint: Fingerprint
    members: dict[str, str]
    format: int = FORMAT


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def stored_files(folder: Path) -> dict[str, Path]:
    """Return the stored files by the name they have in the archive."""
    found = sorted(path for path in folder.rglob("*") if path.is_file()) if folder.is_dir() else []
    return {f"files/{path.relative_to(folder).as_posix()}": path for path in found}


def write(target: Path, *, manifest: Manifest, members: dict[str, Path]) -> None:
    """Write the archive under another name and rename it when it is whole, so that no half copy looks like one."""
    partial = target.with_name(target.name + ".partial")
    partial.touch(mode=0o600)
    with tarfile.open(partial, "w") as archive:
        text = json.dumps(asdict(manifest), indent=1, sort_keys=True).encode()
        entry = tarfile.TarInfo(MANIFEST)
        entry.size = len(text)
        archive.addfile(entry, io.BytesIO(text))
        for name, path in members.items():
            archive.add(path, arcname=name, recursive=False)
    partial.replace(target)


def read(source: Path, *, into: Path) -> Manifest:
    """Unpack an archive into an empty folder, checking every member; return its manifest."""
    if not source.is_file():
        raise CopyRefusedError(f"There is no copy at {source}; nothing was changed.")
    try:
        with tarfile.open(source, "r") as archive:
            manifest = _manifest(archive, source)
            for name, digest in manifest.members.items():
                _unpack(archive, name=name, digest=digest, into=into)
    except (tarfile.TarError, EOFError, KeyError) as error:
        raise CopyRefusedError(
            f"{source} is not a whole copy made by 'manage.py backup': {error}. Nothing was changed."
        ) from error
    return manifest


def _manifest(archive: tarfile.TarFile, source: Path) -> Manifest:
    opened = archive.extractfile(MANIFEST)
    try:
        fields = json.loads(opened.read()) if opened else {}
        manifest = Manifest(**fields)
    except (TypeError, ValueError) as error:
        raise CopyRefusedError(f"{source} has no readable manifest. Nothing was changed.") from error
    if manifest.format != FORMAT:
        raise CopyRefusedError(
            f"{source} was made by another version of 'manage.py backup'. Nothing was changed."
        )
    return manifest


def _unpack(archive: tarfile.TarFile, *, name: str, digest: str, into: Path) -> None:
    """Write one member below `into`, refusing names that lead elsewhere and content that has changed."""
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or not parts:
        raise CopyRefusedError(f"The copy holds a file with an unsafe name, {name!r}. Nothing was changed.")
    content = archive.extractfile(name)
    if content is None:
        raise CopyRefusedError(f"{name} in the copy is not a plain file. Nothing was changed.")
    target = into.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as opened:
        while block := content.read(1 << 20):
            opened.write(block)
    if digest_of(target) != digest:
        raise CopyRefusedError(
            f"{name} in the copy is damaged: its digest is not the one recorded. Nothing was changed."
        )
