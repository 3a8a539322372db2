"""The chasing board as a table: each directorate, and under it its divisions."""

from collections.abc import Iterable
from dataclasses import dataclass

from presentation.tables import FigureTable, NumberColumn, RowHeaderColumn, TextColumn
from services.models import Council
from services.position.board import Board, Counted, DirectorateOnBoard


class BoardTable(FigureTable):
    """How far each part of the council has got in a period, in counts of lines."""

    name = RowHeaderColumn("Directorate or division", link="link")
    state_label = TextColumn("State")
    timing = TextColumn("Timing", unknown="as its directorate")
    lines = NumberColumn("Lines to forecast")
    lines_forecast = NumberColumn("Forecast")
    lines_carried = NumberColumn("Carried forward")
    lines_without_reasons = NumberColumn("Without a reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class _BoardRow:
    name: str
    link: str | None
    row_kind: str
    depth: int
    state_label: str
    timing: str | None
    lines: int
    lines_forecast: int
    lines_carried: int
    lines_without_reasons: int


def board_table(board: Board, *, council: Council, address: str) -> BoardTable:
    """The board's table; a directorate's name leads to its part of the position at `address`."""
    return BoardTable(
        tuple(row for directorate in board.directorates for row in _rows(directorate, address=address)),
        caption=f"{council.name}, {board.period.period.label}: who has got how far",
        empty_text="There is no directorate yet.",
        key="board",
    )


def _rows(directorate: DirectorateOnBoard, *, address: str) -> Iterable[_BoardRow]:
    yield _row(
        directorate.whole,
        kind="directorate",
        timing=directorate.timing,
        link=f"{address}?directorate={directorate.directorate_id}" if directorate.whole.lines else None,
    )
    for division in directorate.divisions:
        yield _row(division, kind="line", timing=None, link=None)


def _row(counted: Counted, *, kind: str, timing: str | None, link: str | None) -> _BoardRow:
    return _BoardRow(
        name=counted.name,
        link=link,
        row_kind=kind,
        depth=0 if kind == "directorate" else 1,
        state_label=counted.state_label,
        timing=timing,
        lines=counted.lines,
        lines_forecast=counted.lines_forecast,
        lines_carried=counted.lines_carried,
        lines_without_reasons=counted.lines_without_reasons,
    )
