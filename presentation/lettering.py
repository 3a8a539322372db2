"""How wide text is when drawn, and where it breaks, without opening a font file."""

from typing import Final

# Advance widths of Source Sans Pro Regular in thousandths of the type size, from space to tilde.
_WIDTHS: Final = (
    200, 289, 425, 497, 497, 824, 609, 249, 303, 303, 418, 497, 249, 311, 249, 350, 497, 497, 497, 497, 497, 497, 497, 497,
    497, 497, 249, 249, 497, 497, 497, 425, 847, 544, 588, 571, 615, 527, 494, 617, 652, 263, 480, 579, 486, 727, 647, 664,
    566, 664, 569, 534, 536, 645, 515, 786, 513, 476, 539, 303, 350, 303, 497, 500, 542, 504, 553, 456, 555, 496, 292, 504,
    544, 246, 247, 495, 255, 829, 547, 542, 555, 555, 347, 419, 338, 544, 467, 718, 446, 467, 425, 303, 241, 303, 497,
)  # fmt: skip
_OTHER: Final = 520  # pound sign, minus, accented letters
_FALLBACK_ALLOWANCE: Final = 1.15  # Arial and its kin, used while the typeface loads, are that much wider


def text_width(text: str, size: float) -> float:
    """Width in pixels at a type size in pixels, with room for a fallback typeface."""
    units = sum(_WIDTHS[ord(char) - 32] if 32 <= ord(char) < 127 else _OTHER for char in text)
    return units * size * _FALLBACK_ALLOWANCE / 1000


def wrap_to(text: str, *, width: float, size: float, most_lines: int = 3) -> list[str]:
    """Break text at spaces so that each line fits, as far as words allow.

    A fourth line becomes an ellipsis.
    """
    lines: list[str] = []
    for word in text.split():
        candidate = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(candidate, size) <= width:
            lines[-1] = candidate
        else:
            lines.append(word)
    if len(lines) > most_lines:
        lines = [*lines[: most_lines - 1], f"{lines[most_lines - 1]}…"]
    return lines or [""]
