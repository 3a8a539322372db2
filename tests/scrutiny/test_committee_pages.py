"""Pages of committees: what readers find, what only the clerk finds, and what becomes of the clerk's forms."""

from datetime import date, time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from icalendar import Calendar

from scrutiny.committees.operations import agenda, meetings
from scrutiny.models import AgendaItem, Committee, Meeting, Seat, WorkItem
from services.roles import Role
from tests.architecture.test_doors import addresses
from tests.scrutiny.meeting_records import (
    in_days,
    make_committee,
    make_exempt,
    make_item,
    make_meeting,
    make_paragraph,
    the_clerk,
)
from tests.services.factories import make_council, make_member_of, make_user
from tests.support.forms import form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def council(db):
    """A council with nothing but its name."""
    return make_council()


@pytest.fixture
def commission(council):
    """Its scrutiny commission."""
    return make_committee(council, slug="commission", remit="Scrutinises budgets.")


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def member(council):
    """A scrutiny member's browser."""
    return signed_in(make_member_of(council, Role.SCRUTINY_MEMBER, username="a-member"))


@pytest.fixture
def clerk(council):
    """The clerk's browser."""
    return signed_in(the_clerk(council))


def words(client, address):
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def sent(client, address, *, holding, **typed):
    """Open a page with a form, type over it, send it; return the answer."""
    at, fields = form_of(client.get(address), holding=holding)
    return client.post(at, fields | typed)


def test_a_reader_finds_a_committee_its_seats_and_its_published_meetings(member, commission):
    Seat.objects.create(
        council=commission.council, committee=commission, kind="officer", role="Head of Finance", code="HoF"
    )
    make_committee(commission.council, "Mini-group", slug="mini", kind="mini_group", parent=commission)
    meeting = make_meeting(commission, state="published", day=in_days(20), starts_at=time(19, 0))
    make_meeting(commission, day=in_days(40), place="CANARY Hall")
    page = words(member, "/north-borough/committees/commission/")
    assert "Head of Finance (HoF)" in page
    assert f"/north-borough/meetings/{meeting.pk}/" in page
    assert "Mini-group" in page
    assert "CANARY" not in page + words(member, "/north-borough/committees/")
    assert "Set up for a time" in words(member, "/north-borough/committees/mini/")


def test_of_an_exempt_item_a_reader_finds_title_paragraph_and_reason_and_a_clerk_finds_the_rest(
    member, clerk, commission
):
    meeting = make_meeting(commission, state="published")
    make_exempt(
        meeting, words="CANARY words", lead_role="CANARY lead", start_time="CANARY", late_reason="CANARY"
    )
    page = words(member, f"/north-borough/meetings/{meeting.pk}/")
    assert "CANARY" not in page
    for said in (
        "Placement contracts",
        "Paragraph 3: information relating to",
        "Prices are still being agreed.",
    ):
        assert said in page
    assert "Kept from the public" not in page
    desk = words(clerk, f"/north-borough/desk/meetings/{meeting.pk}/")
    assert "Kept from the public:" in desk
    assert "CANARY words" in desk
    assert "CANARY" not in words(clerk, f"/north-borough/meetings/{meeting.pk}/")


def test_a_draft_meeting_is_not_there_for_readers_whatever_their_role(council, commission):
    meeting = make_meeting(commission)
    make_item(meeting)
    for role in Role:
        reader = signed_in(make_member_of(council, role, username=f"reader-{role.value}"))
        assert reader.get(f"/north-borough/meetings/{meeting.pk}/").status_code == 404, role


def test_a_meeting_of_another_council_is_not_found_under_this_ones_name(member, clerk):
    elsewhere = make_committee(make_council("south-east-borough", "South East Borough"))
    meeting = make_meeting(elsewhere, state="published")
    item = make_item(meeting)
    assert member.get(f"/north-borough/meetings/{meeting.pk}/").status_code == 404
    assert clerk.get(f"/north-borough/desk/meetings/{meeting.pk}/").status_code == 404
    assert clerk.get(f"/north-borough/desk/meetings/{meeting.pk}/items/{item.pk}/").status_code == 404


def test_the_desk_is_there_for_clerks_and_for_nobody_else(council, commission):
    meeting = make_meeting(commission)
    item = make_item(meeting)
    work = WorkItem.objects.create(council=council, committee=commission, title="Agency staff")
    known = {
        "slug": "north-borough",
        "committee": "commission",
        "meeting_id": meeting.pk,
        "item_id": item.pk,
        "work_id": work.pk,
        "step": "held",
    }
    desk = [
        address
        for address in addresses(get_resolver().url_patterns, known=known)
        if address.startswith("/north-borough/desk/") and "/papers/" not in address  # officers write reports
    ]
    assert len(desk) >= 15
    others = [
        make_member_of(council, role, username=f"x-{role.value}") for role in Role if role != Role.CLERK
    ]
    for person in (*others, make_user("stranger")):
        client = signed_in(person)
        found = {
            f"{method} {address}": client.generic(method, address).status_code
            for address in desk
            for method in ("GET", "POST")
        }
        assert {place: status for place, status in found.items() if status not in {404, 405}} == {}
    assert Meeting.objects.get().state == "draft"


def test_a_clerk_takes_a_meeting_from_nothing_to_its_minutes(clerk, member, council):
    sent(
        clerk,
        "/north-borough/desk/committees/new/",
        holding="clear_days",
        name="Families Panel",
        kind="panel",
    )
    panel = Committee.objects.get(slug="families-panel")
    sent(
        clerk,
        "/north-borough/desk/committees/families-panel/seats/",
        holding="role_1",
        kind_1="chair",
        role_1="Chair",
        kind_3="co_optee",
        role_3="Co-opted member",
        number_3="2",
    )
    assert [(seat.role, seat.number) for seat in panel.seats.all()] == [("Chair", 1), ("Co-opted member", 2)]
    sent(
        clerk,
        "/north-borough/desk/committees/families-panel/meetings/new/",
        holding="starts_at",
        day=in_days(40).isoformat(),
        starts_at="19:00",
        place="Town Hall",
    )
    meeting = Meeting.objects.get()
    desk = f"/north-borough/desk/meetings/{meeting.pk}/"
    for number, title in (("1", "Apologies"), ("2", "Budget monitoring"), ("3", "Contracts")):
        sent(clerk, f"{desk}items/new/", holding="lead_role", number=number, title=title)
    third = AgendaItem.objects.get(number="3")
    sent(
        clerk,
        f"{desk}items/{third.pk}/classify/",
        holding="paragraph",
        classification="exempt",
        paragraph="3",
        reason="Prices are still being agreed.",
    )
    meeting.refresh_from_db()
    clerk.post(f"{desk}items/{third.pk}/move/", {"seen": meeting.version, "to": "1"})
    assert [item.number for item in meeting.items.all()] == ["3", "1", "2"]
    address, fields = form_of(clerk.get(f"{desk}publish/"), holding="expected_version")
    assert clerk.post(address, fields).status_code == 302
    assert "Town Hall" in words(member, f"/north-borough/meetings/{meeting.pk}/")
    Meeting.objects.update(day=in_days(0))
    meeting.refresh_from_db()
    clerk.post(f"{desk}steps/held/", {"seen": meeting.version})
    make_paragraph(meeting.items.get(number="1"))
    clerk.post(f"{desk}steps/minutes/", {"seen": meeting.version + 1})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.minutes_published_at is not None) == ("minuted", True)


def test_late_papers_ask_for_the_chairs_reason_and_keep_what_was_typed(clerk, commission):
    meeting = make_meeting(commission, day=in_days(1))
    make_item(meeting)
    address = f"/north-borough/desk/meetings/{meeting.pk}/publish/"
    refused = sent(clerk, address, holding="late_reason")
    assert refused.status_code == 422
    assert "taking late: item 1" in refused.content.decode()
    refused = sent(clerk, address, holding="late_reason", late_reason="A flood closed the offices.")
    assert refused.status_code == 422
    assert "A flood closed the offices." in refused.content.decode()
    done = sent(
        clerk,
        address,
        holding="late_reason",
        late_reason="A flood closed the offices.",
        late_agreed_by="Chair",
    )
    assert done.status_code == 302
    assert AgendaItem.objects.get().late_agreed_by == "Chair"


def test_words_that_may_tell_who_a_child_is_are_asked_about_before_they_are_published(clerk, commission):
    meeting = make_meeting(commission)
    answer = sent(
        clerk,
        f"/north-borough/desk/meetings/{meeting.pk}/items/new/",
        holding="lead_role",
        number="1",
        title="Placements",
        words="Ongoing care for 3 young people.",
    )
    assert answer.status_code == 422
    assert "may tell who a child is" in answer.content.decode()
    assert not AgendaItem.objects.exists()


def test_two_clerks_change_one_item_and_the_second_sees_what_the_first_saved(clerk, commission, council):
    item = make_item(make_meeting(commission), title="Budget")
    address = f"/north-borough/desk/meetings/{item.meeting_id}/items/{item.pk}/"
    at, fields = form_of(clerk.get(address), holding="lead_role")
    agenda.change_item(by=the_clerk(council), item=item, expected_version=1, title="Budget monitoring")
    conflict = clerk.post(at, fields | {"title": "The budget"})
    assert conflict.status_code == 409
    page = conflict.content.decode()
    assert "Budget monitoring" in page
    assert "The budget" in page
    again, kept = form_of(conflict, holding="lead_role")
    assert clerk.post(again, kept).status_code == 302
    item.refresh_from_db()
    assert item.title == "The budget"


def test_a_form_sent_twice_makes_one_meeting(clerk, commission):
    address = "/north-borough/desk/committees/commission/meetings/new/"
    at, fields = form_of(clerk.get(address), holding="starts_at")
    fields["day"] = in_days(30).isoformat()
    assert [clerk.post(at, fields).status_code for _ in range(2)] == [302, 302]
    assert Meeting.objects.count() == 1


@pytest.mark.parametrize("step", ["nonsense", "published", "draft"])
def test_a_step_that_is_none_is_not_found(clerk, commission, step):
    meeting = make_meeting(commission)
    assert clerk.post(f"/north-borough/desk/meetings/{meeting.pk}/steps/{step}/").status_code == 404


def test_the_desk_says_what_waits_and_when_papers_are_due(clerk, commission):
    make_meeting(commission, day=in_days(40))
    make_meeting(commission, state="published", day=in_days(-1))
    make_meeting(commission, state="held", day=in_days(-9))
    page = words(clerk, "/north-borough/desk/")
    for said in ("Publish the agenda", "Say that it was held", "Publish the minutes", "Papers are due by"):
        assert said in page


def test_the_calendar_has_every_published_meeting_with_a_day_in_utc(member, commission, council):
    summer = make_meeting(
        commission,
        state="published",
        day=date(2027, 7, 6),
        starts_at=time(19, 0),
        place="Town Hall, Room 1; upstairs",
    )
    winter = make_meeting(commission, state="published", day=date(2027, 1, 12), starts_at=time(19, 0))
    untimed = make_meeting(commission, state="held", day=date(2026, 3, 1))
    make_meeting(commission, state="held", day=None, note="From the minutes.")
    make_meeting(commission, day=date(2027, 2, 2), place="CANARY Hall")
    cancelled = make_meeting(commission, state="published", day=date(2027, 3, 2))
    meetings.cancel_meeting(by=the_clerk(council), meeting=cancelled, expected_version=1, reason="Snow.")
    response = member.get("/north-borough/meetings.ics")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"CANARY" not in response.content
    assert response.content == member.get("/north-borough/meetings.ics").content
    events = {str(event["UID"]): event for event in Calendar.from_ical(response.content).walk("VEVENT")}
    assert set(events) == {f"meeting-{one.pk}@testserver" for one in (summer, winter, untimed, cancelled)}
    starts = {one: events[f"meeting-{one.pk}@testserver"]["DTSTART"].dt for one in (summer, winter, untimed)}
    assert starts[summer].isoformat() == "2027-07-06T18:00:00+00:00"
    assert starts[winter].isoformat() == "2027-01-12T19:00:00+00:00"
    assert starts[untimed] == date(2026, 3, 1)
    assert str(events[f"meeting-{summer.pk}@testserver"]["LOCATION"]) == "Town Hall, Room 1; upstairs"
    assert str(events[f"meeting-{cancelled.pk}@testserver"]["STATUS"]) == "CANCELLED"
    address = str(events[f"meeting-{summer.pk}@testserver"]["URL"])
    assert address == "http://testserver" + reverse("scrutiny:meeting", args=["north-borough", summer.pk])


def test_a_long_agenda_asks_the_database_no_more_than_a_short_one(member, commission):
    counts = []
    for length in (1, 30):
        meeting = make_meeting(commission, state="published")
        for number in range(1, length + 1):
            make_item(meeting, str(number))
        with CaptureQueriesContext(connection) as asked:
            member.get(f"/north-borough/meetings/{meeting.pk}/")
        counts.append(len(asked))
    assert counts[0] == counts[1]
