"""Draws bars: rows each side of a zero line, columns, stacks and waterfalls."""

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
    fit_names,
    listed,
    rule_across,
    tick_width,
    value_of,
    values_of,
)
from presentation.svg_canvas import LINE, SMALL, Canvas, ink_on
from presentation.swatches import ACCENT, INK, OVER, QUIET, RULE, UNDER

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


def _bars(traces: Sequence[Mapping[str, Any]], across: str) -> list[Bar]:
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


def _reach(bars: Sequence[Bar]) -> list[float]:
    return [end for bar in bars for end in (bar.start, bar.end) if end is not None]


def _legend(canvas: Canvas, traces: Sequence[Mapping[str, Any]]) -> float:
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
    bars = _bars(traces, "x")
    stacked = len(traces) > 1
    name_width = min(canvas.width * 0.34, max((text_width(name, SMALL) for name in names), default=0)) + 4
    wrapped = [wrap_to(name, width=name_width, size=SMALL) for name in names]
    axis = amount_axis(layout.get("xaxis") or {}, _reach(bars), from_nil=True)
    top = _legend(canvas, traces)
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
        _inside_words(canvas, (zero + end) / 2, middle, abs(end - zero), _BAR, bar)
    elif bar.end < 0:
        canvas.text(end - _GAP, middle + 5, bar.words, anchor="end")
    else:
        canvas.text(end + _GAP, middle + 5, bar.words)


def _inside_words(canvas: Canvas, x: float, y: float, width: float, height: float, bar: Bar) -> None:
    """Words inside a part of a stack, where they fit; the table has them all."""
    needed = text_width(bar.words, SMALL)
    if needed + 8 > width or height < LINE:
        return
    if bar.hatched:
        canvas.backing(x - needed / 2 - 3, y - 9, needed + 6, LINE)
    canvas.text(x, y + 5, bar.words, anchor="middle", fill=INK if bar.hatched else ink_on(bar.colour))


def draw_columns(
    canvas: Canvas, traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], *, height: int
) -> None:
    """Upright bars, alone or stacked."""
    names = [str(name) for name in listed(traces[0].get("x"))]
    bars = _bars(traces, "y")
    _upright(canvas, names, bars, layout, height=height, top=_legend(canvas, traces), stacked=len(traces) > 1)


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
    axis = amount_axis(layout.get("yaxis") or {}, _reach(bars), from_nil=True)
    left = tick_width(axis) + 12
    labels = fit_names(names, (canvas.width - left) / max(len(names), 1))
    left = max(left, labels.overhang)
    band = (canvas.width - left) / max(len(names), 1)
    half = min(band * 0.34, 44)
    head = (
        0 if stacked else LINE * max(len(wrap_to(bar.words, width=band - 4, size=SMALL)) for bar in bars) + 4
    )
    bottom = height - labels.height
    frame = Frame(left, top + head, canvas.width, bottom, Scale(axis.low, axis.high, bottom, top + head))
    centres = [left + band * (index + 0.5) for index in range(len(names))]
    rule_across(canvas, frame, axis)
    for bar in bars:
        _draw_column(canvas, frame, bar, centres[bar.place], half=half, band=band, inside=stacked)
    canvas.line(frame.left, frame.scale.at(0), frame.right, frame.scale.at(0), stroke=INK)
    labels.draw(canvas, centres, bottom)
    canvas.height = height
    return frame, centres, half


def _draw_column(
    canvas: Canvas, frame: Frame, bar: Bar, x: float, *, half: float, band: float, inside: bool
) -> None:
    """One upright bar with its words above it, or inside a part of a stack."""
    base = frame.scale.at(bar.start)
    end = base if bar.end is None else frame.scale.at(bar.end)
    upper = min(base, end)
    if bar.end is not None and bar.end != bar.start:
        canvas.rect(x - half, upper, half * 2, abs(end - base), fill=bar.colour, hatched=bar.hatched)
    if inside:
        if bar.end is not None:
            _inside_words(canvas, x, (base + end) / 2, half * 2, abs(end - base), bar)
        return
    words = wrap_to(bar.words, width=band - 4, size=SMALL)
    wide, high = max(text_width(line, SMALL) for line in words), len(words) * LINE
    canvas.backing(
        x - wide / 2 - 2, upper - 3 - high, wide + 4, high
    )  # so that no grid line crosses the words
    canvas.lines(
        x, upper - 7 - (len(words) - 1) * LINE, words, anchor="middle", fill=QUIET if bar.end is None else INK
    )
