"""`manage.py import_ledger`: the same rules at the command line."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.operations import command_line_user
from services.models import AuditEntry
from tests.services.imports.support import fingerprint
from tests.services.ledger.support import MONTH, ROWS, applied, ledger_csv, make_books

pytestmark = pytest.mark.django_db


@pytest.fixture
def books(db):
    return make_books()


@pytest.fixture
def run(tmp_path):
    def ran(content, **options):
        path = tmp_path / "ledger.csv"
        path.write_bytes(content)
        out = io.StringIO()
        given = {"council": "north-borough", "period": "2023-24/p7", **options}
        try:
            call_command("import_ledger", str(path), stdout=out, **given)
        except CommandError as error:
            return f"{out.getvalue()}{error}"
        return out.getvalue()

    return ran


def test_a_ledger_is_applied_and_what_it_did_is_said(books, run):
    said = run(ledger_csv(), control_total="780,000.30")
    assert "Codes read: 4, service lines: 2, without a service line: 0, lines changed: 2" in said
    assert "Control total given: actual to date: £780,000.30, sum £780,000.30: agrees" in said
    assert (
        "Changed: Placements: actual to date £650,000.00 → £700,000.30, commitments none → £25,000.50" in said
    )
    assert said.endswith("Written.\n")
    assert AuditEntry.objects.filter(action="apply ledger", by_id=command_line_user().pk).exists()


def test_a_dry_run_says_the_same_and_writes_nothing(books, run):
    before = fingerprint()
    assert "lines changed: 2" in run(ledger_csv(), dry_run=True)
    assert "problems. Nothing written." in run(ledger_csv(("9", "9", "", "1", "0")), dry_run=True)
    assert fingerprint() == before


def test_the_same_file_again_says_when_it_was_applied(books, run):
    run(ledger_csv())
    said = run(ledger_csv())
    assert "Already applied on" in said
    assert "Nothing written: 0 changes." in said


def test_what_is_to_be_confirmed_is_named_with_its_code(books, run):
    applied(books, ledger_csv(), period=books.earlier)
    rows = [(centre, code, amount, "0") for centre, code, _, amount, _ in ROWS[1:]]
    content = ledger_csv(("00123", "1010", "400000.11", "0"), *rows, headings=MONTH)
    said = run(content)
    assert "Restated: Placements: £700,000.30 in the last ledger, now £700,000.31: £0.01" in said
    assert "Repeat with --confirm restated if it is right." in said
    assert run(content, confirm=["restated"]).endswith("Written.\n")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"council": "nowhere"}, "There is no council “nowhere”"),
        ({"period": "2023-24/p12"}, "has not been opened"),
        ({"period": "soon"}, "soon"),
        ({"control_total": "1e5"}, "--control-total"),
        ({"control_total": "1"}, "differs by"),
    ],
)
def test_what_is_asked_wrongly_is_told(books, run, options, words):
    before = fingerprint()
    assert words in run(ledger_csv(), **options)
    assert fingerprint() == before
