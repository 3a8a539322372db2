"""Tables of the register of proposals, of their amounts by year, and of one proposal's parts."""

from collections.abc import Sequence
from typing import Any

from accounting.periods import FinancialYear
from presentation.tables import FigureTable, MoneyColumn, NumberColumn, RowHeaderColumn, TextColumn
from savings.tables.columns import (
    NO_AMOUNT,
    NOT_KNOWN,
    DateColumn,
    PostsColumn,
    PrintedColumn,
    YearColumn,
)
from savings.tables.phasing_rows import PhasedRow, years_in
from savings.tables.rows import year_column

NOT_BROKEN_DOWN = "not yet broken down"
_SIGNS = "Amounts are changes to the budget: a saving is negative (−); growth, and a one-off that ends, is positive."


class ProposalsTable(FigureTable):
    """The register: every proposal, how far it is, and what it comes to."""

    name = RowHeaderColumn("Proposal", link="address")
    kind = TextColumn("Saving or growth")
    stage_label = TextColumn("Stage")
    stage_on = TextColumn("Since", unknown="no date given")
    total = MoneyColumn("Total over all years", unknown=NO_AMOUNT)
    directorate = TextColumn("Directorate", unknown="none named")
    service = TextColumn("Service", unknown="none named")
    priority = TextColumn("Priority", unknown="none named")
    type_label = TextColumn("Type of saving")
    recurrence_label = TextColumn("Recurrent or one-off")
    posts = PostsColumn("Posts", places=2, unknown="not stated")
    lead_role = TextColumn("Lead", unknown="none named")
    equality = TextColumn("Equality assessment")
    consultation = TextColumn("Consultation")
    description = TextColumn("What is proposed", wide=True)

    @property
    def key_lines(self) -> tuple[str, ...]:
        """What the signs mean."""
        return (_SIGNS, *super().key_lines)


class PhasingTable(FigureTable):
    """Changes to base by year, with a column for every year that a row has an amount in."""

    name = RowHeaderColumn("Proposal", link="address")
    status = TextColumn("Stage")
    total = MoneyColumn("Total over all years", unknown=NO_AMOUNT)
    total_as_printed = PrintedColumn("Total as printed")
    gap = PrintedColumn("Printed total differs by")
    words = TextColumn("Note", wide=True, unknown="none")

    class Meta:
        orderable = False
        sequence = ("name", "status", "...", "total", "total_as_printed", "gap", "words")

    def __init__(
        self,
        rows: Sequence[PhasedRow],
        *,
        caption: str,
        years: Sequence[FinancialYear] = (),
        **options: Any,
    ) -> None:
        every = years_in(rows)
        shown = [year for year in every if year in years] if years else every
        self._has_others = len(shown) < len(every)
        columns = [(year_column(year), YearColumn(year)) for year in shown]
        if not any(row.has_printed_total for row in rows):
            options["exclude"] = (*options.get("exclude", ()), "total_as_printed", "gap")
        super().__init__(rows, caption=caption, extra_columns=columns, **options)

    @property
    def key_lines(self) -> tuple[str, ...]:
        """What the signs mean, and that a total may hold years which are not shown."""
        others = ("Years before and after those shown are in the total.",) if self._has_others else ()
        return (_SIGNS, *others, *super().key_lines)


class PhasingVersionsTable(PhasingTable):
    """One proposal's amounts as proposed and as approved."""

    name = RowHeaderColumn("Version of the amounts")
    status = TextColumn("Proposed or approved")

    class Meta:
        orderable = False
        sequence = ("name", "status", "...", "total", "total_as_printed", "gap", "words")


class SpansTable(FigureTable):
    """Amounts printed for several years together, with both ways to read them."""

    name = RowHeaderColumn("Proposal", link="address")
    words = TextColumn("As printed", wide=True)
    years = TextColumn("Years")
    amount = MoneyColumn("Amount")
    if_each_year = MoneyColumn("If in each year")
    if_in_total = MoneyColumn("If in total")
    meaning_label = TextColumn("Reading")
    counted = TextColumn("Counted in which years")

    @property
    def key_lines(self) -> tuple[str, ...]:
        """What the signs mean."""
        return (_SIGNS, *super().key_lines)


class StrategyYearsTable(FigureTable):
    """The medium-term view: what services need each year against what there is to pay for them."""

    name = RowHeaderColumn("Financial year")
    base = MoneyColumn("Base", accessor="year.base", unknown=NOT_KNOWN)
    growth = MoneyColumn("Growth", accessor="year.growth")
    reopened = MoneyColumn("Reopened savings", accessor="year.reopened")
    savings = MoneyColumn("Agreed savings", accessor="year.savings")
    requirement = MoneyColumn("Requirement", accessor="year.requirement", unknown=NOT_KNOWN)
    funding = MoneyColumn("Funding", accessor="year.funding", unknown=NOT_KNOWN)
    gap = MoneyColumn("Funding gap", accessor="year.gap", unknown=NOT_KNOWN)
    savings_if_all = MoneyColumn("Savings if all are agreed", accessor="if_all_agreed.savings")
    gap_if_all = MoneyColumn("Funding gap if all are agreed", accessor="if_all_agreed.gap", unknown=NOT_KNOWN)

    @property
    def key_lines(self) -> tuple[str, ...]:
        """What sums to what."""
        return (
            "Base, growth, reopened savings and savings, which are negative, sum to the requirement. Requirement less funding is the gap.",
            *super().key_lines,
        )


class StrategyLinesTable(FigureTable):
    """What the years of the medium-term view are made of."""

    name = RowHeaderColumn("Financial year")
    kind_label = TextColumn("Kind")
    label = TextColumn("What it is")
    amount = MoneyColumn("Amount")


class EffectsTable(FigureTable):
    """What all savings proposals together come to for each service."""

    name = RowHeaderColumn("Service")
    directorate = TextColumn("Directorate", unknown="none named")
    count = NumberColumn("Proposals together")
    agreed = MoneyColumn("Agreed", unknown=NO_AMOUNT)
    proposed = MoneyColumn("Not yet agreed", unknown=NO_AMOUNT)
    posts = PostsColumn("Posts", places=2, unknown="not stated")
    without_amount = NumberColumn("Without an amount")
    without_assessment = NumberColumn("Without an assessment")
    words = TextColumn("What is said", wide=True)

    @property
    def key_lines(self) -> tuple[str, ...]:
        """What the signs mean."""
        return (_SIGNS, *super().key_lines)


class ComponentsTable(FigureTable):
    """How a proposal saves, part by part."""

    title = RowHeaderColumn("Part of the proposal")
    amount = MoneyColumn("Amount", unknown=NOT_BROKEN_DOWN)
    posts = PostsColumn("Posts", places=2, unknown="not stated")


class StagesTable(FigureTable):
    """How far a proposal has got, step by step."""

    stage_label = RowHeaderColumn("Stage")
    decided_on = DateColumn("Decided on", unknown="no date given")
    decided_by = TextColumn("Decided by", unknown="not said")
    decision_reference = TextColumn("Decision", unknown="none given")
    reason = TextColumn("Reason for the step", wide=True)


class InvestmentTable(FigureTable):
    """What is put in, what comes back, and when it is paid back: plan beside fact."""

    name = RowHeaderColumn("Financial year")
    planned_investment = MoneyColumn("Planned investment", accessor="entry.planned_investment")
    planned_benefit = MoneyColumn("Planned benefit", accessor="entry.planned_benefit")
    planned_cumulative = MoneyColumn("Planned position so far", accessor="entry.planned_cumulative")
    actual_investment = MoneyColumn(
        "Actual investment", accessor="entry.actual_investment", unknown=NOT_KNOWN
    )
    actual_benefit = MoneyColumn("Actual benefit", accessor="entry.actual_benefit", unknown=NOT_KNOWN)
    actual_cumulative = MoneyColumn(
        "Actual position so far", accessor="entry.actual_cumulative", unknown=NOT_KNOWN
    )
    funded_from = TextColumn("Paid from", accessor="entry.funded_from")
    evidence = TextColumn("Evidence", accessor="entry.evidence", wide=True)

    @property
    def key_lines(self) -> tuple[str, ...]:
        """What the signs mean."""
        return ("A position below nil (−) is still to be paid back.", *super().key_lines)


class SharesTable(FigureTable):
    """Each council's part of a shared saving."""

    name = RowHeaderColumn("Financial year")
    partner = TextColumn("Council or partner")
    amount = MoneyColumn("Share", unknown="not yet agreed")

    @property
    def key_lines(self) -> tuple[str, ...]:
        """What the signs mean."""
        return (_SIGNS, *super().key_lines)


class NotesTable(FigureTable):
    """What is said of a proposal, and by whom."""

    aspect_label = RowHeaderColumn("About")
    words = TextColumn("What is said", wide=True)
    said_by = TextColumn("Said by", unknown="the council’s own words")


class SavingSourcesTable(FigureTable):
    """Where the marked figures of savings come from."""

    name = RowHeaderColumn("What it is about")
    figure = TextColumn("Figure")
    basis = TextColumn("Source")
    citation = TextColumn("Citation", wide=True)
