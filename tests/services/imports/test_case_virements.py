"""Bath & North East Somerset's virement schedules: balanced, one to many, two legs, and negative amounts."""

from decimal import Decimal

import pytest

from accounting.money import parse_money
from accounting.periods import Period
from services.models import Virement
from services.operations.imports import File
from services.operations.virement_imports import VirementsRefusedError, import_virements
from services.operations.virements import approve_virement, post_virement
from tests.services.factories import make_council, make_line, the_head, the_officer
from tests.services.imports.support import SHARED, case, csv_bytes, fingerprint, position_of, shared_case

TABLE = case("bath_and_north_east_somerset_virements.json")
PERIOD = Period.parse("2006-07/p1")
HEADINGS = ("ref", "reason", "direction", "service", "amount")


def schedule(virements):
    """The published schedule as the CSV that is imported: one leg to a row."""
    return csv_bytes(
        *(
            (virement["ref"], virement["reason"], direction, leg["service"], leg["amount"])
            for virement in virements
            for direction in ("from", "to")
            for leg in virement[direction]
        ),
        headings=HEADINGS,
    )


@pytest.fixture
def council(db):
    council = make_council("bath", "Bath & North East Somerset Council")
    services = {
        leg["service"] for virement in TABLE["virements"] for side in ("from", "to") for leg in virement[side]
    }
    for service in sorted(services):
        make_line(council, service, budget="1000000", year=2006, division="Services", directorate="Council")
    return council


def bring_in(council, content):
    return import_virements(
        by=the_officer(council),
        council=council,
        period=PERIOD,
        file=File(name="schedule.csv", content=content),
    )


@pytest.mark.postgres
def test_every_published_virement_is_asked_for_approved_and_posted_and_moves_nothing_in_sum(council):
    assert len(bring_in(council, schedule(TABLE["virements"])).requested) == 7
    before = [line.position.revised_budget for line in position_of(council, "2006-07/p1").lines]
    for virement in Virement.objects.filter(council=council):
        approve_virement(by=the_head(council), virement=virement)
        post_virement(by=the_officer(council), virement=virement)
    lines = {line.name: line.position for line in position_of(council, "2006-07/p1").lines}
    expected = dict.fromkeys(lines, Decimal(0))
    for virement in TABLE["virements"]:
        for leg in virement["from"]:
            expected[leg["service"]] -= parse_money(leg["amount"])
        for leg in virement["to"]:
            expected[leg["service"]] += parse_money(leg["amount"])
    assert {name: line.virements for name, line in lines.items()} == expected
    assert sum(line.virements for line in lines.values()) == 0
    assert sum(line.revised_budget for line in lines.values()) == sum(before)


def test_one_gives_to_many_and_a_negative_amount_gives_to_the_giver(council):
    bring_in(council, schedule(TABLE["virements"]))
    legs = {
        virement.reference: sorted(virement.legs.values_list("amount", flat=True))
        for virement in Virement.objects.all()
    }
    assert legs["LOG 05#03"] == [
        Decimal("-80000.00"),
        Decimal("22000.00"),
        Decimal("28000.00"),
        Decimal("30000.00"),
    ]
    assert legs["LOG 04#12"] == [
        Decimal("-3441.00"),
        Decimal("-2420.00"),
        Decimal("2420.00"),
        Decimal("3441.00"),
    ]
    giver = Virement.objects.get(reference="LOG 04#09").legs.get(
        service_line__name="Economic Development - Commercial Estate"
    )
    assert giver.amount == Decimal("103000.00")


def test_the_same_schedule_again_asks_for_nothing(council):
    bring_in(council, schedule(TABLE["virements"]))
    before = fingerprint()
    assert len(bring_in(council, schedule(TABLE["virements"])).already_there) == 7
    assert fingerprint() == before


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (b"30,000", b"30,001", "does not balance: its legs add to £1.00"),
        (b"Cleansing", b"Cleaning", "not a line of this council"),
        (
            b"LOG 05#03,Public Realm budget allocations (one to many),to,Cleansing",
            b"LOG 05#03,Public,towards,Cleansing",
            "neither from nor to",
        ),
        (b'"22,000"', b'"22.000,00"', "is not an amount of money"),
        (b"direction", b"way", "lacks columns"),
    ],
)
def test_a_schedule_with_a_mistake_is_refused_whole(council, old, new, says):
    content = schedule(TABLE["virements"])
    assert old in content
    before = fingerprint()
    with pytest.raises(VirementsRefusedError) as refusal:
        bring_in(council, content.replace(old, new, 1))
    assert any(says in str(problem) for problem in refusal.value.reading.problems)
    the_officer(council)
    assert fingerprint() == before


@pytest.mark.skipif(not SHARED.exists(), reason="the folder of published cases is not beside the repository")
def test_the_copy_kept_here_says_what_the_published_case_says():
    published = shared_case("12_bathnes_virements.json")["virements"]
    for kept, virement in zip(TABLE["virements"], published, strict=True):
        assert kept == {name: virement[name] for name in kept}
