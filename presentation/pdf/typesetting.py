"""Keeps a sign on the line of its amount: line breaking rules allow "−" or "+" at the end of one and "£3.6m" on the next."""

import re
from typing import Any

# A figure alone in its cell is not broken unless it is wider than the cell, and then it must be, to stay on the page.
_LEFT_ALONE = {"title", "a", "td", "th"}
_JOINED = re.compile("([−+]£)")


def keep_signs_with_amounts(root: Any) -> None:
    """Wraps each "−£" and "+£" of a parsed page in a span of class `joined`, which the style sheet never breaks."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or element.tag in _LEFT_ALONE or element.tag.startswith("{"):
            continue
        children = list(element)
        for position, child in reversed(list(enumerate(children))):
            if child.tail and _JOINED.search(child.tail):
                child.tail, spans = _split(child.tail, element)
                element[position + 1 : position + 1] = spans
        if element.text and _JOINED.search(element.text):
            element.text, spans = _split(element.text, element)
            element[0:0] = spans


def _split(text: str, element: Any) -> tuple[str, list[Any]]:
    """The text before the first joined sign, and a span for each with the text that follows it."""
    first, *rest = _JOINED.split(text)
    spans = []
    for joined, after in zip(rest[::2], rest[1::2], strict=True):
        span = element.makeelement("span", {"class": "joined"})
        span.text, span.tail = joined, after
        spans.append(span)
    return first, spans
