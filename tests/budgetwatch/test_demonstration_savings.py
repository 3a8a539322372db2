"""Thamesmere's savings while its books are loaded: what the demonstration must be able to show."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings

from accounting.periods import FinancialYear, Period
from accounting.rag import Rag
from accounting.savings import MitigationKind, Stage
from accounts.operations import command_line_user
from budgetwatch.demonstration import invented, thamesmere
from budgetwatch.demonstration.savings_tables import FixtureError, known, read, read_periods
from budgetwatch.demonstration.sign_ins import ensure_people
from savings.models import SavingsProposal
from savings.position.content import savings_content
from savings.position.updates import savings_position
from services.audit import broken_chains
from services.models import Council, MonitoringPeriod

FIXTURES = settings.BASE_DIR / "fixtures"
SAVINGS = read(FIXTURES / "demo_savings.toml")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """Thamesmere in the months of two years in which its savings change: not every month, so that it is quickly loaded."""
    from django.db import transaction

    folder = tmp_path_factory.mktemp("thamesmere")
    path = _shortened(folder)
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(thamesmere, "periods", lambda _: MONTHS)
        by = command_line_user()
        invented.load(path, by=by, people=ensure_people(by=by))
        yield Council.objects.get(slug="demo")
        transaction.set_rollback(True)


MONTHS = [Period.parse(f"2025-26/p{number}") for number in (1, 5, 6, 8, 10, 11, 13)] + [
    Period.parse(f"2026-27/p{number}") for number in (1, 3, 4, 5, 6, 7)
]


def _shortened(folder: Path) -> Path:
    """The council begun in 2025/26, with its restructure in its first month, and its savings as they stand."""
    text = (FIXTURES / "demo.toml").read_text()
    for before, after in (
        ("first_year = 2023", "first_year = 2025"),
        ('period = "2024-25/p6"', 'period = "2025-26/p1"'),
    ):
        assert text.count(before) == 1
        text = text.replace(before, after)
    path = folder / "demo.toml"
    path.write_text(text)
    (folder / "demo_savings.toml").write_text((FIXTURES / "demo_savings.toml").read_text())
    return path


def period_of(demo, text):
    period = Period.parse(text)
    found = MonitoringPeriod.objects.get(council=demo, year=period.year.first_year, number=period.number)
    found.council = demo
    return found


def test_every_word_of_the_fixtures_is_one_that_something_reads():
    with pytest.raises(FixtureError, match="nothing reads stge"):
        known({"title": "A", "stge": "idea"}, "title", "stage", where="A")
    slugs = ("hackney", "rbkc", "lbbd", "borough-002")
    assert all(read_periods(FIXTURES / "savings" / f"{slug}.toml") for slug in slugs)


def test_parts_of_every_month_sum_to_what_the_year_is_to_save():
    for row in SAVINGS["proposals"]:
        asked = {year: -amount for year, amount, _ in row.get("approved_phases", row.get("phases", ()))}
        asked |= {year: -amount for year, _, amount, is_ours in row.get("shares", ()) if is_ours}
        for month, *parts, _forecast, _rag, _confidence, _words in row.get("updates", ()):
            year = str(Period.parse(month).year)
            assert sum(parts) == asked[year], f"{row['title']}, {month}"


@pytest.mark.django_db
def test_proposals_are_of_every_type_and_reach_from_2023_24_to_2030_31(demo):
    proposals = SavingsProposal.objects.filter(council=demo)
    assert 25 <= proposals.filter(kind="saving").count() <= 32
    wanted = set(SavingsProposal.Type.values) - {SavingsProposal.Type.OTHER}
    assert set(proposals.filter(kind="saving").values_list("type", flat=True)) == wanted
    years = set(proposals.values_list("phasings__phases__year", flat=True)) - {None}
    assert {FinancialYear(2023).first_year, FinancialYear(2030).first_year} <= years


@pytest.mark.django_db
def test_stages_tell_what_became_of_proposals(demo):
    found = {
        Stage(stage) for stage in SavingsProposal.objects.filter(council=demo).values_list("stage", flat=True)
    }
    assert {
        Stage.IDEA,
        Stage.PROPOSAL,
        Stage.CONSULTATION,
        Stage.IN_DELIVERY,
        Stage.DELIVERED,
        Stage.REPLACED,
        Stage.WITHDRAWN,
        Stage.WRITTEN_OFF,
    } <= found


@pytest.mark.django_db
def test_an_outturn_shows_every_colour_and_every_means_that_stands_in(demo):
    position = savings_position(demo, period_of(demo, "2025-26/p13"))
    entries = [row.entry for row in position.rows]
    assert {entry.rag for entry in entries} == {Rag.RED, Rag.AMBER, Rag.GREEN}
    assert {one.kind for entry in entries for one in entry.mitigations} == {
        kind.value for kind in MitigationKind
    }
    whole = position.totals[0].figures
    assert whole.target == whole.delivered + whole.undeliverable == whole.forecast + whole.shortfall


@pytest.mark.django_db
def test_the_open_month_is_carried_forward_and_confirmed_only_where_somebody_wrote(demo):
    rows = {
        row.entry.proposal.reference: row
        for row in savings_position(demo, period_of(demo, "2026-27/p7")).rows
    }
    assert rows["EI/25/01"].is_carried_forward
    assert not rows["CF/25/01"].is_carried_forward
    confirmed = savings_position(demo, period_of(demo, "2026-27/p6"))
    assert not any(row.is_carried_forward for row in confirmed.rows)


@pytest.mark.django_db
def test_some_savings_and_their_lines_forecast_disagree_both_ways(demo):
    rows = savings_position(demo, period_of(demo, "2026-27/p6")).rows
    said = {row.entry.proposal.reference: row.entry.disagreement for row in rows}
    assert "gives no savings slippage" in said["CF/25/03"]
    assert "already counts on" in said["EI/25/01"]
    assert len([words for words in said.values() if words]) < len(rows) / 2


@pytest.mark.django_db
def test_a_saving_met_by_one_offs_reopens_next_year_and_the_gap_shows_it(demo):
    content = savings_content(demo, period_of(demo, "2026-27/p6"))
    first = content.strategy.years[0]
    assert first.year == FinancialYear(2026)
    assert first.gap == first.reopened == Decimal("432000.00"), "funding meets everything but what reopened"
    assert all(year.gap > first.gap for year in content.strategy.years[1:])


@pytest.mark.django_db
def test_what_nobody_outside_has_seen_is_not_published(demo):
    content = savings_content(demo, period_of(demo, "2026-27/p6"))
    titles = {proposal.title for proposal in content.proposals}
    assert "A children's home of the council's own" in titles
    assert "In-house foster care: right-size the budget" not in titles


@pytest.mark.django_db
def test_council_approved_less_than_was_proposed_and_both_stand(demo):
    content = savings_content(demo, period_of(demo, "2026-27/p6"))
    fees = next(one for one in content.proposals if one.reference == "EI/26/02")
    assert [version.total for version in fees.phasings] == [Decimal("-160000.00"), Decimal("-110000.00")]
    assert fees.phasing.is_approved


@pytest.mark.django_db
def test_the_recovery_plan_identifies_and_recoups_and_its_bridge_says_by_what(demo):
    (plan,) = savings_content(demo, period_of(demo, "2026-27/p7")).recovery
    assert (plan.target, plan.identified, plan.recouped) == (
        Decimal("1340000.00"),
        Decimal("890000.00"),
        Decimal("453000.00"),
    )
    assert plan.controls
    assert plan.reviews[0].findings
    for bridge in plan.bridges:
        assert sum((step.amount for step in bridge.steps), bridge.unexplained) == bridge.change


@pytest.mark.django_db
def test_the_chain_of_the_record_holds(demo):
    assert list(broken_chains()) == []
