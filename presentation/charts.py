"""The chart base: one plotly figure for each chart, drawn as static SVG or handed to plotly.js.

The figure may be a `go.Figure` or plotly's own JSON form, which is what the house builders make.
"""

import base64
import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from presentation.chart_builders import (
    PlotlyFigure,
    Point,
    Series,
    Step,
    forecast_line,
    stacked_bars,
    variance_bars,
    waterfall,
)
from presentation.svg import draw

__all__ = [
    "Chart",
    "PlotlyFigure",
    "Point",
    "Series",
    "Step",
    "figure_parts",
    "forecast_line",
    "plotly_figure",
    "plotly_json",
    "stacked_bars",
    "static_svg",
    "svg_data_uri",
    "variance_bars",
    "waterfall",
]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """One chart: a key for addresses and ids, a title, the finding in one sentence, the figure, and the table of its figures.

    `finding` says what the chart shows, with amount and direction. `table` is the `FigureTable` behind “Show
    the figures”. `description` is for readers who cannot see the drawing; the finding is used where there is
    none.
    """

    key: str
    title: str
    finding: str
    figure: Any
    table: Any = None
    description: str = ""

    @property
    def alternative(self) -> str:
        """The text that stands for the drawing."""
        return f"{self.title}. {self.description or self.finding}"

    @cached_property
    def svg(self) -> SafeString:
        """The drawing, for a page."""
        return mark_safe(static_svg(self))  # every part is escaped as it is drawn

    @property
    def image(self) -> str:
        """The drawing as an address, for `<img src>` on paper, with `alternative` as its `alt`."""
        return svg_data_uri(self.svg)

    @property
    def json(self) -> SafeString:
        """The figure for plotly.js, for a data block."""
        return mark_safe(plotly_json(self))  # made safe for a script block


def plotly_figure(chart: Chart) -> Any:
    """The chart as a validated `go.Figure`. Raises `ValueError` for anything plotly does not know."""
    import plotly.graph_objects as go

    return chart.figure if isinstance(chart.figure, go.Figure) else go.Figure(figure_parts(chart.figure))


def figure_parts(figure: Any) -> dict[str, Any]:
    """The `data` and `layout` of a plotly figure in either form."""
    whole = figure.to_plotly_json() if hasattr(figure, "to_plotly_json") else figure
    return {"data": list(whole.get("data", ())), "layout": dict(whole.get("layout", {}))}


def plotly_json(chart: Chart) -> str:
    """What the page hands to plotly.js.

    Data and layout as JSON that is safe inside a `<script>` data block.
    """
    text = json.dumps(figure_parts(chart.figure), ensure_ascii=False, default=_plain, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _plain(value: Any) -> list[Any]:
    """A list from an array, which a `go.Figure` may hold; anything else has no place in a figure."""
    if hasattr(value, "tolist"):
        return list(value.tolist())
    raise TypeError(f"A chart cannot hold {type(value).__name__}. Give plotly numbers, text and lists.")


def static_svg(chart: Chart, *, width: int = 880, height: int | None = None) -> str:
    """The chart as small SVG: the same figure always gives the same bytes. See `presentation.svg`."""
    parts = figure_parts(chart.figure)
    return draw(parts, key=chart.key, description=chart.alternative, width=width, height=height)


def svg_data_uri(svg: str) -> str:
    """An address that holds the drawing itself, for `<img src>`.

    CSP allows it and a PDF needs no fetching.
    """
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
