"""The few figures that stand at the head of a page: from the target to what is still not met."""

from accounting.savings import SavingFigures
from accounting.wording import format_money, format_short
from presentation.components import FigureStep
from savings.entries import RecoveryEntry
from scrutiny.published import PublishedPeriod
from scrutiny.savings.headline import without_forecast
from scrutiny.savings.position import council_total


def saving_steps(published: PublishedPeriod) -> tuple[FigureStep, ...]:
    """Target, forecast, shortfall, cover, and what is still not met; those that are known."""
    whole = council_total(published.savings)
    if whole is None or whole.figures.target is None:
        return ()
    figures = whole.figures
    steps = [FigureStep(format_short(figures.target), "target this year")]
    if figures.delivered is not None:
        steps.append(FigureStep(format_short(figures.delivered), "delivered so far"))
    if figures.forecast is not None:
        steps.append(FigureStep(format_short(figures.forecast), "forecast delivery"))
    if without_forecast(published.savings.savings):
        return tuple(steps)
    return (*steps, *_short_steps(figures))


def _short_steps(figures: SavingFigures) -> tuple[FigureStep, ...]:
    if not figures.shortfall or figures.shortfall < 0 or figures.unmitigated is None:
        return ()
    return (
        FigureStep(format_short(figures.shortfall), "shortfall"),
        FigureStep(format_short(figures.mitigation), "met by other means"),
        FigureStep(format_short(figures.unmitigated), "still not met", result=True),
    )


def plan_steps(plan: RecoveryEntry) -> tuple[FigureStep, ...]:
    """Target, identified, recouped, remaining; those that are known."""
    known = (
        (plan.target, "target this year", False),
        (plan.identified, "identified", False),
        (plan.recouped, "recouped", False),
        (plan.remaining, "still to come in", True),
    )
    steps = [
        FigureStep(format_money(amount), label, result)
        for amount, label, result in known
        if amount is not None
    ]
    return tuple(steps) if len(steps) > 1 else ()
