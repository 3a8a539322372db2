"""Returns made for tests, ways to import them, and a fingerprint of everything that must not change."""

import csv
import hashlib
import io
import json
import os
from pathlib import Path

import xlsxwriter
from django.apps import apps

from accounting.periods import Period
from accounts.operations import command_line_user
from services.imports.profile import Profile, parse_profile
from services.models import MonitoringPeriod
from services.operations.imports import File, ImportRefusedError, import_file, preview_import
from services.position import council_position

DATA = Path(__file__).resolve().parents[2] / "data" / "cases"
SHARED = Path(os.environ.get("BUDGETWATCH_CASES", Path(__file__).resolve().parents[4] / "shared" / "cases"))
HEADINGS = ("Service line", "Revised budget", "Forecast outturn")


def fingerprint() -> str:
    """SHA-256 over every row of every table of ours, in order."""
    digest = hashlib.sha256()
    for model in apps.get_models():
        if model._meta.app_label in ("services", "scrutiny"):
            digest.update(model._meta.label.encode())
            for row in model._default_manager.order_by("pk").values_list():
                digest.update(repr(row).encode())
    return digest.hexdigest()


def csv_bytes(*rows, headings=HEADINGS, delimiter=",", encoding="utf-8") -> bytes:
    """A CSV with these headings and rows."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([headings, *rows] if headings else rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(*rows, headings=HEADINGS, edit=None) -> bytes:
    """A workbook with one sheet, “Return”; `edit(workbook, sheet)` may add to it."""
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        target, {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False}
    )
    sheet = workbook.add_worksheet("Return")
    for number, row in enumerate([headings, *rows] if headings else rows):
        sheet.write_row(number, 0, row)
    if edit:
        edit(workbook, sheet)
    workbook.close()
    return target.getvalue()


def profile(text: str | None) -> Profile:
    """A profile from TOML; without it, the words of the field."""
    return parse_profile(text) if text else Profile()


def as_file(content: bytes, *, name: str = "return.csv", toml: str | None = None, stated=None) -> File:
    """A file as an operation takes it."""
    return File(name=name, content=content, profile=profile(toml), stated=stated)


def preview(council, content: bytes, *, period: str = "2023-24/p7", by=None, **options):
    """What importing would do."""
    return preview_import(
        by=by or command_line_user(),
        council=council,
        period=Period.parse(period),
        file=as_file(content, **options),
    )


def imported(council, content: bytes, *, period: str = "2023-24/p7", confirmed=(), by=None, **options):
    """Import, and return the assessment."""
    return import_file(
        by=by or command_line_user(),
        council=council,
        period=Period.parse(period),
        file=as_file(content, **options),
        confirmed=frozenset(confirmed),
    )


def refused(council, content: bytes, **options):
    """Import what must be refused: everything is as it was, and the refusal's assessment is returned."""
    before = fingerprint()
    try:
        imported(council, content, **options)
    except ImportRefusedError as error:
        assert fingerprint() == before, "a refused import changed something"
        for problem in error.assessment.problems:
            assert_told_well(str(problem))
        return error.assessment
    raise AssertionError("the import was not refused")


def assert_told_well(message: str) -> None:
    """A message shows nothing of the program's inside."""
    assert message
    for inside in ("Traceback", "Error(", "/usr", "site-packages", "Decimal(", "0x7f", "None"):
        assert inside not in message, message


def problems_of(assessment) -> str:
    """Every problem as a person reads it."""
    return "\n".join(str(problem) for problem in assessment.problems)


def remarks_of(assessment) -> str:
    """Every remark as a person reads it."""
    return "\n".join(str(remark) for remark in assessment.remarks)


def codes_of(assessment) -> set[str]:
    """What is to be confirmed."""
    return {finding.code for finding in assessment.confirmations}


def position_of(council, period: str = "2023-24/p7"):
    """The council's position."""
    wanted = Period.parse(period)
    monitoring = MonitoringPeriod.objects.get(
        council=council, year=wanted.year.first_year, number=wanted.number
    )
    return council_position(council, monitoring)


def case(name: str) -> dict:
    """A published table, from the copy of its facts that the repository keeps."""
    return json.loads((DATA / name).read_text())


def shared_case(name: str) -> dict | None:
    """The same table from the folder of cases beside the repository, where there is one."""
    path = SHARED / name
    return json.loads(path.read_text()) if path.exists() else None
