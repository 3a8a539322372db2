"""The only addresses a PDF may read: what it carries itself, and the installed typeface.

WeasyPrint's own fetcher follows http, ftp and file addresses. A commentary or a logo could make it read the server's
files or its network, so the section's fetcher opens `data:` and nothing else, and remembers what it refused.
"""

from pathlib import Path
from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse

FONT_SCHEME = "paper-font"


class ShutFetcher(URLFetcher):  # type: ignore[misc]  # the package is untyped
    """Opens `data:` addresses only; `refused` lists every other address that was asked for."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if not url.lower().startswith("data:"):
            self.refused.append(url)
            raise ValueError(f"A PDF may not fetch {url}")
        return super().fetch(url, headers)


class FontFetcher(URLFetcher):  # type: ignore[misc]  # the package is untyped
    """Opens `paper-font:<file name>` for the named font files only; the paper's style sheet uses it."""

    def __init__(self, fonts: dict[str, Path]) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self._fonts = fonts

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        scheme, _, name = url.partition(":")
        if scheme != FONT_SCHEME or name not in self._fonts:
            raise ValueError(f"The paper's style sheet may not fetch {url}")
        return URLFetcherResponse(url, self._fonts[name].read_bytes(), {"Content-Type": "font/ttf"})
