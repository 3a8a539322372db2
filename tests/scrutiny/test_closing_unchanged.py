"""A period reopened and found right is closed as it was by two people: the publication stands, and no version is added."""

import pytest

from scrutiny.closing.operations import (
    ChangedError,
    agree_to_close_unchanged,
    ask_to_close_unchanged,
    decline_to_close_unchanged,
)
from scrutiny.models import ClosingRequest, Publication, PublishedFigure
from scrutiny.operations import propose_publication, publish
from services import audit
from services.models import AuditEntry, PublishedVariance
from services.operations.periods import reopen_period
from services.operations.refusals import (
    AlreadyDoneError,
    InvalidEntryError,
    NotAllowedError,
    SelfApprovalError,
)
from services.operations.risks import record_risk
from tests.services.factories import explain, make_forecast
from tests.services.pages import BASE, make_office, words

pytestmark = pytest.mark.django_db
PAGE = f"{BASE}publish/"
WHY = "The invoice belongs to next month."


@pytest.fixture
def office(db):
    """Month 7, published once and reopened."""
    office = make_office()
    make_forecast(office.fostering, office.period, "500000")
    explain(office.placements, office.period)
    officer, head = office.people["officer"], office.people["head"]
    publish(by=officer, approved_by=head, council=office.council, period=office.period)
    reopen_period(by=head, asked_by=officer, period=office.period, reason="A late invoice.")
    office.period.refresh_from_db()
    return office


def published():
    """Everything that is public, as it stands."""
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Publication, PublishedFigure, PublishedVariance)
    ]


def ask(office, reason=WHY):
    return ask_to_close_unchanged(
        by=office.people["officer"], council=office.council, period=office.period, reason=reason
    )


def test_two_people_close_a_period_as_it_was_and_no_version_is_added(office):
    before = published()
    officer, head = office.client("officer"), office.client("head")
    said = words(officer.get(PAGE))
    assert "Nothing has changed since version 1" in said
    assert (
        "another person closes the period"
        in words(officer.post(f"{PAGE}close/", {"reason": WHY}, follow=True)).lower()
    )
    asked = ClosingRequest.objects.get()
    assert officer.post(f"{PAGE}close/{asked.pk}/agree/").status_code == 403
    assert WHY in words(head.get(PAGE))
    done = words(head.post(f"{PAGE}close/{asked.pk}/agree/", follow=True))
    assert "is closed as it was. Month 7, October 2023, version 1 stands." in done
    office.period.refresh_from_db()
    assert (office.period.state, office.period.publications) == ("published", 1)
    assert published() == before
    entry = AuditEntry.objects.get(action="close period unchanged")
    assert (entry.reason, entry.by_id, entry.after["proposed_by"]) == (
        WHY,
        office.people["head"].pk,
        str(office.people["officer"]),
    )
    assert list(audit.broken_chains()) == []


def test_nobody_closes_what_they_asked_to_be_closed(office):
    head = office.people["head"]
    asked = ask_to_close_unchanged(by=head, council=office.council, period=office.period, reason=WHY)
    with pytest.raises(SelfApprovalError):
        agree_to_close_unchanged(by=head, request=asked)
    assert "You asked for this, so another person agrees." in words(office.client("head").get(PAGE))


def test_only_a_person_who_approves_publications_agrees_and_a_reason_is_needed(office):
    with pytest.raises(InvalidEntryError, match="must not be blank"):
        ask(office, reason=" ")
    with pytest.raises(NotAllowedError):
        ask_to_close_unchanged(
            by=office.people["holder"], council=office.council, period=office.period, reason=WHY
        )
    with pytest.raises(NotAllowedError):
        agree_to_close_unchanged(by=office.people["auditor"], request=ask(office))


def test_a_period_in_which_something_changed_is_corrected_and_not_closed_as_it_was(office):
    make_forecast(office.fostering, office.period, "500001")
    with pytest.raises(ChangedError, match="from £500,000 to £500,001"):
        ask(office)
    assert "Nothing has changed since" not in words(office.client("officer").get(PAGE))


def test_what_changes_between_asking_and_agreeing_stops_it(office):
    asked = ask(office)
    record_risk(by=office.people["officer"], period=office.period, kind="risk", title="Prices")
    with pytest.raises(ChangedError, match="Risk “Prices”: added"):
        agree_to_close_unchanged(by=office.people["head"], request=asked)
    office.period.refresh_from_db()
    assert office.period.state == "submitted"


def test_it_can_be_declined_and_then_corrected(office):
    asked = ask(office)
    decline_to_close_unchanged(by=office.people["head"], request=asked)
    with pytest.raises(AlreadyDoneError, match="declined already"):
        agree_to_close_unchanged(by=office.people["head"], request=asked)
    reopen_period(by=office.people["head"], period=office.period, reason="It needs correcting after all.")
    make_forecast(office.fostering, office.period, "500001")
    publish(
        by=office.people["officer"],
        approved_by=office.people["head"],
        council=office.council,
        period=office.period,
    )
    assert [row.version for row in Publication.objects.order_by("version")] == [1, 2]


def test_it_is_asked_once_and_beside_no_proposal(office):
    ask(office)
    with pytest.raises(AlreadyDoneError, match="already asked that Month 7"):
        ask(office)


def test_a_period_that_is_closed_or_was_never_published_has_nothing_to_stand(office):
    agree_to_close_unchanged(by=office.people["head"], request=ask(office))
    with pytest.raises(AlreadyDoneError, match="is published already"):
        ask(office)


def test_a_proposal_that_waits_is_withdrawn_first(office):
    make_forecast(office.fostering, office.period, "500001")
    propose_publication(by=office.people["officer"], council=office.council, period=office.period)
    with pytest.raises(AlreadyDoneError, match="Withdraw the proposal first"):
        ask(office)
