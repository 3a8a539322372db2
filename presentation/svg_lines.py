"""Draws lines over periods, with gaps where a figure is unknown, and a band between two of them."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from presentation.lettering import text_width
from presentation.scales import Scale
from presentation.svg_axes import Frame, amount_axis, fit_names, listed, rule_across, tick_width, values_of
from presentation.svg_canvas import LINE, SMALL, Canvas
from presentation.swatches import ACCENT

_DASHES: Final = {"solid": "", "dash": "8 5", "dot": "2 4", "dashdot": "8 4 2 4"}

Points = list[tuple[float, float]]


def draw_lines(
    canvas: Canvas, traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], *, height: int
) -> None:
    """Bands first, then lines, then the words of each marked line's last figure."""
    names = _names(traces)
    values = [value for trace in traces for value in values_of(trace, "y") if value is not None]
    axis = amount_axis(layout.get("yaxis") or {}, values, from_nil=False)
    top = _legend(canvas, traces) + LINE
    left = tick_width(axis) + 12
    labels = fit_names(names, (canvas.width - left) / max(len(names), 1))
    left = max(left, labels.overhang)
    band = (canvas.width - left) / max(len(names), 1)
    bottom = height - labels.height
    frame = Frame(left, top, canvas.width, bottom, Scale(axis.low, axis.high, bottom, top))
    places = {name: left + band * (index + 0.5) for index, name in enumerate(names)}
    rule_across(canvas, frame, axis)
    _draw_bands(canvas, frame, traces, places)
    for trace in traces:
        _draw_line(canvas, frame, trace, places)
    labels.draw(canvas, list(places.values()), bottom)
    canvas.height = height


def _names(traces: Sequence[Mapping[str, Any]]) -> list[str]:
    """The periods along the foot, in the order in which they are first met."""
    return list(dict.fromkeys(str(name) for trace in traces for name in listed(trace.get("x"))))


def _look(trace: Mapping[str, Any]) -> tuple[str, float, str]:
    """Colour, width and dashes of a line."""
    line = trace.get("line") or {}
    return (
        str(line.get("color") or ACCENT),
        float(line.get("width") or 2),
        _DASHES.get(str(line.get("dash") or "solid"), ""),
    )


def _legend(canvas: Canvas, traces: Sequence[Mapping[str, Any]]) -> float:
    """Names of the lines, each with its dash, where there is more than one."""
    shown = [trace for trace in traces if trace.get("showlegend", True)]
    if len(shown) < 2:
        return 0
    entries = []
    for trace in shown:
        colour, _, dash = _look(trace)
        entries.append((str(trace.get("name", "")), colour, dash or "line"))
    return canvas.legend(entries)


def _runs(frame: Frame, trace: Mapping[str, Any], places: Mapping[str, float]) -> list[Points]:
    """The line's unbroken parts in pixels; an unknown figure ends one."""
    runs: list[Points] = [[]]
    for name, value in zip(listed(trace.get("x")), values_of(trace, "y"), strict=True):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((places[str(name)], frame.scale.at(value)))
    return [run for run in runs if run]


def _draw_bands(
    canvas: Canvas, frame: Frame, traces: Sequence[Mapping[str, Any]], places: Mapping[str, float]
) -> None:
    """Fill between each line that says `tonexty` and the one before it, where both are known."""
    for lower, upper in pairwise(traces):
        if upper.get("fill") != "tonexty":
            continue
        for run in _runs_of_both(frame, lower, upper, places):
            edge = [(x, above) for x, _, above in run] + [(x, below) for x, below, _ in reversed(run)]
            canvas.area(edge, fill=str(upper.get("fillcolor") or "rgba(18,67,109,0.15)"))


def _runs_of_both(
    frame: Frame, lower: Mapping[str, Any], upper: Mapping[str, Any], places: Mapping[str, float]
) -> list[list[tuple[float, float, float]]]:
    """The unbroken parts over which both edges are known: place, lower and upper edge in pixels."""
    below = dict(zip(map(str, listed(lower.get("x"))), values_of(lower, "y"), strict=True))
    above = dict(zip(map(str, listed(upper.get("x"))), values_of(upper, "y"), strict=True))
    runs: list[list[tuple[float, float, float]]] = [[]]
    for name, x in places.items():
        low, high = below.get(name), above.get(name)
        if low is None or high is None:
            runs.append([])
        else:
            runs[-1].append((x, frame.scale.at(low), frame.scale.at(high)))
    return [run for run in runs if len(run) > 1]


def _draw_line(canvas: Canvas, frame: Frame, trace: Mapping[str, Any], places: Mapping[str, float]) -> None:
    """One line with its dots, if it has any, and the words of its last figure."""
    colour, width, dash = _look(trace)
    runs = _runs(frame, trace, places)
    marked = "markers" in str(trace.get("mode", "lines"))
    for run in runs:
        if len(run) > 1:
            canvas.path(run, stroke=colour, width=width, dash=dash)
        if marked or len(run) == 1:
            for x, y in run:
                canvas.dot(x, y, radius=4, fill=colour)
    words = [
        text
        for text, value in zip(listed(trace.get("text")), values_of(trace, "y"), strict=False)
        if value is not None
    ]
    if marked and runs and words:
        x, y = runs[-1][-1]
        half = text_width(str(words[-1]), SMALL) / 2
        canvas.text(min(x, frame.right - half), y - 10, str(words[-1]), anchor="middle")
