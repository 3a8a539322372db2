"""What a report's sections are made of."""

from collections.abc import Iterator
from dataclasses import dataclass

from presentation.charts import Chart
from presentation.components import FigureStep
from presentation.tables import FigureTable, TextColumn

MANY_COLUMNS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing in a section: a numbered paragraph with its points, a heading, a table, a chart, or the figures from before to after."""

    number: str = ""
    words: str = ""
    points: tuple[str, ...] = ()
    heading: str = ""
    table: FigureTable | None = None
    chart: Chart | None = None
    steps: tuple[FigureStep, ...] = ()

    @property
    def shape(self) -> str:
        """How the style sheet sets the table: “wordy” with columns of words beside the row header, “dense” with many columns."""
        columns = self.table.figure_columns if self.table else ()
        has_words = any(isinstance(column, TextColumn) for column in columns)
        shapes = (("wordy", has_words), ("dense", len(columns) > MANY_COLUMNS))
        return " ".join(name for name, applies in shapes if applies)


def charted(chart: Chart | None, table: FigureTable | None) -> Iterator[Item]:
    """A chart and its table; either may be left out."""
    if chart is not None:
        yield Item(chart=chart)
    if table is not None:
        yield Item(table=table)
