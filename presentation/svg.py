"""Draws a plotly figure as small, byte-stable SVG: bars, stacked bars, waterfalls, lines, and lines with a band.

It reads what plotly reads: trace types, `orientation`, `text`, `marker.color`, `marker.pattern`, `measure`,
`line.dash`, `fill`, `barmode`, `tickvals` and `ticktext`. The one addition is `meta.hatched` on a waterfall,
whose bars plotly cannot hatch.
"""

from collections.abc import Mapping
from typing import Any, Final

from presentation.svg_axes import listed
from presentation.svg_bars import draw_rows
from presentation.svg_canvas import Canvas
from presentation.svg_columns import draw_columns, draw_waterfall
from presentation.svg_lines import draw_lines

_KINDS: Final = frozenset({"bar", "waterfall", "scatter"})


class ChartNotDrawableError(ValueError):
    """The figure has a kind of trace that the static drawing does not know."""

    def __init__(self, key: str, kinds: set[str]) -> None:
        super().__init__(
            f"Chart “{key}” cannot be drawn without plotly.js: it has {', '.join(sorted(kinds)) or 'no traces'}. "
            "Use bar, waterfall or scatter traces, one kind in a chart."
        )


def draw(
    parts: Mapping[str, Any], *, key: str, description: str, width: int = 880, height: int | None = None
) -> str:
    """The figure as SVG text.

    `height` is a wish for upright charts; rows of bars take the height they need.
    """
    traces, layout = parts["data"], parts["layout"]
    kinds = {trace.get("type", "scatter") for trace in traces}
    canvas = Canvas(key=key, description=description, width=width)
    if kinds <= _KINDS and not any(listed(trace.get("x")) for trace in traces):
        canvas.text(0, 20, "There are no figures to draw.")
        canvas.height = 32
    elif kinds == {"bar"} and all(trace.get("orientation") == "h" for trace in traces):
        draw_rows(canvas, traces, layout)
    elif kinds == {"bar"}:
        draw_columns(canvas, traces, layout, height=height or 380)
    elif kinds == {"waterfall"} and len(traces) == 1:
        draw_waterfall(canvas, traces[0], layout, height=height or 380)
    elif kinds == {"scatter"}:
        draw_lines(canvas, traces, layout, height=height or 380)
    else:
        raise ChartNotDrawableError(key, kinds)
    return canvas.finish()
