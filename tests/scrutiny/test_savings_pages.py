"""Members' pages of savings, recovery and the medium term: what stands on them, who may have them, and that they read publications only."""

import re
from decimal import Decimal

import pytest

from savings.models import SavingsUpdate
from savings.operations.carrying_forward import carry_forward_savings
from scrutiny import rendering
from scrutiny.cautions import _about_savings
from scrutiny.listing import as_table
from scrutiny.models import PublishedSaving
from scrutiny.operations import publish
from scrutiny.published import content_from
from services.models import Council, Forecast, MonitoringPeriod
from tests.savings.delivery_factories import update
from tests.scrutiny import savings_records as of
from tests.scrutiny.council import open_month
from tests.scrutiny.council_savings import add_savings
from tests.scrutiny.pages import csv_of, publish_period, tables_of
from tests.scrutiny.records import period
from tests.scrutiny.test_pages import signed_in, words_of

P7 = "/thorney/2023-24/p7/"
PAGES = ("savings/", "recovery/", "strategy/")


@pytest.fixture(autouse=True)
def _nothing_rendered_before():
    rendering.kept_pages.clear()


@pytest.fixture
def saved(thorney):
    """Thorney with savings, its month 7 published."""
    thorney_savings = add_savings(thorney)
    publish_period(thorney)
    return thorney_savings


def page_of(thorney, place, status=200):
    response = signed_in(thorney.member).get(f"{P7}{place}")
    assert response.status_code == status, response.content[:500]
    return response.content.decode()


# --- Savings


def test_the_savings_page_opens_with_its_sentence_and_figures(thorney, saved):
    words = words_of(page_of(thorney, "savings/"))
    for said in (
        "£250k of this year's £1.2m target is rated amber; none is red.",
        "£1.1m is forecast to be delivered by 31 March, £50k short of the target.",
        "£500k (43.5%) has been delivered so far.",
        "£30k of the shortfall is met by other means; the other £20k adds to the overspend.",
    ):
        assert said in words


def test_why_a_saving_is_not_green_is_read_without_a_click(thorney, saved):
    page = page_of(thorney, "savings/")
    closed = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    words = words_of(closed)
    assert "CF/01 Commissioning ▲ Amber · £250,000 target It is reviewed every quarter." in words
    assert "expected in full by 1 April 2024; covered by: reserve £30,000." in words
    assert "Vacancy factor ●" not in words.split("What covers a shortfall")[0]


def test_a_disagreement_with_the_forecast_is_told_on_the_page_and_among_the_cautions(thorney, saved):
    told = "is forecast to fall £20,000 short"
    page = words_of(page_of(thorney, "savings/"))
    assert "gives no savings slippage among its reasons" in page or told in page
    assert "Saving CF/01 Commissioning:" in words_of(page_of(thorney, ""))


def test_a_saving_that_nobody_has_confirmed_this_month_is_told(thorney):
    add_savings(thorney)
    eight = open_month(thorney, 8)
    carry_forward_savings(by=thorney.head, period=eight)
    publish_period(thorney)
    content = content_from(publish_period(thorney, eight).content)
    (told,) = [one for one in content.warnings if "savings and recovery actions" in one]
    assert told.startswith("3 savings and recovery actions are as in the period before, not yet confirmed")
    assert "CF/01 Commissioning" in told


def test_what_is_not_published_is_not_named_among_the_unconfirmed():
    carried = ["Commissioning", "Close a centre"]
    told = [one for one in _about_savings(of.content(of.saving()), carried) if "not yet confirmed" in one]
    assert told == [
        "1 saving or recovery action is as in the period before, not yet confirmed for this one: Commissioning."
    ]


def test_savings_are_shown_by_directorate_and_rating_with_words_and_shapes(thorney, saved):
    tables = tables_of(page_of(thorney, "savings/"))
    assert [row[0] for row in tables["savings-by-rating"].rows] == [
        "▲ Amber",
        "● Green",
        "Total, Thorney Borough Council",
    ]
    assert tables["savings-rated"].rows[0] == [
        "Children and Families",
        "900,000",
        "250,000",
        "0",
        "0",
        "1,150,000",
    ]


def test_the_waterfall_leads_from_the_target_to_what_is_met(thorney, saved):
    rows = tables_of(page_of(thorney, "savings/"))["savings-steps"].rows
    assert rows == [
        ["Target", "1,150,000"],
        ["Less what is not expected this year", "50,000"],
        ["Forecast delivery", "1,100,000"],
        ["Met by other means", "30,000"],
        ["Net delivery", "1,130,000"],
        ["Still not met", "20,000"],
    ]


def test_a_proposal_that_nobody_outside_has_seen_is_nowhere(thorney, saved):
    for place in ("", *PAGES, "tables/proposals.csv"):
        assert "Close a centre" not in page_of(thorney, place)
    page_of(thorney, f"savings/{saved.hidden.pk}/", 404)


def test_no_cell_of_any_table_is_blank(thorney, saved):
    for place in (*PAGES, f"savings/{saved.commissioning.pk}/", f"savings/{saved.invest.pk}/"):
        for table in tables_of(page_of(thorney, place)).values():
            assert all(cell for row in table.rows for cell in row), f"a blank cell in {table.key}"


def test_every_chart_has_its_finding_its_drawing_and_its_figures(thorney, saved):
    for place, count in (
        ("savings/", 2),
        ("recovery/", 1),
        ("strategy/", 2),
        (f"savings/{saved.invest.pk}/", 1),
    ):
        figures = re.findall(r'<figure class="chart".*?</figure>', page_of(thorney, place), flags=re.DOTALL)
        assert len(figures) == count, place
        for figure in figures:
            assert re.search(r'chart-finding">[^<]{20,}', figure)
            assert "<svg" in figure
            assert '<table class="figures"' in figure


# --- One proposal


def test_a_proposals_page_says_everything_of_it(thorney, saved):
    page = page_of(thorney, f"savings/{saved.commissioning.pk}/")
    words = words_of(page)
    for said in (
        "£250k is to be saved this year: rated amber.",
        "2 parts are named. How much each brings in is not yet broken down.",
        "Best start",
    ):
        assert said in words
    tables = tables_of(page)
    key = f"proposal-{saved.commissioning.pk}"
    assert [row[1] for row in tables[f"{key}-components"].rows] == ["not yet broken down"] * 2
    assert [(row[1], row[2]) for row in tables[f"{key}-notes"].rows] == [
        ("63 providers.", "An officer"),
        ("65 providers.", "A member"),
    ]
    assert [row[1].split(" (")[0] for row in tables[f"{key}-amounts"].rows] == ["Proposed", "Approved"]


def test_an_amount_for_several_years_is_shown_in_both_readings(thorney, saved):
    page = page_of(thorney, f"savings/{saved.unclear.pk}/")
    assert "The paper can be read in two ways" in page
    (row,) = tables_of(page)[f"proposal-{saved.unclear.pk}-spans"].rows
    assert "−500,000" in row
    assert row.count("−250,000") == 2
    assert "In no year" in row


def test_an_investment_shows_when_it_is_paid_back(thorney, saved):
    page = page_of(thorney, f"savings/{saved.invest.pk}/")
    assert "Paid back in 2025/26, by the plan." in words_of(page)
    rows = tables_of(page)[f"proposal-{saved.invest.pk}-investment"].rows
    assert [row[3] for row in rows] == ["−300,000", "100,000"]


def test_a_savings_history_is_told_period_by_period_and_knows_only_what_was_public_then(thorney, saved):
    eight = open_month(thorney, 8)
    update(
        saved.commissioning,
        eight,
        "100000 0 50000 100000",
        forecast="120000",
        rag="red",
        reason="A late start.",
    )
    publish_period(thorney, eight)
    rendering.kept_pages.clear()
    place = f"savings/{saved.commissioning.pk}/"
    key = f"proposal-{saved.commissioning.pk}-history"
    assert len(tables_of(page_of(thorney, place))[key].rows) == 1
    later = signed_in(thorney.member).get(f"/thorney/2023-24/p8/{place}").content.decode()
    rows = tables_of(later)[key].rows
    assert [(row[0], row[2]) for row in rows] == [
        ("2023/24, Month 7, October 2023", "▲ Amber"),
        ("2023/24, Month 8, November 2023", "■ Red"),
    ]


def test_a_later_working_figure_changes_no_published_page(thorney, saved):
    before = [page_of(thorney, place) for place in PAGES]
    rendering.kept_pages.clear()
    MonitoringPeriod.objects.filter(pk=thorney.period.pk).update(state="open")
    SavingsUpdate.objects.update(forecast=Decimal("1.00"))
    Council.objects.update(remit="Something else")
    after = [page_of(thorney, place) for place in PAGES]
    strip = re.compile(r'value="[^"]*"')
    assert [strip.sub("", page) for page in before] == [strip.sub("", page) for page in after]


# --- Recovery and the medium term


def test_the_recovery_page_shows_progress_controls_findings_and_cases(thorney, saved):
    page = page_of(thorney, "recovery/")
    words = words_of(page)
    for said in (
        "1 action is to bring in £250,000 in 2023/24.",
        "£224,537 has been identified",
        "£5,466,000 over becomes £4,681,000 over: £785,000 better.",
        "All placements Each is agreed before it is made. Corporate Director",
        "A No model of costs.",
        "One is being made.",
    ):
        assert said in words, said
    tables = tables_of(page)
    actions = next(table for key, table in tables.items() if key.endswith("-actions"))
    assert "89.8%" in actions.rows[0]
    assert "150,000" in actions.rows[0]  # still to come in
    assert (
        next(table for key, table in tables.items() if key.endswith("-steps")).rows[0][0]
        == "Review the service"
    )
    (case,) = tables["business-cases"].rows
    assert case[1:4] == ["500,000", "420,000", "80,000"]


def test_the_strategy_page_shows_the_gap_by_year_and_filters_by_priority(thorney, saved):
    page = page_of(thorney, "strategy/")
    years = tables_of(page)["strategy-years"].rows
    assert [row[0] for row in years] == ["2024/25", "2025/26"]
    assert "is still to be found in" in words_of(page)
    assert [row[0] for row in tables_of(page)["strategy-saving"].rows] == [
        "A home of our own",
        "Fostering agencies",
        "Total if all are agreed",
    ]
    chosen = tables_of(page_of(thorney, "strategy/?priority=Best+start"))["strategy-saving"].rows
    assert [row[0] for row in chosen] == ["A home of our own", "Total if all are agreed"]
    none = page_of(thorney, "strategy/?priority=%3Cscript%3E")
    assert "No proposals here" in none
    assert "<script>" not in none.split("</main>")[0].replace('<script type="module"', "").replace(
        '<script type="application/json">', ""
    )


# --- Files


def test_every_table_has_its_csv_and_xlsx(thorney, saved):
    client = signed_in(thorney.member)
    seen = set()
    for place in (*PAGES, f"savings/{saved.commissioning.pk}/"):
        seen |= set(re.findall(r'href="(/thorney/[^"]+\.(?:csv|xlsx))"', page_of(thorney, place)))
    assert len(seen) > 40
    for address in seen:
        assert client.get(address).status_code == 200, address
        assert "/v1/" in address
    assert client.get(f"{P7}savings/{saved.commissioning.pk}/nothing.csv").status_code == 404
    assert client.get(f"{P7}savings/{saved.commissioning.pk}/notes.exe").status_code == 404


def test_a_savings_file_has_exact_pounds_and_every_column(thorney, saved):
    headings, rows = csv_of(signed_in(thorney.member).get(f"{P7}tables/savings.csv").content)
    (cells,) = [row for row in rows if row[0] == "CF/01 Commissioning"]
    row = dict(zip(headings, cells, strict=True))
    assert (row["Target (£)"], row["Undeliverable (£)"], row["Still not met (£)"]) == (
        "250000.00",
        "40000.00",
        "20000.00",
    )
    assert row["Reason for the rating"] == "It is reviewed every quarter."
    assert row["Covered by"] == "Reserve"


def test_the_workbook_of_the_period_holds_savings_and_recovery_too(thorney, saved):
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    content = signed_in(thorney.member).get(f"{P7}tables/all.xlsx").content
    names = set(CalamineWorkbook.from_filelike(BytesIO(content)).sheet_names)
    assert {"Position", "Savings", "Proposals", "Spending controls", "Strategy years"} <= names


# --- Who may have it


@pytest.mark.parametrize("place", [*PAGES, "savings/1/", "savings/1/notes.csv", "tables/savings.csv"])
def test_a_stranger_and_an_unpublished_period_get_the_same_answer(thorney, place):
    saved = add_savings(thorney)
    publish_period(thorney)
    open_month(thorney, 8)
    place = place.replace("/1/", f"/{saved.commissioning.pk}/")
    assert signed_in(thorney.member).get(f"{P7}{place}").status_code == 200
    answers = [
        signed_in(thorney.stranger).get(f"{P7}{place}"),
        signed_in(thorney.member).get(f"/thorney/2023-24/p8/{place}"),
        signed_in(thorney.member).get(f"/nowhere/2023-24/p7/{place}"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 3


def test_pages_of_savings_are_read_only_and_kept_by_no_cache(thorney, saved):
    client = signed_in(thorney.member)
    for place in (*PAGES, f"savings/{saved.commissioning.pk}/"):
        assert client.post(f"{P7}{place}").status_code == 405
        assert client.get(f"{P7}{place}")["Cache-Control"] == "no-store"


def test_a_warm_page_asks_who_reads_it_and_no_content(thorney, saved, django_assert_max_num_queries):
    client = signed_in(thorney.member)
    for place in (*PAGES, f"savings/{saved.commissioning.pk}/"):
        client.get(f"{P7}{place}")
        with django_assert_max_num_queries(8) as found:
            assert client.get(f"{P7}{place}").status_code == 200
        assert '"content"' not in " ".join(query["sql"] for query in found.captured_queries)


# --- Publishing


def test_each_saving_is_kept_as_it_was_published(thorney, saved):
    row = PublishedSaving.objects.get(key=str(saved.commissioning.pk))
    assert (row.figures.target, row.figures.shortfall, row.rag, row.stage) == (
        Decimal("250000.00"),
        Decimal("50000.00"),
        "amber",
        "in_delivery",
    )
    assert row.figures.delivered_percent == 40


def test_a_published_saving_cannot_be_changed_or_deleted(thorney, saved):
    from django.db import IntegrityError, transaction

    for change in (
        lambda: PublishedSaving.objects.update(rag="green"),
        lambda: PublishedSaving.objects.filter(pk__gt=0)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="is never changed"), transaction.atomic():
            change()


def test_a_correction_says_which_saving_changed(thorney, saved):
    from services.operations.periods import reopen_period

    reopen_period(by=thorney.head, asked_by=thorney.officer, period=thorney.period, reason="A late figure.")
    thorney.period.refresh_from_db()
    update(
        saved.commissioning,
        thorney.period,
        "100000 50000 60000 40000",
        forecast="180000",
        reason="It starts later than said.",
    )
    second = publish_period(thorney)
    assert any(
        change.startswith("Saving CF/01 Commissioning: forecast from £200,000 to £180,000")
        for change in second.changes
    )


@pytest.fixture
def no_forecast(thorney):
    """Thorney with savings and no forecast at all, published."""
    Forecast.objects.update(forecast_outturn=None, best_case=None, worst_case=None)
    saved = add_savings(thorney)
    publish(by=thorney.officer, approved_by=thorney.head, council=thorney.council, period=thorney.period)
    return saved


def test_a_period_without_a_forecast_is_published_for_what_it_says_of_savings(thorney, no_forecast):
    page = page_of(thorney, "")
    words = words_of(page)
    assert "No forecast was published" in words
    assert "No service line is forecast in this period, so there is no position to report." in words
    assert "£250k of this year's £1.2m target is rated amber" in words
    assert "not yet forecast over" not in words
    council = signed_in(thorney.member).get("/thorney/").content.decode()
    assert "no forecast was published in this period" in words_of(council)


def test_the_position_of_a_period_without_a_forecast_prints_as_unknown(thorney, no_forecast):
    from io import StringIO

    from django.core.management import call_command

    printed = StringIO()
    call_command("position", council="thorney", period="2023-24/p7", published=True, stdout=printed)
    assert "Note: No service line is forecast in this period" in printed.getvalue()
    assert "unknown" in printed.getvalue()


def test_a_period_without_any_line_prints_that_it_has_no_position():
    printed = as_table(period(savings=of.content(of.saving())), heading="Thorney, month 7")
    assert printed.startswith("Thorney, month 7")
    assert "There is no service line in this period, and so no position." in printed


def test_what_stops_a_publication_without_a_forecast_is_only_that_there_is_nothing_else(thorney):
    from scrutiny.checks import Answer, readiness

    Forecast.objects.update(forecast_outturn=None, best_case=None, worst_case=None)

    def forecasts():
        (check,) = [
            one for one in readiness(thorney.council, thorney.period).checks if one.name == "Forecasts"
        ]
        return check.answer

    assert forecasts() is Answer.STOPS
    add_savings(thorney)
    assert forecasts() is Answer.TO_KNOW


def test_pages_of_a_period_without_savings_say_so(thorney):
    publish_period(thorney)
    assert "No saving of this year was published" in page_of(thorney, "savings/")
    assert "No proposals were published" in page_of(thorney, "savings/")
    assert "No recovery plan was published" in page_of(thorney, "recovery/")
    assert "No spending controls were published" in page_of(thorney, "recovery/")
    assert "No medium-term strategy was published" in page_of(thorney, "strategy/")


def test_the_period_page_leads_to_savings_recovery_and_the_medium_term(thorney, saved):
    page = page_of(thorney, "")
    for place in PAGES:
        assert f'href="{P7}v1/{place}"' in page
    assert "Financial recovery: 1 action is to bring in £250,000 in 2023/24." in words_of(page)


def test_a_superseded_version_of_a_savings_page_says_so(thorney, saved):
    from services.operations.periods import reopen_period

    reopen_period(by=thorney.head, asked_by=thorney.officer, period=thorney.period, reason="A late figure.")
    thorney.period.refresh_from_db()
    update(saved.vacancies, thorney.period, "300000 600000 0 0")
    publish_period(thorney)
    assert "This is not the latest version" in page_of(thorney, "v1/savings/")
    assert "This is not the latest version" not in page_of(thorney, "savings/")
