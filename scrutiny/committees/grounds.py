"""The seven grounds on which an item may be exempt: Part 1 of Schedule 12A to the Local Government Act 1972, for England, in short."""

from typing import Final

GROUNDS: Final[dict[int, str]] = {
    1: "information relating to any individual",
    2: "information which is likely to reveal the identity of an individual",
    3: "information relating to the financial or business affairs of any particular person, including the authority",
    4: "information relating to consultations or negotiations in connection with a labour relations matter",
    5: "information in respect of which a claim to legal professional privilege could be maintained in legal proceedings",
    6: "information which reveals that the authority proposes to give a notice or make an order or direction",
    7: "information relating to action taken in connection with the prevention, investigation or prosecution of crime",
}


def ground_of(paragraph: int) -> str:
    """The ground in words: “Paragraph 3: information relating to …”. Raises `KeyError` outside 1 to 7."""
    return f"Paragraph {paragraph}: {GROUNDS[paragraph]}"
