"""A section's paragraphs as the lines of one box: how the editor shows them, and how it reads them back.

Each paragraph is one line: `3.1 Words` with its number, `- Words` a bullet, `(i) Words` a sub-point, `{{ table position }}` a table of the
publication, and anything else a paragraph without a number. Blank lines are left out.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from scrutiny.models import PaperParagraph, ReportOption

Style = PaperParagraph.Style
_BULLET: Final = re.compile(r"[-•▪]\s+(?P<words>.+)")
_POINT: Final = re.compile(r"(?P<number>\([a-z0-9]{1,5}\))\s+(?P<words>.+)")
_NUMBERED: Final = re.compile(r"(?P<number>[0-9]{1,3}(?:\.[0-9]{1,3}){1,3})\s+(?P<words>.+)")
_TABLE: Final = re.compile(r"\{\{\s*table\s+(?P<words>[a-z0-9-]{1,60})\s*\}\}")
_KINDS: Final = (
    (_TABLE, Style.TABLE),
    (_BULLET, Style.BULLET),
    (_POINT, Style.SUB_POINT),
    (_NUMBERED, Style.PARAGRAPH),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphGiven:
    """A paragraph to be kept. Of a table `words` is the table's name in the publication's addresses, such as “position”."""

    words: str
    style: str = Style.PARAGRAPH
    number: str = ""


def paragraphs_in(text: str) -> list[ParagraphGiven]:
    """The paragraphs that the box holds."""
    return [_paragraph(line.strip()) for line in text.splitlines() if line.strip()]


def _paragraph(line: str) -> ParagraphGiven:
    for kind, style in _KINDS:
        found = kind.fullmatch(line)
        if found:
            number = found.groupdict().get("number", "")
            return ParagraphGiven(words=found["words"].strip(), style=style, number=number)
    return ParagraphGiven(words=line)


def text_of(paragraphs: Iterable[PaperParagraph | ParagraphGiven]) -> str:
    """Paragraphs as the box shows them."""
    return "\n".join(_line(one) for one in paragraphs)


def _line(one: PaperParagraph | ParagraphGiven) -> str:
    if one.style == Style.TABLE:
        return f"{{{{ table {one.words} }}}}"
    if one.style == Style.BULLET:
        return f"- {one.words}"
    return f"{one.number} {one.words}".strip()


def numbered(paragraphs: Sequence[ParagraphGiven], *, section: str) -> list[ParagraphGiven]:
    """Paragraphs numbered within their section, 3.1 and on. Bullets, sub-points and tables keep what they have."""
    count = iter(range(1, 1_000))
    return [_with_number(one, section, count) for one in paragraphs]


def _with_number(one: ParagraphGiven, section: str, count: Iterator[int]) -> ParagraphGiven:
    if one.style != Style.PARAGRAPH:
        return one
    return ParagraphGiven(words=one.words, number=f"{section}.{next(count)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionGiven:
    """An option to be kept, with its sub-options. Numbers are text as printed: 6.4, and below it 1."""

    number: str
    words: str
    sub_options: tuple["OptionGiven", ...] = ()


class OptionLineError(ValueError):
    """A line of the box of options that is none."""


_OPTION: Final = re.compile(
    r"(?P<below>[-•]\s+)?(?P<number>[0-9A-Za-z]{1,3}(?:\.[0-9]{1,3}){0,3})[.)]?\s+(?P<words>.+)"
)


def options_in(text: str) -> list[OptionGiven]:
    """Options from the lines of a box: `6.4 Words`, and below it `- 1 Words` for each sub-option. Raises `OptionLineError`."""
    found: list[OptionGiven] = []
    for line in (line.strip() for line in text.splitlines() if line.strip()):
        parts = _OPTION.fullmatch(line)
        if parts is None:
            raise OptionLineError(
                f"“{line[:60]}” is no option: begin it with its number, as in “6.2 Adopt all of it”."
            )
        option = OptionGiven(number=parts["number"], words=parts["words"].strip())
        if not parts["below"]:
            found.append(option)
        elif found:
            found[-1] = replace(found[-1], sub_options=(*found[-1].sub_options, option))
        else:
            raise OptionLineError(f"“{line[:60]}” stands under no option. Write its option above it.")
    return found


def text_of_options(options: Iterable[ReportOption]) -> str:
    """Options in their order as the box shows them."""
    return "\n".join(f"{'- ' if one.parent_id else ''}{one.number} {one.words}" for one in options)
