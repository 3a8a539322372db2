"""What an update of a saving may say: the target is the phasing's, the parts sum to it, and what is not green or has changed is explained."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from accounting.periods import PROVISIONAL_OUTTURN
from accounting.rag import Rag
from accounting.savings import Confidence, Delivery, NegativePartError, PartsDoNotSumError, check_parts
from accounting.wording import format_money
from savings.models import PARTS
from savings.operations.entries import checked_choice
from savings.operations.held_updates import FIGURES, Held
from savings.operations.update_refusals import PartsRefusedError
from services.models import MonitoringPeriod
from services.operations.entries import checked_money, checked_words
from services.operations.refusals import InvalidEntryError, InvalidFigureError

_EXPLAINED = (*PARTS, "forecast", "rag")


def checked_update(entered: Mapping[str, Any], held: Held, period: MonitoringPeriod) -> dict[str, Any]:
    """The update as it would stand, or the refusal that names the saving, what is wrong and what to do."""
    values = held.values | {name: _checked(name, value, held) for name, value in entered.items()}
    values["target"] = _target(values["target"], entered, held)
    _check_parts(values, held)
    _check_forecast(values, held, period)
    _check_reason(values, held)
    return values


def _checked(name: str, value: Any, held: Held) -> Any:
    if name in FIGURES:
        pounds = checked_money(name, value, line=held.name, line_id=held.proposal.pk)
        if pounds is not None and pounds < 0:
            raise _refused(name, "is pounds without a sign, nil or more.", held)
        return pounds
    if name == "rag":
        return checked_choice("rag", value, ["", *Rag]) if value else ""
    if name == "confidence":
        return checked_choice("confidence", value, list(Confidence))
    if name == "expected_on":
        if value is not None and not isinstance(value, date):
            raise InvalidEntryError("expected_on", "must be a date.")
        return value
    return checked_words(name, value)


def _target(target: Decimal | None, entered: Mapping[str, Any], held: Held) -> Decimal | None:
    """The phasing's target; what was entered only where the phasing gives none."""
    if held.target is None:
        return target
    if "target" in entered and target != held.target:
        shown = format_money(held.target, places=2)
        raise _refused(
            "target", f"is {shown}, as the saving is phased. To change it, propose other amounts.", held
        )
    phased: Decimal = held.target
    return phased


def _check_parts(values: Mapping[str, Any], held: Held) -> None:
    parts = {name: values[name] for name in PARTS}
    try:
        check_parts(Delivery(target=values["target"], **parts))
    except PartsDoNotSumError as rule:
        raise PartsRefusedError(rule, saving=held.name, proposal_id=held.proposal.pk) from rule
    except NegativePartError as rule:
        raise _refused("parts", str(rule), held) from rule


def _check_forecast(values: Mapping[str, Any], held: Held, period: MonitoringPeriod) -> None:
    """Until the year is over, what is banked is part of what will be delivered by the end of it."""
    forecast, delivered = values["forecast"], values["delivered"]
    if forecast is None or delivered is None or period.number >= PROVISIONAL_OUTTURN:
        return
    if forecast < delivered:
        banked = format_money(delivered, places=2)
        raise _refused(
            "forecast", f"is less than the {banked} already delivered. Correct one of the two.", held
        )


def _check_reason(values: Mapping[str, Any], held: Held) -> None:
    reason = values["reason"]
    if values["rag"] not in ("", Rag.GREEN.value) and not reason:
        colour = Rag(values["rag"]).label
        raise _needs_reason(f"{held.name} is {colour}: say why. Only green needs no reason.", held)
    last = held.last
    if last is None or (reason and reason != last["reason"]):
        return
    changed = [name for name in _EXPLAINED if last[name] not in (None, "") and values[name] != last[name]]
    if changed:
        names = ", ".join("colour" if name == "rag" else name.replace("_", " ") for name in changed)
        more = " The words are still last period’s." if reason else ""
        raise _needs_reason(f"{held.name}: since the last period the {names} changed. Say why.{more}", held)


def _needs_reason(words: str, held: Held) -> InvalidEntryError:
    """Which saving it is goes with it, so that a grid can show it there."""
    return InvalidFigureError("reason", words, line_id=held.proposal.pk)


def _refused(field: str, words: str, held: Held) -> InvalidFigureError:
    return InvalidFigureError(field, words, line=held.name, line_id=held.proposal.pk)
