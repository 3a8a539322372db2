"""A sheet to draw on.

SVG elements as text, in presentation attributes only, because the content policy refuses styles.
"""

import re
from collections.abc import Sequence
from typing import Final

from django.utils.html import escape

from presentation.lettering import text_width
from presentation.swatches import FONT, INK, PAPER, RESERVES

SIZE: Final = 15  # px; the page shows a drawing at most at its own size
SMALL: Final = 14
LINE: Final = 18
_RGBA: Final = re.compile(r"rgba\((\d+),\s*(\d+),\s*(\d+),\s*([0-9.]+)\)")
_DARK: Final = 110  # of 255: below this brightness paper is read better on the colour, above it ink


def number(value: float) -> str:
    """A coordinate to a tenth of a pixel, the same on every machine; never −0."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def ink_on(colour: str) -> str:
    """Ink or paper, whichever is readable on a `#rrggbb` colour."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return PAPER if (red * 299 + green * 587 + blue * 114) / 1000 < _DARK else INK


class Canvas:
    """Collects elements and writes them out with a title, so that the drawing says what it shows."""

    def __init__(self, *, key: str, description: str, width: int) -> None:
        self.key = key
        self.description = description
        self.width = width
        self.height: float = 0
        self._elements: list[str] = []
        self._hatched = False

    def rect(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        fill: str,
        hatched: bool = False,
        stroke: str = INK,
    ) -> None:
        """A bar; hatched ones are reserves."""
        self._hatched = self._hatched or hatched
        paint = f"url(#{self.key}-hatch)" if hatched else fill
        self._elements.append(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(max(width, 1))}" height="{number(max(height, 1))}" '
            f'fill="{paint}" stroke="{stroke}"/>'
        )

    def backing(self, x: float, y: float, width: float, height: float) -> None:
        """A patch of paper under lettering that lies on a hatched bar."""
        self._elements.append(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" fill="{PAPER}"/>'
        )

    def line(
        self, x1: float, y1: float, x2: float, y2: float, *, stroke: str, width: float = 1, dash: str = ""
    ) -> None:
        """A rule, grid line, axis or connector."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._elements.append(
            f'<path d="M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}" stroke="{stroke}" '
            f'stroke-width="{number(width)}"{dashes}/>'
        )

    def path(
        self, points: Sequence[tuple[float, float]], *, stroke: str, width: float, dash: str = ""
    ) -> None:
        """An open line through points."""
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self._elements.append(
            f'<path d="{_route(points)}" fill="none" stroke="{stroke}" stroke-width="{number(width)}" '
            f'stroke-linejoin="round"{dashes}/>'
        )

    def area(self, points: Sequence[tuple[float, float]], *, fill: str) -> None:
        """A closed shape without an edge."""
        match = _RGBA.fullmatch(fill)
        paint = (
            f'fill="rgb({match[1]},{match[2]},{match[3]})" fill-opacity="{match[4]}"'
            if match
            else f'fill="{fill}"'
        )
        self._elements.append(f'<path d="{_route(points)}Z" {paint}/>')

    def dot(self, x: float, y: float, *, radius: float, fill: str) -> None:
        """A point of a line."""
        self._elements.append(
            f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(radius)}" fill="{fill}" stroke="{PAPER}"/>'
        )

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: int = SMALL,
        anchor: str = "start",
        fill: str = INK,
        slant: int = 0,
    ) -> None:
        """One line of lettering on its baseline; `slant` turns it by degrees about its own place."""
        where = f'x="{number(x)}" y="{number(y)}"'
        turn = f' transform="rotate({slant} {number(x)} {number(y)})"' if slant else ""
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        colour = "" if fill == INK else f' fill="{fill}"'
        self._elements.append(f'<text {where} font-size="{size}"{at}{colour}{turn}>{escape(words)}</text>')

    def lines(
        self,
        x: float,
        y: float,
        words: Sequence[str],
        *,
        size: int = SMALL,
        anchor: str = "start",
        fill: str = INK,
    ) -> None:
        """Several lines of lettering, the first on baseline `y`."""
        for index, one in enumerate(words):
            self.text(x, y + index * LINE, one, size=size, anchor=anchor, fill=fill)

    def legend(self, entries: Sequence[tuple[str, str, str]]) -> float:
        """Swatches and names along the top.

        (name, colour, kind: `bar`, `hatched`, `line` or a dash). Returns its height.
        """
        x, y = 0.0, 4.0
        for name, colour, kind in entries:
            width = 34 + text_width(name, SMALL) + 18
            if x and x + width > self.width:
                x, y = 0.0, y + LINE + 6
            if kind in {"bar", "hatched"}:
                self.rect(x + 0.5, y, 22, 14, fill=colour, hatched=kind == "hatched")
            else:
                self.line(
                    x, y + 7, x + 24, y + 7, stroke=colour, width=3, dash="" if kind == "line" else kind
                )
            self.text(x + 30, y + 12, name)
            x += width
        return y + LINE + 12

    def finish(self) -> str:
        """The whole drawing."""
        height = number(self.height)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height}" width="{self.width}" '
            f'height="{height}" role="img" font-family="{FONT}" fill="{INK}"><title>{escape(self.description)}</title>'
        )
        return head + (self._hatch() if self._hatched else "") + "".join(self._elements) + "</svg>"

    def _hatch(self) -> str:
        """The pattern of reserves: dark strokes at 45° on paper."""
        return (
            f'<defs><pattern id="{self.key}-hatch" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<rect width="8" height="8" fill="{PAPER}"/>'
            f'<path d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke="{RESERVES}" stroke-width="2.5"/></pattern></defs>'
        )


def _route(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
