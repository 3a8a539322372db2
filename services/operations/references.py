"""References by which papers name a virement or a funding change."""

from services.models import Council, FundingChange, Virement
from services.operations.refusals import AlreadyDoneError


def free_reference(
    kind: type[Virement] | type[FundingChange], *, council: Council, prefix: str, wanted: str
) -> str:
    """The reference asked for, or the next of the council's own: V2023-001. Raises `AlreadyDoneError` if it is taken."""
    taken = set(kind.objects.filter(council=council).values_list("reference", flat=True))
    if wanted:
        if wanted in taken:
            raise AlreadyDoneError(
                f"{council} already has a {kind._meta.verbose_name} with the reference “{wanted}”."
            )
        return wanted
    number = 1 + sum(reference.startswith(f"{prefix}-") for reference in taken)
    while f"{prefix}-{number:03d}" in taken:
        number += 1
    return f"{prefix}-{number:03d}"
