"""Draws rows of bars each side of a zero line; and what rows and columns share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from presentation.lettering import text_width, wrap_to
from presentation.scales import Scale
from presentation.svg_axes import (
    Axis,
    Frame,
    amount_axis,
    each,
    listed,
    values_of,
)
from presentation.svg_canvas import LINE, SMALL, Canvas, ink_on
from presentation.swatches import ACCENT, INK, QUIET, RULE

_ROW_GAP: Final = 14
_BAR: Final = 22
_GAP: Final = 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar or part of a stack.

    Which name it belongs to, where it starts and ends in pounds, and how it looks.
    """

    place: int
    start: float
    end: float | None
    words: str
    colour: str
    hatched: bool


def bars_of(traces: Sequence[Mapping[str, Any]], across: str) -> list[Bar]:
    """Every bar of the figure; in a stack each starts where the last of its sign ended."""
    bars: list[Bar] = []
    reached: dict[tuple[int, bool], float] = {}
    for trace in traces:
        values = values_of(trace, across)
        marker = trace.get("marker") or {}
        colours = each(marker.get("color") or ACCENT, len(values))
        shapes = each((marker.get("pattern") or {}).get("shape") or "", len(values))
        words = each(trace.get("text") or "", len(values))
        for place, value in enumerate(values):
            key = (place, (value or 0) < 0)
            start = reached.get(key, 0.0)
            end = None if value is None else start + value
            reached[key] = start if end is None else end
            bars.append(Bar(place, start, end, str(words[place]), str(colours[place]), bool(shapes[place])))
    return bars


def reach_of(bars: Sequence[Bar]) -> list[float]:
    return [end for bar in bars for end in (bar.start, bar.end) if end is not None]


def legend_of(canvas: Canvas, traces: Sequence[Mapping[str, Any]]) -> float:
    """The legend of a stack, or nothing for a single series, whose name the title says."""
    if len(traces) < 2:
        return 0
    entries = []
    for trace in traces:
        marker = trace.get("marker") or {}
        hatched = bool((marker.get("pattern") or {}).get("shape"))
        entries.append(
            (str(trace.get("name", "")), str(marker.get("color") or ACCENT), "hatched" if hatched else "bar")
        )
    return canvas.legend(entries) + 8


def draw_rows(canvas: Canvas, traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]) -> None:
    """Horizontal bars from the top down.

    Names at the left, words at the end of each bar, or inside the parts of a stack.
    """
    names = [str(name) for name in listed(traces[0].get("y"))]
    bars = bars_of(traces, "x")
    stacked = len(traces) > 1
    name_width = min(canvas.width * 0.34, max((text_width(name, SMALL) for name in names), default=0)) + 4
    wrapped = [wrap_to(name, width=name_width, size=SMALL) for name in names]
    axis = amount_axis(layout.get("xaxis") or {}, reach_of(bars), from_nil=True)
    top = legend_of(canvas, traces)
    tops = _row_tops(wrapped, top)
    frame = _row_frame(
        canvas, bars, axis, left=name_width + 16, top=top, bottom=tops[-1], outside=not stacked
    )
    _rule_down(canvas, frame, axis)
    for index, words in enumerate(wrapped):
        middle = (tops[index] + tops[index + 1]) / 2
        canvas.lines(0, middle + 5 - (len(words) - 1) * LINE / 2, words)
        for bar in (bar for bar in bars if bar.place == index):
            _draw_row_bar(canvas, frame, bar, middle, inside=stacked)
    zero = frame.scale.at(0)
    canvas.line(zero, frame.top, zero, frame.bottom, stroke=INK, width=1.5)
    canvas.height = frame.bottom + LINE + 12


def _row_tops(wrapped: Sequence[Sequence[str]], top: float) -> list[float]:
    """Where each row starts, and where the last ends: as high as its name or its bar needs."""
    tops = [top + 4]
    for words in wrapped:
        tops.append(tops[-1] + max(len(words) * LINE, _BAR) + _ROW_GAP)
    return tops


def _row_frame(
    canvas: Canvas, bars: Sequence[Bar], axis: Axis, *, left: float, top: float, bottom: float, outside: bool
) -> Frame:
    """The plot, leaving room at both sides for words that stand outside the bars."""
    end_words = text_width(axis.ticks[-1][1], SMALL) / 2
    after = [
        text_width(bar.words, SMALL) + _GAP for bar in bars if outside and (bar.end is None or bar.end >= 0)
    ]
    before = [
        text_width(bar.words, SMALL) + _GAP for bar in bars if outside and bar.end is not None and bar.end < 0
    ]
    start, end = left + max([*before, 0]), canvas.width - max([*after, end_words]) - 4
    return Frame(left, top, canvas.width, bottom, Scale(axis.low, axis.high, start, end))


def _rule_down(canvas: Canvas, frame: Frame, axis: Axis) -> None:
    """Grid lines down, with words beneath those that do not touch."""
    last_end = float("-inf")
    for place, words in axis.ticks:
        x, half = frame.scale.at(place), text_width(words, SMALL) / 2
        canvas.line(x, frame.top, x, frame.bottom, stroke=RULE)
        if x - half > last_end + 6:
            canvas.text(x, frame.bottom + LINE, words, anchor="middle", fill=QUIET)
            last_end = x + half


def _draw_row_bar(canvas: Canvas, frame: Frame, bar: Bar, middle: float, *, inside: bool) -> None:
    """One bar with its words; an unknown one has words only."""
    zero = frame.scale.at(bar.start)
    if bar.end is None:
        if not inside:
            canvas.text(zero + _GAP, middle + 5, bar.words, fill=QUIET)
        return
    end = frame.scale.at(bar.end)
    if bar.end != bar.start:
        canvas.rect(
            min(zero, end), middle - _BAR / 2, abs(end - zero), _BAR, fill=bar.colour, hatched=bar.hatched
        )
    if inside:
        draw_inside(canvas, (zero + end) / 2, middle, abs(end - zero), _BAR, bar)
    elif bar.end < 0:
        canvas.text(end - _GAP, middle + 5, bar.words, anchor="end")
    else:
        canvas.text(end + _GAP, middle + 5, bar.words)


def draw_inside(canvas: Canvas, x: float, y: float, width: float, height: float, bar: Bar) -> None:
    """Words inside a part of a stack, where they fit; the table has them all."""
    needed = text_width(bar.words, SMALL)
    if needed + 8 > width or height < LINE:
        return
    if bar.hatched:
        canvas.backing(x - needed / 2 - 3, y - 9, needed + 6, LINE)
    canvas.text(x, y + 5, bar.words, anchor="middle", fill=INK if bar.hatched else ink_on(bar.colour))
