"""Reads words that will be published for what may tell who a child is: small numbers, ages, dates of birth, NHS numbers, names.

It finds what looks like one, and cannot know: a person reads each and decides. A count below ten is taken for small.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class ConcernKind(StrEnum):
    """What a passage looks like."""

    SMALL_NUMBER = "small_number"
    AGE = "age"
    DATE_OF_BIRTH = "date_of_birth"
    NHS_NUMBER = "nhs_number"
    NAME = "name"

    @property
    def label(self) -> str:
        """In words, after “looks like”."""
        return {
            "small_number": "a small number of children",
            "age": "a child’s age",
            "date_of_birth": "a date of birth",
            "nhs_number": "an NHS number",
            "name": "a person’s name",
        }[self.value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """A passage, and what it looks like."""

    kind: ConcernKind
    passage: str

    def __str__(self) -> str:
        return f"“{self.passage}” looks like {self.kind.label}"


_SMALL: Final = r"(?:[1-9]|one|two|three|four|five|six|seven|eight|nine)"
_CHILDREN: Final = (
    r"(?:child(?:ren)?|young\s+(?:people|persons?|adults?)|siblings?|brothers?|sisters?|twins?|bab(?:y|ies)|infants?|toddlers?|teenagers?|"
    r"boys?|girls?|pupils?|students?|care\s+leavers?|UASC)"
)
_NOT_COUNTED: Final = r"(?:per|cent|percent|million|days?|weeks?|months?|years?|for|as|by|to|from|with|after|before|in|and|or|which|that)\b"
_QUALIFIER: Final = rf"(?:(?!{_NOT_COUNTED})[a-z][a-z-]*\s+){{0,3}}?"
"""Words between the number and whom it counts: “two looked-after siblings”, but not “5 per cent as children”."""
_MONTH: Final = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*"
_DATE: Final = (
    rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})|\d{{1,2}}(?:st|nd|rd|th)?\s+{_MONTH}\s+\d{{4}})"
)
_SURNAME: Final = r"[A-Z](?:[a-z]+|[’'][A-Z][a-z]+)(?:-[A-Z][a-z]+)?"

_PATTERNS: Final = (
    # “3 young people”, “two looked-after siblings”; not “£3 children’s” or “1.3 children”, nor “13 children”.
    (
        ConcernKind.SMALL_NUMBER,
        re.compile(rf"(?<![\d£.,/-])\b{_SMALL}\s+{_QUALIFIER}{_CHILDREN}\b(?![’'])", re.IGNORECASE),
    ),
    (ConcernKind.SMALL_NUMBER, re.compile(rf"\b(?:sibling|family)\s+group\s+of\s+{_SMALL}\b", re.IGNORECASE)),
    (
        ConcernKind.AGE,
        re.compile(
            r"\b\d{1,2}[\s-]years?[\s-]old\b(?!\s+(?:entitlement|funding|offer|grant|place|rate|provision))|\b(?:aged|age)\s+(?:of\s+)?\d{1,2}\b(?!\s*(?:-|–|to|and|plus|\+))",
            re.IGNORECASE,
        ),
    ),
    (
        ConcernKind.DATE_OF_BIRTH,
        re.compile(
            rf"\b(?:D\.?O\.?B\.?|date\s+of\s+birth|born)\b(?:[\s:]+(?:on\s+)?{_DATE})?", re.IGNORECASE
        ),
    ),
    (ConcernKind.DATE_OF_BIRTH, re.compile(r"(?<![\d/.-])\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d{2}(?![\d/.-])")),
    (
        ConcernKind.NAME,
        re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Mx|Master|Dr|Baby)\.?\s+(?:[A-Z]\.?\s+)?{_SURNAME}"),
    ),
    (ConcernKind.NAME, re.compile(rf"\b[Tt]he\s+{_SURNAME}\s+(?:family|siblings?|twins|brothers|sisters)\b")),
)
_TEN_DIGITS: Final = re.compile(r"(?<![\d£.,])(\d{3})([ -]?)(\d{3})([ -]?)(\d{4})(?![\d.,]\d|\d)")


def concerns_in(words: str) -> tuple[Concern, ...]:
    """Every passage that looks like something which may tell who a child is, in the order of the text."""
    found = [
        (match.span(), Concern(kind=kind, passage=" ".join(match[0].split())))
        for kind, pattern in _PATTERNS
        for match in pattern.finditer(words)
    ]
    found += [
        (match.span(), Concern(kind=ConcernKind.NHS_NUMBER, passage=match[0]))
        for match in _TEN_DIGITS.finditer(words)
        if (match[2] and match[4]) or is_nhs_number(match[1] + match[3] + match[5])
    ]
    kept: dict[Concern, None] = {}
    reached = 0
    for (_, end), concern in sorted(found, key=lambda pair: (pair[0][0], -pair[0][1])):
        if end > reached:  # “12/05/2014” within “born 12/05/2014” is the same passage
            kept[concern] = None
            reached = end
    return tuple(kept)


def is_nhs_number(digits: str) -> bool:
    """Whether ten digits end in the check digit of an NHS number (modulus 11, NHS Data Dictionary)."""
    if not re.fullmatch(r"\d{10}", digits):
        return False
    weighted = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    check = (11 - weighted % 11) % 11
    return check != 10 and check == int(digits[-1])
