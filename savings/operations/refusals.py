"""What an operation on savings says when it will not do what was asked. Nothing was changed; the message says why and what to do."""

from collections.abc import Iterable
from decimal import Decimal

from accounting.savings import Stage
from accounting.wording import format_money
from services.operations.refusals import Refused


class StageOrderError(Refused):
    """A stage that cannot come next. `allowed` are those that can."""

    def __init__(self, proposal: str, now: Stage, to: Stage) -> None:
        self.allowed: frozenset[Stage] = now.follows
        can = ", ".join(sorted(stage.label for stage in self.allowed))
        then = f"It can become: {can}." if can else "Nothing comes after that: record a new proposal."
        super().__init__(f"{proposal} is at “{now.label}” and cannot become “{to.label}”. {then}")


class ReasonNeededError(Refused):
    """A stage that members will ask about, without a reason."""

    def __init__(self, to: Stage) -> None:
        super().__init__(f"Say why the proposal becomes “{to.label}”: a reason is needed.")


class ClosedProposalError(Refused):
    """Amounts for a proposal of which nothing more is expected."""

    def __init__(self, proposal: str, stage: Stage) -> None:
        super().__init__(
            f"{proposal} is at “{stage.label}”: its amounts can no longer be changed. Record a new proposal that replaces it."
        )


class UnclearSpanError(Refused):
    """An amount for several years of which the writer does not say whether it is each year's or all of them together."""

    def __init__(self, years: str) -> None:
        super().__init__(
            f"Say whether the amount for {years} is for each of these years, or for all of them in total. "
            "Only what a paper leaves open may be left open, with its words as printed."
        )


class SpanDisagreesError(Refused):
    """The years written out for a span do not make the span's amount."""

    def __init__(self, years: str, written: Decimal, amount: Decimal) -> None:
        super().__init__(
            f"The amounts written out for {years} make {format_money(written, places=2)}; the paper's amount makes "
            f"{format_money(amount, places=2)}: a difference of {format_money(written - amount, places=2)}."
        )


class PhasedTwiceError(Refused):
    """Two amounts of one year and one kind."""

    def __init__(self, twice: Iterable[str]) -> None:
        super().__init__(f"There are two amounts for {', '.join(twice)}. Put them together in one.")


class WrongSignError(Refused):
    """A saving that adds to the budget, or growth that takes from it."""

    def __init__(self, kind: str, amount: Decimal) -> None:
        wanted = "a saving is negative" if kind == "saving" else "growth is positive"
        super().__init__(
            f"These amounts come to {format_money(amount, places=2)}. Amounts are changes to the base budget: {wanted}. Turn the signs round."
        )


class SharesMissOursError(Refused):
    """Shares of a year among which ours is not there, or is there twice."""

    def __init__(self, year: str, ours: int) -> None:
        said = "none of the shares is" if not ours else f"{ours} of the shares are"
        super().__init__(f"{year}: {said} marked as this council's own. Mark one.")


class NewerPhasingError(Refused):
    """Amounts to be approved that have been superseded by newer ones."""

    def __init__(self, asked: int, newest: int) -> None:
        super().__init__(
            f"Version {asked} of the amounts is no longer the newest: version {newest} has been recorded since. Look at that one, or propose "
            f"the amounts of version {asked} again."
        )


class ComponentsExceedError(Refused):
    """Parts of a proposal that come to more than the whole. `difference` is by how much."""

    def __init__(self, parts: Decimal, whole: Decimal) -> None:
        self.difference = parts - whole
        super().__init__(
            f"The parts come to {format_money(parts, places=2)}, {format_money(self.difference, places=2)} more than the "
            f"{format_money(whole, places=2)} that the proposal is to save. Correct the parts, or propose new amounts first."
        )
