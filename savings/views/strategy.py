"""The medium-term strategy: the years as they add up, and the figures that no proposal carries."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from accounting.periods import FinancialYear
from savings import tables as of
from savings.entries import StrategyEntry
from savings.forms.lists import StrategyRow
from savings.forms.strategy import StrategyForm
from savings.models import Strategy
from savings.operations.strategies import StrategyFields, set_strategy
from savings.position.strategy import medium_term_view
from savings.views.desk import KEEP, SavingsDesk, arrive
from savings.views.files import TableSet, csv_file, table, xlsx_file
from savings.views.particulars import said
from savings.views.sheets import Held, Lists, RowKind, Sheet, sheet_page
from services.position.trail import history_of

HERE = "strategy"
FIGURES = RowKind(
    name="figures",
    title="Figures",
    one="Figure",
    kind=StrategyRow,
    lead="Base and funding of each year as levels; other growth and pressures as changes to base.",
)


@require_safe
def strategy(request: HttpRequest, council: str) -> HttpResponse:
    """Base, growth and pressures, savings, funding and the gap, year by year; savings that reopen are among them."""
    desk = arrive(request, council, here=HERE, is_whole=True)
    view = medium_term_view(desk.council)
    held = _held(desk)
    context = {
        **desk.frame(),
        "view": view,
        "held": held,
        "files": tables_of(desk, view, is_page=True).links(f"{desk.address('strategy')}files/"),
        "gaps": [year for year in view.years if year.gap is not None],
        "may_keep": desk.grant.allows_everywhere(KEEP),
        "history": history_of(held, desk.council) if held else (),
    }
    return render(request, "savings/strategy.html", context)


def _held(desk: SavingsDesk) -> Strategy | None:
    rows = Strategy.objects.filter(council=desk.council, is_current=True)
    return rows.prefetch_related("figures").first()


def tables_of(desk: SavingsDesk, view: StrategyEntry, *, is_page: bool = False) -> TableSet:
    """The years, what they are made of, and the proposals by year."""

    def address(one: Any) -> str | None:
        return desk.address("proposal", int(one.key)) if is_page else None

    years = [one.year for one in view.years]
    rows: list[tuple[Any, Any, str, str, dict[str, Any]]] = [
        (
            of.StrategyYearsTable,
            of.strategy_year_rows(view.years, view.years_if_all_agreed),
            "years",
            f"{view.title}, year by year",
            {},
        ),
        (of.StrategyLinesTable, of.strategy_line_rows(view.lines), "lines", "What the years are made of", {}),
    ]
    for kind, caption in (("saving", "Savings by year"), ("growth", "Growth and pressures by year")):
        chosen = [one for one in view.proposals if one.kind == kind]
        phased = of.phased_rows(chosen, address=address)
        rows.append((of.PhasingTable, phased, kind, caption, {"years": years}))
    spans = of.span_rows(view.proposals, address=address)
    rows.append((of.SpansTable, spans, "unclear", "Amounts given for several years together", {}))
    return TableSet(
        title=f"{desk.council.name}: {view.title}",
        note="Working records. Not published.",
        tables=[
            table(kind, found, key=key, caption=caption, **more) for kind, found, key, caption, more in rows
        ],
    )


def _files(request: HttpRequest, council: str) -> tuple[SavingsDesk, TableSet]:
    desk = arrive(request, council, here=HERE, is_whole=True)
    return desk, tables_of(desk, medium_term_view(desk.council))


@require_safe
def strategy_csv(request: HttpRequest, council: str, strategy_table: str) -> HttpResponse:
    """One table of the strategy as CSV."""
    return csv_file(_files(request, council)[1], strategy_table)


@require_safe
def strategy_xlsx(request: HttpRequest, council: str) -> HttpResponse:
    """The strategy as a workbook."""
    desk, tables = _files(request, council)
    return xlsx_file(tables, by=desk.user)


@require_http_methods(["GET", "HEAD", "POST"])
def figures(request: HttpRequest, council: str) -> HttpResponse:
    """Keep the strategy with its base, funding, and growth that no proposal carries."""
    desk = arrive(request, council, here=HERE, needs=KEEP, is_whole=True)

    def put(given: dict[str, Any], lists: Lists) -> object:
        version = given.pop("expected_version")
        is_there = Strategy.objects.filter(council=desk.council, title=given["title"].strip()).exists()
        return set_strategy(
            by=desk.user,
            council=desk.council,
            figures=[StrategyFields(**row) for row in lists["figures"]],
            expected_version=version if is_there else None,
            **given,
        )

    sheet = Sheet(
        title="The strategy’s own figures",
        lead="Savings and growth proposals, and savings that reopen, are counted by themselves. What no proposal carries is kept here.",
        button="Save the strategy",
        refused="The strategy is not saved",
        said="The strategy is saved.",
        back=desk.address("strategy"),
        form=StrategyForm,
        put=put,
        held=lambda: _as_held(_held(desk)),
        lists=(FIGURES,),
    )
    return sheet_page(request, desk.frame(), sheet)


def _as_held(now: Strategy | None) -> Held:
    """What the form begins from, and is compared with."""
    if now is None:
        return Held()
    values = {
        "title": now.title,
        "words": now.words,
        "is_public": now.is_public,
        "first_year": FinancialYear(now.first_year),
        "last_year": FinancialYear(now.last_year),
    }
    rows = said(list(now.figures.all()), ("year", "kind", "label", "amount"))
    return Held(version=now.version, values=values, rows={"figures": rows})
