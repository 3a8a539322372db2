"""Where a table is shown."""

from enum import Enum


class Medium(Enum):
    """Where a table is shown. Its figures are the same; columns that would not fit stand elsewhere in the same medium."""

    SCREEN = "screen"
    FILE = "file"
    PAPER = "paper"
