"""The colours and lettering of charts.

The same tokens as `static/css/tokens.css`, safe for colour-blind readers.
"""

from typing import Final

INK: Final = "#0b0c0c"
QUIET: Final = "#505a5f"
RULE: Final = "#c8cdd2"
PAPER: Final = "#ffffff"
ACCENT: Final = "#12436D"
OVER: Final = "#801650"
UNDER: Final = "#28A197"
WARNING: Final = "#F46A25"
RESERVES: Final = "#3D3D3D"
SERIES_COLOURS: Final = (ACCENT, UNDER, OVER, WARNING, QUIET, "#A285D1")
FONT: Final = "Source Sans Pro, Arial, sans-serif"  # names without digits need no quotes, which plotly and SVG differ on
