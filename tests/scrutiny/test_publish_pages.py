"""The page on which two people publish a period."""

import pytest

from scrutiny.models import Publication, PublicationProposal
from services.models import MonitoringPeriod, ReopenRequest
from tests.services.factories import explain, make_forecast
from tests.services.pages import BASE, make_office, words

pytestmark = pytest.mark.django_db
PAGE = f"{BASE}publish/"


@pytest.fixture
def office(db):
    return make_office()


@pytest.fixture
def ready(office):
    """The office with every line forecast and explained."""
    make_forecast(office.fostering, office.period, "500000")
    explain(office.placements, office.period)
    return office


def test_the_checks_say_what_stops_a_publication(office):
    said = words(office.client("officer").get(PAGE))
    assert "To know Forecasts. 1 of 3 lines have none: Fostering." in said
    assert "Stops it Reasons. A reason must be confirmed for this period for Placements." in said
    assert "Funds apart. The General Fund total counts its own 2 lines and none of the DSG’s 1." in said
    assert "It cannot be proposed until every check that says “Stops it” is put right." in said


def test_a_proposal_that_a_check_stops_is_refused_by_the_server_too(office):
    response = office.client("officer").post(f"{PAGE}propose/", follow=True)
    assert "no reason confirmed for this period: Placements" in words(response)
    assert not PublicationProposal.objects.exists()


def test_one_person_proposes_and_another_publishes(ready):
    officer, head = ready.client("officer"), ready.client("head")
    assert "Another person approves it" in words(officer.post(f"{PAGE}propose/", follow=True))
    proposal = PublicationProposal.objects.get()
    assert officer.post(f"{PAGE}{proposal.pk}/approve/").status_code == 403
    assert "Month 7, October 2023 is published." in words(
        head.post(f"{PAGE}{proposal.pk}/approve/", follow=True)
    )
    publication = Publication.objects.get()
    assert (publication.version, publication.published_by, publication.approved_by) == (
        1,
        ready.people["officer"],
        ready.people["head"],
    )
    assert "Version 1 is published" in words(officer.get(PAGE))


def test_nobody_approves_their_own_proposal(ready):
    """F13: the two-person rule, on the page and by the server."""
    head = ready.client("head")
    head.post(f"{PAGE}propose/")
    assert "You proposed it, so another person approves it." in words(head.get(PAGE))
    proposal = PublicationProposal.objects.get()
    assert "another person must approve it" in words(head.post(f"{PAGE}{proposal.pk}/approve/", follow=True))
    assert not Publication.objects.exists()


def test_the_second_of_two_who_press_publish_is_told_who_and_when(ready):
    ready.client("officer").post(f"{PAGE}propose/")
    approve = f"{PAGE}{PublicationProposal.objects.get().pk}/approve/"
    ready.client("head").post(approve)
    said = words(ready.client("head").post(approve, follow=True))
    assert "was published by Finance officer and approved by Head of finance" in said
    assert Publication.objects.count() == 1


def test_a_figure_changed_since_the_proposal_is_not_published_unseen(ready):
    officer, head = ready.client("officer"), ready.client("head")
    officer.post(f"{PAGE}propose/")
    proposal = PublicationProposal.objects.get()
    head.post(f"{PAGE}reopen/", {"reason": "A late figure."})
    make_forecast(ready.fostering, ready.period, "510000")
    said = words(head.post(f"{PAGE}{proposal.pk}/approve/", follow=True))
    assert "have changed since their publication was proposed" in said or "withdrawn" in said
    assert not Publication.objects.exists()


def test_a_period_is_reopened_only_with_a_reason_and_what_was_published_stays(ready):
    """T05: a reason, and the version published before is as it was."""
    officer, head = ready.client("officer"), ready.client("head")
    officer.post(f"{PAGE}propose/")
    head.post(f"{PAGE}{PublicationProposal.objects.get().pk}/approve/")
    digest = Publication.objects.get().digest
    assert "must not be blank" in words(head.post(f"{PAGE}reopen/ask/", {"reason": ""}, follow=True))
    head.post(f"{PAGE}reopen/ask/", {"reason": "Fostering was mistyped."})
    assert MonitoringPeriod.objects.get().state == "published"
    agree = f"{PAGE}reopen/{ReopenRequest.objects.get().pk}/agree/"
    assert "another person must approve it" in words(head.post(agree, follow=True))
    officer.post(agree)
    assert MonitoringPeriod.objects.get().state == "open"
    make_forecast(ready.fostering, ready.period, "520000")
    officer.post(f"{PAGE}propose/")
    waiting = PublicationProposal.objects.get(state="proposed")
    head.post(f"{PAGE}{waiting.pk}/approve/")
    versions = list(Publication.objects.order_by("version"))
    assert [row.version for row in versions] == [1, 2]
    assert versions[0].digest == digest
    assert "Version 2" in words(officer.get(PAGE))


def test_one_person_alone_never_opens_a_locked_period(ready):
    """T05: two people open a locked period."""
    officer, head = ready.client("officer"), ready.client("head")
    officer.post(f"{PAGE}propose/")
    head.post(f"{PAGE}{PublicationProposal.objects.get().pk}/approve/")
    assert "two people reopen it" in words(head.post(f"{PAGE}reopen/", {"reason": "x"}, follow=True))
    assert officer.post(f"{PAGE}reopen/", {"reason": "x"}).status_code == 403
    for who in ("holder", "auditor"):
        assert ready.client(who).post(f"{PAGE}reopen/ask/", {"reason": "x"}).status_code == 403
    officer.post(f"{PAGE}reopen/ask/", {"reason": "Fostering was mistyped."})
    said = words(officer.get(PAGE))
    assert "Fostering was mistyped." in said
    assert "Agree and reopen" not in said
    assert "Agree and reopen" in words(head.get(PAGE))
    asked = ReopenRequest.objects.get()
    head.post(f"{PAGE}reopen/{asked.pk}/decline/")
    assert MonitoringPeriod.objects.get().state == "published"
    assert "declined already" in words(head.post(f"{PAGE}reopen/{asked.pk}/agree/", follow=True))
    assert "Ask for the period to be reopened" in words(officer.get(PAGE))


def test_a_proposal_is_withdrawn(ready):
    officer = ready.client("officer")
    officer.post(f"{PAGE}propose/")
    proposal = PublicationProposal.objects.get()
    officer.post(f"{PAGE}{proposal.pk}/withdraw/", {"reason": "Not yet."})
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"
    assert "Nobody has proposed" not in words(officer.get(PAGE))
