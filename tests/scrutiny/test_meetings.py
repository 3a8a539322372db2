"""Meetings, their agendas and their clock: what is refused, what becomes public, and in which order."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounting.meetings import clear_days, papers_due
from scrutiny.committees.notice import notice_of
from scrutiny.committees.operations import agenda, committees, meetings
from scrutiny.committees.public import meetings as public
from scrutiny.committees.reading import meeting_entry
from scrutiny.models import AgendaItem, Committee, CommitteeAction, Meeting, WorkItem
from services.models import AuditEntry
from services.operations.refusals import (
    AlreadyDoneError,
    InvalidEntryError,
    StaleVersionError,
    WrongCouncilError,
)
from tests.scrutiny.meeting_records import (
    in_days,
    make_committee,
    make_exempt,
    make_item,
    make_meeting,
    make_paragraph,
    the_clerk,
)
from tests.services.factories import make_council

pytestmark = pytest.mark.django_db
PUBLISHED, DRAFT, HELD, MINUTED, CANCELLED = "published", "draft", "held", "minuted", "cancelled"


@pytest.fixture
def council(db):
    """A council with nothing but its name."""
    return make_council()


@pytest.fixture
def clerk(council):
    """Its clerk."""
    return the_clerk(council)


@pytest.fixture
def commission(council):
    """Its scrutiny commission."""
    return make_committee(council)


def first_late_day(clear=5):
    """The earliest day of a meeting for which papers published today come too late, and the last for which they do not."""
    day = timezone.localdate() + timedelta(days=1)
    while papers_due(day, clear) < timezone.localdate():
        day += timedelta(days=1)
    return day - timedelta(days=1), day


def publish(clerk, meeting, **given):
    meeting.refresh_from_db()
    return meetings.publish_agenda(by=clerk, meeting=meeting, expected_version=meeting.version, **given)


def test_papers_published_in_time_need_no_reason(clerk, commission):
    _, in_time = first_late_day()
    meeting = make_meeting(commission, day=in_time)
    make_item(meeting)
    published = publish(clerk, meeting)
    assert published.state == PUBLISHED
    assert clear_days(timezone.localdate(published.agenda_published_at), in_time) >= 5


def test_papers_published_a_day_too_late_are_refused_and_the_refusal_says_what_is_missing(clerk, commission):
    late, _ = first_late_day()
    meeting = make_meeting(commission, day=late)
    make_item(meeting, "1")
    make_item(meeting, "2", late_reason="The grant was announced yesterday.", late_agreed_by="Chair")
    with pytest.raises(
        meetings.LatePapersError, match=r"clear days? of the 5 needed.*taking late: item 1; or"
    ):
        publish(clerk, meeting)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.agenda_published_at) == (DRAFT, None)
    assert public.meetings_of(commission.council_id) == ()


def test_with_the_chairs_reason_late_papers_are_published_and_every_item_shows_it(clerk, commission):
    late, _ = first_late_day()
    meeting = make_meeting(commission, day=late)
    make_item(meeting, "1")
    own = make_item(
        meeting, "2", late_reason="The grant was announced yesterday.", late_agreed_by="Vice-chair"
    )
    publish(clerk, meeting, late_reason="A by-election closed the offices.", late_agreed_by="Chair")
    items = public.meeting_entry(commission.council_id, meeting.pk).items
    assert [item.late_reason for item in items] == ["A by-election closed the offices.", own.late_reason]
    assert [item.late_agreed_by for item in items] == ["Chair", "Vice-chair"]


def test_a_reason_that_nobody_agreed_does_not_count(clerk, commission):
    late, _ = first_late_day()
    meeting = make_meeting(commission, day=late)
    make_item(meeting)
    with pytest.raises(InvalidEntryError, match="Late agreed by"):
        publish(clerk, meeting, late_reason="A by-election closed the offices.")


def test_the_number_of_clear_days_is_the_committees_own(clerk, council):
    lenient = make_committee(council, clear_days=0)
    meeting = make_meeting(lenient, day=in_days(14))
    make_item(meeting)
    assert not meetings.is_late(meeting, published=in_days(8))
    strict = make_meeting(make_committee(council, clear_days=30), day=in_days(14))
    make_item(strict)
    with pytest.raises(meetings.LatePapersError, match="of the 30 needed"):
        publish(clerk, strict)


def test_an_item_added_after_the_papers_were_due_needs_the_chairs_reason(clerk, commission):
    late, _ = first_late_day()
    meeting = make_meeting(commission, state=PUBLISHED, day=late)
    with pytest.raises(meetings.LatePapersError, match="Item 7 comes after"):
        agenda.add_item(by=clerk, meeting=meeting, number="7", title="Urgent grant")
    item = agenda.add_item(
        by=clerk,
        meeting=meeting,
        number="7",
        title="Urgent grant",
        late_reason="The grant lapses before the next meeting.",
        late_agreed_by="Chair",
    )
    with pytest.raises(meetings.LatePapersError):
        agenda.change_item(by=clerk, item=item, expected_version=1, late_reason="")


def test_an_item_added_in_time_to_a_published_agenda_is_no_late_item(clerk, commission):
    meeting = make_meeting(commission, state=PUBLISHED)
    item = agenda.add_item(by=clerk, meeting=meeting, number="7", title="Action tracker")
    assert not public.meeting_entry(commission.council_id, meeting.pk).items[0].is_late
    assert item.order == 1


def test_a_published_meeting_is_not_brought_forward_into_its_clear_days(clerk, commission):
    late, in_time = first_late_day()
    meeting = make_meeting(commission, state=PUBLISHED)
    make_item(meeting)
    with pytest.raises(meetings.LatePapersError):
        meetings.change_meeting(by=clerk, meeting=meeting, expected_version=1, day=late)
    moved = meetings.change_meeting(by=clerk, meeting=meeting, expected_version=1, day=in_time)
    assert moved.day == in_time


def test_an_empty_agenda_and_a_meeting_that_is_past_are_not_published(clerk, commission):
    with pytest.raises(meetings.NothingToPublishError):
        publish(clerk, make_meeting(commission))
    past = make_meeting(commission, day=in_days(-1))
    make_item(past)
    with pytest.raises(AlreadyDoneError, match="Record it as held"):
        publish(clerk, past)


def test_a_meeting_of_a_paper_without_a_date_is_recorded_with_where_it_comes_from(clerk, commission):
    with pytest.raises(InvalidEntryError, match="Day"):
        meetings.record_meeting(by=clerk, committee=commission, day=None)
    meeting = meetings.record_meeting(
        by=clerk, committee=commission, day=None, note="From the published minutes."
    )
    make_item(meeting)
    held = meetings.record_as_held(by=clerk, meeting=meeting, expected_version=1)
    assert held.state == HELD
    entry = public.meeting_entry(commission.council_id, meeting.pk)
    assert (entry.day_words, entry.note) == ("Date not stated in the record", "From the published minutes.")
    assert notice_of(entry, today=timezone.localdate()).days is None


def test_a_meeting_to_come_is_not_recorded_as_held(clerk, commission):
    meeting = make_meeting(commission, note="From the minutes.")
    with pytest.raises(InvalidEntryError, match="not been held yet"):
        meetings.record_as_held(by=clerk, meeting=meeting, expected_version=1)
    published = make_meeting(commission, state=PUBLISHED, day=in_days(1))
    with pytest.raises(InvalidEntryError, match="not been held yet"):
        meetings.mark_held(by=clerk, meeting=published, expected_version=1)


def test_minutes_are_published_once_something_has_been_minuted(clerk, commission):
    meeting = make_meeting(commission, state=HELD, day=in_days(-2))
    item = make_item(meeting)
    with pytest.raises(meetings.NothingToPublishError):
        meetings.publish_minutes(by=clerk, meeting=meeting, expected_version=1)
    make_paragraph(item)
    minuted = meetings.publish_minutes(by=clerk, meeting=meeting, expected_version=1)
    assert (minuted.state, minuted.minutes_published_at is not None) == (MINUTED, True)
    with pytest.raises(AlreadyDoneError):
        meetings.publish_minutes(by=clerk, meeting=meeting, expected_version=2)


def test_a_cancelled_meeting_stays_public_with_the_reason_if_its_agenda_was(clerk, commission):
    meeting = make_meeting(commission, state=PUBLISHED, note="Extra meeting.")
    make_item(meeting)
    meetings.cancel_meeting(by=clerk, meeting=meeting, expected_version=1, reason="The hall is flooded.")
    entry = public.meeting_entry(commission.council_id, meeting.pk)
    assert (entry.is_cancelled, entry.note) == (True, "Extra meeting.\nCancelled: The hall is flooded.")
    with pytest.raises(AlreadyDoneError):
        agenda.add_item(by=clerk, meeting=meeting, number="2", title="Another")
    never = make_meeting(commission)
    meetings.cancel_meeting(by=clerk, meeting=never, expected_version=1, reason="No business.")
    assert [one.id for one in public.meetings_of(commission.council_id)] == [meeting.pk]


def test_an_agenda_that_somebody_changed_since_is_not_published_unseen(clerk, commission):
    meeting = make_meeting(commission)
    make_item(meeting)
    agenda.add_item(by=clerk, meeting=meeting, number="2", title="Another")
    with pytest.raises(StaleVersionError):
        meetings.publish_agenda(by=clerk, meeting=meeting, expected_version=1)


def test_items_are_put_in_order_and_keep_their_numbers(clerk, commission):
    meeting = make_meeting(commission)
    items = [make_item(meeting, number) for number in ("6.1", "6.22", "6.33")]
    agenda.move_item(by=clerk, item=items[2], expected_version=1, to=1)
    assert [item.number for item in meeting.items.all()] == ["6.33", "6.1", "6.22"]
    with pytest.raises(InvalidEntryError, match="from 1 to 3"):
        agenda.move_item(by=clerk, item=items[0], expected_version=2, to=4)


def test_a_number_is_taken_once_and_kept_as_text(clerk, commission):
    meeting = make_meeting(commission)
    agenda.add_item(by=clerk, meeting=meeting, number="5", title="Budget monitoring", start_time="20.05")
    with pytest.raises(InvalidEntryError, match="already an item 5"):
        agenda.add_item(by=clerk, meeting=meeting, number="5", title="Again")
    assert AgendaItem.objects.get().start_time == "20.05"


@pytest.mark.parametrize("paragraph", [None, 0, 8])
def test_an_exempt_item_needs_a_paragraph_from_1_to_7(clerk, commission, paragraph):
    item = make_item(make_meeting(commission))
    with pytest.raises(InvalidEntryError, match="paragraphs 1 to 7"):
        agenda.classify_item(
            by=clerk,
            item=item,
            expected_version=1,
            classification="exempt",
            paragraph=paragraph,
            reason="Prices.",
        )


def test_an_exempt_item_needs_the_public_interest_reason(clerk, commission):
    item = make_item(make_meeting(commission))
    with pytest.raises(InvalidEntryError, match="Exemption reason"):
        agenda.classify_item(
            by=clerk, item=item, expected_version=1, classification="exempt", paragraph=3, reason=" "
        )


def test_what_has_been_open_is_not_made_exempt_and_what_was_exempt_may_be_opened(clerk, commission):
    meeting = make_meeting(commission, state=PUBLISHED)
    with pytest.raises(AlreadyDoneError, match="open to the public since"):
        agenda.classify_item(
            by=clerk,
            item=make_item(meeting),
            expected_version=1,
            classification="exempt",
            paragraph=3,
            reason="Prices.",
        )
    exempt = make_exempt(meeting, words="The offers of three providers.")
    opened = agenda.classify_item(by=clerk, item=exempt, expected_version=1, classification="public")
    assert (opened.exemption_paragraph, opened.exemption_reason) == (None, "")


def test_of_an_exempt_item_the_public_query_has_its_ground_and_nothing_else(commission):
    secret = "CANARY-7731"
    meeting = make_meeting(commission, state=PUBLISHED)
    make_exempt(
        meeting,
        words=secret,
        lead_role=secret,
        start_time="CANARY",
        late_reason=secret,
        late_agreed_by=secret,
    )
    (item,) = public.meeting_entry(commission.council_id, meeting.pk).items
    assert "CANARY" not in repr(item)
    assert (item.number, item.title, item.exemption_paragraph) == ("9", "Placement contracts", 3)
    assert item.ground.startswith("Paragraph 3: information relating to the financial or business affairs")
    assert item.exemption_reason == "Prices are still being agreed."


def test_a_published_item_is_not_taken_off_and_one_with_an_action_neither(clerk, commission):
    item = make_item(make_meeting(commission, state=PUBLISHED))
    with pytest.raises(AlreadyDoneError, match="has been published"):
        agenda.withdraw_item(by=clerk, item=item, expected_version=1, reason="A mistake.")
    drafted = make_item(make_meeting(commission))
    CommitteeAction.objects.create(council=item.council, committee=commission, item=drafted, words="Do it")
    with pytest.raises(AlreadyDoneError, match="questions, actions"):
        agenda.withdraw_item(by=clerk, item=drafted, expected_version=1, reason="A mistake.")


def test_a_committee_is_not_set_up_by_its_own_group(clerk, commission, council):
    group = make_committee(council, "Mini-group", kind="mini_group", parent=commission)
    with pytest.raises(InvalidEntryError, match="set up by itself"):
        committees.change_committee(by=clerk, committee=commission, expected_version=1, parent=group)


def test_two_committees_do_not_share_an_address_and_a_group_that_ended_meets_no_more(clerk, council):
    committees.record_committee(by=clerk, council=council, name="Families Panel", kind="panel")
    with pytest.raises(InvalidEntryError, match="families-panel"):
        committees.record_committee(by=clerk, council=council, name="Families  panel!", kind="panel")
    group = make_committee(council, "Mini-group", kind="mini_group", ended_on=date(2024, 5, 4))
    with pytest.raises(InvalidEntryError, match="ended on 4 May 2024"):
        meetings.record_meeting(by=clerk, committee=group, day=date(2024, 5, 5))


def test_seats_are_roles_in_order_and_the_trail_keeps_what_was_said_before(clerk, commission):
    seats = [
        committees.SeatGiven(kind="chair", role="Chair"),
        committees.SeatGiven(kind="officer", role="Director of Children's Social Care", code="DCSC"),
        committees.SeatGiven(kind="co_optee", role="Co-opted member", number=2),
    ]
    committees.set_seats(by=clerk, committee=commission, expected_version=1, seats=seats)
    entry = public.committee_entry(commission.council_id, commission.slug)
    assert [seat.words for seat in entry.seats] == [
        "Chair",
        "Director of Children's Social Care (DCSC)",
        "Co-opted member (2)",
    ]
    committees.set_seats(by=clerk, committee=commission, expected_version=2, seats=seats[:1])
    last = AuditEntry.objects.order_by("pk").last()
    assert (len(last.before["seats"]), len(last.after["seats"])) == (3, 1)


def test_records_of_another_council_are_refused(clerk, commission):
    elsewhere = make_committee(make_council("south-east-borough", "South East Borough"))
    with pytest.raises(WrongCouncilError):
        committees.change_committee(by=clerk, committee=commission, expected_version=1, parent=elsewhere)
    with pytest.raises(InvalidEntryError, match="not a meeting of"):
        committees.record_work(by=clerk, committee=commission, title="Work", meeting=make_meeting(elsewhere))


def test_the_public_sees_no_draft_by_any_query(commission):
    draft = make_meeting(commission)
    WorkItem.objects.create(
        council=commission.council, committee=commission, title="Agency staff", meeting=draft
    )
    assert public.meetings_of(commission.council_id) == ()
    (work,) = public.committee_entry(commission.council_id, commission.slug).work
    assert (work.meeting_id, work.meeting_label) == (None, "")


@pytest.mark.parametrize(
    ("day", "published", "says", "days"),
    [
        (date(2026, 12, 8), None, "Papers are due by Monday 30 November 2026.", 11),
        (date(2026, 11, 24), None, "Papers were due by Monday 16 November 2026.", 1),
        (date(2026, 12, 29), date(2026, 12, 18), "4 clear days before the meeting, of the 5 needed.", 4),
        (date(2026, 9, 15), date(2026, 11, 21), "after the meeting", None),
    ],
)
def test_the_notice_says_how_many_clear_days_there_are(council, day, published, says, days):
    committee = Committee(pk=1, council=council, slug="c", name="Commission", kind="commission", clear_days=5)
    meeting = Meeting(pk=1, council=council, committee=committee, day=day)
    if published:
        meeting.agenda_published_at = timezone.make_aware(
            timezone.datetime(published.year, published.month, published.day, 23, 30)
        )
    notice = notice_of(meeting_entry(meeting), today=date(2026, 11, 22))
    assert says in notice.sentence
    assert notice.days == days
