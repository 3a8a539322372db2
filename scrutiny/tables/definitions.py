"""The tables of a published period: one definition each for screen, CSV, XLSX and PDF."""

from typing import Any

from django.utils.safestring import SafeString, mark_safe

from presentation.tables import (
    ExportValue,
    FigureTable,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    RagColumn,
    RowHeaderColumn,
    TextColumn,
    VarianceColumn,
)
from scrutiny.tables.why import why_html

NOT_KNOWN = "not known"


class ScopesTable(FigureTable):
    """Before reserves, what lies between, and after: the council and each directorate apart."""

    name = RowHeaderColumn("Service")
    revised_budget = MoneyColumn("Revised budget", accessor="figures.revised_budget", unknown=NOT_KNOWN)
    forecast_outturn = MoneyColumn("Forecast outturn", accessor="figures.forecast_outturn")
    variance_before_reserves = VarianceColumn(
        "Variance before reserves", accessor="figures.variance_before_reserves"
    )
    drawdown = MoneyColumn("Drawdown", accessor="figures.drawdown")
    contribution = MoneyColumn("Contribution", accessor="figures.contribution")
    other_one_off_funding = MoneyColumn("Other one-off funding", accessor="figures.other_one_off_funding")
    variance_after_reserves = VarianceColumn(
        "Variance after reserves", accessor="figures.variance_after_reserves"
    )
    movement = VarianceColumn("Movement", accessor="figures.movement", unknown="first report")


class PositionTable(ScopesTable):
    """Lines with the totals of divisions, directorates and the council, and why they differ.

    On screen each line's reasons open in a row beneath it, and the column of reasons is left to the files.
    """

    name = RowHeaderColumn("Service")
    actual_to_date = MoneyColumn("Actual to date", accessor="figures.actual_to_date", unknown=NOT_KNOWN)
    variance_percent = PercentColumn("Percent of budget", accessor="figures.variance_percent")
    rag = RagColumn("RAG")
    reason = TextColumn("Reason", wide=True)

    class Meta:
        orderable = False
        sequence = (
            "name", "revised_budget", "actual_to_date", "forecast_outturn", "variance_before_reserves", "drawdown",
            "contribution", "other_one_off_funding", "variance_after_reserves", "variance_percent", "movement", "rag", "reason",
        )  # fmt: skip

    @property
    def html_rows(self) -> SafeString:
        """The body's rows, each line followed by what opens under it; on paper nothing opens."""
        columns = len(self.figure_columns)
        rows = (
            self._row_html(row)
            + (why_html(row.line, columns=columns, ask=row.ask, name=row.name) if self.links else "")
            for row in self.page_rows
        )
        return mark_safe("\n".join(rows))  # every part is escaped


class LinesTable(ScopesTable):
    """Every figure of every line and total, for the appendix and for those who calculate."""

    name = RowHeaderColumn("Service")
    code = TextColumn("Code", unknown="none")
    directorate = TextColumn("Directorate", unknown="all")
    division = TextColumn("Division", unknown="all")
    fund = TextColumn("Fund")
    original_budget = MoneyColumn("Original budget", accessor="figures.original_budget", unknown=NOT_KNOWN)
    virements = MoneyColumn("Virements", accessor="figures.virements", unknown=NOT_KNOWN)
    funding_changes = MoneyColumn("Funding changes", accessor="figures.funding_changes", unknown=NOT_KNOWN)
    actual_to_date = MoneyColumn("Actual to date", accessor="figures.actual_to_date", unknown=NOT_KNOWN)
    commitments = MoneyColumn("Commitments", accessor="figures.commitments", unknown=NOT_KNOWN)
    best_case = MoneyColumn("Best case", accessor="figures.best_case", unknown="none given")
    worst_case = MoneyColumn("Worst case", accessor="figures.worst_case", unknown="none given")
    underlying_variance = VarianceColumn("Underlying variance", accessor="figures.underlying_variance")
    variance_percent = PercentColumn("Percent of budget", accessor="figures.variance_percent")
    rag = RagColumn("RAG")

    class Meta:
        orderable = False
        sequence = (
            "name", "code", "directorate", "division", "fund", "original_budget", "virements", "funding_changes",
            "revised_budget", "actual_to_date", "commitments", "forecast_outturn", "best_case", "worst_case",
            "variance_before_reserves", "drawdown", "contribution", "other_one_off_funding", "variance_after_reserves",
            "variance_percent", "underlying_variance", "movement", "rag",
        )  # fmt: skip


class ServicesTable(FigureTable):
    """The figures of the chart of variances by service."""

    name = RowHeaderColumn("Service line")
    directorate = TextColumn("Directorate")
    variance_before_reserves = VarianceColumn(
        "Variance before reserves", accessor="figures.variance_before_reserves"
    )
    variance_after_reserves = VarianceColumn(
        "Variance after reserves", accessor="figures.variance_after_reserves"
    )
    variance_percent = PercentColumn("Percent of budget", accessor="figures.variance_percent")


class StepsTable(FigureTable):
    """The figures of the chart from the variance before reserves to the one after."""

    label = RowHeaderColumn("Step")
    amount = VarianceColumn("Amount")


class HistoryTable(FigureTable):
    """The forecast as published period by period."""

    period = RowHeaderColumn("Period", accessor="period.label")
    version = NumberColumn("Version")
    revised_budget = MoneyColumn("Revised budget", accessor="figures.revised_budget", unknown=NOT_KNOWN)
    forecast_outturn = MoneyColumn("Forecast outturn", accessor="figures.forecast_outturn")
    variance_before_reserves = VarianceColumn(
        "Variance before reserves", accessor="figures.variance_before_reserves"
    )
    variance_after_reserves = VarianceColumn(
        "Variance after reserves", accessor="figures.variance_after_reserves"
    )


class MovementsTable(FigureTable):
    """What moved since the last published period, the largest first."""

    name = RowHeaderColumn("Service line", accessor="line.name")
    directorate = TextColumn("Directorate", accessor="line.directorate")
    then = VarianceColumn("Last published variance", unknown="none")
    now = VarianceColumn("Variance after reserves")
    change = VarianceColumn("Movement", unknown="nothing to compare with")


class ReasonsTable(FigureTable):
    """Why lines differ from their budget, driver by driver, and what is being done."""

    name = RowHeaderColumn("Service line")
    directorate = TextColumn("Directorate")
    driver = TextColumn("Driver", unknown="not explained")
    amount = VarianceColumn("Amount", unknown="not broken down")
    recurrence = TextColumn("Recurrent or one-off", unknown="not said")
    words = TextColumn("Reason", wide=True)
    action = TextColumn("Action", wide=True)


class DsgTable(FigureTable):
    """The Dedicated Schools Grant's accounts, measure by measure, so that none is taken for another."""

    measure = RowHeaderColumn("Measure")
    account = TextColumn("DSG account")
    amount = VarianceColumn("Amount", unknown=NOT_KNOWN)
    meaning = TextColumn("What it is", wide=True)


class YearsColumn(NumberColumn):
    """How long a reserve lasts; a row without years says why."""

    def cell_text(self, row: Any) -> str:
        """Years to one place, or the row's own words."""
        return row.runway_words if self.figure(row) is None else super().cell_text(row)

    def export_value(self, row: Any) -> ExportValue:
        """Years unrounded, or the row's own words."""
        return row.runway_words if self.figure(row) is None else super().export_value(row)


class ReservesTable(FigureTable):
    """Reserves and how long they last."""

    name = RowHeaderColumn("Reserve")
    kind_label = TextColumn("Kind of reserve")
    opening = MoneyColumn("Opening balance", unknown=NOT_KNOWN)
    drawdown = MoneyColumn("Drawdown")
    contribution = MoneyColumn("Contribution")
    transfers = MoneyColumn("Transfers")
    closing = MoneyColumn("Closing balance", unknown=NOT_KNOWN)
    pending_drawdown = MoneyColumn("Drawdown to be approved")
    pending_contribution = MoneyColumn("Contribution to be approved")
    closing_if_all_approved = MoneyColumn("Closing balance if all approved", unknown=NOT_KNOWN)
    runway_years = YearsColumn("Years left", places=1)


class ReserveUsesTable(FigureTable):
    """Each use of a reserve, with its state."""

    reserve = RowHeaderColumn("Reserve", unknown="reserve not named in the return")
    service_line = TextColumn("Service line")
    kind = TextColumn("Kind of use")
    amount = MoneyColumn("Amount")
    state_label = TextColumn("State")
    counted = TextColumn("Counted in")
    purpose = TextColumn("Purpose", wide=True)
    decision_reference = TextColumn("Decision", unknown="none yet")


class BudgetChangesTable(FigureTable):
    """Virements and funding changes, leg by leg."""

    reference = RowHeaderColumn("Reference")
    service_line = TextColumn("Service line")
    amount = MoneyColumn("Change to budget")
    kind = TextColumn("Kind of change")
    lasting = TextColumn("Permanent")
    effective_label = TextColumn("Period")
    state_label = TextColumn("State")
    reason = TextColumn("Reason", wide=True)
    decided_by = TextColumn("Approval", unknown="not decided")


class RisksTable(FigureTable):
    """What could happen and is not in the forecast."""

    title = RowHeaderColumn("Risk or opportunity")
    kind_label = TextColumn("Kind")
    service_line = TextColumn("Service line", unknown="the whole council")
    amount = MoneyColumn("Amount", unknown="not estimated")
    likelihood = PercentColumn("Likelihood", places=0, unknown="not judged")
    words = TextColumn("What it is", wide=True)


class SourcesTable(FigureTable):
    """Where the marked figures come from."""

    subject = RowHeaderColumn("Service")
    figure = TextColumn("Figure")
    basis = TextColumn("Source")
    citation = TextColumn("Citation", wide=True)


class ComparisonTable(FigureTable):
    """Two publications side by side."""

    name = RowHeaderColumn("Service")
    other_budget = MoneyColumn("Compared revised budget", unknown=NOT_KNOWN)
    this_budget = MoneyColumn("Revised budget", unknown=NOT_KNOWN)
    other_forecast = MoneyColumn("Compared forecast outturn", unknown=NOT_KNOWN)
    this_forecast = MoneyColumn("Forecast outturn", unknown=NOT_KNOWN)
    other_after = VarianceColumn("Compared variance after reserves", unknown=NOT_KNOWN)
    this_after = VarianceColumn("Variance after reserves", unknown=NOT_KNOWN)
    change = VarianceColumn("Change", unknown="nothing to compare with")
