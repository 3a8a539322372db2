"""What a reserve may bear: which funds it may meet, and how far it may be drawn down."""

from accounting.reserves import ReserveKind, ReserveOverdrawnError, check_not_overdrawn
from services.models import MonitoringPeriod, Reserve, ReserveUse, ServiceLine
from services.operations.refusals import BrokenRuleError, Refused
from services.position.reserves import reserve_balance


class WrongReserveError(Refused):
    """The reserve may not meet a line of that fund."""


def refuse_wrong_reserve(*, reserve: Reserve | None, line: ServiceLine, kind: str) -> None:
    """Refuse a drawdown that the reserve's kind does not allow.

    Ring-fenced and unusable reserves cannot meet a General Fund overspend; general and earmarked reserves cannot pay for the Dedicated Schools
    Grant, which the General Fund may not make good; nothing but the DSG's own account draws on an unusable reserve.
    """
    if reserve is None or kind != ReserveUse.Kind.DRAWDOWN:
        return
    held, fund = ReserveKind(reserve.kind), line.money_fund
    if fund.is_dsg:
        allowed = not held.may_meet_an_overspend
    elif fund.whole.value == "general_fund":
        allowed = held.may_meet_an_overspend
    else:
        allowed = held is not ReserveKind.UNUSABLE
    if not allowed:
        raise WrongReserveError(
            f"{reserve} is a {held.label.lower()}: it may not meet an overspend of {line}, which is {fund.label}."
        )


def refuse_overdrawn(reserve: Reserve | None, period: MonitoringPeriod) -> None:
    """Refuse (`BrokenRuleError`) if approved and applied uses now take a usable reserve of known opening below nil.

    The reserve is held meanwhile, so that two approvals at once cannot both count on the same money. Ask after writing, in the transaction.
    """
    if reserve is None or ReserveKind(reserve.kind) is ReserveKind.UNUSABLE:
        return
    held = Reserve.objects.select_for_update().get(pk=reserve.pk)
    try:
        check_not_overdrawn(held.name, reserve_balance(held, period))
    except ReserveOverdrawnError as error:
        raise BrokenRuleError(error) from error
