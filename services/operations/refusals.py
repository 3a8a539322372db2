"""What an operation says when it will not do what was asked. Nothing was changed; the message says why and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from accounting.periods import Period


class Refused(Exception):  # noqa: N818 - it is the name for all of them, and reads as a sentence: the request was refused
    """A request that the rules do not allow. Every refusal of every operation is one of these."""


class NotAllowedError(Refused):
    """The person's role does not let them do this."""


class WrongCouncilError(Refused):
    """Records of two councils were put together, or the record asked for is not there."""


class PeriodClosedError(Refused):
    """The period is approved or published, or another that is would change with it."""

    def __init__(self, period: Period, state: str, why: str = "") -> None:
        super().__init__(
            why
            or f"{period.label} is {state.lower()}: its figures can no longer be changed. "
            "Two people can reopen it, with a reason; or make the change in a later period."
        )
        self.period = period


class SubmittedError(Refused):
    """The directorate has handed its figures in."""

    def __init__(self, directorate: str, period: Period) -> None:
        super().__init__(
            f"{directorate} has submitted {period.label}. Return it to the directorate before changing its figures."
        )


class AlreadyDoneError(Refused):
    """What was asked for has been done, or decided otherwise, before."""


class SlugTakenError(Refused):
    """There is a council at that address."""

    def __init__(self, slug: str, name: str) -> None:
        super().__init__(f"There is already a council at “{slug}”: {name}. Choose another short name.")


class AskerGoneError(Refused):
    """Whoever asked may no longer ask for it: they have left, lost the role, or are deputy no more."""

    def __init__(self, who: str, what: str) -> None:
        super().__init__(
            f"{who} asked for {what} and may no longer do that. Somebody who may must ask again, or take it over."
        )


class SelfApprovalError(Refused):
    """The two-person rule: nobody approves what they asked for."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"You asked for {what}, so another person must approve it: two people stand behind every change."
        )


class InvalidEntryError(Refused):
    """Something entered cannot be kept. `field` is which; the message begins with its name in words."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field.replace('_', ' ').capitalize()}: {message}")
        self.field = field


class InvalidFigureError(InvalidEntryError):
    """A figure entered cannot be right. `line` is whose it is, where several were entered together."""

    def __init__(self, field: str, message: str, *, line: str = "", line_id: int | None = None) -> None:
        super().__init__(field, message)
        self.line = line
        self.line_id = line_id
        if line:
            self.args = (f"{line}: {self.args[0]}",)


class BrokenRuleError(Refused):
    """A rule of the arithmetic refuses: legs that do not balance, funds that do not mix, a reserve overdrawn. `rule` is that refusal."""

    def __init__(self, rule: ValueError) -> None:
        super().__init__(str(rule))
        self.rule = rule


class LineNotReportingError(Refused):
    """A line that has not opened yet, or has closed, holds no figures in the period."""

    def __init__(self, line: str, period: Period) -> None:
        super().__init__(
            f"{line} does not report in {period.label}: it opened later or had closed. Enter the figure on the line that reports."
        )


class AlreadyReportedError(Refused):
    """A budget movement that a return's printed budget already includes."""

    def __init__(self, line: str, reported: Period, effective: Period) -> None:
        super().__init__(
            f"{line}: its return for {reported.label} prints a budget that already includes every movement up to then, so one that takes "
            f"effect in {effective.label} would not count. Give it a later period."
        )


class UnexplainedVarianceError(Refused):
    """Material variances without a confirmed reason. `lines` names them."""

    def __init__(self, lines: Sequence[str]) -> None:
        shown = ", ".join(lines[:5]) + (f" and {len(lines) - 5} more" if len(lines) > 5 else "")
        super().__init__(
            f"These lines have a variance that the council's rule says must be explained, and no reason confirmed for this period: {shown}."
        )
        self.lines = tuple(lines)


class RequestKeyReusedError(Refused):
    """A key that was sent with another request."""

    def __init__(self) -> None:
        super().__init__(
            "This request carries the key of an earlier one that asked for something else. Load the page again and repeat it."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Theirs:
    """What is held now where an edit came too late: who saved it, when, and its figures or words."""

    subject: str
    record_id: int
    expected_version: int
    version: int
    values: Mapping[str, Decimal | str | int | None]
    saved_by: str
    saved_at: str


class StaleVersionError(Refused):
    """Somebody saved since the person who asks looked. `theirs` is what is held now, so that nothing typed need be lost."""

    def __init__(self, theirs: Sequence[Theirs]) -> None:
        shown = "; ".join(
            f"{one.subject}" + (f" (saved by {one.saved_by})" if one.saved_by else "") for one in theirs[:3]
        )
        more = f" and {len(theirs) - 3} more" if len(theirs) > 3 else ""
        super().__init__(
            f"Changed by somebody else since you opened it: {shown}{more}. Nothing of yours was saved; compare and save again."
        )
        self.theirs = tuple(theirs)
