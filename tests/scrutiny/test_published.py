"""What is frozen reads back as exactly what it was."""

import json
from dataclasses import fields, replace
from decimal import Decimal
from typing import get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounting.figures import Figures, figures_of
from accounting.funds import Fund
from accounting.money import LIMIT, Unit
from accounting.periods import FinancialYear, Period
from accounting.rag import Rag
from scrutiny.cautions import about_title
from scrutiny.changes import changes_between
from scrutiny.content import ContentError, digest_of, record_from, text_of
from scrutiny.freezing import content_of, freeze
from scrutiny.published import PeriodContent, PublishedPeriod, PublishedVersion, content_from, from_content
from services.models import Forecast, MonitoringPeriod, ReserveUse, SourceNote, VarianceReason
from services.position import council_position
from tests.scrutiny.council import NOON

pounds = st.integers(min_value=-(10**12), max_value=10**12).map(lambda pence: Decimal(pence).scaleb(-2))
assert Decimal(10**12).scaleb(-2) < LIMIT
years = st.integers(min_value=2000, max_value=2100).map(FinancialYear)
periods = st.builds(Period, years, st.integers(min_value=1, max_value=13))


@pytest.fixture(autouse=True, scope="module")
def _types_hypothesis_should_know():
    st.register_type_strategy(Decimal, pounds)
    st.register_type_strategy(Period, periods)
    st.register_type_strategy(FinancialYear, years)


contents = st.deferred(lambda: st.builds(PeriodContent))
EMPTY = PeriodContent(
    council_slug="thorney",
    council_name="Thorney",
    remit="Children's services",
    unit=Unit.THOUSANDS,
    is_illustration=False,
    source_note="",
    period=Period(FinancialYear(2023), 7),
    title_as_printed="",
    warnings=(),
    last_published=None,
    last_published_version=None,
    lines=(),
    totals=(),
    reserves=(),
    reserve_uses=(),
    dsg=(),
    virements=(),
    risks=(),
)
few = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@few
@given(st.data())
def test_any_content_reads_back_as_what_was_frozen(data):
    content = data.draw(contents)
    text = text_of(content)
    assert content_from(text) == content
    assert text_of(content_from(text)) == text


@few
@given(st.data(), st.sampled_from(fields(PeriodContent)))
def test_whatever_differs_has_another_digest_and_is_said_in_words(data, field):
    values = st.from_type(get_type_hints(PeriodContent)[field.name])
    first, second = (replace(EMPTY, **{field.name: data.draw(values)}) for _ in range(2))
    same = first == second
    assert (digest_of(text_of(first)) == digest_of(text_of(second))) == same
    assert (changes_between(first, second) == ()) == same


@given(st.fractions(min_value=-1000, max_value=1000))
def test_a_percentage_is_kept_unrounded(fraction):
    percent = Decimal(fraction.numerator) / Decimal(fraction.denominator)
    figures = Figures(
        **dict.fromkeys(Figures.__dataclass_fields__, Decimal("0.00")) | {"variance_percent": percent}
    )
    assert record_from(Figures, text_of(figures)).variance_percent == percent


def test_nil_is_frozen_without_a_sign():
    assert text_of(Decimal("-0.00")) == '"0.00"'


@pytest.mark.parametrize("text", ["", "[]", "{}", "null", '{"lines": []}', '{"unit": 1.5}', '{"unit": NaN}'])
def test_text_that_is_no_content_is_refused(text):
    with pytest.raises(ContentError, match="content of a PeriodContent"):
        content_from(text)


def test_a_figure_written_as_a_number_is_refused(thorney):
    stored = json.loads(content_of(thorney.council, thorney.period))
    stored["lines"][0]["figures"]["forecast_outturn"] = 1.5
    with pytest.raises(ContentError):
        content_from(json.dumps(stored))
    stored["lines"][0]["figures"]["forecast_outturn"] = True
    with pytest.raises(ContentError):
        content_from(json.dumps(stored))


def test_a_float_cannot_be_frozen():
    with pytest.raises(ContentError, match="float cannot be part"):
        text_of((0.5,))


def test_a_field_that_came_into_use_later_takes_its_default(thorney):
    stored = json.loads(content_of(thorney.council, thorney.period))
    for reserve in stored["reserves"]:
        del reserve["sources"]
    assert content_from(json.dumps(stored)).reserves[0].sources == ()


# What a council's position says, and what its content says --------------------------------------------------------------------------


def test_published_figures_are_the_positions_figures_exactly(thorney):
    position = council_position(thorney.council, thorney.period)
    content = content_from(content_of(thorney.council, thorney.period))
    assert [(line.name, line.figures, line.rag) for line in content.lines] == [
        (line.name, figures_of(line.position), line.rag) for line in position.lines
    ]
    assert [(t.scope, t.name, t.fund, t.figures, t.rag) for t in content.totals] == [
        (t.scope.value, t.name, t.fund, figures_of(t.position), t.rag) for t in position.totals
    ]
    assert len(content.lines) == 6
    assert {total.fund for total in content.totals if total.scope == "council"} == {
        Fund.GENERAL_FUND,
        Fund.DSG,
        Fund.DSG_HIGH_NEEDS,
        Fund.DSG_EARLY_YEARS,
    }


def test_corporate_parenting_is_4_394_000_over_before_reserves_and_3_094_000_after(thorney):
    content = content_from(content_of(thorney.council, thorney.period))
    line = next(line for line in content.lines if line.name == "Corporate parenting")
    assert line.figures.variance_before_reserves == Decimal("4394000.12")
    assert line.figures.variance_after_reserves == Decimal("3094000.09")
    assert line.figures.variance_if_all_approved == Decimal("2894000.09")
    assert line.figures.movement is None
    assert line.rag is Rag.RED


def test_the_dsg_stands_apart_from_the_general_fund(thorney):
    content = content_from(content_of(thorney.council, thorney.period))
    general = content.total("council", Fund.GENERAL_FUND)
    dsg = content.total("council", Fund.DSG)
    assert general.lines == 4
    assert dsg.figures.variance_after_reserves == Decimal("-1130000.01")
    assert general.figures.variance_before_reserves == sum(
        line.figures.variance_before_reserves for line in content.lines if line.fund is Fund.GENERAL_FUND
    )


def test_what_stands_around_the_lines_is_frozen_with_them(thorney):
    content = content_from(content_of(thorney.council, thorney.period))
    [reserve] = content.reserves
    assert (reserve.opening, reserve.drawdown, reserve.closing) == (
        Decimal("9000000.00"),
        Decimal("1300000.03"),
        Decimal("7699999.97"),
    )
    assert reserve.closing_if_all_approved == Decimal("7499999.97")
    assert [source.citation for source in reserve.sources] == ["Minute 5.2"]
    assert [use.state_label for use in content.reserve_uses] == ["Approved", "Requested"]
    [account] = content.dsg
    assert account.closing == Decimal("21000000.00")
    assert [source.figure for source in account.sources] == ["closing"]
    assert [entry.reference for entry in content.virements] == ["V1", "F1"]
    assert content.virements[0].moved == Decimal("394000.00")
    assert content.virements[0].decided_by == "Head"
    assert [risk.title for risk in content.risks] == ["Court delays"]
    assert content.unit is Unit.THOUSANDS


def test_a_source_may_name_the_account_alone_or_with_its_fund(thorney):
    SourceNote.objects.filter(subject__startswith="dsg:").update(subject="dsg:Cumulative SEND deficit")
    [account] = content_from(content_of(thorney.council, thorney.period)).dsg
    assert [source.citation for source in account.sources] == ["Minute 5.2"]


def test_a_division_total_knows_its_directorate(thorney):
    content = content_from(content_of(thorney.council, thorney.period))
    assert content.total("division", Fund.GENERAL_FUND, "Health").directorate == "Children and Families"
    assert content.total("directorate", Fund.DSG, "Education").directorate == "Education"
    assert content.total("council", Fund.GENERAL_FUND).directorate == ""


def test_a_reason_not_confirmed_for_this_period_is_not_published(thorney):
    VarianceReason.objects.filter(service_line=thorney.lines["Family support"]).update(
        confirmed_at=None, confirmed_by=None
    )
    content = content_from(content_of(thorney.council, thorney.period))
    line = next(line for line in content.lines if line.name == "Family support")
    assert line.reasons == ()
    assert line.needs_reasons
    assert any(
        "Family support" in warning and "reason is required" in warning for warning in content.warnings
    )


def test_lines_without_a_forecast_are_named_and_leave_their_totals_unknown(thorney):
    Forecast.objects.filter(service_line=thorney.lines["Family support"]).update(
        forecast_outturn=None, best_case=None
    )
    content = content_from(content_of(thorney.council, thorney.period))
    assert content.total("council", Fund.GENERAL_FUND).figures.variance_after_reserves is None
    assert content.total("council", Fund.GENERAL_FUND).lines_without_forecast == 1
    assert content.warnings[0].startswith("1 service line is not yet forecast: Family support.")


def test_freezing_the_same_figures_twice_gives_the_same_digest(thorney):
    first = freeze(thorney.council, thorney.period)
    assert freeze(thorney.council, thorney.period).digest == first.digest
    use = ReserveUse.objects.filter(period=thorney.period).first()
    use.amount += Decimal("0.01")
    use.save()
    assert freeze(thorney.council, thorney.period).digest != first.digest


def test_freezing_takes_the_same_number_of_queries_however_many_lines(thorney, django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        freeze(thorney.council, thorney.period)


def test_the_header_is_not_part_of_the_content(thorney):
    text = content_of(thorney.council, thorney.period)
    header = PublishedVersion(
        period=thorney.period.period,
        version=2,
        published_at=NOON,
        published_by="Finance Officer",
        approved_by="Head of Finance",
        digest=digest_of(text),
        changes=("One thing.",),
    )
    published = from_content(text, header=header)
    assert isinstance(published, PublishedPeriod)
    assert (published.version, published.published_at, published.changes) == (2, NOON, ("One thing.",))
    assert published.lines == content_from(text).lines
    assert "Finance Officer" not in text


# Titles -----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "words"),
    [
        (
            "2022/23 (month 7, October 2023)",
            "October 2023 lies in 2023/24, not in 2022/23; it says 2022/23, and this is 2023/24",
        ),
        ("Budget monitoring 2022-23", "it says 2022/23, and this is 2023/24"),
        ("Budget monitoring 2022 – 2023", "it says 2022/23, and this is 2023/24"),
        ("Budget monitoring, month 6", "it says month 6, and this is month 7"),
        ("Forecast 2023/25", "begins in 2023 ends in 2024"),
    ],
)
def test_a_title_that_names_another_month_or_year_is_pointed_out(title, words):
    [caution] = about_title(title, Period(FinancialYear(2023), 7))
    assert words in caution


@pytest.mark.parametrize(
    "title",
    ["", "2023/24 month 7", "2023/4, month 7", "Report of 2023-11-13", "October 2023", "Minute 12/2023/7a"],
)
def test_a_title_that_names_its_own_period_or_none_is_left_alone(title):
    assert list(about_title(title, Period(FinancialYear(2023), 7))) == []


def test_the_wrong_title_is_kept_as_printed_beside_the_warning(thorney):
    MonitoringPeriod.objects.filter(pk=thorney.period.pk).update(
        title_as_printed="2022/23 (month 7, October 2023)"
    )
    thorney.period.refresh_from_db()
    content = content_from(content_of(thorney.council, thorney.period))
    assert content.title_as_printed == "2022/23 (month 7, October 2023)"
    assert "October 2023 lies in 2023/24, not in 2022/23" in content.warnings[0]
