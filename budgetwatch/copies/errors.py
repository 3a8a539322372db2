"""Why a copy, or its return, was refused."""


class CopyRefusedError(Exception):
    """A copy could not be made or put back; the message says why, what was left untouched, and what to do."""


class CopyDiffersError(CopyRefusedError):
    """A copy does not hold what it should."""

    def __init__(self, where: str, problems: list[str]) -> None:
        shown = "\n  ".join(problems[:10])
        super().__init__(f"{where} is not the same as the original:\n  {shown}")
