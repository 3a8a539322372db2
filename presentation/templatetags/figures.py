"""Figures in templates.

Each filter is one call to the formatter in `accounting.wording`. Loaded for every template.
"""

from decimal import Decimal

from django import template

from accounting import wording
from accounting.money import Unit
from accounting.rag import Rag

register = template.Library()


@register.filter
def money(amount: Decimal | None, unknown: str = wording.UNKNOWN) -> str:
    """Whole pounds: “£1,235”."""
    return wording.format_money(amount, unknown=unknown)


@register.filter
def pounds_and_pence(amount: Decimal | None, unknown: str = wording.UNKNOWN) -> str:
    """Exact: “£1,234.50”."""
    return wording.format_money(amount, places=2, unknown=unknown)


@register.filter
def thousands(amount: Decimal | None, unknown: str = wording.UNKNOWN) -> str:
    """Thousands of pounds, for a table whose caption says £000: “1,235”."""
    return wording.format_money(amount, unit=Unit.THOUSANDS, symbol=False, unknown=unknown)


@register.filter
def short_money(amount: Decimal | None, unknown: str = wording.UNKNOWN) -> str:
    """For a sentence: “£3.8m”, “£943k”."""
    return wording.format_short(amount, unknown=unknown)


@register.filter
def signed_short_money(amount: Decimal | None, unknown: str = wording.UNKNOWN) -> str:
    """For a part of a change: “+£2.1m”, “−£1.2m”."""
    return wording.format_short(amount, unknown=unknown, plus=True)


@register.filter
def over_under(amount: Decimal | None, unknown: str = wording.UNKNOWN) -> str:
    """A variance with its word: “£3.8m over”, “£152k under”, “on budget”."""
    return wording.over_under(amount, unknown=unknown)


@register.filter
def better_worse(movement: Decimal | None, unknown: str = "first report") -> str:
    """A movement with its word: “£0.4m worse”, “no change”."""
    return wording.better_worse(movement, unknown=unknown)


@register.filter
def percent(value: Decimal | None, unknown: str = wording.NOT_APPLICABLE) -> str:
    """“20.0%”, or “n/a” where there is no base."""
    return wording.format_percent(value, unknown=unknown)


@register.filter
def rag_word(rating: Rag | None, unknown: str = "not rated") -> str:
    """The rating's shape and word: “▲ Amber”."""
    return unknown if rating is None else f"{rating.shape} {rating.label}"


@register.simple_tag(takes_context=True)
def querystring_with(context: template.RequestContext, name: str, value: object) -> str:
    """The page's own query with one parameter changed, for links to other pages of a list."""
    query = context.request.GET.copy()
    query[name] = str(value)
    return f"?{query.urlencode()}"
