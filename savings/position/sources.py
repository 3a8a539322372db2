"""Where figures of savings and recovery come from, by what they are about. One query."""

from collections import defaultdict

from savings.entries import Mark
from savings.models import SavingsSource
from services.models import Council


def marks_by_subject(council: Council, *kinds: str) -> dict[str, tuple[Mark, ...]]:
    """The marks of records of some kinds, by subject: “plan:3”, “action:12”, “update:7”."""
    found: dict[str, list[Mark]] = defaultdict(list)
    rows = SavingsSource.objects.filter(council=council, proposal__isnull=True).order_by("pk")
    for row in rows:
        if row.subject.partition(":")[0] in kinds:
            found[row.subject].append(
                Mark(figure=row.figure, basis=row.basis, citation=row.citation, words=row.words)
            )
    return {subject: tuple(marks) for subject, marks in found.items()}
