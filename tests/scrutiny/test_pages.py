"""The pages that members read: what stands on them, who may have them, and what they cost."""

import json
import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.test import Client

from accounting.funds import Fund
from accounting.periods import Period
from scrutiny import rendering
from scrutiny.freezing import content_of
from scrutiny.position import compare, hierarchy
from scrutiny.published import PublishedSource, content_from
from scrutiny.tables.context_rows import budget_changes_apart
from services.models import Forecast, RoleAssignment, VirementRule
from services.operations.periods import reopen_period
from tests.scrutiny.council import open_month
from tests.scrutiny.pages import csv_of, publish_period, publish_two_months, tables_of
from tests.scrutiny.records import figures, line, period, reason, total, whole

P7 = "/thorney/2023-24/p7/"
FILES = (
    "tables/position.csv",
    "tables/position.xlsx",
    "tables/all.xlsx",
    "report.pdf",
    "compare/",
    "compare/comparison.csv",
)


@pytest.fixture(autouse=True)
def _nothing_rendered_before():
    rendering.kept_pages.clear()


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def page_of(thorney, address=P7, status=200):
    response = signed_in(thorney.member).get(address)
    assert response.status_code == status, response.content[:500]
    return response.content.decode()


def words_of(page):
    without_scripts = re.sub(r"<script.*?</script>", " ", page, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", without_scripts).replace("&#x27;", "'").split())


# --- What stands on the page


def test_the_page_opens_with_the_headline_and_the_figures_before_and_after(thorney):
    publish_period(thorney)
    page = words_of(page_of(thorney))
    assert "Children's services: Month 7, October 2023" in page
    assert re.search(r"Published \d+ \w+ \d{4}, version 1", page)
    assert (
        "Children's services will overspend by £4.6m after using £1.3m of reserves and applying £66k of other one-off funding."
        in page
    )
    assert "Children and Families will overspend by £4.0m after using £1.3m of reserves." in page
    assert "Education will overspend by £600k after applying £66k of other one-off funding." in page
    assert "This is the first published report of 2023/24." in page
    for step in (
        "£5.9m over before reserves",
        "−£1.3m drawn from reserves",
        "£4.6m over after reserves",
        "£4.4m over if all planned uses are approved",
    ):
        assert step in page


def test_the_parts_of_the_page_come_in_the_same_order_every_period(thorney):
    publish_two_months(thorney)
    orders = [
        re.findall(r'<h2 id="([a-z]+-heading)"', page_of(thorney, f"/thorney/2023-24/p{n}/")) for n in (7, 8)
    ]
    assert orders[0] == orders[1]
    assert orders[0] == [
        f"{name}-heading"
        for name in (
            "position",
            "forecast",
            "moved",
            "reasons",
            "savings",
            "reserves",
            "dsg",
            "budget",
            "risks",
            "files",
            "versions",
        )
    ]


def test_the_position_has_lines_and_totals_and_their_reasons_open_in_place(thorney):
    publish_period(thorney)
    page = page_of(thorney)
    rows = {row[0]: row for row in tables_of(page)["position"].rows}
    headings = tables_of(page)["position"].headings
    parenting = dict(zip(headings, rows["Corporate parenting"], strict=True))
    assert parenting["Variance before reserves"] == "4,394"
    assert parenting["Drawdown"] == "1,300"
    assert parenting["Variance after reserves"] == "3,094"
    assert parenting["RAG"] == "■ Red"
    assert list(rows)[-1] == "Total, Thorney Borough Council, General Fund"
    assert re.search(r"row-why.*?<summary>Why: demand", page, flags=re.DOTALL)


def test_no_dsg_line_is_in_a_general_fund_table(thorney):
    publish_period(thorney)
    tables = tables_of(page_of(thorney))
    for name in ("position", "services", "scopes"):
        assert "High needs placements" not in str(tables[name].rows)
    assert "High needs placements" in str(tables["dsg-position"].rows)


def test_the_dsg_measures_are_labelled_apart_and_its_override_date_is_given(thorney):
    publish_period(thorney)
    page = page_of(thorney)
    measures = {row[0]: row[2] for row in tables_of(page)["dsg"].rows}
    assert measures["In-year deficit"] == "2,000"
    assert measures["Opening balance"] == "19,000"
    assert measures["Cumulative deficit"] == "21,000"
    assert measures["In-year variance"] == measures["Planned cumulative deficit"] == "not known"
    assert "ends on 31 March 2026" in page
    assert "None of these figures is in any General Fund total on this page" in page


def test_reserves_show_opening_planned_closing_and_how_long_they_last(thorney):
    publish_period(thorney)
    tables = tables_of(page_of(thorney))
    reserve = dict(zip(tables["reserves"].headings, tables["reserves"].rows[0], strict=True))
    assert (reserve["Opening balance"], reserve["Drawdown"], reserve["Closing balance"]) == (
        "9,000",
        "1,300",
        "7,700",
    )
    assert (reserve["Drawdown to be approved"], reserve["Closing balance if all approved"]) == (
        "200",
        "7,500",
    )
    assert reserve["Years left"] == "5.9"
    assert [row[4] for row in tables["reserve-uses"].rows] == ["Approved", "Requested"]


def test_each_leg_of_a_virement_is_in_the_log_and_sums_to_nil(thorney):
    publish_period(thorney)
    tables = tables_of(page_of(thorney))
    legs = [row for row in tables["virements-for-information"].rows if row[0] == "V1"]
    assert {(leg[1], leg[2]) for leg in legs} == {("Corporate parenting", "−394"), ("Family support", "394")}
    changes = tables["budget-changes"].rows
    assert [(row[0], row[3].split(":")[0]) for row in changes] == [("F1", "Funding change")]


def test_virements_that_members_are_asked_to_approve_are_listed_apart(thorney):
    VirementRule.objects.create(
        council=thorney.council, order=1, boundary="division", above_amount=0, reported_for_approval=True
    )
    publish_period(thorney)
    tables = tables_of(page_of(thorney))
    assert {row[0] for row in tables["virements-for-approval"].rows} == {"V1"}
    assert "virements-for-information" not in tables


def test_a_publication_made_before_virements_were_told_apart_lists_them_together(thorney):
    content = json.loads(content_of(thorney.council, thorney.period))
    for entry in content["virements"]:
        del entry["listed_for"]
    virements = content_from(json.dumps(content)).virements
    assert [
        (name, len({row.reference for row in rows})) for name, _, rows in budget_changes_apart(virements)
    ] == [
        ("virements-for-approval", 0),
        ("virements-for-information", 0),
        ("budget-changes", 2),
    ]


def test_marked_figures_have_a_key_and_their_citation(thorney):
    publish_period(thorney)
    page = page_of(thorney)
    assert "p: printed in the source paper." in page
    assert ["Placements reserve", "Opening balance", "Printed", "Minute 5.2"] in tables_of(page)[
        "sources"
    ].rows


def test_what_moved_since_the_last_published_period_is_listed_largest_first(thorney):
    publish_period(thorney)
    eight = open_month(thorney, 8)
    for name, amount in (("Clinical services", "1400000.00"), ("Family support", "8570000.01")):
        Forecast.objects.filter(period=eight, service_line=thorney.lines[name]).update(
            forecast_outturn=Decimal(amount), best_case=None, worst_case=None
        )
    publish_period(thorney, eight)
    page = page_of(thorney, "/thorney/2023-24/p8/")
    table = tables_of(page)["movements"]
    assert [(row[0], row[2], row[3], row[4]) for row in table.rows] == [
        ("Family support", "1,051", "951", "−100"),
        ("Clinical services", "−162", "−110", "52"),
    ]
    assert "That is £48k better than in month 7, the last published." in words_of(page)


def test_a_period_in_which_nothing_moved_says_so(thorney):
    publish_two_months(thorney)
    assert "Nothing moved" in page_of(thorney, "/thorney/2023-24/p8/")


def test_the_chart_of_the_forecast_knows_only_what_was_public_then(thorney):
    publish_two_months(thorney)
    assert [row[0] for row in tables_of(page_of(thorney, P7))["history"].rows] == ["Month 7, October 2023"]
    later = tables_of(page_of(thorney, "/thorney/2023-24/p8/"))["history"].rows
    assert [row[0] for row in later] == ["Month 7, October 2023", "Month 8, November 2023"]


def test_every_chart_has_its_finding_its_drawing_and_its_figures(thorney):
    publish_two_months(thorney)
    page = page_of(thorney, "/thorney/2023-24/p8/")
    figures = re.findall(r'<figure class="chart".*?</figure>', page, flags=re.DOTALL)
    assert len(figures) == 3
    for figure in figures:
        assert re.search(r'chart-finding">[^<]{20,}', figure)
        assert "<svg" in figure
        assert '<table class="figures"' in figure


def test_what_a_publication_does_not_have_is_said_and_not_left_out():
    its = figures("1000000", "1000000")
    page = rendering.render_page(whole(its, lines=[line(its=its)], last=None), history=())
    for words in (
        "First report of the year",
        "No reasons were published",
        "No reserves were published",
        "No Dedicated Schools Grant figures were published",
        "No budget has moved",
        "None were published",
    ):
        assert words in page
    assert "Nothing moved" in rendering.render_page(whole(figures("1", "1", last="0")), history=())


def test_a_publication_without_general_fund_lines_says_so():
    dsg = line(fund=Fund.DSG)
    only_dsg = period(lines=[dsg], totals=[total("council", "Thorney", dsg.figures, fund=Fund.DSG)])
    page = rendering.render_page(only_dsg, history=())
    assert "No General Fund position was published" in page
    assert "There are no lines to show." in page
    assert [row[0] for row in tables_of(page)["dsg-position"].rows] == [
        "Placements",
        "Total, Thorney, Dedicated Schools Grant",
    ]


def test_a_division_of_one_line_is_not_said_twice():
    one, two = line("Fostering", division="Care"), line("Adoption", division="Care")
    alone = line("Hub", division="Hubs")
    totals = [total("council", "Thorney", figures())]
    totals += [
        replace(total("division", name, figures()), directorate="Children") for name in ("Care", "Hubs")
    ]
    names = [
        entry.name for entry in hierarchy(period(lines=[one, two, alone], totals=totals), Fund.GENERAL_FUND)
    ]
    assert names == ["Fostering", "Adoption", "Total, Care", "Hub", "Total, Thorney, General Fund"]


def test_an_illustrative_figure_is_never_named_without_saying_so():
    mark = PublishedSource(
        figure="variance_after_reserves", basis="illustrative", citation="", words="Not in the minutes."
    )
    shown = line("Transport", sources=(mark,))
    page = rendering.render_page(whole(shown.figures, lines=[shown]), history=())
    assert "Transport (£3.8m over, an illustrative figure)" in page
    assert "Transport (illustrative)" in page


def test_what_officers_wrote_cannot_run_on_the_page():
    bad = "<script>alert(1)</script>"
    wild = line(
        bad,
        reasons=(reason(bad, "5", words=bad, action=bad),),
        sources=(PublishedSource(figure="movement", basis="printed", citation=bad, words=bad),),
    )
    page = rendering.render_page(
        period(lines=[wild], totals=[total("council", "Thorney", figures())]), history=()
    )
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_line_without_a_forecast_leaves_the_total_unknown_and_says_why(thorney):
    Forecast.objects.filter(service_line=thorney.lines["Family support"]).update(
        forecast_outturn=None, best_case=None, worst_case=None
    )
    publish_period(thorney)
    page = page_of(thorney)
    assert "the outturn is not yet known, because 1 of 4 service lines have no forecast" in words_of(page)
    assert "not yet forecast" in page
    for table in tables_of(page).values():
        assert all(cell for row in table.rows for cell in row), f"a blank cell in {table.key}"


# --- Versions


def test_a_superseded_version_stays_as_it_was_and_points_to_the_latest(thorney):
    """T14: the page of each version says which it is, and what the correction corrects."""
    publish_period(thorney)
    reopen_period(by=thorney.head, asked_by=thorney.officer, period=thorney.period, reason="A late invoice.")
    Forecast.objects.filter(service_line=thorney.lines["Family support"]).update(
        forecast_outturn=Decimal("8700000.00"), best_case=None, worst_case=None
    )
    publish_period(thorney)
    first, latest = page_of(thorney, f"{P7}v1/"), page_of(thorney, P7)
    assert "This is not the latest version of this period" in first
    assert "This is not the latest version" not in latest
    assert tables_of(first)["position"].rows != tables_of(latest)["position"].rows
    assert "What this version corrects" in latest
    assert page_of(thorney, f"{P7}v2/").count("version 2") >= 1
    assert page_of(thorney, f"{P7}v3/", 404)


# --- Who may have it


@pytest.mark.parametrize("place", ["", *FILES])
def test_a_stranger_an_unpublished_period_and_no_period_get_the_same_answer(thorney, place):
    publish_period(thorney)
    open_month(thorney, 8)
    stranger, member = signed_in(thorney.stranger), signed_in(thorney.member)
    answers = [
        stranger.get(f"{P7}{place}"),
        member.get(f"/thorney/2023-24/p8/{place}"),
        member.get(f"/thorney/2023-24/p9/{place}"),
        member.get(f"/nowhere/2023-24/p7/{place}"),
        stranger.get(f"/nowhere/2023-24/p7/{place}"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5
    shown = {
        re.sub(r"<span>[^<]*</span>|value=\"[^\"]*\"", "", answer.content.decode()) for answer in answers
    }
    assert len(shown) == 1


def test_the_kept_page_is_not_given_to_one_who_lost_the_role(thorney):
    publish_period(thorney)
    client = signed_in(thorney.member)
    assert client.get(P7).status_code == 200
    assert client.get(P7).status_code == 200
    RoleAssignment.objects.filter(user=thorney.member).delete()
    assert client.get(P7).status_code == 404


def test_pages_and_files_are_kept_by_no_cache(thorney):
    publish_period(thorney)
    client = signed_in(thorney.member)
    for place in ("", "tables/position.csv", "tables/all.xlsx"):
        assert client.get(f"{P7}{place}")["Cache-Control"] == "no-store"


def test_only_officers_get_a_way_to_the_working_side(thorney):
    publish_period(thorney)
    assert "/working/" not in page_of(thorney, "/thorney/")
    assert "/thorney/working/" in signed_in(thorney.officer).get("/thorney/").content.decode()


def test_members_pages_are_read_only(thorney):
    publish_period(thorney)
    client = signed_in(thorney.member)
    for place in ("", "tables/position.csv", "compare/"):
        assert client.post(f"{P7}{place}").status_code == 405


# --- The council's page, the switcher, comparison


def test_a_council_lists_its_published_periods_by_year_and_opens_with_the_latest(thorney):
    publish_two_months(thorney)
    page = page_of(thorney, "/thorney/")
    assert "Latest: Month 8, November 2023" in page
    assert page.index("Month 8, November 2023") < page.index("Month 7, October 2023")
    assert "2023/24" in page


def test_a_council_that_has_published_nothing_says_so(thorney):
    assert "Nothing has been published yet" in page_of(thorney, "/thorney/")


def test_the_switcher_leads_to_the_other_periods(thorney):
    publish_two_months(thorney)
    switcher = page_of(thorney).split('class="switcher"')[1].split("</nav>")[0]
    assert 'href="/thorney/2023-24/p8/"' in switcher
    assert 'aria-current="page">Month 7, October 2023' in switcher


def test_comparison_is_with_the_last_published_period_unless_another_is_chosen(thorney):
    publish_period(thorney)
    eight = open_month(thorney, 8)
    Forecast.objects.filter(period=eight, service_line=thorney.lines["Clinical services"]).update(
        forecast_outturn=Decimal("1400000.00"), best_case=None, worst_case=None
    )
    publish_period(thorney, eight)
    page = page_of(thorney, "/thorney/2023-24/p8/compare/")
    table = tables_of(page)["comparison"]
    row = dict(
        zip(table.headings, next(row for row in table.rows if row[0] == "Clinical services"), strict=True)
    )
    assert (row["Compared variance after reserves"], row["Variance after reserves"], row["Change"]) == (
        "−162",
        "−110",
        "52",
    )
    assert "£52k worse than the £4.6m over of month 7 of 2023/24, version 1." in words_of(page)
    back = page_of(thorney, "/thorney/2023-24/p7/compare/?with=2023-24/p8/v1")
    assert "£52k better" in back
    assert "First report of the year" in page_of(thorney, "/thorney/2023-24/p7/compare/")


@pytest.mark.parametrize(
    "wanted", ["2023-24/p9", "2023-24/p8/v9", "nonsense", "2023-24/p8/vx", "'; DROP TABLE", "2023-25/p1"]
)
def test_a_comparison_with_what_is_not_published_is_not_found(thorney, wanted):
    publish_two_months(thorney)
    assert signed_in(thorney.member).get(f"{P7}compare/", {"with": wanted}).status_code == 404


def test_a_line_that_only_one_publication_has_is_said_to_be_there(thorney):
    now = period(lines=[line("Placements"), line("New hub")], totals=[total("council", "Thorney", figures())])
    then = period(
        lines=[line("Placements"), line("Old hub")], totals=[total("council", "Thorney", figures())]
    )
    names = [row.name for row in compare(now, then)]
    assert names == [
        "Placements",
        "New hub (not in the other)",
        "Total, Thorney, General Fund",
        "Old hub (only in the other)",
    ]


# --- Files


def test_every_table_on_the_page_has_its_csv_and_xlsx_at_a_stable_address(thorney):
    publish_period(thorney)
    page = page_of(thorney)
    client = signed_in(thorney.member)
    addresses = set(re.findall(r'href="(/thorney/[^"]+\.(?:csv|xlsx))"', page))
    assert len(addresses) > 20
    assert all(address.startswith(f"{P7}v1/tables/") for address in addresses)
    for address in addresses:
        response = client.get(address)
        assert response.status_code == 200
        assert response["Content-Disposition"] == (
            f'attachment; filename="thorney-2023-24-p7-v1-{address.split("/")[-1].replace("all.xlsx", "all-tables.xlsx")}"'
        )
    assert client.get(f"{P7}tables/nothing.csv").status_code == 404


def test_the_workbook_holds_every_table_and_where_it_came_from(thorney):
    from io import BytesIO

    from python_calamine import CalamineWorkbook

    publication = publish_period(thorney)
    content = signed_in(thorney.member).get(f"{P7}tables/all.xlsx").content
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    assert {"Position", "Reserves", "Dsg", "Lines", "About"} <= set(book.sheet_names)
    about = dict(row[:2] for row in book.get_sheet_by_name("About").to_python())
    assert about["Digest"] == publication.digest
    assert content == signed_in(thorney.member).get(f"{P7}tables/all.xlsx").content


def test_a_csv_has_exact_pounds_and_reasons_in_words(thorney):
    publish_period(thorney)
    headings, rows = csv_of(signed_in(thorney.member).get(f"{P7}tables/position.csv").content)
    row = dict(zip(headings, next(row for row in rows if row[0] == "Corporate parenting"), strict=True))
    assert Decimal(row["Variance before reserves (£)"]) % 1 != 0
    assert row["Reason"].startswith("Demand")


# --- What it costs


def counted(client, address, django_assert_max_num_queries, most):
    with django_assert_max_num_queries(most) as found:
        assert client.get(address).status_code == 200
    return found


@pytest.mark.parametrize("address", [P7, f"{P7}v1/"])
def test_a_warm_page_asks_who_reads_it_and_nothing_more_than_its_surroundings(
    thorney, address, django_assert_max_num_queries
):
    publish_period(thorney)
    client = signed_in(thorney.member)
    client.get(address)
    found = counted(client, address, django_assert_max_num_queries, 6)
    asked = " ".join(query["sql"] for query in found.captured_queries)
    assert "services_roleassignment" in asked
    assert '"content"' not in asked


def test_rendering_the_content_asks_the_database_nothing(thorney, django_assert_num_queries):
    from scrutiny import access

    publish_period(thorney)
    grant, published, _ = access.publication_for(thorney.member, "thorney", Period.parse("2023-24/p7"))
    history = access.history_when_published(grant.council.pk, published)
    with django_assert_num_queries(0):
        page = rendering.render_page(published, history=history)
    assert "Corporate parenting" in page
    with django_assert_num_queries(0):
        assert rendering.kept_page(published) is page


def test_the_view_renders_without_surprise_queries(thorney, rf, django_assert_num_queries):
    from django.contrib.messages.storage.fallback import FallbackStorage
    from django.template.response import TemplateResponse

    from scrutiny import views

    publish_period(thorney)
    request = rf.get(P7)
    request.user, request.session = thorney.member, {}
    request._messages = FallbackStorage(request)
    views.period(request, "thorney", Period.parse("2023-24/p7"))
    # Warm: the role with its council, the versions, the periods of the switcher.
    with django_assert_num_queries(3):
        response = views.period(request, "thorney", Period.parse("2023-24/p7"))
    assert not isinstance(response, TemplateResponse)
    assert response.status_code == 200


def test_the_provisional_outturn_is_told_as_past_in_its_chart_as_well():
    its = figures("1000000", "1250000")
    history = tuple((Period.parse(when), 1, its) for when in ("2023-24/p12", "2023-24/p13"))
    page = rendering.render_page(whole(its, when="2023-24/p13", last="2023-24/p12"), history=history)
    assert (
        "At provisional outturn children's services cost £1.3m against a revised budget of £1.0m."
        in words_of(page)
    )
