"""What components take, as small named tuples: a page's context holds these rather than dictionaries."""

from typing import NamedTuple


class NavItem(NamedTuple):
    """One place in the navigation, or one choice of a switcher."""

    label: str
    url: str
    current: bool = False


class Crumb(NamedTuple):
    """One step of the way to a page; the last has no address."""

    label: str
    url: str = ""


class FigureStep(NamedTuple):
    """One figure of before → reserves → after: “£3.8m over”, “after reserves”. `result` marks the one that the page is about."""

    words: str
    label: str
    result: bool = False


class Definition(NamedTuple):
    """A term and its words, never blank."""

    term: str
    words: str


class Conflict(NamedTuple):
    """One entry that two people changed, in words: yours, theirs, and what both began from. `is_same`: yours and theirs say the same."""

    label: str
    yours: str
    theirs: str
    base: str
    is_same: bool = False
