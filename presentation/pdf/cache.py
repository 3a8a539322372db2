"""Rendered parts kept on disk under the digest of all that they were made from."""

import hashlib
import logging
import os
import tempfile
from contextlib import suppress
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from presentation.pdf.rendering import RenderJob

_FORMAT = "3"  # raise it when the code changes what a part holds
_LIBRARIES = ("weasyprint", "pydyf", "fonttools", "tinycss2", "cssselect2", "tinyhtml5", "pillow")
_KEPT_BYTES = 512 * 1024 * 1024

logger = logging.getLogger(__name__)


class PartCache:
    """A folder of parts, or no folder at all; a damaged file is made again, and a full disk only costs time."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def get(self, job: RenderJob) -> bytes | None:
        """The part of this very job if it is held whole, otherwise None."""
        if self._folder is None:
            return None
        path = self._path(job)
        try:
            held = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        digest, part = held[:32], held[32:]
        return part if digest == hashlib.sha256(part).digest() else None

    def put(self, job: RenderJob, part: bytes) -> None:
        """Keeps a part; another process sees all of it or none."""
        if self._folder is None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._write(self._path(job), hashlib.sha256(part).digest() + part)
        except OSError as error:
            logger.warning("The PDF part of section %s is not kept for next time: %s", job.key, error)

    def prune(self) -> None:
        """Drops the parts used longest ago when the folder holds more than half a gigabyte."""
        if self._folder is None or not self._folder.is_dir():
            return
        kept = 0
        for path in sorted(self._folder.glob("*.part"), key=_last_used, reverse=True):
            kept += path.stat().st_size if path.exists() else 0
            if kept > _KEPT_BYTES:
                path.unlink(missing_ok=True)

    def _path(self, job: RenderJob) -> Path:
        assert self._folder is not None
        return self._folder / f"{_digest(job)}.part"

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".new")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            Path(name).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(name).unlink()
            raise


def _last_used(path: Path) -> float:
    """When the part was last made or read; another process may have dropped it meanwhile."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def _digest(job: RenderJob) -> str:
    whole = hashlib.sha256()
    for piece in (_FORMAT, _libraries(), job.key, job.html, job.css, f"{job.is_contents} {job.tagged}"):
        whole.update(hashlib.sha256(piece.encode()).digest())
    for name, path in job.fonts:
        whole.update(name.encode() + _file_digest(path))
    return whole.hexdigest()


@lru_cache(maxsize=1)
def _libraries() -> str:
    return " ".join(f"{name} {version(name)}" for name in _LIBRARIES)


@lru_cache(maxsize=16)
def _file_digest(path: Path) -> bytes:
    return hashlib.sha256(path.read_bytes()).digest()
