"""The signed key inside a workbook, by which an upload knows what was downloaded; and the signed proposal between preview and confirmation.

The key holds the council, the period, who downloaded it and when, and of every line its version and its figures at that moment (as whole
pence): so an upload can tell yours from theirs and from what both began from, and nothing has to be kept here meanwhile. Whoever changes a
letter of it breaks the signature.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.core import signing

from accounting.money import from_pence, to_pence
from services.imports.problems import Problem
from services.workbooks.layout import LABELS

Figures = Mapping[str, Decimal | None]
"""The five figures by name, exact pounds; `None` is not known."""

_WORKBOOK: Final = "services.workbooks.workbook"
_PROPOSAL: Final = "services.workbooks.proposal"
_PROBLEMS: Final = "services.workbooks.problems"


class BrokenSealError(Exception):
    """The signature does not fit what was signed, or nothing of ours was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedLine:
    """One line as it was downloaded. `version` 0: it had no figures yet."""

    line_id: int
    version: int
    code: str
    name: str
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """What a workbook was when it was downloaded."""

    council_id: int
    council: str
    period_id: int
    period: str
    by: str
    at: datetime
    lines: tuple[SealedLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedCell:
    """One figure that a workbook would change. `base` is the one at download, `yours` the one in the file."""

    line_id: int
    figure: str
    base: Decimal | None
    yours: Decimal | None
    place: str
    """The cell, “G7”."""
    marks: tuple[str, ...] = ()
    """What a reader should know of how the figure came about: “from a formula”."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """A proposed figure, with what was held when it was shown, and the version of its line then."""

    cell: ProposedCell
    theirs: Decimal | None
    version: int

    @property
    def is_held_already(self) -> bool:
        """Whether the figure in the file is the one that is held."""
        return self.theirs == self.cell.yours

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else changed the figure since the download, and to another one."""
        return not self.is_held_already and self.theirs != self.cell.base

    @property
    def key(self) -> str:
        """The name of its choice in a form."""
        return f"choice_{self.cell.line_id}_{self.cell.figure}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What a preview showed one person: what they confirm is this and nothing else."""

    user_id: int
    period_id: int
    file_name: str
    cells: tuple[ShownCell, ...]


def seal(download: Download) -> str:
    """The key of a workbook."""
    lines = [
        [line.line_id, line.version, line.code, line.name, *(_pence(line.figures[name]) for name in LABELS)]
        for line in download.lines
    ]
    content = {
        "council": [download.council_id, download.council],
        "period": [download.period_id, download.period],
        "by": download.by,
        "at": download.at.isoformat(),
        "lines": lines,
    }
    return signing.dumps(content, salt=_WORKBOOK, compress=True)


def unseal(text: str) -> Download:
    """What was downloaded. Raises `BrokenSealError`."""
    content = _loads(text, _WORKBOOK)
    (council_id, council), (period_id, period) = content["council"], content["period"]
    return Download(
        council_id=council_id,
        council=council,
        period_id=period_id,
        period=period,
        by=content["by"],
        at=datetime.fromisoformat(content["at"]),
        lines=tuple(
            SealedLine(
                line_id=line_id,
                version=version,
                code=code,
                name=name,
                figures=dict(zip(LABELS, map(_pounds, pence), strict=True)),
            )
            for line_id, version, code, name, *pence in content["lines"]
        ),
    )


def seal_proposal(proposal: Proposal) -> str:
    """The proposal as a form carries it."""
    cells = [
        [
            shown.cell.line_id,
            shown.cell.figure,
            _pence(shown.cell.base),
            _pence(shown.cell.yours),
            shown.cell.place,
            list(shown.cell.marks),
            _pence(shown.theirs),
            shown.version,
        ]
        for shown in proposal.cells
    ]
    content = {
        "user": proposal.user_id,
        "period": proposal.period_id,
        "file": proposal.file_name,
        "cells": cells,
    }
    return signing.dumps(content, salt=_PROPOSAL, compress=True)


def unseal_proposal(text: str) -> Proposal:
    """The proposal that a form sends back. Raises `BrokenSealError`."""
    content = _loads(text, _PROPOSAL)
    cells = tuple(
        ShownCell(
            cell=ProposedCell(
                line_id=line_id,
                figure=figure,
                base=_pounds(base),
                yours=_pounds(yours),
                place=place,
                marks=tuple(marks),
            ),
            theirs=_pounds(theirs),
            version=version,
        )
        for line_id, figure, base, yours, place, marks, theirs, version in content["cells"]
    )
    return Proposal(
        user_id=content["user"], period_id=content["period"], file_name=content["file"], cells=cells
    )


def seal_problems(problems: Sequence[Problem], *, user_id: int) -> str:
    """What is wrong with a workbook, as the page carries it to its download: the file itself is not kept."""
    told = [[problem.sheet, problem.row, problem.column, str(problem.what)] for problem in problems]
    return signing.dumps({"user": user_id, "problems": told}, salt=_PROBLEMS, compress=True)


def unseal_problems(text: str, *, user_id: int) -> list[Problem]:
    """The problems that were shown to this person. Raises `BrokenSealError`."""
    content = _loads(text, _PROBLEMS)
    if content["user"] != user_id:
        raise BrokenSealError
    return [
        Problem(sheet=sheet, row=row, column=column, what=what)
        for sheet, row, column, what in content["problems"]
    ]


def _loads(text: str, salt: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = signing.loads(text, salt=salt)
    except (signing.BadSignature, ValueError) as error:
        raise BrokenSealError from error
    return content


def _pence(pounds: Decimal | None) -> int | None:
    return None if pounds is None else to_pence(pounds)


def _pounds(pence: int | None) -> Decimal | None:
    return None if pence is None else from_pence(pence)
