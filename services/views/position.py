"""The working position: what every line is forecast to spend, by fund, with what is still wanted."""

from collections.abc import Callable, Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounting.periods import Period
from presentation.components import NavItem
from presentation.exports import CSV_TYPE, XLSX_TYPE, table_csv, tables_xlsx
from services.charts import variance_chart
from services.position import CouncilPosition, LinePosition, council_position
from services.position.arrangement import FundBlock, fund_blocks
from services.position.grid import GridLine
from services.roles import Permission
from services.tables.position import figure_steps, position_table
from services.views.desk import Desk, desk_for, frame


@require_safe
def position(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """The position of every line this person may see, or of one directorate."""
    desk = desk_for(request, council, period)
    chosen = chosen_directorate(request, desk)
    found, blocks = _blocks(request, desk)
    context = {
        **frame(desk, here="position"),
        "position": found,
        "blocks": tuple(_shown(block, found, desk=desk, chosen=chosen) for block in blocks),
        "directorates": choices_of(desk, found.lines, chosen=chosen),
        "chosen": chosen,
        "last_published": found.last_published,
        "may_enter": desk.grant.allows(Permission.ENTER_FORECASTS) and not desk.period.is_locked,
        "xlsx_url": f"{desk.address('position_xlsx')}{_query(chosen)}",
    }
    return render(request, "services/position.html", context)


@require_safe
def position_csv(request: HttpRequest, council: str, period: Period, fund: str) -> HttpResponse:
    """One fund's position as CSV, exact; funds are never in one file, because they are never in one total."""
    desk = desk_for(request, council, period)
    found, blocks = _blocks(request, desk)
    block = next((block for block in blocks if _file_name(block) == fund), None)
    if block is None:
        raise Http404("There is no line of that fund.")
    return _file(table_csv(position_table(block, position=found)), CSV_TYPE, f"{_name(desk)}-{fund}.csv")


@require_safe
def position_xlsx(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """The position as a workbook: a sheet for each fund."""
    desk = desk_for(request, council, period)
    found, blocks = _blocks(request, desk)
    content = tables_xlsx(
        [position_table(block, position=found) for block in blocks],
        title=f"{desk.council.name}, {desk.period.period.label}: working position",
        properties={
            "Council": desk.council.name,
            "Period": desk.period.period.label,
            "State": f"Working figures, {desk.period.get_state_display().lower()}. Not published.",
            "Exported by": str(desk.grant.user),
        },
    )
    return _file(content, XLSX_TYPE, f"{_name(desk)}.xlsx")


def _blocks(request: HttpRequest, desk: Desk) -> tuple[CouncilPosition, tuple[FundBlock, ...]]:
    """What this person may see, all of it or the directorate they chose; totals and movement are those of whole scopes either way."""
    allowed = desk.grant.directorates(Permission.VIEW_WORKING)
    found = council_position(desk.council, desk.period, directorate_ids=allowed)
    chosen = chosen_directorate(request, desk)
    if chosen is not None and all(line.directorate_id != chosen for line in found.lines):
        raise Http404("There is no such directorate, or it is not for you.")
    return found, fund_blocks(found, is_whole_council=allowed is None, only=chosen)


def _shown(block: FundBlock, found: CouncilPosition, *, desk: Desk, chosen: int | None) -> dict[str, object]:
    """A fund's block as the page shows it."""
    table = position_table(block, position=found, address=_line_address(desk))
    return {
        "fund": block.fund,
        "heads": tuple(
            {"name": head.name, "steps": figure_steps(head.figures), "figures": head.figures, "rag": head.rag}
            for head in block.heads
        ),
        "table": table,
        "chart": variance_chart(block, period_label=desk.period.period.label),
        "lines": block.lines,
        "without_forecast": block.lines_without_forecast,
        "without_reasons": block.lines_without_reasons,
        "csv_url": f"{desk.address('position_csv', _file_name(block))}{_query(chosen)}",
    }


def _line_address(desk: Desk) -> Callable[[int], str]:
    """How the table finds the address of a line: one look-up of the pattern, not one for each line."""
    base = desk.address("line", 0).removesuffix("0/")
    return lambda line_id: f"{base}{line_id}/"


def chosen_directorate(request: HttpRequest, desk: Desk) -> int | None:
    """The directorate asked for; `Http404` for one that is not a number or not this person's to see."""
    asked = request.GET.get("directorate", "")
    if not asked:
        return None
    allowed = desk.grant.directorates(Permission.VIEW_WORKING)
    if not asked.isascii() or not asked.isdigit() or (allowed is not None and int(asked) not in allowed):
        raise Http404("There is no such directorate, or it is not for you.")
    return int(asked)


def choices_of(
    desk: Desk, found: Iterable[LinePosition | GridLine], *, chosen: int | None, page: str = "position"
) -> tuple[NavItem, ...]:
    """The directorates to choose from, where the lines are of several."""
    here = desk.address(page)
    named = {line.directorate_id: line.directorate for line in found}
    if len(named) <= 1:
        return ()
    choices = [NavItem("All directorates", here, chosen is None)]
    choices += [NavItem(name, f"{here}?directorate={pk}", pk == chosen) for pk, name in named.items()]
    return tuple(choices)


def _file_name(block: FundBlock) -> str:
    """The fund as its file's address writes it: `general-fund`."""
    return block.fund.value.replace("_", "-")


def _query(chosen: int | None) -> str:
    return f"?directorate={chosen}" if chosen is not None else ""


def _name(desk: Desk) -> str:
    return slugify(f"{desk.council.slug} {desk.period.period.slug.replace('/', '-')} working position")


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
