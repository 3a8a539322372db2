"""The demonstration's committees: what the papers say of them and no more, and an invented commission with a meeting to come."""

import re
import tomllib
from datetime import date, time

import pytest
from django.conf import settings
from django.utils import timezone

from accounts.operations import command_line_user
from budgetwatch.demonstration import committees, papers
from budgetwatch.demonstration.sign_ins import ensure_people, ensure_roles_at
from budgetwatch.management.commands.load_demo import PAPERS
from scrutiny.committees.notice import notice_of
from scrutiny.committees.public import meetings as public
from scrutiny.models import AgendaItem, Committee, Meeting, Seat
from services.audit import broken_chains
from services.models import AuditEntry, Council
from services.operations.councils import create_council

pytestmark = pytest.mark.django_db
FOLDER = settings.BASE_DIR / "fixtures" / "committees"
EVERY = (*PAPERS, "demo")


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    """Every paper's council with its committees, and Thamesmere's committees beside no figures."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        by = command_line_user()
        people = ensure_people(by=by)
        for slug in PAPERS:
            papers.load(settings.BASE_DIR / "fixtures" / f"{slug}.toml", by=by, people=people)
        demo = create_council(by=by, slug="demo", name="Thamesmere Council", is_illustration=True)
        ensure_roles_at(demo, by=by, people=people)
        for slug in EVERY:
            council = Council.objects.get(slug=slug)
            assert committees.load(FOLDER / f"{slug}.toml", council=council, clerk=people["clerk"])
        yield people
        transaction.set_rollback(True)


def council_id(slug):
    return Council.objects.get(slug=slug).pk


def test_loading_again_changes_nothing(people):
    before = (AuditEntry.objects.count(), Committee.objects.count(), AgendaItem.objects.count())
    for slug in EVERY:
        council = Council.objects.get(slug=slug)
        assert not committees.load(FOLDER / f"{slug}.toml", council=council, clerk=people["clerk"])
    assert (AuditEntry.objects.count(), Committee.objects.count(), AgendaItem.objects.count()) == before
    assert list(broken_chains()) == []


def test_hackneys_commission_took_its_budget_monitoring_as_item_5_at_20_05(people):
    commission = public.committee_entry(
        council_id("hackney"), "children-and-young-people-scrutiny-commission"
    )
    assert {seat.code for seat in commission.seats} >= {"HoF", "DCSC", "DoE", "DoF"}
    (meeting,) = public.meetings_of(council_id("hackney"), committee_id=commission.id)
    (item,) = public.meeting_entry(council_id("hackney"), meeting.id).items
    assert (item.number, item.start_time, item.figures.label) == (
        "5",
        "20.05",
        "Month 7, October 2023, version 1",
    )
    assert meeting.day is None


def test_hackneys_task_group_stands_apart_from_the_commission(people):
    group = public.committee_entry(council_id("hackney"), "budget-scrutiny-task-group")
    assert (group.kind_label, group.parent) == ("Task group", None)
    (meeting,) = public.meetings_of(council_id("hackney"), committee_id=group.id)
    (item,) = public.meeting_entry(council_id("hackney"), meeting.id).items
    assert (item.number, item.title) == ("6", "Proposed savings areas for 2016/7")


def test_the_mini_group_met_three_times_and_reported_to_its_committee_on_4_may_2011(people):
    group = public.committee_entry(council_id("rbkc"), "family-services-mini-group")
    assert group.parent.name == "Family and Children's Services Scrutiny Committee"
    seats = {seat.role: (seat.kind, seat.number) for seat in group.seats}
    assert (seats["Chairman"], seats["Councillor"], seats["Co-opted member"]) == (
        ("chair", 1),
        ("member", 3),
        ("co_optee", 2),
    )
    days = [meeting.day for meeting in public.meetings_of(council_id("rbkc"), committee_id=group.id)]
    assert days == [date(2011, 4, 12), date(2011, 4, 5), date(2011, 3, 22)]
    parent = public.committee_entry(council_id("rbkc"), group.parent.slug)
    (meeting,) = public.meetings_of(council_id("rbkc"), committee_id=parent.id)
    assert meeting.day == date(2011, 5, 4)


def test_the_panel_that_its_paper_does_not_name_suggested_two_reviews(people):
    panel = public.committee_entry(council_id("borough-002"), "children-and-young-peoples-scrutiny-panel")
    assert [work.title for work in panel.work] == [
        "Forecasting, and possible zero-based budgeting",
        "The effect of poverty and austerity on child protection",
    ]
    assert {work.state for work in panel.work} == {"suggested"}


def test_only_the_paper_that_gives_dates_has_them(people):
    dated = Meeting.objects.exclude(council__slug="demo").filter(day__isnull=False)
    assert {meeting.council.slug for meeting in dated} == {"rbkc"}
    undated = Meeting.objects.filter(day__isnull=True)
    assert undated.count() == 4
    assert all(
        "no date" in one.note or "neither the date" in one.note or "no day" in one.note for one in undated
    )


def test_thamesmere_has_two_meetings_behind_it_and_one_to_come_with_its_clear_days(people):
    meetings = public.meetings_of(council_id("demo"))
    assert sum(meeting.is_recorded for meeting in meetings) >= 2
    following = Meeting.objects.get(council__slug="demo", day=date(2026, 12, 8))
    assert (following.starts_at, following.items.filter(classification="exempt").count()) == (time(19, 0), 1)
    if following.state == "published":
        notice = notice_of(public.meeting_entry(council_id("demo"), following.pk), today=timezone.localdate())
        assert notice.days >= 5


def test_the_fixtures_name_roles_and_no_person(people):
    titled = re.compile(
        r"\b(Cllr|Councillor [A-Z]|Mrs?|Ms|Dr) ?[A-Z]?[a-z]*\b(?= [A-Z])|\b(Cllr|Mr|Mrs|Ms|Dr)\b"
    )
    for slug in EVERY:
        with (FOLDER / f"{slug}.toml").open("rb") as file:
            text = str(tomllib.load(file))
        assert not titled.search(text), (slug, titled.search(text))
    assert Seat.objects.exists()
