"""A pasted block: previewed with every change, then applied all at once or not at all."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from accounting.periods import Period
from accounts.models import User
from services.forms.grid import BlockSent, UnreadableError, block_sent
from services.forms.grid_block import BlockPlan, plan_block
from services.operations.forecasts import ForecastEdit
from services.position.grid import Grid, handed_in
from services.tables.grid import BY_KEY, exact
from services.views.grid_answers import answered, rows_said
from services.views.grid_saving import grid_now, judged, locks_of, refuse_unseen, save


@answered
def preview(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Say what a block would change, and what looks odd in it; nothing is written."""
    assert isinstance(request.user, User)
    sent = block_sent(request.body)
    grant, grid = grid_now(request.user, council, period)
    refuse_unseen(grant, grid, sent.lines)
    locks = locks_of(grant, grid, grid.period, handed_in(grid.period))
    plan = plan_block(grid, sent, locks=locks)
    return JsonResponse({"state": "preview", **_preview_words(grid, plan)})


@answered
def apply(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Apply a block as it was previewed: each line against the version that the preview showed."""
    assert isinstance(request.user, User)
    sent = block_sent(request.body)
    saved = save(
        by=request.user,
        council=council,
        period=period,
        edits=lambda grid: _edits(grid, sent),
        key=sent.key,
        reason=sent.reason,
        sent={"text": sent.text, "line": sent.line_id, "column": sent.column, "lines": sent.lines},
    )
    words = f"Saved: {_count(len(saved.lines), 'line')} from the block."
    return JsonResponse({"state": "saved", "words": words, **rows_said(saved)})


def _edits(grid: Grid, sent: BlockSent) -> list[ForecastEdit]:
    """The block's edits. Locked lines are refused by the save itself."""
    plan = plan_block(grid, sent, locks={})
    if plan.problems:
        raise UnreadableError(f"Row {plan.problems[0].row}: {plan.problems[0].words} Nothing was saved.")
    edits = plan.edits(sent.versions)
    if not edits:
        raise UnreadableError("The block changes nothing.")
    return edits


def _preview_words(grid: Grid, plan: BlockPlan) -> dict[str, Any]:
    questions = () if plan.problems else judged(grid, plan.edits({}))
    return {
        "words": _summary(plan),
        "matched": len(plan.matched),
        "unknown": plan.unknown,
        "passed_over": plan.passed_over,
        "problems": [f"Row {problem.row}: {problem.words}" for problem in plan.problems],
        "changes": [
            {
                "line": change.line.line_id,
                "name": change.line.name,
                "column": change.column,
                "heading": BY_KEY[change.column].heading,
                "old": exact(change.old) or BY_KEY[change.column].unknown,
                "was": exact(change.old),
                "new": exact(change.new),
            }
            for change in plan.changes
        ],
        "findings": [
            {
                "code": question.finding.code.value,
                "words": f"{grid.by_id[question.line_id].name}: {question.finding.words}",
            }
            for question in questions
        ],
        "versions": {line.line_id: line.version for line in plan.matched},
    }


def _summary(plan: BlockPlan) -> str:
    """“12 matched, 1 unknown; 24 figures change.”"""
    parts = [f"{len(plan.matched)} matched", f"{len(plan.unknown)} unknown"]
    if plan.problems:
        parts.append(_count(len(plan.problems), "problem"))
    return f"{', '.join(parts)}; {_count(len(plan.changes), 'figure')} would change."


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
