"""The ledger in the browser: sent, waited for, looked at, mapped, confirmed; and who finds what."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from services.models import LedgerBatch, LedgerCode
from services.operations.ledger import LOST_AFTER
from services.roles import Role
from tests.services.factories import make_council, make_forecast, make_member_of, make_published
from tests.services.ledger.support import ROWS, applied, ledger_csv, make_books, work
from tests.services.pages import words

pytestmark = pytest.mark.django_db
HERE = "/north-borough/working/2023-24/p7/ledger/"


@pytest.fixture
def books(db):
    return make_books()


@pytest.fixture
def officer(client, books):
    client.force_login(books.officer)
    return client


@pytest.fixture
def capture(django_capture_on_commit_callbacks):
    return django_capture_on_commit_callbacks


def sent(client, content, capture, name="ledger.csv", **given):
    """Send a file that is taken, and return the address of its page."""
    with capture(execute=True):
        response = client.post(HERE, {"file": SimpleUploadedFile(name, content), **given})
    assert response.status_code == 302, words(response)
    return response["Location"]


def press(client, address, capture, **given):
    with capture(execute=True):
        return client.post(address, given, follow=True)


def test_a_ledger_is_sent_waited_for_looked_at_and_applied(officer, books, capture):
    address = sent(officer, ledger_csv(), capture)
    waiting = officer.get(address)
    assert "Waiting to be checked" in words(waiting)
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in waiting.content.decode()
    assert officer.get(f"{address}progress/").json() == {
        "state": "staged",
        "done": 0,
        "all": 0,
        "lost": False,
    }
    work()
    page = words(officer.get(address))
    assert "Nothing is written yet" in page
    assert "Placements 650,000.00 700,000.30 50,000.30" in page
    assert "Apply this ledger to Month 7, October 2023: 2 lines" in page
    assert "is confirmed and is being applied" in words(press(officer, f"{address}confirm/", capture))
    assert "Being applied" in words(officer.get(address))
    work()
    assert "4 codes, 2 lines changed" in words(officer.get(address))
    assert "Applied" in words(officer.get(HERE))


def test_an_unknown_code_is_mapped_on_the_page(officer, books, capture):
    address = sent(
        officer, ledger_csv(*ROWS, ("777", "1", "Agency", "5", "0"), ("777", "2", "", "5", "0")), capture
    )
    work()
    page = officer.get(address)
    assert "Nothing can be written yet: 2 problems" in words(page)
    assert "Codes without a service line: 2" in words(page)
    assert "Apply this ledger" not in words(page)
    seen = page.context["mapping"]["seen"].value()
    wrong = officer.post(f"{address}map/", {"seen": seen, "line_0": "Nowhere"})
    assert (wrong.status_code, "neither the code nor the name" in words(wrong)) == (422, True)
    assert "was checked again" in words(officer.post(f"{address}map/", {"seen": "old", "line_0": "C02"}))
    press(officer, f"{address}map/", capture, seen=seen, line_0="C02 · Fostering", all_0="on", line_1="")
    assert LedgerCode.objects.get(cost_centre="777").service_line == books.fostering
    work()
    assert "Apply this ledger" in words(officer.get(address))


def test_problems_can_be_taken_away_as_a_csv(officer, books, capture):
    address = sent(officer, ledger_csv(("=1+1", "1", "", "5", "0")), capture)
    work()
    response = officer.get(f"{address}problems.csv")
    assert response["Content-Type"].startswith("text/csv")
    assert "no service line for this code" in response.content.decode("utf-8-sig")


def test_findings_are_ticked_before_anything_is_applied(officer, books, capture):
    applied(books, ledger_csv())
    address = sent(officer, ledger_csv(*ROWS[:2]), capture)
    work()
    response = officer.post(f"{address}confirm/")
    assert (response.status_code, "Tick this if it is right" in words(response)) == (422, True)
    press(officer, f"{address}confirm/", capture, **{"missing-lines": "on"})
    work()
    assert LedgerBatch.objects.filter(state="applied").count() == 2


def test_a_ledger_that_still_stands_says_so_and_offers_no_button(officer, books, capture):
    applied(books, ledger_csv())
    address = sent(officer, ledger_csv(), capture)
    work()
    page = words(officer.get(address))
    assert "This file has been applied already" in page
    assert "Apply this ledger" not in page


def test_a_stopped_worker_is_told_and_the_file_started_again(officer, books, capture):
    address = sent(officer, ledger_csv(), capture)
    LedgerBatch.objects.update(state="checking", worked_at=timezone.now() - 2 * LOST_AFTER)
    assert "The worker has stopped" in words(officer.get(address))
    assert "Waiting to be checked" in words(press(officer, f"{address}again/", capture))


def test_a_wrong_file_is_refused_on_the_form_and_a_typed_total_is_kept(officer, books):
    response = officer.post(HERE, {"file": SimpleUploadedFile("l.csv", b"%PDF-1.7"), "stated": "12.50"})
    assert (response.status_code, "The file is a PDF" in words(response)) == (422, True)
    assert 'value="12.50"' in response.content.decode()
    assert LedgerBatch.objects.count() == 0


def test_a_closed_period_says_so_before_and_after(officer, books):
    make_forecast(books.fostering, books.period, "500000")
    make_published(books.period)
    assert "This period takes no more figures" in words(officer.get(HERE))
    response = officer.post(HERE, {"file": SimpleUploadedFile("l.csv", ledger_csv())})
    assert (response.status_code, LedgerBatch.objects.count()) == (422, 0)


def test_the_mapping_table_is_kept_by_pasted_rows(officer, books):
    page = words(officer.get(f"{HERE}codes/"))
    assert "00200 any other Fostering open" in page
    response = officer.post(
        f"{HERE}codes/",
        {
            "rows": "Cost centre\tSubjective code\tService line\tClosed from\n00300\t1010\tFostering\t\n00123\t4010\tC01\t2023-24/p7"
        },
        follow=True,
    )
    assert "2 codes added or changed" in words(response)
    assert "00123 4010 Placements 2023-24/p7" in words(officer.get(f"{HERE}codes/?q=4010"))
    assert "00200" not in words(officer.get(f"{HERE}codes/?q=4010"))
    assert "00300,1010,Fostering" in officer.get(f"{HERE}codes/codes.csv").content.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (",1,Fostering", "The cost centre is blank"),
        ("1,1", "The service line is missing"),
        ("1,1,Nowhere", "neither the code nor the name"),
        ("1,1,Fostering,soon", "period"),
        ("1,1,Fostering,2023-24/p12", "has not been opened"),
        ("1,1,Fostering\n1,1,C01", "The code is there twice"),
        ("1,1,Fostering,,x", "more than four columns"),
        ("   ", "at least one"),
    ],
)
def test_a_wrong_row_of_the_mapping_table_is_told_and_nothing_is_changed(officer, books, row, fault):
    before = set(LedgerCode.objects.values_list("cost_centre", "subjective", "version"))
    response = officer.post(f"{HERE}codes/", {"rows": row})
    assert response.status_code == 422
    assert fault in words(response)
    assert set(LedgerCode.objects.values_list("cost_centre", "subjective", "version")) == before


@pytest.mark.parametrize("role", [Role.SCRUTINY_MEMBER, Role.CLERK])
def test_members_and_strangers_find_nothing(client, books, capture, role):
    client.force_login(books.officer)
    address = sent(client, ledger_csv(), capture)
    for person in (
        make_member_of(books.council, role),
        make_member_of(make_council("south", "South"), Role.HEAD_OF_FINANCE),
    ):
        client.force_login(person)
        for place in (HERE, f"{HERE}codes/", address, f"{address}progress/", f"{address}problems.csv"):
            assert client.get(place).status_code == 404, place
        for place in (
            HERE,
            f"{HERE}codes/",
            f"{address}confirm/",
            f"{address}map/",
            f"{address}again/",
            f"{address}abandon/",
        ):
            assert client.post(place).status_code == 404, place


def test_readers_and_people_of_one_directorate_are_refused(client, books):
    directorate = books.placements.division.directorate
    for role, scope in (
        (Role.AUDITOR, None),
        (Role.BUDGET_HOLDER, directorate),
        (Role.FINANCE_OFFICER, directorate),
    ):
        person = make_member_of(books.council, role, directorate=scope, username=f"one-{role}")
        client.force_login(person)
        assert (client.get(HERE).status_code, client.post(HERE).status_code) == (403, 403), role
        assert "/ledger/" not in client.get("/north-borough/working/2023-24/p7/").content.decode()


def test_a_file_of_another_period_is_not_found_here(officer, books, capture):
    address = sent(officer, ledger_csv(), capture)
    assert officer.get(address.replace("/p7/", "/p6/")).status_code == 404
