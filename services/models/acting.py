"""How a person who did something for another is named beside what they did."""

from accounts.models import User


def in_words(person: User | None, acting_for: str) -> str:
    """“Accountant”, “Accountant for Head of Finance”, or nothing where nobody has done it."""
    if person is None:
        return ""
    return f"{person} for {acting_for}" if acting_for else str(person)
