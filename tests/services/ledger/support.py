"""A council with mapped codes, ledgers made for it, and the ways in which they are imported."""

from dataclasses import dataclass

from django_tasks_db.models import DBTaskResult

from accounting.periods import Period
from accounts.models import User
from services.imports.ledger_codes import CodeEntry
from services.imports.profile import parse_profile
from services.models import Council, Forecast, LedgerAmount, LedgerBatch, MonitoringPeriod, ServiceLine
from services.operations.ledger import stage_ledger
from services.operations.ledger_codes import set_ledger_codes
from services.operations.ledger_work import LedgerFile, LedgerRefusedError, import_ledger, preview_ledger
from tests.services.factories import make_council, make_forecast, make_line, make_period, pounds, the_officer
from tests.services.imports.support import assert_told_well, csv_bytes, fingerprint

HEADINGS = ("Cost centre", "Subjective code", "Description", "Actual to date", "Commitments")
ROWS = (
    ("00123", "1010", "Salaries", "400000.10", "0"),
    ("00123", "4010", "Placements", "300000.20", "25000.50"),
    ("00200", "1010", "Salaries", "100000.00", "0"),
    ("00200", "9010", "Grant", "-20000.00", "0"),
)
MONTH = ("Cost centre", "Subjective code", "Actual to date", "Actual this period")


@dataclass
class Books:
    """Placements (00123 1010 and 4010) and Fostering (every code of 00200), open in month 7 of 2023/24; month 6 is open too."""

    council: Council
    period: MonitoringPeriod
    earlier: MonitoringPeriod
    placements: ServiceLine
    fostering: ServiceLine
    officer: User

    def figures(self, line: ServiceLine) -> tuple:
        """Actual to date and commitments held for the line in month 7."""
        return Forecast.objects.values_list("actual_to_date", "commitments").get(
            service_line=line, period=self.period
        )

    def amounts(self, period: MonitoringPeriod | None = None) -> set:
        """What the period's ledger has, by code."""
        rows = LedgerAmount.objects.filter(period=period or self.period)
        return set(rows.values_list("cost_centre", "subjective", "actual_to_date", "commitments"))


def make_books() -> Books:
    """The council as described, with a forecast for Placements that nobody has confirmed since it was carried forward."""
    council = make_council()
    earlier, period = make_period(council, "2023-24/p6"), make_period(council)
    placements = make_line(council, "Placements", budget="1000000", code="C01")
    fostering = make_line(council, "Fostering", budget="500000", code="C02")
    make_forecast(placements, period, "1300000", actual_to_date="650000", best_case="1200000")
    entries = [
        CodeEntry(cost_centre="00123", subjective="1010", line_id=placements.pk),
        CodeEntry(cost_centre="00123", subjective="4010", line_id=placements.pk),
        CodeEntry(cost_centre="00200", line_id=fostering.pk),
    ]
    officer = the_officer(council)
    set_ledger_codes(by=officer, council=council, entries=entries)
    return Books(council, period, earlier, placements, fostering, officer)


def ledger_csv(*rows, headings=HEADINGS, **options) -> bytes:
    """A CSV ledger; without rows, the usual ones."""
    return csv_bytes(*(rows or ROWS), headings=headings, **options)


def as_file(content: bytes, *, name="ledger.csv", toml=None, stated=None) -> LedgerFile:
    """A file as an operation takes it."""
    options = {"profile": parse_profile(toml)} if toml else {}
    return LedgerFile(name=name, content=content, stated=pounds(stated), **options)


def preview(books: Books, content: bytes, *, period=None, **options):
    """What applying would do."""
    return preview_ledger(
        by=books.officer,
        council=books.council,
        period=period or books.period,
        file=as_file(content, **options),
    )


def applied(books: Books, content: bytes, *, period=None, confirmed=(), by=None, **options):
    """Apply, and return the assessment."""
    return import_ledger(
        by=by or books.officer,
        council=books.council,
        period=period or books.period,
        file=as_file(content, **options),
        confirmed=frozenset(confirmed),
    )


def refused(books: Books, content: bytes, **options):
    """Apply what must be refused: everything is as it was, and the refusal's assessment is returned."""
    before = fingerprint()
    try:
        applied(books, content, **options)
    except LedgerRefusedError as error:
        assert fingerprint() == before, "a refused ledger changed something"
        for problem in error.assessment.problems:
            assert_told_well(str(problem))
        return error.assessment
    raise AssertionError("the ledger was not refused")


def staged(books: Books, content: bytes, capture, *, by=None, **options) -> LedgerBatch:
    """Stage a file, its check asked for."""
    with capture(execute=True):
        return stage_ledger(
            by=by or books.officer,
            council=books.council,
            period=books.period,
            file=as_file(content, **options),
        )


def work() -> int:
    """What the job worker does with what is waiting; return how many jobs it did."""
    waiting = list(DBTaskResult.objects.filter(status="READY"))
    for job in waiting:
        job.task.func(*job.args_kwargs["args"], **job.args_kwargs["kwargs"])
        DBTaskResult.objects.filter(pk=job.pk).delete()
    return len(waiting)


def p(text: str) -> Period:
    """A period."""
    return Period.parse(text)
