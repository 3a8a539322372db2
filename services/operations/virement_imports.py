"""Importing a schedule of virements: each is asked for as if entered by hand, to be approved and posted by others. All of them, or none."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from accounting.periods import Period
from accounts.models import User
from services.imports.matching import LineIndex
from services.imports.problems import Problem
from services.imports.virements import ReadVirement, VirementReading, read_virements
from services.models import Council, MonitoringPeriod, Virement
from services.operations.imports import File
from services.operations.periods import open_period
from services.operations.refusals import Refused
from services.operations.virements import request_virement


class VirementsRefusedError(Refused):
    """The schedule has problems; nothing was written."""

    def __init__(self, reading: VirementReading) -> None:
        super().__init__(f"Nothing was written: {len(reading.problems)} problems.")
        self.reading = reading


@dataclass(frozen=True, slots=True)
class ImportedVirements:
    """What became of a schedule: those asked for now, and references that were there already with the same legs."""

    requested: tuple[ReadVirement, ...]
    already_there: tuple[str, ...]


def preview_virements(*, council: Council, file: File) -> tuple[VirementReading, ImportedVirements]:
    """What a schedule would ask for. Writes nothing."""
    reading = read_virements(file.content, file_name=file.name, index=LineIndex(council))
    held = _held(council)
    new, already = [], []
    for virement in reading.virements:
        legs = {line.pk: amount for line, amount in virement.legs}
        if virement.reference not in held:
            new.append(virement)
        elif held[virement.reference] == legs:
            already.append(virement.reference)
        else:
            what = f"There is a virement {virement.reference} already, with other legs. Give this one another reference."
            reading.problems.append(
                Problem(what=what, row=virement.row, column="ref", found=virement.reference)
            )
    return reading, ImportedVirements(tuple(new), tuple(already))


def _held(council: Council) -> dict[str, dict[int, Decimal]]:
    """The legs of every virement of the council by its reference. Two queries."""
    virements = Virement.objects.filter(council=council).prefetch_related("legs")
    return {
        virement.reference: {leg.service_line_id: leg.amount for leg in virement.legs.all()}
        for virement in virements
    }


@transaction.atomic
def import_virements(*, by: User, council: Council, period: Period, file: File) -> ImportedVirements:
    """Ask for every virement of a schedule. Raises `VirementsRefusedError`, or what asking for one by hand raises; then none is asked for."""
    reading, found = preview_virements(council=council, file=file)
    if reading.problems:
        raise VirementsRefusedError(reading)
    if not found.requested:
        return found
    effective: MonitoringPeriod = open_period(by=by, council=council, period=period)
    for virement in found.requested:
        request_virement(
            by=by,
            council=council,
            effective=effective,
            reason=virement.reason,
            legs=virement.legs,
            reference=virement.reference,
        )
    return found
