"""One saving as successive publications told it."""

from dataclasses import dataclass

from accounting.periods import Period
from accounting.rag import Rag
from accounting.savings import SavingFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class SavingPoint:
    """A saving in the latest version of one period."""

    period: Period
    version: int
    stage_label: str
    figures: SavingFigures
    rag: Rag | None
    reason: str
