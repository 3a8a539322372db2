"""Tables of savings at a period, and of one saving over the periods."""

from presentation.tables import (
    FigureTable,
    MoneyColumn,
    NumberColumn,
    PercentColumn,
    RagColumn,
    RowHeaderColumn,
    TextColumn,
)
from savings.tables.columns import NO_AMOUNT, NOT_DIVIDED, NOT_KNOWN, RatingColumn
from savings.tables.rows import NOT_YET_UPDATED

_SUMS = (
    "Delivered, on track, at risk and undeliverable sum to the target. Forecast delivery and shortfall sum to the target.",
)


class _DeliveryTable(FigureTable):
    """The figures that every table of delivery has."""

    target = MoneyColumn("Target", accessor="figures.target", unknown=NO_AMOUNT)
    delivered = MoneyColumn("Delivered", accessor="figures.delivered", unknown=NOT_DIVIDED)
    on_track = MoneyColumn("On track", accessor="figures.on_track", unknown=NOT_DIVIDED)
    at_risk = MoneyColumn("At risk", accessor="figures.at_risk", unknown=NOT_DIVIDED)
    undeliverable = MoneyColumn("Undeliverable", accessor="figures.undeliverable", unknown=NOT_DIVIDED)
    forecast = MoneyColumn("Forecast delivery", accessor="figures.forecast")
    shortfall = MoneyColumn("Shortfall", accessor="figures.shortfall", unknown=NOT_KNOWN)
    mitigation = MoneyColumn("Met by other means", accessor="figures.mitigation")
    unmitigated = MoneyColumn("Still not met", accessor="figures.unmitigated", unknown=NOT_KNOWN)

    @property
    def key_lines(self) -> tuple[str, ...]:
        """What sums to what."""
        return (*_SUMS, *super().key_lines)


_FIGURES = (
    "target", "delivered", "on_track", "at_risk", "undeliverable", "forecast", "shortfall", "mitigation", "unmitigated",
)  # fmt: skip


class SavingsTable(_DeliveryTable):
    """Every saving of a period."""

    name = RowHeaderColumn("Saving", link="address")
    directorate = TextColumn("Directorate", unknown="none named")
    service = TextColumn("Service", unknown="none named")
    stage_label = TextColumn("Stage")
    rag = RatingColumn("Rating", unknown=NOT_YET_UPDATED)
    reason = TextColumn("Reason for the rating", wide=True)
    confidence_label = TextColumn("Confidence")
    expected = TextColumn("Expected in full", unknown="no date given")
    cover = TextColumn("Covered by", unknown="nothing named")
    service_effect = TextColumn("Effect on the service", wide=True)

    class Meta:
        orderable = False
        sequence = (
            "name", "directorate", "service", "stage_label", "rag", *_FIGURES, "reason", "confidence_label", "expected",
            "cover", "service_effect",
        )  # fmt: skip


class SavingPartsTable(FigureTable):
    """How each saving's target divides, for the page and for paper, where it does not fit beside the forecast and the reason."""

    name = RowHeaderColumn("Saving", link="address")
    directorate = TextColumn("Directorate", unknown="none named")
    target = MoneyColumn("Target", accessor="figures.target", unknown=NO_AMOUNT)
    delivered = MoneyColumn("Delivered", accessor="figures.delivered", unknown=NOT_DIVIDED)
    on_track = MoneyColumn("On track", accessor="figures.on_track", unknown=NOT_DIVIDED)
    at_risk = MoneyColumn("At risk", accessor="figures.at_risk", unknown=NOT_DIVIDED)
    undeliverable = MoneyColumn("Undeliverable", accessor="figures.undeliverable", unknown=NOT_DIVIDED)
    confidence_label = TextColumn("Confidence")
    expected = TextColumn("Expected in full", unknown="no date given")


class _TotalsTable(_DeliveryTable):
    """Sums over savings."""

    count = NumberColumn("Savings counted")
    without_parts = NumberColumn("Not yet divided")
    delivered_percent = PercentColumn("Share delivered", accessor="figures.delivered_percent")


class SavingsByDirectorateTable(_TotalsTable):
    """Each directorate's savings, and the council's."""

    name = RowHeaderColumn("Directorate")

    class Meta:
        orderable = False
        sequence = ("name", "count", *_FIGURES, "delivered_percent", "without_parts")


class SavingsByRatingTable(_TotalsTable):
    """The savings of each colour, and all."""

    name = RowHeaderColumn("Rating")

    class Meta:
        orderable = False
        sequence = ("name", "count", *_FIGURES, "delivered_percent", "without_parts")


class RatingsByDirectorateTable(FigureTable):
    """How much of each directorate's target has which colour."""

    name = RowHeaderColumn("Directorate")
    green = MoneyColumn("Rated green")
    amber = MoneyColumn("Rated amber")
    red = MoneyColumn("Rated red")
    unrated = MoneyColumn("Not yet rated")
    target = MoneyColumn("Target")


class SavingStepsTable(FigureTable):
    """From the target to what is met by any means."""

    name = RowHeaderColumn("Step")
    amount = MoneyColumn("Amount", unknown=NOT_KNOWN)


class SavingHistoryTable(_DeliveryTable):
    """One saving as each period published it."""

    name = RowHeaderColumn("Period", link="address")
    version = NumberColumn("Version")
    stage_label = TextColumn("Stage")
    rag = RagColumn("Rating", unknown=NOT_YET_UPDATED)
    reason = TextColumn("Reason for the rating", wide=True)

    class Meta:
        orderable = False
        sequence = ("name", "version", "stage_label", "rag", *_FIGURES, "reason")


class MitigationsTable(FigureTable):
    """What covers the shortfalls."""

    name = RowHeaderColumn("Saving", link="address")
    kind_label = TextColumn("Covered by")
    amount = MoneyColumn("Amount", unknown=NO_AMOUNT)
    lasting = TextColumn("How long it lasts")
    service_line = TextColumn("Service line", unknown="none named")
    counted = TextColumn("Already in the forecast")
    words = TextColumn("What is said", wide=True)
