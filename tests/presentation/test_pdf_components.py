"""The components of the screen are accessible on paper as they are: table, chart, steps, definitions."""

from decimal import Decimal

from django.template import engines

from presentation.charts import Chart
from presentation.components import Definition, FigureStep
from presentation.pdf import PdfSection, build_pdf
from tests.presentation.lines import Line, table
from tests.presentation.papers import document, quick_workers  # noqa: F401
from tests.presentation.test_charts import ALL
from tests.support.pdf import accessibility_faults, archive_failures, text_of

FRAGMENT = """
<h1>Position</h1>
{% include "components/headline.html" with sentence="Children will overspend by £3.8m." detail="£0.4m worse." only %}
{% include "components/figure_steps.html" with steps=steps only %}
{% include "components/definition_list.html" with items=items only %}
{% include "components/table.html" with table=table only %}
{% include "components/table.html" with table=empty only %}
{% for chart in charts %}{% include "paper/chart.html" with chart=chart only %}{% endfor %}
"""


def position() -> str:
    """A page of a report, made by the templates that the screen uses."""
    lines = [Line(name=f"Line {number}", marks={"budget": "printed"}) for number in range(1, 60)]
    total = Line(name="Total", reason="", budget=None, variance=Decimal("3800000"), row_kind="total")
    context = {
        "steps": [
            FigureStep("£7.4m over", "before reserves"),
            FigureStep("£3.8m over", "after reserves", True),
        ],
        "items": [
            Definition("Drawdown", "Money taken from a reserve."),
            Definition("Outturn", "What was spent."),
        ],
        "table": table(*lines, total),
        "empty": type(table())((), caption="Virements", key="virements"),
        "charts": [
            Chart(
                key=f"chart-{number}", title="Variance", finding="Placements are £2.7m over.", figure=figure
            )
            for number, figure in enumerate(ALL.values())
        ],
    }
    return engines["django"].from_string(FRAGMENT).render(context)


def test_a_page_of_components_is_accessible_on_paper():
    built = build_pdf(document(PdfSection("position", position(), "Position")))
    assert accessibility_faults(built) == []
    assert archive_failures(built) == []
    words = text_of(built)
    assert "£3.8m over" in words
    assert "−152" in words
    assert "There are no lines to show." in words
    assert "(printed)" not in words
