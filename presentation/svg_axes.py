"""What every drawing shares.

Values out of plotly's forms, the axis of amounts, and the names under upright charts.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from presentation.lettering import text_width, wrap_to
from presentation.scales import Scale, round_ticks
from presentation.svg_canvas import LINE, SMALL, Canvas
from presentation.swatches import INK, QUIET, RULE

_SLANT_ROOM: Final = 0.72  # how far down, and left, a name at 45° reaches for each pixel of its length


@dataclass(frozen=True, slots=True)
class Frame:
    """The plot's rectangle within the sheet, and its scale of amounts."""

    left: float
    top: float
    right: float
    bottom: float
    scale: Scale


@dataclass(frozen=True, slots=True)
class Axis:
    """Ticks with their words, and the range they cover."""

    ticks: tuple[tuple[float, str], ...]
    low: float
    high: float


def listed(values: Any) -> list[Any]:
    """A list from whatever holds plotly's values: list, tuple, array or nothing."""
    return [] if values is None else list(values)


def value_of(value: Any) -> float | None:
    """A number to draw, or `None` for a gap."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    return float(value)


def values_of(trace: Mapping[str, Any], name: str) -> list[float | None]:
    """A trace's numbers along `x` or `y`."""
    return [value_of(value) for value in listed(trace.get(name))]


def each(value: Any, count: int) -> list[Any]:
    """One for each bar, from a list or from a single value for all."""
    return listed(value) if isinstance(value, list | tuple) else [value] * count


def amount_axis(given: Mapping[str, Any], values: Sequence[float], *, from_nil: bool) -> Axis:
    """The figure's own ticks where it has them; otherwise round ones, in plain digits."""
    if listed(given.get("tickvals")):
        places = [float(value) for value in listed(given["tickvals"])]
        words = [str(text) for text in listed(given.get("ticktext"))] or [f"{place:,g}" for place in places]
    else:
        # str() gives the shortest decimal that names the coordinate.
        ticks = round_ticks([Decimal(str(value)) for value in values], from_nil=from_nil)
        places, words = [float(tick) for tick in ticks], [f"{tick:,f}" for tick in ticks]
    reach = [*places, *values, *([0.0] if from_nil else [])]
    return Axis(tuple(zip(places, words, strict=True)), min(reach), max(reach))


def tick_width(axis: Axis) -> float:
    """Room that the ticks' words need."""
    return max(text_width(words, SMALL) for _, words in axis.ticks)


def rule_across(canvas: Canvas, frame: Frame, axis: Axis) -> None:
    """Grid lines across an upright chart, their words at the left, and nil in ink."""
    for place, words in axis.ticks:
        y = frame.scale.at(place)
        canvas.line(frame.left, y, frame.right, y, stroke=INK if place == 0 else RULE)
        canvas.text(frame.left - 8, y + 5, words, anchor="end", fill=QUIET)


@dataclass(frozen=True, slots=True)
class Names:
    """The names under an upright chart.

    Wrapped where they fit, slanted where they do not, thinned where there are many.
    """

    lines: tuple[tuple[str, ...], ...]
    slanted: bool
    every: int

    @property
    def height(self) -> float:
        """Room needed below the plot."""
        if self.slanted:
            return max(text_width(one[0], SMALL) for one in self.lines) * _SLANT_ROOM + LINE
        return max(len(one) for one in self.lines) * LINE + 10

    @property
    def overhang(self) -> float:
        """How far the first slanted name reaches left of its bar."""
        return text_width(self.lines[0][0], SMALL) * _SLANT_ROOM if self.slanted and self.lines else 0

    def draw(self, canvas: Canvas, centres: Sequence[float], y: float) -> None:
        """Write the names, each under its bar or point."""
        for index, (words, x) in enumerate(zip(self.lines, centres, strict=True)):
            if index % self.every:
                continue
            if self.slanted:
                canvas.text(x + 4, y + 14, words[0], anchor="end", slant=-45)
            else:
                canvas.lines(x, y + LINE, words, anchor="middle")


def fit_names(names: Sequence[str], band: float) -> Names:
    """Wrap names to the width of a band.

    Slant them if a word is wider than that; skip some if even slanted they would touch.
    """
    wrapped = [tuple(wrap_to(name, width=band - 6, size=SMALL, most_lines=4)) for name in names]
    fits = all(text_width(line, SMALL) <= band - 4 for one in wrapped for line in one)
    if fits:
        return Names(tuple(wrapped), slanted=False, every=1)
    every = max(1, math.ceil((LINE + 4) / band))
    return Names(tuple((_shortened(name),) for name in names), slanted=True, every=every)


def _shortened(name: str) -> str:
    """A slanted name long enough to know its line by; the table has it whole."""
    return name if len(name) <= 26 else name[:25].rstrip() + "…"
