"""Every operation on committees with an example of it. Each subject's examples stand in a module `examples_…` beside this one."""

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import scrutiny.committees.operations as package
import tests.scrutiny as here
from tests.services.catalogue import Example, world

__all__ = ["EXAMPLES", "SHARED", "operations", "world"]

_MODULES = tuple(
    import_module(f"{here.__name__}.{found.name}")
    for found in iter_modules(here.__path__)
    if found.name.startswith("examples_")
)
EXAMPLES: tuple[Example, ...] = tuple(example for module in _MODULES for example in module.EXAMPLES)
SHARED: frozenset[str] = frozenset().union(*(getattr(module, "SHARED", ()) for module in _MODULES))


def operations() -> Iterator[Callable[..., Any]]:
    """Every public function of the operations package that acts for somebody."""
    for found in iter_modules(package.__path__):
        module = import_module(f"{package.__name__}.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_its_own = function.__module__ == module.__name__ and not name.startswith("_")
            if is_its_own and "by" in inspect.signature(function).parameters:
                yield function
