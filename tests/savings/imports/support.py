"""Schedules made for tests, ways to import them, and what is held afterwards."""

import hashlib

from django.apps import apps

from accounting.periods import FinancialYear
from accounts.operations import command_line_user
from savings.imports.profile import ScheduleProfile, parse_schedule_profile
from savings.imports.reading import read_schedule
from savings.models import SavingsProposal
from savings.operations.imports import (
    NO_PROFILE,
    ScheduleFile,
    ScheduleRefusedError,
    import_schedule,
    preview_schedule,
)
from savings.position.phasing import plan_of
from tests.services.imports.support import (
    assert_told_well,
    case,
    csv_bytes,
    problems_of,
    remarks_of,
    xlsx_bytes,
)

__all__ = ["assert_told_well", "case", "csv_bytes", "problems_of", "remarks_of", "xlsx_bytes"]

HEADINGS = ("Ref", "Title", "2026/27", "2027/28", "Total")
FIRST, SECOND = FinancialYear(2026), FinancialYear(2027)


def schedule(*rows, headings=HEADINGS) -> bytes:
    """A CSV schedule."""
    return csv_bytes(*rows, headings=headings)


def workbook(*rows, headings=HEADINGS, edit=None) -> bytes:
    """The same as a workbook."""
    return xlsx_bytes(*rows, headings=headings, edit=edit)


def profile(toml: str | None = None) -> ScheduleProfile:
    """A profile from TOML; without it, the words of the headings."""
    return parse_schedule_profile(toml) if toml else NO_PROFILE


def read(content: bytes, toml: str | None = None, *, name: str = "schedule.csv"):
    """What a file says, compared with nothing."""
    return read_schedule(content, file_name=name, profile=profile(toml))


def as_file(content: bytes, toml: str | None = None, *, name: str = "schedule.csv") -> ScheduleFile:
    """A file as an operation takes it."""
    return ScheduleFile(name=name, content=content, profile=profile(toml))


def previewed(council, content: bytes, toml: str | None = None, *, by=None, name: str = "schedule.csv"):
    """What importing would do."""
    return preview_schedule(
        by=by or command_line_user(), council=council, file=as_file(content, toml, name=name)
    )


def imported(council, content: bytes, toml: str | None = None, *, by=None, confirmed=(), name="schedule.csv"):
    """Import, and return the assessment."""
    return import_schedule(
        by=by or command_line_user(),
        council=council,
        file=as_file(content, toml, name=name),
        confirmed=frozenset(confirmed),
    )


def refused(council, content: bytes, toml: str | None = None, **options):
    """Import what must be refused: everything is as it was, and the refusal's assessment is returned."""
    before = fingerprint()
    try:
        imported(council, content, toml, **options)
    except ScheduleRefusedError as error:
        assert fingerprint() == before, "a refused import changed something"
        for problem in error.assessment.problems:
            assert_told_well(str(problem))
        return error.assessment
    raise AssertionError("the import was not refused")


def fingerprint() -> str:
    """SHA-256 over every row of every table of councils and of savings, in order."""
    digest = hashlib.sha256()
    for model in apps.get_models():
        if model._meta.app_label in ("services", "savings"):
            digest.update(model._meta.label.encode())
            for row in model._default_manager.order_by("pk").values_list():
                digest.update(repr(row).encode())
    return digest.hexdigest()


def proposal(council, reference: str) -> SavingsProposal:
    """The council's proposal of that reference."""
    return SavingsProposal.objects.get(council=council, reference=reference)


def newest(council, reference: str):
    """The newest version of a proposal's amounts, as the arithmetic has it."""
    return plan_of(proposal(council, reference).phasings.order_by("-number").first())


def amounts(council, reference: str) -> dict[str, str]:
    """The newest amounts by year, as text."""
    return {str(year): str(amount) for year, amount in newest(council, reference).by_year.items()}
