"""Draws upright bars: columns, stacks and waterfalls."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from presentation.lettering import text_width, wrap_to
from presentation.scales import Scale
from presentation.svg_axes import (
    Frame,
    amount_axis,
    each,
    fit_names,
    listed,
    rule_across,
    tick_width,
    value_of,
)
from presentation.svg_bars import Bar, bars_of, draw_inside, legend_of, reach_of
from presentation.svg_canvas import LINE, SMALL, Canvas
from presentation.swatches import ACCENT, INK, OVER, QUIET, UNDER

_WIDEST_HALF: Final = 44  # px
_HALF_SHARE: Final = 0.34  # of the band that a bar stands in


@dataclass(frozen=True, slots=True)
class Words:
    """How bars say their amounts: in lines above them, or upright where a line would touch its neighbours."""

    lines: tuple[tuple[str, ...], ...]
    upright: bool

    @property
    def height(self) -> float:
        """Room needed above the highest bar."""
        if self.upright:
            return max((text_width(" ".join(one), SMALL) for one in self.lines), default=0) + 10
        return max((len(one) for one in self.lines), default=0) * LINE + 4


def draw_columns(
    canvas: Canvas, traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], *, height: int
) -> None:
    """Upright bars, alone or stacked."""
    names = [str(name) for name in listed(traces[0].get("x"))]
    top = legend_of(canvas, traces)
    _upright(canvas, names, bars_of(traces, "y"), layout, height=height, top=top, stacked=len(traces) > 1)


def draw_waterfall(
    canvas: Canvas, trace: Mapping[str, Any], layout: Mapping[str, Any], *, height: int
) -> None:
    """Levels from nil, changes from where the last bar ended, and connectors between."""
    names = [str(name) for name in listed(trace.get("x"))]
    bars = _waterfall_bars(trace)
    frame, centres, half = _upright(canvas, names, bars, layout, height=height, top=0, stacked=False)
    for bar, x, following in zip(bars, centres, centres[1:], strict=False):
        if bar.end is not None:
            y = frame.scale.at(bar.end)
            canvas.line(x + half, y, following - half, y, stroke=QUIET)


def _waterfall_bars(trace: Mapping[str, Any]) -> list[Bar]:
    """The bars of a waterfall; `total` stands at the sum so far, as plotly has it."""
    values = listed(trace.get("y"))
    measures = each(trace.get("measure") or "relative", len(values))
    words = each(trace.get("text") or "", len(values))
    hatched = listed((trace.get("meta") or {}).get("hatched")) or [False] * len(values)
    bars, level = [], 0.0
    for place, given in enumerate(values):
        value = value_of(given)
        relative = measures[place] == "relative"
        start = level if relative else 0.0
        if measures[place] != "total" and value is not None:
            level = level + value if relative else value
        kind = ("increasing" if level >= start else "decreasing") if relative else "totals"
        end = None if value is None and measures[place] != "total" else level
        bars.append(
            Bar(place, start, end, str(words[place]), _waterfall_colour(trace, kind), bool(hatched[place]))
        )
    return bars


def _waterfall_colour(trace: Mapping[str, Any], kind: str) -> str:
    usual = {"increasing": OVER, "decreasing": UNDER, "totals": ACCENT}[kind]
    return str(((trace.get(kind) or {}).get("marker") or {}).get("color") or usual)


def _fit_words(bars: Sequence[Bar], band: float) -> Words:
    """Wrap each bar's words to its band; turn all of them where one does not fit."""
    wrapped = tuple(tuple(wrap_to(bar.words, width=band - 4, size=SMALL)) for bar in bars)
    fits = all(text_width(line, SMALL) <= band - 2 for one in wrapped for line in one)
    return Words(wrapped, upright=not fits)


def _upright(
    canvas: Canvas,
    names: Sequence[str],
    bars: Sequence[Bar],
    layout: Mapping[str, Any],
    *,
    height: int,
    top: float,
    stacked: bool,
) -> tuple[Frame, list[float], float]:
    """Axis, names and bars of an upright chart.

    Returns the plot, the bars' centres and half a bar's width.
    """
    axis = amount_axis(layout.get("yaxis") or {}, reach_of(bars), from_nil=True)
    left = tick_width(axis) + 12
    labels = fit_names(names, (canvas.width - left) / len(names))
    left = max(left, labels.overhang)
    band = (canvas.width - left) / len(names)
    words = Words((), upright=False) if stacked else _fit_words(bars, band)
    head, bottom = top + words.height, height - labels.height
    frame = Frame(left, head, canvas.width, bottom, Scale(axis.low, axis.high, bottom, head))
    centres = [left + band * (index + 0.5) for index in range(len(names))]
    half = min(band * _HALF_SHARE, _WIDEST_HALF)
    rule_across(canvas, frame, axis)
    for bar in bars:
        _draw_column(canvas, frame, bar, centres[bar.place], half=half, inside=stacked)
    for bar, lines in zip(bars, words.lines, strict=False):
        _write_above(canvas, frame, bar, lines, centres[bar.place], upright=words.upright)
    canvas.line(frame.left, frame.scale.at(0), frame.right, frame.scale.at(0), stroke=INK)
    labels.draw(canvas, centres, bottom)
    canvas.height = height
    return frame, centres, half


def _draw_column(canvas: Canvas, frame: Frame, bar: Bar, x: float, *, half: float, inside: bool) -> None:
    """One upright bar; a part of a stack has its words inside. An unknown one is not drawn."""
    if bar.end is None:
        return
    base, end = frame.scale.at(bar.start), frame.scale.at(bar.end)
    if bar.end != bar.start:
        canvas.rect(x - half, min(base, end), half * 2, abs(end - base), fill=bar.colour, hatched=bar.hatched)
    if inside:
        draw_inside(canvas, x, (base + end) / 2, half * 2, abs(end - base), bar)


def _write_above(
    canvas: Canvas, frame: Frame, bar: Bar, lines: Sequence[str], x: float, *, upright: bool
) -> None:
    """A bar's words above it, on a patch of paper so that no grid line crosses them."""
    upper = min(frame.scale.at(bar.start), frame.scale.at(bar.start if bar.end is None else bar.end))
    colour = QUIET if bar.end is None else INK
    if upright:
        words = " ".join(lines)
        canvas.backing(x - 8, upper - 6 - text_width(words, SMALL), 16, text_width(words, SMALL))
        canvas.text(x + 5, upper - 6, words, slant=-90, fill=colour)
        return
    wide, high = max(text_width(line, SMALL) for line in lines), len(lines) * LINE
    canvas.backing(x - wide / 2, upper - 3 - high, wide, high)
    canvas.lines(x, upper - 7 - (len(lines) - 1) * LINE, lines, anchor="middle", fill=colour)
