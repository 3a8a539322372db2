"""What all proposals together come to for one service."""

from dataclasses import dataclass
from decimal import Decimal

from savings.entries.proposals import NoteEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectEntry:
    """What one proposal is said to do, and by whom: on users, on staff, on the service, or together with other proposals."""

    heading: str
    note: NoteEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEffect:
    """All savings that touch one service, of every year: members ask what cuts come to together, not one by one.

    Amounts are lasting changes to base, a saving negative, so that a one-off is nil in the end; `None` where none of them has an amount that is
    known. Posts are those that go.
    """

    directorate: str
    service: str
    """The service line's name, or the service as papers name it; blank for proposals that name none."""
    proposals: tuple[str, ...]
    agreed: Decimal | None
    proposed: Decimal | None
    """Of proposals that are not agreed yet."""
    posts: Decimal | None
    without_amount: int
    """Proposals of which no amount is known."""
    without_assessment: int
    """Proposals whose equality impact assessment is neither complete nor said not to be needed."""
    effects: tuple[EffectEntry, ...] = ()
