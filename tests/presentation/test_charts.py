"""Charts: one plotly figure, drawn the same way every time."""

import itertools
import json
import re
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from presentation.charts import (
    Chart,
    Point,
    Series,
    Step,
    forecast_line,
    plotly_figure,
    plotly_json,
    stacked_bars,
    static_svg,
    svg_data_uri,
    variance_bars,
    waterfall,
)
from presentation.lettering import text_width
from presentation.scales import padded, round_ticks, running_levels, stack_extremes
from presentation.svg import ChartNotDrawableError

SVG = "{http://www.w3.org/2000/svg}"
MILLION = Decimal(1_000_000)
amounts = st.integers(min_value=-(10**11), max_value=10**11).map(lambda pence: Decimal(pence).scaleb(-2))


def chart(figure, **changes):
    facts = {"key": "test", "title": "Variance by service", "finding": "Corporate parenting is £2.7m over."}
    return Chart(figure=figure, **{**facts, **changes})


def drawn(figure, **options):
    return ElementTree.fromstring(static_svg(chart(figure), **options))


def words(root):
    return [element.text for element in root.iter(f"{SVG}text")]


def rectangles(root):
    return [element for element in root.iter(f"{SVG}rect") if element.get("stroke")]


BARS = variance_bars(
    [
        ("Corporate parenting", Decimal("2700000")),
        ("Clinical", Decimal("-152000")),
        ("New", None),
        ("Nil", Decimal(0)),
    ]
)
FALL = waterfall(
    [
        Step(label="Before reserves", amount=Decimal("7400000"), level=True),
        Step(label="From reserves", amount=Decimal("-3600000"), reserves=True),
        Step(label="After reserves", amount=Decimal("3800000"), level=True),
    ]
)
LINE = forecast_line(
    [
        Point(label="Apr", amount=Decimal("84400000"), low=Decimal("84000000"), high=Decimal("85000000")),
        Point(label="May", amount=Decimal("84600000"), low=Decimal("84100000"), high=Decimal("85100000")),
        Point(label="Jun", amount=None),
    ],
    budget=[Decimal("84000000")] * 3,
)
STACK = stacked_bars(
    ["2022/23", "2023/24"],
    [
        Series(name="General Fund", amounts=[MILLION, -MILLION]),
        Series(name="Reserves", amounts=[MILLION, None], reserves=True),
    ],
)
SIDEWAYS = stacked_bars(
    ["A", "B"],
    [Series(name="One", amounts=[MILLION, MILLION]), Series(name="Two", amounts=[MILLION, MILLION])],
    horizontal=True,
)
ALL = {"bars": BARS, "waterfall": FALL, "line": LINE, "stack": STACK, "sideways": SIDEWAYS}


@pytest.mark.parametrize("figure", ALL.values(), ids=ALL.keys())
def test_plotly_accepts_every_house_figure_and_it_draws_the_same(figure):
    validated = plotly_figure(chart(figure))
    assert static_svg(chart(validated)) == static_svg(chart(figure))


@pytest.mark.parametrize("figure", ALL.values(), ids=ALL.keys())
def test_a_drawing_is_the_same_bytes_every_time_and_small(figure):
    first = static_svg(chart(figure))
    assert first == static_svg(chart(json.loads(plotly_json(chart(figure)))))
    assert len(first.encode()) < 6_000


@pytest.mark.parametrize("figure", ALL.values(), ids=ALL.keys())
def test_a_drawing_says_what_it_shows_and_has_no_styles_for_the_content_policy_to_refuse(figure):
    svg = static_svg(chart(figure))
    root = ElementTree.fromstring(svg)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == "Variance by service. Corporate parenting is £2.7m over."
    assert "style" not in svg
    assert svg_data_uri(svg).startswith("data:image/svg+xml;base64,")


def test_each_bar_says_its_variance_and_an_unknown_one_says_so():
    root = drawn(BARS)
    assert {"£2.7m over", "£152k under", "not yet forecast", "on budget"} <= set(words(root))
    assert len(rectangles(root)) == 2


def test_an_overspend_points_right_of_nil_and_an_underspend_left():
    over, under = rectangles(drawn(BARS))
    assert float(over.get("x")) >= float(under.get("x")) + float(under.get("width")) - 0.2
    assert (over.get("fill"), under.get("fill")) == ("#801650", "#28A197")


def test_reserves_are_hatched_not_only_coloured():
    assert rectangles(drawn(FALL))[1].get("fill") == "url(#test-hatch)"
    assert 'id="test-hatch"' in static_svg(chart(STACK))
    assert "hatch" not in static_svg(chart(BARS))


def test_the_steps_of_a_waterfall_meet():
    before, used, after = rectangles(drawn(FALL))
    assert used.get("y") == before.get("y")
    lowest = float(used.get("y")) + float(used.get("height"))
    assert lowest == pytest.approx(float(after.get("y")), abs=0.11)


def test_a_level_is_drawn_where_it_is_said_to_be_even_if_the_steps_do_not_lead_there():
    gap = waterfall(
        [
            Step(label="Before", amount=Decimal("4000000"), level=True),
            Step(label="Reserves", amount=Decimal("-1000000")),
            Step(label="After", amount=Decimal("2000000"), level=True),
        ]
    )
    _, used, after = rectangles(drawn(gap))
    assert float(used.get("y")) + float(used.get("height")) < float(after.get("y")) - 5


def test_plotlys_own_running_total_is_understood():
    figure = {
        "data": [
            {
                "type": "waterfall",
                "x": ["a", "b", "c"],
                "y": [5, -2, None],
                "measure": ["relative", "relative", "total"],
            }
        ]
    }
    heights = [float(bar.get("height")) for bar in rectangles(drawn(figure))]
    assert heights[2] == pytest.approx(heights[0] * 3 / 5, abs=0.2)


def test_an_unknown_month_leaves_a_gap_in_the_line():
    known = [Point(label=str(month), amount=None if month == 3 else MILLION * month) for month in range(1, 6)]
    paths = [
        path for path in drawn(forecast_line(known)).iter(f"{SVG}path") if path.get("stroke") == "#12436D"
    ]
    assert len(paths) == 2
    assert len(list(drawn(forecast_line(known)).iter(f"{SVG}circle"))) == 4


def test_the_band_lies_between_best_and_worst_case():
    fills = [path for path in drawn(LINE).iter(f"{SVG}path") if path.get("fill-opacity")]
    assert len(fills) == 1
    assert fills[0].get("d").endswith("Z")


@pytest.mark.parametrize(("low", "high"), [(None, MILLION * 2), (MILLION, None), (None, None)])
def test_the_band_breaks_where_the_best_or_the_worst_case_is_unknown(low, high):
    points = [Point(label=str(month), amount=MILLION, low=MILLION, high=MILLION * 2) for month in range(1, 8)]
    points[3] = Point(label="4", amount=MILLION, low=low, high=high)
    fills = [path for path in drawn(forecast_line(points)).iter(f"{SVG}path") if path.get("fill-opacity")]
    assert len(fills) == 2


def test_a_stack_grows_from_nil_both_ways_and_says_what_fits():
    root = drawn(STACK)
    first, second, reserves = rectangles(root)[2:5]
    assert float(first.get("y")) + float(first.get("height")) == pytest.approx(
        float(second.get("y")), abs=0.11
    )
    assert float(reserves.get("y")) < float(first.get("y"))
    assert {"General Fund", "Reserves", "£1.0m", "−£1.0m"} <= set(words(root))


def test_the_names_of_twenty_bars_do_not_touch():
    bars = [
        (f"Commissioning and short breaks for families {number}", Decimal(number - 9) * 100_000)
        for number in range(20)
    ]
    root = drawn(variance_bars(bars))
    baselines = sorted(float(text.get("y")) for text in root.iter(f"{SVG}text") if text.get("x") == "0")
    assert all(later - earlier >= 18 for earlier, later in itertools.pairwise(baselines))
    plot = min(float(bar.get("x")) for bar in rectangles(root))
    assert max(text_width(text.text, 14) for text in root.iter(f"{SVG}text") if text.get("x") == "0") < plot


def test_the_words_on_twenty_columns_stand_upright_rather_than_touch():
    figure = {
        "data": [
            {
                "type": "bar",
                "x": [f"Line {n}" for n in range(20)],
                "y": list(range(20)),
                "text": ["£1,234,567 over"] * 20,
            }
        ]
    }
    texts = [text for text in drawn(figure).iter(f"{SVG}text") if text.text == "£1,234,567 over"]
    assert len(texts) == 20
    assert all(text.get("transform", "").startswith("rotate(-90") for text in texts)


def test_nothing_is_drawn_outside_the_sheet():
    for figure in ALL.values():
        root = drawn(figure)
        _, _, width, height = map(float, root.get("viewBox").split())
        for bar in rectangles(root):
            assert float(bar.get("x")) >= 0
            assert float(bar.get("x")) + float(bar.get("width")) <= width + 0.2
            assert float(bar.get("y")) + float(bar.get("height")) <= height + 0.2


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.one_of(st.none(), amounts), max_size=20))
def test_any_variances_can_be_drawn(variances):
    svg = static_svg(
        chart(variance_bars([(f"Line {place}", amount) for place, amount in enumerate(variances)]))
    )
    ElementTree.fromstring(svg)
    assert not re.search(r"nan|inf|-0[ \"]", svg)


def test_a_chart_without_figures_says_so():
    assert words(drawn(variance_bars([]))) == ["There are no figures to draw."]
    assert words(drawn(forecast_line([]))) == ["There are no figures to draw."]


def test_a_kind_of_chart_that_cannot_be_drawn_is_refused_by_name():
    with pytest.raises(ChartNotDrawableError, match=r"“test” cannot be drawn without plotly\.js: it has pie"):
        static_svg(chart({"data": [{"type": "pie", "values": [1]}], "layout": {}}))


def test_names_cannot_break_out_of_the_drawing_or_the_data_block():
    hostile = variance_bars([('</script><script>alert("1")</script>&', Decimal(1))])
    assert "<script" not in static_svg(chart(hostile))
    assert "<" not in plotly_json(chart(hostile))
    assert json.loads(plotly_json(chart(hostile)))["data"][0]["y"][0].startswith("</script>")


def test_a_chart_cannot_hold_money_that_would_lose_its_pence():
    with pytest.raises(TypeError, match="cannot hold Decimal"):
        plotly_json(chart({"data": [{"type": "bar", "x": ["a"], "y": [Decimal("0.1")]}]}))


@settings(deadline=None)  # the machine may be busy
@given(st.lists(amounts, min_size=1, max_size=6), st.booleans())
def test_ticks_cover_the_figures_evenly_and_their_words_differ(given_amounts, from_nil):
    from accounting.wording import format_short

    ticks = round_ticks(given_amounts, from_nil=from_nil)
    assert ticks[0] <= min(given_amounts)
    assert ticks[-1] >= max(given_amounts)
    assert len({later - earlier for earlier, later in itertools.pairwise(ticks)}) == 1
    assert len({format_short(tick) for tick in ticks}) == len(ticks)
    assert 2 <= len(ticks) <= 9


def test_levels_and_stacks_reach_as_far_as_their_parts():
    assert running_levels([(Decimal(7), True), (Decimal(-3), False), (Decimal(4), True)]) == [7, 4, 4]
    assert stack_extremes([[Decimal(2), None], [Decimal(-5), Decimal(1)]]) == [2, -5, 1, 0]
    assert padded([Decimal(0), Decimal(10)], share=Decimal("0.1")) == (0, 11)
