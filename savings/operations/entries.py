"""What may be entered of a proposal: text that can be kept and printed, choices that exist, posts to the hundredth."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from savings.models import SavingsProposal
from services.operations.entries import checked_name, checked_words
from services.operations.refusals import InvalidEntryError

_NAMES: Final = {
    "reference": 40,
    "service": 200,
    "priority": 200,
    "lead_role": 200,
    "partners": 300,
    "equality_reference": 120,
    "consultation_reference": 120,
}
_CHOICES: Final = {
    "kind": SavingsProposal.Kind.values,
    "type": SavingsProposal.Type.values,
    "recurrence": SavingsProposal.Recurrence.values,
    "equality_assessment": SavingsProposal.Assessment.values,
    "consultation": SavingsProposal.Consultation.values,
}
_MOST_POSTS: Final = Decimal(1_000_000)
_HUNDREDTH: Final = Decimal("0.01")
_LAST_PLACE: Final = 100_000


def checked_fields(entered: Mapping[str, Any]) -> dict[str, Any]:
    """Every field of a proposal as it can be kept; `InvalidEntryError` names the first that cannot."""
    return {name: _checked(name, value) for name, value in entered.items()}


def checked_choice(field: str, value: str, allowed: list[str]) -> str:
    """One of these; `InvalidEntryError` lists them otherwise."""
    if value not in allowed:
        raise InvalidEntryError(field, f"“{value}” is not one of {', '.join(allowed)}.")
    return str(value)


def checked_posts(field: str, posts: Decimal | None) -> Decimal | None:
    """Full-time equivalent posts to the hundredth, nil or more; `None` is not stated."""
    if posts is None:
        return None
    if not isinstance(posts, Decimal) or not posts.is_finite() or not 0 <= posts < _MOST_POSTS:
        raise InvalidEntryError(field, "must be a number of full-time equivalent posts, nil or more.")
    whole = posts.quantize(_HUNDREDTH)
    if whole != posts:
        raise InvalidEntryError(field, "must not be finer than a hundredth of a post.")
    return whole


def checked_place(field: str, place: int) -> int:
    """A place in a list: a whole number, nil or more."""
    if not isinstance(place, int) or isinstance(place, bool) or not 0 <= place <= _LAST_PLACE:
        raise InvalidEntryError(field, f"is a whole number from 0 to {_LAST_PLACE:,}.")
    return place


def _checked(name: str, value: Any) -> Any:
    if name in _NAMES:
        return checked_name(name, value, required=False, limit=_NAMES[name])
    if name in _CHOICES:
        return checked_choice(name, value, _CHOICES[name])
    return _OTHERS[name](name, value)


def _as_it_is(_name: str, value: Any) -> Any:
    return value


_OTHERS: Final[dict[str, Callable[[str, Any], Any]]] = {
    "title": checked_name,
    "description": checked_words,
    "posts": checked_posts,
    "order": checked_place,
    "is_cashable": _as_it_is,
    "is_public": _as_it_is,
    "directorate": _as_it_is,
    "service_line": _as_it_is,
}
