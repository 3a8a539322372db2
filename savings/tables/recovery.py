"""Tables of recovery plans, spending controls, reviews and business cases."""

from presentation.tables import (
    FigureTable,
    MoneyColumn,
    PercentColumn,
    RowHeaderColumn,
    TextColumn,
    VarianceColumn,
)
from savings.tables.columns import NO_AMOUNT, NOT_KNOWN, DateColumn


class ActionsTable(FigureTable):
    """A recovery plan's actions: what each is to bring in, what has been found, and what has come in."""

    name = RowHeaderColumn("Recovery action")
    type_label = TextColumn("Type of action")
    horizon_label = TextColumn("Short or long term")
    status_label = TextColumn("Status")
    target = MoneyColumn("Target", unknown=NO_AMOUNT)
    identified = MoneyColumn("Identified", unknown=NOT_KNOWN)
    recouped = MoneyColumn("Recouped", unknown=NOT_KNOWN)
    remaining = MoneyColumn("Remaining", unknown=NOT_KNOWN)
    to_identify = MoneyColumn("Still to identify", unknown=NOT_KNOWN)
    identified_percent = PercentColumn("Share identified")
    owner_role = TextColumn("Owner", unknown="none named")
    words = TextColumn("What is said", wide=True)

    @property
    def key_lines(self) -> tuple[str, ...]:
        """What the three amounts mean."""
        return (
            "Identified is found and not yet received; recouped has come in. Remaining is the target less what is recouped.",
            *super().key_lines,
        )


class ActionStepsTable(FigureTable):
    """A recovery plan's steps without a £: what comes next, and what changes over the longer term."""

    name = RowHeaderColumn("Recovery action")
    type_label = TextColumn("Type of action")
    horizon_label = TextColumn("Short or long term")
    status_label = TextColumn("Status")
    owner_role = TextColumn("Owner", unknown="none named")
    due = DateColumn("Due", unknown="no date given")
    words = TextColumn("What is said", wide=True)


class ProjectionsTable(FigureTable):
    """Projected overspends, date by date."""

    name = RowHeaderColumn("Projected on")
    scope = TextColumn("Scope")
    stage_label = TextColumn("Before or after reserves")
    amount = VarianceColumn("Projected overspend")
    amount_high = VarianceColumn("Up to", unknown="no range")
    words = TextColumn("Note", wide=True, unknown="none")


class BridgeTable(FigureTable):
    """From one projection to another, step by step."""

    name = RowHeaderColumn("Step")
    amount = VarianceColumn("Amount", unknown=NOT_KNOWN)


class ControlsTable(FigureTable):
    """Rules on spending, and who may authorise it."""

    covers = RowHeaderColumn("Spending covered")
    rule = TextColumn("Rule", wide=True)
    authorised_by = TextColumn("Who may authorise", unknown="nobody: it has stopped")
    from_date = DateColumn("In force from", unknown="no date given")
    to_date = DateColumn("In force until", unknown="no end given")


class FindingsTable(FigureTable):
    """What reviews found, and what the council answers."""

    name = RowHeaderColumn("Finding")
    reviewer = TextColumn("Reviewer")
    response = TextColumn("Response", accessor="entry.response", wide=True, unknown="none yet")
    status_label = TextColumn("Status", accessor="entry.status_label")
    owner_role = TextColumn("Owner", accessor="entry.owner_role", unknown="none named")
    due = DateColumn("Due", accessor="entry.due", unknown="no date given")


class CasesTable(FigureTable):
    """Business cases: cost now against cost after."""

    title = RowHeaderColumn("Business case")
    cost_now = MoneyColumn("Cost now", unknown=NOT_KNOWN)
    cost_after = MoneyColumn("Cost after", unknown=NOT_KNOWN)
    saving = MoneyColumn("Saving a year", unknown=NOT_KNOWN)
    one_off_cost = MoneyColumn("Cost of the change", unknown=NOT_KNOWN)
    state_label = TextColumn("Status", unknown="not said")
    decided_by_role = TextColumn("Who decides", unknown="not said")
    consultees = TextColumn("Consulted first", unknown="nobody named")
    words = TextColumn("What is said", wide=True)
