"""The few front-end files that come from installed packages.

Plotly.js, and the typeface of screen and paper.
"""

from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles.finders import BaseFinder
from django.contrib.staticfiles.utils import matches_patterns
from django.core.files.storage import FileSystemStorage, Storage

# weight, italic -> file. Upright and italic, regular, semibold and bold: what the style sheets ask for, and
# no more.
_FONT_FILES: Final = {
    (400, False): "SourceSansPro-Regular.ttf",
    (400, True): "SourceSansPro-It.ttf",
    (600, False): "SourceSansPro-Semibold.ttf",
    (600, True): "SourceSansPro-SemiboldIt.ttf",
    (700, False): "SourceSansPro-Bold.ttf",
    (700, True): "SourceSansPro-BoldIt.ttf",
}


class AssetMissingError(LookupError):
    """An installed package does not hold the front-end file that the pages need."""

    def __init__(self, package: str, path: str) -> None:
        super().__init__(f"{package} is not installed, or has no {path}. Run: make setup")


def _package_folder(package: str, folder: str) -> Path:
    """Find a folder inside an installed package without importing it (plotly alone takes half a second)."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise AssetMissingError(package, folder)
    return Path(spec.origin).parent / folder


def _folders() -> tuple[tuple[str, Path, tuple[str, ...]], ...]:
    """Address prefix, folder and the only names served from it; the rest of the package stays private."""
    return (
        ("vendor", _package_folder("plotly", "package_data"), ("plotly.min.js",)),
        ("vendor/fonts", _package_folder("font_source_sans_pro", "files"), tuple(_FONT_FILES.values())),
    )


class InstalledPackageFinder(BaseFinder):
    """Serves named single files of installed packages.

    `vendor/plotly.min.js` and `vendor/fonts/SourceSansPro-*.ttf`.
    """

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to configure, so nothing to check; a missing file raises when it is asked for."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the file's place on disk, or an empty list, which is how finders say no."""
        for prefix, folder, names in _folders():
            for name in names:
                if path == f"{prefix}/{name}":
                    found = str(folder / name)
                    return [found] if find_all or kwargs.get("all") else found
        return []

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        """Yield each file with its storage, for `collectstatic`."""
        for prefix, folder, names in _folders():
            storage = FileSystemStorage(location=folder)
            storage.prefix = prefix  # type: ignore[attr-defined]  # read by collectstatic and by whitenoise
            for name in names:
                if not matches_patterns(name, list(ignore_patterns or ())):
                    yield name, storage


def font_path(*, weight: int = 400, italic: bool = False) -> Path:
    """Return the TrueType file of one weight (400, 600 or 700) of Source Sans Pro."""
    name = _FONT_FILES[weight, italic]
    path = _package_folder("font_source_sans_pro", "files") / name
    if not path.is_file():
        raise AssetMissingError("font-source-sans-pro", name)
    return path


def font_paths() -> dict[tuple[int, bool], Path]:
    """Every (weight, italic) of the typeface with its file, for the PDF's `@font-face` rules."""
    return {(weight, italic): font_path(weight=weight, italic=italic) for weight, italic in _FONT_FILES}
