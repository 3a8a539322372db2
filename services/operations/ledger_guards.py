"""What may be right in a ledger and may not: its scale, its signs, and lines that it no longer mentions. A person decides."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from accounting.returns import looks_rescaled
from accounting.wording import format_money
from services.imports.problems import Confirmation

if TYPE_CHECKING:
    from services.operations.ledger_assessment import LedgerAssessment

DETAILS = 20


def doubts(found: "LedgerAssessment", missing: Sequence[int]) -> Iterator[Confirmation]:
    """Every doubt about the whole file."""
    pairs = {
        line_id: (sums.actual, before)
        for line_id, sums in found.sums.items()
        if sums.actual and (before := _before(found, line_id))
    }
    yield from _scale(found, list(pairs.values()))
    yield from _signs(found, pairs)
    if missing:
        names = tuple(
            f"{found.held.lines[line_id].name}: {format_money((found.held.here or found.held.earlier)[line_id], places=2)} in the last ledger"
            for line_id in missing
        )
        yield Confirmation(
            code="missing-lines",
            question=f"The last ledger had amounts on {len(missing)} lines that this file does not mention. Confirm only if the ledger really has "
            "nothing on them any more: their actual to date becomes nil.",
            details=names[:DETAILS],
        )


def _before(found: "LedgerAssessment", line_id: int) -> Decimal | None:
    """A figure of the line to compare with: of the last ledger, or what is held, or what is forecast for the year."""
    forecast = found.held.forecasts.get(line_id)
    held = (forecast.actual_to_date or forecast.forecast_outturn) if forecast else None
    return found.held.here.get(line_id) or found.held.earlier.get(line_id) or held


def _scale(found: "LedgerAssessment", pairs: Sequence[tuple[Decimal, Decimal]]) -> Iterator[Confirmation]:
    scale = looks_rescaled([now for now, _ in pairs], [before for _, before in pairs])
    if scale:
        times = "a thousand times" if scale > 0 else "a thousandth of"
        yield Confirmation(
            code="scale",
            question=f"The amounts are about {times} what is held. The file may be in {'£' if scale > 0 else '£000'}, not in "
            f"{found.reading.unit.label}: check the profile's units. Confirm only if the figures really changed so.",
        )


def _signs(found: "LedgerAssessment", pairs: dict[int, tuple[Decimal, Decimal]]) -> Iterator[Confirmation]:
    turned = [line_id for line_id, (now, before) in pairs.items() if (now > 0) != (before > 0)]
    if turned and 2 * len(turned) > len(pairs):
        yield Confirmation(
            code="sign",
            question=f"On {len(turned)} of {len(pairs)} lines the sign is the opposite of what is held. Spending is positive here, income negative. "
            "Confirm only if they really turned.",
            details=tuple(
                f"{found.held.lines[line_id].name}: {format_money(pairs[line_id][0], places=2)}, held {format_money(pairs[line_id][1], places=2)}"
                for line_id in turned[:DETAILS]
            ),
        )
