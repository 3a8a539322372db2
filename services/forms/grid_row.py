"""A row of the grid sent as a form, without script."""

from dataclasses import dataclass
from decimal import Decimal

from django.http import QueryDict

from services.forms.grid import KEY_LIMIT, REASON_LIMIT, UnreadableError, amount_of
from services.position.grid import ENTERED, GridLine
from services.tables.grid import BY_KEY


@dataclass(frozen=True, slots=True, kw_only=True)
class RowSent:
    """One row as typed, and as read where it can be."""

    typed: dict[str, str]
    amounts: dict[str, Decimal | None]
    problems: dict[str, str]
    version: int
    key: str
    reason: str

    def changed(self, line: GridLine | None) -> dict[str, Decimal | None]:
        """The figures that differ from those held."""
        if line is None:
            return self.amounts
        return {name: value for name, value in self.amounts.items() if value != getattr(line.position, name)}


def row_sent(posted: QueryDict, line_id: int) -> RowSent:
    """Read a row's form. A figure that cannot be read is a problem beside its column; nothing is raised, and nothing typed is lost."""
    typed = {
        name: str(posted[f"line-{line_id}-{name}"])[:200]
        for name in ENTERED
        if f"line-{line_id}-{name}" in posted
    }
    amounts: dict[str, Decimal | None] = {}
    problems: dict[str, str] = {}
    for name, text in typed.items():
        try:
            amounts[name] = amount_of(text)
        except UnreadableError as error:
            problems[name] = f"{BY_KEY[name].heading}: {error}"
    version = posted.get("version", "")
    return RowSent(
        typed=typed,
        amounts=amounts,
        problems=problems,
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else -1,
        key=posted.get("key", "")[:KEY_LIMIT],
        reason=posted.get("reason", "").strip()[:REASON_LIMIT],
    )
