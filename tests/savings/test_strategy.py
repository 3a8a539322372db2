"""The medium-term strategy: base, growth, savings, what reopens and funding by year, the gap, and what could not be counted."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounting.periods import FinancialYear
from accounting.phasing import PhasedAmount, PhaseKind, SpanMeaning, SpanReading
from accounting.savings import Stage
from savings.models import Strategy
from savings.operations import phasing, proposals, strategies
from savings.operations.phasing import ShareFields
from savings.operations.strategies import StrategyFields
from savings.position.reopened import ReopenedSaving
from savings.position.strategy import medium_term_view, strategy_of
from savings.position.targets import targets_of
from services.models import AuditEntry
from services.operations.refusals import InvalidEntryError, InvalidFigureError, StaleVersionError
from tests.services.factories import make_council, pounds, the_head, the_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def council(db):
    return make_council()


def year(first):
    return FinancialYear(first)


def figure(first, kind, amount, label="Children's services"):
    return StrategyFields(year=year(first), kind=kind, label=label, amount=pounds(amount))


def keep(council, *figures, title="Strategy 2026 to 2029", first=2026, last=2028, **fields):
    return strategies.set_strategy(
        by=the_officer(council),
        council=council,
        title=title,
        first_year=year(first),
        last_year=year(last),
        figures=figures,
        **fields,
    )


def proposal(council, title, *amounts, kind="saving", stage=Stage.PROPOSAL, **fields):
    made = proposals.record_proposal(
        by=the_head(council), council=council, title=title, kind=kind, stage=stage, decided_by="Council"
    )
    phases = [
        PhasedAmount(year=year(first), amount=pounds(amount), kind=sort) for first, amount, sort in amounts
    ]
    if phases or fields:
        phasing.propose_phasing(
            by=the_officer(council), proposal=made, phases=phases, as_printed=True, **fields
        )
    return made


def recurrent(first, amount):
    return (first, amount, PhaseKind.RECURRENT)


def one_off(first, amount):
    return (first, amount, PhaseKind.ONE_OFF)


def gaps(years):
    return {str(one.year): one.gap for one in years}


def test_each_year_starts_from_what_the_year_before_leads_to(council):
    keep(
        council,
        figure(2026, "base", "1000"),
        figure(2026, "growth", "50"),
        figure(2026, "funding", "990"),
        figure(2027, "funding", "1000"),
        figure(2028, "funding", "1000", "Grant"),
        figure(2028, "funding", "20", "Council tax"),
    )
    proposal(council, "Agreed", recurrent(2026, "-30"), one_off(2027, "-25"), stage=Stage.AGREED)
    proposal(council, "Hoped for", recurrent(2027, "-15"))
    proposal(council, "Demand", recurrent(2027, "40"), kind="growth", stage=Stage.AGREED)
    entry = strategy_of(council)
    assert [(one.base, one.growth, one.savings, one.requirement) for one in entry.years] == [
        (pounds("1000"), pounds("50"), pounds("-30"), pounds("1020")),
        (pounds("1020"), pounds("40"), pounds("-25"), pounds("1035")),
        (pounds("1035"), 0, pounds("25"), pounds("1060")),
    ]
    assert gaps(entry.years) == {"2026/27": pounds("30"), "2027/28": pounds("35"), "2028/29": pounds("40")}
    assert gaps(entry.years_if_all_agreed)["2027/28"] == pounds("20")


def test_what_was_withdrawn_or_written_off_is_counted_nowhere(council):
    keep(council, figure(2026, "base", "100"), figure(2026, "funding", "100"))
    made = proposal(council, "Gone", recurrent(2026, "-30"), stage=Stage.AGREED)
    proposals.move_stage(
        by=the_head(council),
        proposal=made,
        expected_version=1,
        to=Stage.WRITTEN_OFF,
        decided_by="Cabinet",
        reason="Income never came",
    )
    entry = strategy_of(council)
    assert gaps(entry.years)["2026/27"] == gaps(entry.years_if_all_agreed)["2026/27"] == 0
    assert entry.proposals == ()


def test_unknown_base_or_funding_leaves_the_gap_unknown(council):
    keep(council, figure(2026, "funding", "100"), figure(2027, "base", "120"))
    assert set(gaps(strategy_of(council).years).values()) == {None}


def test_a_base_that_does_not_follow_is_shown_and_not_mended(council):
    keep(council, figure(2026, "base", "1000"), figure(2027, "base", "1010"))
    assert [one.base_differs for one in strategy_of(council).years] == [None, pounds("10"), None]


def test_only_our_part_of_a_shared_saving_is_counted_and_one_not_split_is_said_to_be_left_out(council):
    shares = [
        ShareFields(year=year(2026), partner="North Borough", is_ours=True, amount=pounds("-40")),
        ShareFields(year=year(2026), partner="South Borough", amount=pounds("-60")),
        ShareFields(year=year(2027), partner="North Borough", is_ours=True),
        ShareFields(year=year(2027), partner="South Borough"),
    ]
    proposal(
        council,
        "Fostering agencies",
        recurrent(2026, "-100"),
        recurrent(2027, "-250"),
        stage=Stage.AGREED,
        shares=shares,
    )
    entry = medium_term_view(council)
    assert [one.savings for one in entry.years] == [pounds("-40"), 0]
    assert entry.left_out == (
        "Fostering agencies: the split between councils is not agreed for 2027/28, so this council's part is not counted.",
    )


def test_a_first_column_that_is_a_level_is_shown_and_counted_as_no_change_of_its_year(council):
    proposal(
        council,
        "Early help",
        recurrent(2026, "-893000"),
        recurrent(2027, "-240000"),
        stage=Stage.AGREED,
        first_year_is_level=True,
    )
    entry = medium_term_view(council)
    assert [one.savings for one in entry.years] == [0, pounds("-240000")]
    assert entry.left_out == (
        "Early help: its first column, 2026/27, holds the whole amount so far, so it is counted as no change of that year.",
    )
    (shown,) = entry.proposals
    assert [(one.amount, one.is_level) for one in shown.phasing.amounts] == [
        (pounds("-893000"), True),
        (pounds("-240000"), False),
    ]
    targets = targets_of(council)
    assert [targets.of(int(shown.key), year(first)).amount for first in (2026, 2027)] == [
        None,
        pounds("240000"),
    ]


def test_an_amount_whose_years_a_paper_leaves_open_is_said_to_be_left_out(council):
    span = SpanReading(
        first=year(2026),
        last=year(2027),
        amount=pounds("-250000"),
        meaning=SpanMeaning.NOT_STATED,
        words="£250,000 in both years",
    )
    proposal(council, "Agencies", recurrent(2025, "-125000"), spans=[span])
    proposal(council, "New Models of Care")
    assert medium_term_view(council).left_out == (
        "Agencies: “£250,000 in both years” may be each year's or all of them together, so it is counted in no year until that is known.",
        "New Models of Care: no amount is given for any year.",
    )


def test_a_saving_met_by_one_off_means_reopens_as_a_pressure_next_year(council, monkeypatch):
    keep(council, figure(2026, "base", "100"), figure(2026, "funding", "100"), figure(2027, "funding", "100"))
    saving = ReopenedSaving(proposal_id=1, heading="OP1 Telecare", year=year(2027), amount=pounds("30"))
    monkeypatch.setattr(
        "savings.position.strategy.reopened_by_year", lambda *_, **__: {year(2027): (saving,)}
    )
    entry = strategy_of(council)
    assert gaps(entry.years) == {"2026/27": 0, "2027/28": pounds("30"), "2028/29": None}
    (line,) = [line for line in entry.lines if line.kind == "reopened"]
    assert (line.label, line.amount) == ("OP1 Telecare: not made for good in 2026/27", pounds("30"))


def test_the_view_covers_every_phased_year_also_without_a_strategy(council):
    proposal(council, "A", recurrent(2024, "-5"), one_off(2026, "-7"))
    entry = medium_term_view(council)
    assert strategy_of(council) is None
    assert [str(one.year) for one in entry.years] == ["2024/25", "2025/26", "2026/27", "2027/28"]
    assert [one.savings for one in entry.years_if_all_agreed] == [pounds("-5"), 0, pounds("-7"), pounds("7")]
    assert {one.requirement for one in entry.years} == {None}
    assert medium_term_view(make_council("south-borough", "South Borough")).years == ()


def test_a_strategy_is_not_public_until_it_says_so(council):
    kept = keep(council)
    assert strategy_of(council, public_only=True) is None
    keep(council, is_public=True, expected_version=kept.version)
    proposal(council, "An idea", recurrent(2026, "-5"), stage=Stage.IDEA)
    assert strategy_of(council, public_only=True).proposals == ()
    assert len(strategy_of(council).proposals) == 1


def test_the_number_of_queries_does_not_grow_with_the_proposals(council):
    keep(council, figure(2026, "base", "100"))
    counts = []
    for number in range(3):
        proposal(council, f"Proposal {number}", recurrent(2026, "-5"), stage=Stage.AGREED)
        with CaptureQueriesContext(connection) as captured:
            strategy_of(council)
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 20


def test_a_newer_strategy_becomes_the_current_one(council):
    keep(council, title="Old")
    new = keep(council, title="New")
    assert Strategy.objects.get(is_current=True) == new
    assert (Strategy.objects.get(title="Old").version, strategy_of(council).title) == (2, "New")


def test_a_change_is_recorded_and_a_stale_one_refused(council):
    kept = keep(council, figure(2026, "base", "100"))
    keep(council, figure(2026, "base", "110"), expected_version=kept.version)
    entry = AuditEntry.objects.filter(action="set strategy").latest("sequence")
    name = "2026/27 base Children's services"
    assert (entry.before[name], entry.after[name]) == ("100.00", "110.00")
    for version in (None, 1):
        with pytest.raises(StaleVersionError):
            keep(council, expected_version=version)
    with pytest.raises(InvalidEntryError, match="there is no strategy “Other”"):
        keep(council, title="Other", expected_version=1)


@pytest.mark.parametrize(
    ("figures", "says"),
    [
        ([figure(2030, "base", "1")], r"2030/31 is not one of the strategy's years"),
        ([figure(2026, "income", "1")], "not one of base, funding, growth"),
        ([figure(2026, "base", "1"), figure(2026, "base", "2")], "there twice in 2026/27"),
        ([figure(2026, "funding", "-1")], "cannot be below nil"),
    ],
)
def test_figures_that_cannot_be_are_refused(council, figures, says):
    with pytest.raises((InvalidEntryError, InvalidFigureError), match=says):
        keep(council, *figures)


def test_years_run_forward_and_not_for_ever(council):
    with pytest.raises(InvalidEntryError, match="is before"):
        keep(council, first=2027, last=2026)
    with pytest.raises(InvalidEntryError, match="at most 30 years"):
        keep(council, first=2027, last=2057)
