"""A ledger outside the request: staged, checked by the worker, confirmed, applied; and what a lost worker leaves behind."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from services import tasks
from services.imports.ledger_codes import CodeEntry
from services.models import AuditEntry, LedgerBatch
from services.operations import ledger_work
from services.operations.ledger import (
    LOST_AFTER,
    abandon_ledger,
    check_again,
    confirm_ledger,
    is_lost,
    stage_ledger,
)
from services.operations.ledger_codes import set_ledger_codes
from services.operations.refusals import AlreadyDoneError, InvalidEntryError, NotAllowedError, Refused
from tests.services.factories import make_forecast, make_published, make_user, the_head
from tests.services.ledger.support import ROWS, applied, as_file, ledger_csv, make_books, staged, work

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def books(db):
    return make_books()


@pytest.fixture
def capture(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def now(batch):
    return LedgerBatch.objects.get(pk=batch.pk)


def checked(books, content, capture, **options):
    batch = staged(books, content, capture, **options)
    assert work() == 1
    return now(batch)


def confirmed(books, batch, capture, codes=()):
    with capture(execute=True):
        return confirm_ledger(by=books.officer, batch=batch, confirmed=frozenset(codes))


def test_a_file_goes_from_staged_to_checked_to_applied(books, capture):
    batch = staged(books, ledger_csv(), capture)
    assert (batch.state, books.amounts()) == ("staged", set())
    work()
    batch = now(batch)
    assert (batch.state, batch.rows_done, batch.rows_all, batch.is_clean) == ("checked", 4, 4, True)
    assert (books.amounts(), batch.outcome["changed"]) == (set(), 2)
    assert confirmed(books, batch, capture).state == "applying"
    assert books.amounts() == set()
    work()
    assert (now(batch).state, now(batch).applied_by) == ("applied", books.officer)
    assert books.figures(books.placements) == (Decimal("700000.30"), Decimal("25000.50"))
    actions = AuditEntry.objects.filter(subject_type="ledgerbatch").values_list("action", flat=True)
    assert list(actions.order_by("sequence")) == ["stage ledger", "confirm ledger", "apply ledger"]


def test_the_same_file_staged_twice_is_one_file(books, capture):
    first, second = (staged(books, ledger_csv(), capture) for _ in range(2))
    assert first.pk == second.pk
    assert work() == 1


def test_a_job_that_is_done_twice_has_one_effect(books, capture):
    batch = checked(books, ledger_csv(), capture)
    confirmed(books, batch, capture)
    for _ in range(2):
        tasks.apply_ledger.func(batch.pk)
        tasks.check_ledger.func(batch.pk)
    assert AuditEntry.objects.filter(action="apply ledger", subject_type="ledgerbatch").count() == 1
    with pytest.raises(AlreadyDoneError, match="has already been applied, by Finance officer"):
        confirm_ledger(by=books.officer, batch=batch, confirmed=frozenset())


def test_the_worker_says_how_far_it_is(books, capture, monkeypatch):
    entries = [
        CodeEntry(cost_centre="B", subjective=f"{n:05}", line_id=books.placements.pk) for n in range(6000)
    ]
    set_ledger_codes(by=books.officer, council=books.council, entries=entries)
    batch = staged(books, ledger_csv(*[("B", f"{n:05}", "", "1.00", "0") for n in range(6000)]), capture)
    told = []
    plain = ledger_work.read_ledger

    def listening(*arguments, told: object, **options):
        def both(done, count):
            plain_told(done, count)
            told_now = now(batch)
            steps.append((told_now.state, told_now.rows_done, told_now.rows_all))

        plain_told, steps = told, progress
        return plain(*arguments, told=both, **options)

    progress = told
    monkeypatch.setattr(ledger_work, "read_ledger", listening)
    work()
    assert progress == [("checking", n, 6000) for n in (0, 2500, 5000, 6000)]


def test_a_file_that_is_no_table_is_refused_on_the_spot_and_not_kept(books):
    with pytest.raises(InvalidEntryError, match="The file is a PDF"):
        stage_ledger(by=books.officer, council=books.council, period=books.period, file=as_file(b"%PDF-1.7"))
    assert LedgerBatch.objects.count() == 0


def test_a_file_without_headings_fails_and_says_why(books, capture):
    batch = checked(books, b"a,b\n1,2\n", capture)
    assert batch.state == "failed"
    assert "No row of headings was found" in batch.error


def test_a_fault_of_the_program_is_told_without_its_inside_and_writes_nothing(
    books, capture, monkeypatch, caplog
):
    monkeypatch.setattr(ledger_work, "assess_ledger", lambda **options: 1 / 0)
    batch = checked(books, ledger_csv(), capture)
    assert (batch.state, "division" in batch.error) == ("failed", False)
    assert "could not be checked" in caplog.text


def test_nothing_is_applied_while_a_problem_or_a_finding_remains(books, capture):
    bad = checked(books, ledger_csv(*ROWS, ("9", "9", "", "1", "0")), capture)
    with pytest.raises(Refused, match="The file has problems"):
        confirm_ledger(by=books.officer, batch=bad, confirmed=frozenset())
    doubtful = checked(books, ledger_csv(*ROWS, ("Total", "", "", "780000.30", "25000.50")), capture)
    with pytest.raises(Refused, match="still to be confirmed"):
        confirm_ledger(by=books.officer, batch=doubtful, confirmed=frozenset({"sign"}))
    confirmed(books, doubtful, capture, ["total-row"])
    work()
    assert now(doubtful).state == "applied"


def test_mapped_codes_clear_their_problems_when_the_file_is_checked_again(books, capture):
    batch = checked(books, ledger_csv(*ROWS, ("9", "9", "", "1", "0")), capture)
    assert [code["cost_centre"] for code in batch.outcome["unknown"]] == ["9"]
    set_ledger_codes(
        by=books.officer,
        council=books.council,
        entries=[CodeEntry(cost_centre="9", line_id=books.fostering.pk)],
    )
    with capture(execute=True):
        check_again(by=books.officer, batch=batch)
    work()
    assert (now(batch).is_clean, now(batch).outcome["unknown"]) == (True, [])


def test_what_changed_since_the_check_is_shown_and_not_applied(books, capture):
    batch = checked(books, ledger_csv(), capture)
    make_forecast(books.placements, books.period, "1300000", actual_to_date="1")
    confirmed(books, batch, capture)
    work()
    batch = now(batch)
    assert (batch.state, books.amounts()) == ("checked", set())
    assert "Nothing was written" in batch.error
    assert batch.outcome["changes"][0]["actual_before"] == "1.00"
    confirmed(books, batch, capture)
    work()
    assert now(batch).state == "applied"


def test_of_two_ledgers_of_one_period_the_second_is_told_of_the_first(books, capture):
    first = checked(books, ledger_csv(), capture)
    second = checked(books, ledger_csv(ROWS[0], *ROWS[2:]), capture)
    for batch in (first, second):
        confirmed(books, batch, capture)
    work()
    assert (now(first).state, now(second).state) == ("applied", "checked")
    assert "the period's ledger has changed" in now(second).error


def test_a_period_that_closed_meanwhile_takes_no_ledger(books, capture):
    batch = checked(books, ledger_csv(), capture)
    confirmed(books, batch, capture)
    make_forecast(books.fostering, books.period, "500000")
    make_published(books.period)
    work()
    assert (now(batch).state, now(batch).is_clean) == ("checked", False)
    assert books.amounts() == set()


def test_a_person_who_lost_their_role_meanwhile_applies_nothing(books, capture):
    batch = checked(books, ledger_csv(), capture)
    confirmed(books, batch, capture)
    books.officer.roles.all().delete()
    work()
    assert (now(batch).state, books.amounts()) == ("checked", set())
    assert "Your role does not let you" in now(batch).error


@pytest.mark.parametrize("state", ["staged", "checking", "applying"])
def test_a_file_whose_worker_was_lost_can_be_started_again(books, capture, state):
    batch = checked(books, ledger_csv(), capture)
    if state == "applying":
        confirmed(books, batch, capture)
    LedgerBatch.objects.filter(pk=batch.pk).update(state=state, worked_at=timezone.now())
    from django_tasks_db.models import DBTaskResult

    DBTaskResult.objects.all().delete()  # the job went with its worker
    with pytest.raises(AlreadyDoneError, match="Wait until that is done"):
        check_again(by=books.officer, batch=batch)
    LedgerBatch.objects.filter(pk=batch.pk).update(
        worked_at=timezone.now() - LOST_AFTER - timedelta(seconds=1)
    )
    assert is_lost(now(batch))
    with capture(execute=True):
        check_again(by=books.officer, batch=batch)
    assert work() == 1
    assert now(batch).state == ("applied" if state == "applying" else "checked")


def test_a_worker_that_dies_while_it_writes_leaves_nothing_half_applied(books, capture, monkeypatch):
    batch = checked(books, ledger_csv(), capture)
    confirmed(books, batch, capture)

    def killed(**options):
        raise KeyboardInterrupt

    monkeypatch.setattr(ledger_work, "audited", lambda *arguments, **options: killed())
    with pytest.raises(KeyboardInterrupt):
        tasks.apply_ledger.func(batch.pk)
    assert books.amounts() == set()
    assert books.figures(books.placements) == (Decimal("650000.00"), None)
    assert now(batch).state == "applying"
    monkeypatch.undo()
    tasks.apply_ledger.func(batch.pk)
    assert now(batch).state == "applied"


def test_a_file_put_aside_while_it_is_checked_stays_aside(books, capture):
    batch = staged(books, ledger_csv(), capture)
    abandon_ledger(by=books.officer, batch=batch)
    work()
    assert now(batch).state == "abandoned"
    with pytest.raises(AlreadyDoneError, match="was put aside"):
        abandon_ledger(by=books.officer, batch=batch)


def test_the_same_file_after_it_was_applied_says_so(books, capture):
    applied(books, ledger_csv())
    batch = checked(books, ledger_csv(), capture)
    assert (batch.outcome["already"], batch.outcome["changed"]) == (True, 0)


def test_only_those_who_import_for_the_whole_council_may(books):
    the_head(books.council)
    with pytest.raises(NotAllowedError):
        stage_ledger(by=make_user(), council=books.council, period=books.period, file=as_file(ledger_csv()))
