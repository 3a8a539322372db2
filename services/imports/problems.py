"""What reading a return has to say: problems that refuse it, findings to confirm, remarks, and every gap between figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounting.money import Unit
from accounting.wording import format_money


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that must be put right before anything is written: what, where, what was found and what was expected."""

    what: str
    sheet: str = ""
    row: int | None = None
    column: str = ""
    found: str = ""
    expected: str = ""

    @property
    def where(self) -> str:
        """“sheet Return, row 7, column Forecast”; empty for the file as a whole."""
        parts = [
            f"sheet {self.sheet}" if self.sheet else "",
            f"row {self.row}" if self.row is not None else "",
            f"column “{self.column}”" if self.column else "",
        ]
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        where = self.where[:1].upper() + self.where[1:]
        detail = [
            f"found {self.found}" if self.found else "",
            f"expected {self.expected}" if self.expected else "",
        ]
        told = "; ".join(part for part in detail if part)
        return f"{where + ': ' if where else ''}{self.what}{f' ({told})' if told else ''}"


class UnreadableFileError(Exception):
    """The file cannot be read as a table at all."""

    def __init__(self, what: str, **place: object) -> None:
        self.problem = Problem(what=what, **place)  # type: ignore[arg-type]
        super().__init__(str(self.problem))


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A finding that may be right and may not: nothing is written until a person confirms its code."""

    code: str
    question: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something a reader should know, that changes nothing and blocks nothing."""

    what: str
    sheet: str = ""
    row: int | None = None
    column: str = ""

    @property
    def where(self) -> str:
        """As a problem's place."""
        return Problem(what=self.what, sheet=self.sheet, row=self.row, column=self.column).where

    def __str__(self) -> str:
        where = self.where[:1].upper() + self.where[1:]
        return f"{where + ': ' if where else ''}{self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A printed figure beside what it should follow from. The gap is shown, never mended."""

    what: str
    """“Total children's services: forecast outturn”, or “Youth Justice: variance = forecast − budget”."""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    printed: Decimal
    computed: Decimal
    tolerance: Decimal
    lines: int = 0
    """How many lines were added; 0 for a check within one row."""
    unit: Unit = Unit.POUNDS
    is_percent: bool = False

    @property
    def gap(self) -> Decimal:
        """Printed − computed."""
        return self.printed - self.computed

    @property
    def holds(self) -> bool:
        """Whether the gap is no more than rounding."""
        return abs(self.gap) <= self.tolerance

    @property
    def is_exact(self) -> bool:
        """Whether there is no gap at all."""
        return not self.gap

    def words(self, amount: Decimal) -> str:
        """An amount as the file prints it; in thousands and millions the unit is the table's business."""
        if self.is_percent:
            return f"{format_money(amount, places=2, symbol=False)}%"
        return in_unit(amount, self.unit).partition(" (")[0]

    def _with_unit(self, amount: Decimal) -> str:
        return self.words(amount) if self.is_percent else in_unit(amount, self.unit)

    def as_problem(self) -> Problem:
        """The check as a refusal, for a gap beyond rounding."""
        allowed = (
            "no difference is allowed, because the table prints pence"
            if self.tolerance == 0
            else (f"rounding explains at most {self._with_unit(self.tolerance)}")
        )
        return Problem(
            what=f"{self.what}: the printed figure differs by {self._with_unit(self.gap)}; {allowed}.",
            sheet=self.sheet,
            row=self.row,
            column=self.column,
            found=self._with_unit(self.printed),
            expected=self._with_unit(self.computed),
        )


def in_unit(amount: Decimal | None, unit: Unit) -> str:
    """Exact amount as a table in this unit prints it: “£1,234.50”, or “1,513” in £000."""
    if amount is None:
        return "nothing"
    if unit is Unit.POUNDS:
        return format_money(amount, places=2)
    scaled = (amount / unit.factor).normalize()
    places = max(0, -int(scaled.as_tuple().exponent))
    return f"{format_money(amount, unit=unit, places=places, symbol=False)} ({unit.label})"


def listed(words: Sequence[str], *, limit: int = 8) -> str:
    """“a, b and c”, cut short with a count."""
    shown = list(words[:limit])
    if len(words) > limit:
        return f"{', '.join(shown)} and {len(words) - limit} more"
    if len(shown) < 2:
        return "".join(shown)
    return f"{', '.join(shown[:-1])} and {shown[-1]}"
