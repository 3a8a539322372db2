"""A ledger whose headings nobody knows is explained in the browser, and the explanation is kept as a profile."""

import pytest

from services.models import Forecast, ImportProfile, LedgerBatch
from services.roles import Role
from tests.services.factories import make_member_of, make_published
from tests.services.ledger.support import make_books, work
from tests.services.ledger.test_pages import HERE, press, sent
from tests.services.pages import words

pytestmark = pytest.mark.django_db
FOREIGN = (
    b"CC,Subj,What it is,YTD (GBP),Open POs\n"
    b"00123,1010,Fees,650000.10,1000\n00123,4010,Fees,50000.20,0\n00200,1010,Pay,300000,0\n00200,9010,Pay,5,0\n"
    b"All of it,,,1000005.30,1000\n"
)
MEANS = {
    "column_0": "code",
    "column_1": "subjective",
    "column_2": "service_line",
    "column_3": "actual_to_date",
    "column_4": "commitments",
    "total_rows": "All of it",
}


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


@pytest.fixture
def unread(officer, capture):
    """The page of a file that was sent and looked at, of which no heading is known."""
    address = sent(officer, FOREIGN, capture)
    work()
    return address


def test_headings_that_nobody_knows_are_said_on_the_page(officer, unread):
    page = officer.get(unread)
    assert "No row of headings was found" in words(page)
    labels = [field.label for field in page.context["reading"].column_fields]
    assert labels == ["CC", "Subj", "What it is", "YTD (GBP)", "Open POs"]
    assert "An overspend is printed" not in words(page)  # a ledger has no variances


def test_a_file_is_read_as_was_said_and_the_profile_serves_the_next(officer, books, unread, capture):
    answer = press(officer, f"{unread}read/", capture, save_as="Our ledger", **MEANS)
    assert "The file is being read as you said" in words(answer)
    work()
    (again,) = LedgerBatch.objects.filter(state="checked")
    page = officer.get(f"{HERE}{again.pk}/")
    assert (
        not LedgerBatch.objects.filter(pk=unread.rstrip("/").rsplit("/", 1)[1])
        .exclude(state="abandoned")
        .exists()
    )
    assert "Apply this ledger" in words(page), words(page)
    chosen = {field.label: field.value() for field in page.context["reading"].column_fields}
    assert chosen["YTD (GBP)"] == "actual_to_date"
    press(officer, f"{HERE}{again.pk}/confirm/", capture)
    work()
    assert Forecast.objects.get(service_line=books.placements).actual_to_date.to_eng_string() == "700000.30"
    profile = ImportProfile.objects.get(name="Our ledger")
    next_month = FOREIGN.replace(b"650000.10", b"650000.20").replace(b"1000005.30", b"1000005.40")
    address = sent(officer, next_month, capture, profile=profile.pk)
    work()
    assert "Apply this ledger" in words(officer.get(address))


def test_a_column_said_twice_is_told_and_nothing_is_written(officer, unread, capture):
    press(officer, f"{unread}read/", capture, **(MEANS | {"column_4": "actual_to_date"}))
    work()
    newest = LedgerBatch.objects.order_by("-pk").first()
    assert "More than one column holds the actual to date" in words(officer.get(f"{HERE}{newest.pk}/"))
    assert Forecast.objects.filter(actual_to_date=700000).count() == 0


def test_a_meaning_that_is_not_offered_is_refused_beside_its_heading(officer, unread):
    answer = officer.post(f"{unread}read/", MEANS | {"column_0": "revised_budget"})
    assert answer.status_code == 422
    assert "Select a valid choice" in words(answer)
    assert LedgerBatch.objects.count() == 1


def test_a_file_that_is_done_with_is_not_read_again(officer, unread, capture):
    press(officer, f"{unread}abandon/", capture)
    assert "no longer waiting" in words(press(officer, f"{unread}read/", capture, **MEANS))


def test_a_locked_month_takes_no_file_read_another_way(officer, books, unread, capture):
    make_published(books.period)
    answer = press(officer, f"{unread}read/", capture, **MEANS)
    assert answer.status_code == 422
    assert LedgerBatch.objects.count() == 1


def test_only_who_imports_for_the_whole_council_says_how(client, books, unread):
    for role, status in ((Role.AUDITOR, 403), (Role.SCRUTINY_MEMBER, 404)):
        client.force_login(make_member_of(books.council, role))
        assert client.post(f"{unread}read/", MEANS).status_code == status


def test_known_headings_may_be_corrected_too(officer, books, capture):
    content = b"Cost centre,Subjective code,Actual,Commitments\n100,1,5,700000\n"
    address = sent(officer, content, capture)
    work()
    headings = [field.value() for field in officer.get(address).context["reading"].column_fields]
    assert headings == ["code", "subjective", "actual_to_date", "commitments"]
