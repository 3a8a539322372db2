"""The house builders of plotly figures: bars each side of nil, waterfalls, stacks, and lines with a band.

A figure here is plotly's own JSON form, which `go.Figure` accepts as it is. Plotly itself is not imported, because its
first figure costs half a second and a published page has ten milliseconds. `Decimal` becomes a drawing coordinate in
`_coordinate`, at the boundary to plotly, and nowhere else; every figure that is printed is text made by
`accounting.wording`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from accounting.wording import format_short, over_under
from presentation.scales import padded, round_ticks, running_levels, stack_extremes
from presentation.swatches import ACCENT, FONT, INK, OVER, PAPER, QUIET, RESERVES, RULE, SERIES_COLOURS, UNDER

_ROW_HEIGHT: Final = 44  # px a bar, in plotly's drawing
_LEAST_HEIGHT: Final = 260

PlotlyFigure = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One bar of a waterfall, in pounds.

    A change, or a level when `level` is true. `reserves` bars are hatched.
    """

    label: str
    amount: Decimal
    level: bool = False
    reserves: bool = False
    words: str = ""
    """What the bar says; by default “£7.4m over” for a level and “−£3.6m” for a change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One row of stacked bars.

    An amount in pounds for each category, `None` where unknown. `reserves` series are hatched.
    """

    name: str
    amounts: Sequence[Decimal | None]
    reserves: bool = False
    colour: str = ""
    """One of the swatches, where the colour means something; by default the next of the series' colours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One period of a line, in pounds; `low` and `high` bound its band. `None` leaves a gap."""

    label: str
    amount: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None


def _in_words(label: str, words: str) -> dict[str, Any]:
    """What stands where an unknown bar would: plotly draws no text for a value that is not there."""
    look = {"showarrow": False, "xanchor": "left", "xshift": 8, "font": {"color": QUIET}}
    return {"x": 0, "y": label, "text": words, **look}


def _coordinate(amount: Decimal | None) -> float | None:
    """A drawing coordinate in pounds. Never printed: a tenth of a pixel is some thousand pounds."""
    return None if amount is None else float(amount)


def _layout(**extra: Any) -> dict[str, Any]:
    """The house layout: paper, ink, one thin grid, no decoration."""
    return {
        "font": {"family": FONT, "size": 15, "color": INK},
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "margin": {"l": 16, "r": 16, "t": 16, "b": 16},
        "showlegend": False,
        "hovermode": "closest",
        **extra,
    }


def _money_axis(
    amounts: Sequence[Decimal], *, from_nil: bool = True, room: Decimal = Decimal("0.03")
) -> dict[str, Any]:
    """An axis whose ticks are round amounts and whose labels come from the formatter.

    `room` is what plotly leaves beyond them, as a share of the axis, for the words of its bars.
    """
    ticks = round_ticks(amounts, from_nil=from_nil)
    return {
        "tickvals": [_coordinate(tick) for tick in ticks],
        "ticktext": [format_short(tick) for tick in ticks],
        "range": [_coordinate(end) for end in padded(ticks, share=room)],
        "gridcolor": RULE,
        "zerolinecolor": INK,
        "automargin": True,
    }


def variance_bars(
    bars: Sequence[tuple[str, Decimal | None]],
    *,
    title: str = "Variance",
    words: Callable[[Decimal | None], str] = over_under,
) -> PlotlyFigure:
    """Horizontal bars each side of a zero line, in the order given: overspends right, underspends left, each with its words.

    An unknown variance has no bar and says “not yet forecast”, or what `words` says of `None`.
    """
    known = [amount for _, amount in bars if amount is not None]
    trace = {
        "type": "bar",
        "orientation": "h",
        "name": title,
        "y": [label for label, _ in bars],
        "x": [_coordinate(amount) for _, amount in bars],
        "text": [words(amount) for _, amount in bars],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{y}: %{text}<extra></extra>",
        "marker": {
            "color": [OVER if (amount or 0) > 0 else UNDER for _, amount in bars],
            "line": {"color": INK, "width": 1},
        },
    }
    layout = _layout(
        xaxis=_money_axis(known, room=Decimal("0.16")),
        yaxis={"autorange": "reversed", "automargin": True, "type": "category"},
        annotations=[_in_words(label, words(None)) for label, amount in bars if amount is None],
        height=max(_LEAST_HEIGHT, _ROW_HEIGHT * len(bars)),
    )
    return {"data": [trace], "layout": layout}


def waterfall(steps: Sequence[Step], *, more_is_better: bool = False) -> PlotlyFigure:
    """Bars that lead from one level to another: a level stands on the axis, a change hangs from where the last bar ended.

    Each level is drawn at the amount given, never at a sum made here: if the steps do not lead to it, the gap
    shows. With `more_is_better` a fall has the colour that a rise has otherwise: savings fall short, spending goes over.
    """
    rise, fall = (UNDER, OVER) if more_is_better else (OVER, UNDER)
    trace = {
        "type": "waterfall",
        "x": [step.label for step in steps],
        "y": [_coordinate(step.amount) for step in steps],
        "measure": ["absolute" if step.level else "relative" for step in steps],
        "text": [step.words or _step_words(step) for step in steps],
        "textposition": "outside",
        "cliponaxis": False,
        "hovertemplate": "%{x}: %{text}<extra></extra>",
        "increasing": {"marker": {"color": rise, "line": {"color": INK, "width": 1}}},
        "decreasing": {"marker": {"color": fall, "line": {"color": INK, "width": 1}}},
        "totals": {"marker": {"color": ACCENT, "line": {"color": INK, "width": 1}}},
        "connector": {"line": {"color": QUIET, "width": 1}},
        "meta": {"hatched": [step.reserves for step in steps]},
    }
    ends = running_levels([(step.amount, step.level) for step in steps])
    layout = _layout(
        yaxis=_money_axis(ends, room=Decimal("0.08")), xaxis={"automargin": True, "type": "category"}
    )
    return {"data": [trace], "layout": layout}


def _step_words(step: Step) -> str:
    return over_under(step.amount) if step.level else format_short(step.amount, plus=True)


def stacked_bars(
    categories: Sequence[str], series: Sequence[Series], *, horizontal: bool = False
) -> PlotlyFigure:
    """Bars whose parts lie end to end, with a legend; parts below nil stack the other way."""
    along, across = ("y", "x") if horizontal else ("x", "y")
    traces = [
        {
            "type": "bar",
            "name": one.name,
            "orientation": "h" if horizontal else "v",
            along: list(categories),
            across: [_coordinate(amount) for amount in one.amounts],
            "text": [format_short(amount) for amount in one.amounts],
            "textposition": "inside",
            "hovertemplate": f"%{{{along}}}, {one.name}: %{{text}}<extra></extra>",
            "marker": {
                "color": RESERVES
                if one.reserves
                else one.colour or SERIES_COLOURS[index % len(SERIES_COLOURS)],
                "pattern": {"shape": "/" if one.reserves else ""},
                "line": {"color": PAPER, "width": 1},
            },
        }
        for index, one in enumerate(series)
    ]
    money = _money_axis(stack_extremes([one.amounts for one in series]))
    names = {"automargin": True, "type": "category", **({"autorange": "reversed"} if horizontal else {})}
    axes = {"xaxis": money, "yaxis": names} if horizontal else {"xaxis": names, "yaxis": money}
    return {"data": traces, "layout": _layout(barmode="relative", showlegend=True, **axes)}


def forecast_line(
    points: Sequence[Point],
    *,
    name: str = "Forecast outturn",
    budget: Sequence[Decimal | None] | None = None,
    budget_name: str = "Revised budget",
) -> PlotlyFigure:
    """A line over periods, with a band where points have `low` and `high`, and the revised budget, or what is compared with, dashed."""
    labels = [point.label for point in points]
    amounts = [
        amount for point in points for amount in (point.amount, point.low, point.high) if amount is not None
    ] + [amount for amount in budget or () if amount is not None]
    traces: list[dict[str, Any]] = []
    if any(point.low is not None for point in points):
        traces += _band(points, labels)
    if budget is not None:
        traces.append(_line(budget_name, labels, budget, colour=QUIET, dash="dash", markers=False))
    traces.append(
        _line(name, labels, [point.amount for point in points], colour=ACCENT, dash="solid", markers=True)
    )
    layout = _layout(
        xaxis={"automargin": True, "type": "category"},
        yaxis=_money_axis(amounts, from_nil=False),
        showlegend=len(traces) > 1,
    )
    return {"data": traces, "layout": layout}


def _line(
    name: str,
    labels: Sequence[str],
    amounts: Sequence[Decimal | None],
    *,
    colour: str,
    dash: str,
    markers: bool,
) -> dict[str, Any]:
    """One line; an unknown amount leaves a gap."""
    return {
        "type": "scatter",
        "mode": "lines+markers" if markers else "lines",
        "name": name,
        "x": list(labels),
        "y": [_coordinate(amount) for amount in amounts],
        "text": [format_short(amount) for amount in amounts],
        "hovertemplate": "%{x}: %{text}<extra>%{fullData.name}</extra>",
        "line": {"color": colour, "dash": dash, "width": 2},
        "marker": {"color": colour, "size": 7},
        "connectgaps": False,
    }


def _band(points: Sequence[Point], labels: Sequence[str]) -> list[dict[str, Any]]:
    """The range between best and worst case.

    An unseen lower edge, and an upper edge that fills down to it.
    """
    low = _line("Best case", labels, [point.low for point in points], colour=UNDER, dash="dot", markers=False)
    high = _line(
        "Worst case", labels, [point.high for point in points], colour=UNDER, dash="dot", markers=False
    )
    return [
        {**low, "line": {**low["line"], "width": 1}, "showlegend": False},
        {
            **high,
            "name": "Best to worst case",
            "line": {**high["line"], "width": 1},
            "fill": "tonexty",
            "fillcolor": "rgba(40,161,151,0.18)",
        },
    ]
