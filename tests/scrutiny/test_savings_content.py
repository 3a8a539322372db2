"""Savings in what is frozen: read back as they were, unseen where there are none, and told in words where they differ."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounting.periods import FinancialYear
from accounting.rag import Rag
from accounting.savings import Stage
from savings.entries import ProposalEntry, RecoveryEntry, SavingEntry, SavingsContent, StrategyEntry
from scrutiny.changes import changes_between
from scrutiny.content import digest_of, record_from, text_of
from scrutiny.freezing import content_of
from scrutiny.published import PeriodContent, content_from
from scrutiny.savings.words import texts_of
from tests.scrutiny import savings_records as of
from tests.scrutiny.test_published import EMPTY

few = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
amounts = st.integers(min_value=-(10**12), max_value=10**12).map(lambda pence: Decimal(pence).scaleb(-2))


@pytest.fixture(autouse=True, scope="module")
def _types_hypothesis_should_know():
    st.register_type_strategy(Decimal, amounts)
    st.register_type_strategy(FinancialYear, st.integers(min_value=2000, max_value=2100).map(FinancialYear))


@few
@given(st.data(), st.sampled_from([SavingEntry, ProposalEntry, RecoveryEntry, StrategyEntry]))
def test_any_record_of_savings_reads_back_as_what_was_frozen(data, kind):
    record = data.draw(st.from_type(kind))
    assert record_from(kind, text_of(record)) == record


def with_savings(savings: SavingsContent) -> PeriodContent:
    return replace(EMPTY, savings=savings)


def test_content_with_savings_reads_back_as_it_was():
    content = with_savings(of.everything())
    text = text_of(content)
    assert content_from(text) == content
    assert text_of(content_from(text)) == text


def test_a_period_without_savings_has_the_text_that_it_had_before_they_were_kept():
    assert '"savings"' not in text_of(EMPTY)
    assert content_from(text_of(EMPTY)).savings == SavingsContent()


def test_a_publication_from_before_savings_were_kept_still_reads_and_is_not_changed_by_freezing_again(
    thorney,
):
    text = content_of(thorney.council, thorney.period)
    before = json.loads(text)
    assert (
        "savings" not in before
    )  # so the digest of an old publication is that of the same figures frozen now
    old = content_from(json.dumps(before, sort_keys=True, ensure_ascii=False, separators=(",", ":")))
    assert old.savings.is_empty
    assert changes_between(old, content_from(text)) == ()
    assert digest_of(text_of(old)) == digest_of(text)


def test_within_savings_a_field_at_its_default_is_not_written_so_that_a_later_one_changes_no_digest():
    stored = json.loads(text_of(with_savings(of.content(of.saving()))))["savings"]
    (saving,) = stored["savings"]
    assert "disagreement" not in saving
    assert "mitigations" not in saving
    assert "strategy" not in stored
    assert saving["reason"] == "Reviewed every quarter."


def test_fields_outside_savings_are_written_whatever_they_hold():
    assert json.loads(text_of(EMPTY))["risks"] == []


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (
            of.content(of.saving(its=of.figures("250000", "200000"))),
            "Saving Commissioning: forecast from unknown to £200,000; shortfall from unknown to £50,000; "
            "what is still not met from unknown to £50,000; what reopens next year from unknown to £50,000; "
            "net delivery from unknown to £200,000.",
        ),
        (of.content(of.saving(rag=Rag.RED)), "Saving Commissioning: RAG from Amber to Red."),
        (of.content(of.saving(reason="A later start.")), "Saving Commissioning: changed in its reason."),
        (
            of.content(of.saving(of=of.proposal(stage=Stage.SLIPPED))),
            "Proposal Commissioning: changed in its stage.",
        ),
        (
            of.content(of.saving(), strategy=of.strategy(of.strategy_year(2024))),
            "Medium-term financial strategy: added.",
        ),
        (of.content(of.saving(), recovery=(of.plan(),)), "Financial recovery: added."),
        (SavingsContent(), "Saving Commissioning: no longer included."),
    ],
)
def test_a_change_of_savings_is_said_in_words(after, said):
    before = with_savings(of.content(of.saving()))
    assert said in changes_between(before, with_savings(after))


def test_an_actions_progress_is_said_action_by_action():
    before = with_savings(of.content(recovery=(of.plan(of.action()),)))
    after = with_savings(of.content(recovery=(of.plan(of.action(identified=Decimal("224537"))),)))
    assert "Recovery action Freeze a post: identified from unknown to £224,537." in changes_between(
        before, after
    )


def test_a_gap_that_moves_is_said_for_its_year():
    before, after = (
        with_savings(of.content(strategy=of.strategy(of.strategy_year(2024, gap))))
        for gap in ("1000000", "1500000")
    )
    assert any(
        sentence.startswith("Medium term, 2024/25:") and "gap from £1,000,000 to £1,500,000" in sentence
        for sentence in changes_between(before, after)
    )


def test_there_is_something_to_publish_as_soon_as_one_thing_is_said_of_savings():
    assert EMPTY.says_nothing
    for part in (
        of.content(of.saving()),
        of.content(recovery=(of.plan(),)),
        of.content(strategy=of.strategy()),
        of.content(proposals=(of.proposal(),)),
    ):
        assert not with_savings(part).says_nothing


def test_every_free_text_of_savings_is_read_for_what_may_tell_who_a_child_is():
    marked = of.content(
        of.saving(
            of=of.proposal(description="words 1"),
            reason="words 2",
            service_effect="words 3",
            mitigations=(of.cover(words="words 4"),),
        ),
        recovery=(of.plan(of.action(words="words 5", progress_words="words 6")),),
        strategy=replace(of.strategy(), words="words 7"),
    )
    texts = "\n".join(text for _, text in texts_of(marked))
    assert all(f"words {number}" in texts for number in range(1, 8))
