"""Says which system libraries the PDF reports still need, and how to get them."""

import ctypes
import sys

# What WeasyPrint loads, and the Debian and Ubuntu package that brings each.
DEBIAN = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


def missing_packages() -> list[str]:
    """Return the Debian packages whose library cannot be loaded; on other systems than Linux, ask WeasyPrint itself."""
    if sys.platform != "linux":
        return []
    return [package for library, package in DEBIAN.items() if not can_load(library)]


def can_load(library: str) -> bool:
    """Whether the dynamic loader finds this library."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def advice(packages: list[str]) -> str:
    """Return what to do about the missing packages, in words."""
    if sys.platform == "darwin":
        return (
            "PDF reports need Pango: brew install pango, then start with "
            "DYLD_FALLBACK_LIBRARY_PATH=/opt/homebrew/lib if Python is not Homebrew's own."
        )
    names = " ".join(packages)
    return (
        f"PDF reports cannot be made yet: this machine lacks {names}.\n"
        f"On Debian or Ubuntu: sudo apt-get install --no-install-recommends {names}\n"
        "Everything else works without."
    )


def main(arguments: list[str]) -> int:
    """Print the advice, or with `--packages` just the names; return 1 if a report could not be made."""
    packages = missing_packages()
    if "--packages" in arguments:
        print(" ".join(packages))
        return 0
    if packages or (sys.platform == "darwin" and not can_load("libpango-1.0.dylib")):
        print(advice(packages), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
