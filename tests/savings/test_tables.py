"""Tables of savings over values: the right words where nothing is known, years as columns, marks where a figure has a source."""

from dataclasses import replace
from decimal import Decimal

from presentation.exports import table_csv
from savings import tables as of
from savings.entries import Mark, ShareEntry
from savings.tables.columns import PostsColumn
from tests.scrutiny import savings_records as records


def cells(table, index=0):
    return dict(
        zip(
            [str(column.verbose_name) for column in table.figure_columns],
            [column.cell_text(table.all_rows[index]) for column in table.figure_columns],
            strict=True,
        )
    )


def table(kind, rows, **options):
    from accounting.money import Unit

    return kind(rows, caption="Savings", unit=Unit.POUNDS, key="t", **options)


def test_what_is_not_known_of_a_saving_is_said_in_words():
    unknown = records.saving(its=records.figures(None), rag=None, reason="")
    row = cells(table(of.SavingsTable, of.saving_rows([unknown])))
    assert row["Target"] == "no £ given"
    assert row["Delivered"] == "not yet divided"
    assert row["Forecast delivery"] == "not yet forecast"
    assert row["Shortfall"] == "not known"
    assert row["Rating"] == "Not yet rated"
    assert row["Covered by"] == "nothing named"


def test_a_total_has_no_rating_of_its_own_on_the_page_and_in_files():
    saving = records.saving()
    whole = records.total("council", "Thorney", saving.figures)
    made = table(of.SavingsTable, of.saving_rows([saving], total=whole))
    assert cells(made, 1)["Rating"] == "each its own"
    assert b"each its own" in table_csv(made)
    assert "each its own" in made.html_rows


def test_every_year_with_an_amount_is_a_column_and_a_year_without_one_is_nil():
    one = records.proposal("A", phasing=records.phasing((2026, "-742032"), (2027, "645032")))
    other = records.proposal("B", "8", phasing=records.phasing((2028, "-5")))
    none = records.proposal("C", "9")
    made = table(of.PhasingTable, of.phased_rows([one, other, none]))
    row = cells(made)
    assert [row[year] for year in ("2026/27", "2027/28", "2028/29")] == ["−742,032", "645,032", "0"]
    assert row["Total over all years"] == "−97,000"
    assert cells(made, 2)["2026/27"] == "no £ given"
    headings = [heading.text for heading in made.headings]
    assert headings[:5] == ["Proposal", "Stage", "2026/27", "2027/28", "2028/29"]


def test_years_outside_those_asked_for_stay_in_the_total_and_the_table_says_so():
    one = records.proposal(phasing=records.phasing((2024, "-1"), (2026, "-2")))
    made = table(of.PhasingTable, of.phased_rows([one]), years=[records.year(2026)])
    assert "2024/25" not in cells(made)
    assert cells(made)["Total over all years"] == "−3"
    assert "Years before and after those shown are in the total." in made.key_lines


def test_a_printed_total_stands_beside_the_sum_with_what_it_differs_by():
    printed = records.proposal("OP16", phasing=records.phasing((2026, "-3"), (2027, "-4"), printed="-6"))
    without = records.proposal("B", "8", phasing=records.phasing((2026, "-1")))
    made = table(of.PhasingTable, of.phased_rows([printed, without]))
    assert (cells(made)["Total as printed"], cells(made)["Printed total differs by"]) == ("−6", "−1")
    assert cells(made, 1)["Total as printed"] == "none printed"
    assert "Total as printed" not in cells(table(of.PhasingTable, of.phased_rows([without])))


def test_a_mark_of_a_year_is_shown_at_that_years_figure():
    sources = (Mark(figure="2026/27", basis="printed"), Mark(figure="total", basis="derived"))
    one = records.proposal(phasing=records.phasing((2026, "-5")), sources=sources)
    (row,) = of.phased_rows([one])
    assert row.marks == {"year_2026": "printed", "total": "derived"}
    assert "(printed)" in table(of.PhasingTable, [row]).html_rows


def test_marks_of_the_amounts_that_count_stand_on_every_version_that_has_them():
    first, second, third = (
        records.phasing((2026, amount), number=number) for number, amount in enumerate(("-5", "-4", "-4"), 1)
    )
    sources = (Mark(figure="2026/27", basis="printed"),)
    rows = of.version_rows([first, second, third], counts=third, sources=sources)
    assert [dict(row.marks) for row in rows] == [{}, {"year_2026": "printed"}, {"year_2026": "printed"}]


def test_a_rating_is_called_so_where_its_source_is_told():
    (row,) = of.rows_of_marks("Commissioning", [Mark(figure="rag", basis="printed")])
    assert row.figure == "Rating"


def test_a_shared_saving_says_what_this_councils_part_is():
    shared = records.phasing((2012, "-125000"), is_shared=True)
    open_year = replace(shared, amounts=(replace(shared.amounts[0], ours=None),))
    (row,) = of.phased_rows([records.proposal(phasing=open_year)])
    assert row.words == "Shared: this council’s part is not agreed for 2012/13."
    shares = (ShareEntry(year=records.year(2012), partner="Here", is_ours=True, amount=None),)
    assert cells(table(of.SharesTable, of.share_rows(shares)))["Share"] == "not yet agreed"


def test_posts_have_no_decimals_that_say_nothing():
    column = PostsColumn("Posts", places=2)
    assert [column.text(Decimal(posts)) for posts in ("5.00", "2.40", "0.75", "1234.50")] == [
        "5",
        "2.4",
        "0.75",
        "1,234.5",
    ]


def test_actions_with_a_pound_and_steps_without_one_stand_apart():
    plan = records.plan(
        records.action("Freeze", "50000"),
        records.action("Report to Cabinet", None),
        records.action(
            "Posts made permanent",
            None,
            per_head_low=Decimal(10000),
            per_head_high=Decimal(20000),
            heads=4,
            conversion_low=Decimal(40000),
            conversion_high=Decimal(80000),
        ),
    )
    assert [row.name for row in of.action_rows(plan)] == ["Freeze", "Total for 2014/15"]
    steps = of.step_actions(plan)
    assert [row.name for row in steps] == ["Report to Cabinet", "Posts made permanent"]
    assert steps[1].words == "Each post saves £10,000 to £20,000 a year; 4 so far, £40,000 to £80,000 a year."


def test_a_bridges_rows_lead_from_its_start_to_its_end():
    rows = of.bridge_rows(records.bridge("100", "40", ("Freeze", "-50")))
    assert [(row.name, row.amount) for row in rows] == [
        ("September 2014", 100),
        ("Freeze", -50),
        ("Not explained by these", -10),
        ("January 2015", 40),
    ]
