"""Characters that could mislead a reader: control, zero-width and direction marks made visible, look-alikes named."""

import unicodedata

_PLAIN_SPACES = str.maketrans(dict.fromkeys("\u00a0\u2007\u202f\t\r\n\v\f", " "))


def visible(text: str) -> str:
    """Text with its spaces folded and every invisible character shown as its number: “Ann⟨U+202E⟩”."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    spaced = " ".join(text.translate(_PLAIN_SPACES).split())
    return "".join(
        f"⟨U+{ord(character):04X}⟩"
        if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs")
        else character
        for character in unicodedata.normalize("NFC", spaced)
    )


def hidden_characters(text: str) -> tuple[str, ...]:
    """The invisible characters in a text, by number and name."""
    return tuple(
        f"U+{ord(character):04X} {unicodedata.name(character, 'control character').lower()}"
        for character in dict.fromkeys(text)
        if unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs") and character not in "\t\r\n"
    )


def mixed_alphabets(text: str) -> bool:
    """Whether one word mixes Latin letters with Cyrillic or Greek ones, which look the same and do not match."""
    for word in text.split():
        scripts = {
            unicodedata.name(letter, "").split(" ")[0]
            for letter in word
            if letter.isalpha() and letter not in "µΩ"
        }
        if "LATIN" in scripts and scripts & {"CYRILLIC", "GREEK", "CHEROKEE", "ARMENIAN"}:
            return True
    return False


def folded(text: str) -> str:
    """Text for matching: case and spacing do not count, and typographic quotes and dashes are plain ones."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        for fancy, plain in (
            ("’", "'"),
            ("‘", "'"),
            ("“", '"'),
            ("”", '"'),
            ("–", "-"),
            ("—", "-"),
            ("−", "-"),
        ):
            text = text.replace(fancy, plain)
    return " ".join(text.casefold().split())
