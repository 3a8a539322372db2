"""Makes a template variable that nobody supplies fail the test, where Django would print nothing."""

import copy
import sys
from typing import Any, NoReturn

import pytest
from django.template.base import FilterExpression
from django.template.defaultfilters import default, default_if_none


class UnknownVariable(str):
    """Django's `string_if_invalid` that refuses to be printed.

    `{% if name %}` and `{% for %}` never ask for it: there an absent name is a plain no. `{{ name|default:"…" }}` says
    on purpose what to print for an absent name, so it works as it does in production.
    """

    __slots__ = ()

    def __new__(cls) -> "UnknownVariable":
        return super().__new__(cls, "an unknown template variable")

    def __contains__(self, item: object) -> bool:
        return item == "%s"  # so that Django hands over the name

    def __mod__(self, variable: Any) -> Any:
        frame = sys._getframe(1)
        expression, context = frame.f_locals["self"], frame.f_locals["context"]
        if expression.filters and expression.filters[0][0] in (default, default_if_none):
            return _as_in_production(expression, context)
        return _fail(variable, context)


def _as_in_production(expression: FilterExpression, context: Any) -> Any:
    """Resolve the expression as if the variable were the empty string, which is what Django makes of an absent one."""
    absent = copy.copy(expression)
    absent.is_var, absent.var = False, ""
    return absent.resolve(context)


def _fail(variable: Any, context: Any) -> NoReturn:
    """Fail the test, naming the variable and the template."""
    template = getattr(context, "template_name", None) or getattr(
        getattr(context, "template", None), "name", None
    )
    pytest.fail(
        f"Unknown template variable {{{{ {variable} }}}} in {template or 'a template'}", pytrace=False
    )
