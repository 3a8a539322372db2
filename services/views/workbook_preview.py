"""The page between a workbook's upload and its saving: every difference, page by page, and what stands in the way."""

import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounting.periods import Period
from presentation.exports import CSV_TYPE, table_csv
from services.forms.grid import REASON_LIMIT
from services.forms.workbooks import ConfirmWorkbookForm, choices_in
from services.operations.workbooks import Choice, Comparison, compare, edits_of
from services.position.grid_live import live_grid
from services.roles import Permission
from services.tables.workbooks import differences_table, workbook_problems_table
from services.views.desk import Desk, desk_for, frame
from services.views.grid_saving import judged
from services.workbooks.layout import LABELS
from services.workbooks.reading import UploadedWorkbook
from services.workbooks.sealing import (
    BrokenSealError,
    Proposal,
    seal_problems,
    seal_proposal,
    unseal_problems,
    unseal_proposal,
)

ENTER = Permission.ENTER_FORECASTS
PROBLEMS_SHOWN = 200
DIFFERENCES_A_PAGE = 200


def preview(
    request: HttpRequest,
    desk: Desk,
    found: Comparison,
    *,
    file_name: str,
    uploaded: UploadedWorkbook | None = None,
    sent: Mapping[str, str] | None = None,
    is_checked: bool = True,
    page: int = 1,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Every difference, what stands in the way, and the form that confirms what is shown here and nothing else.

    `sent` are choices made before, where what they were made between is still the same; with `is_checked` those that are wanting are marked.
    Of many differences one `page` is shown; the form confirms all of them.
    """
    problems = [*(uploaded.problems if uploaded else ()), *found.problems]
    pages = Paginator(found.differences, DIFFERENCES_A_PAGE)
    shown = pages.get_page(page)
    odd = () if problems else _odd(desk, found, sent or {})
    context: dict[str, Any] = {
        **frame(desk, here="workbook"),
        "file_name": file_name,
        "uploaded": uploaded,
        "found": found,
        "refusal": refusal,
        "problem_count": len(problems),
        "problems": workbook_problems_table(problems[:PROBLEMS_SHOWN], file_name=file_name),
        "has_more_problems": len(problems) > PROBLEMS_SHOWN,
        "every_problem": seal_problems(problems, user_id=desk.grant.user.pk) if problems else "",
        "differences": differences_table(shown, file_name=file_name),
        "page": shown,
        "odd": [f"{line}, {LABELS[column].lower()}: {words}" for line, column, words in odd],
        "confirm": _confirmation(
            desk, found, file_name=file_name, sent=sent, asks_reason=bool(odd), is_checked=is_checked
        ),
    }
    if problems and status == HTTPStatus.OK:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "services/workbook_preview.html", context, status=status)


def _odd(desk: Desk, found: Comparison, sent: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    """What looks like a slip: line, figure and words. Where nothing is chosen yet, the workbook's figure is judged."""
    choices = {one.shown.key: sent.get(one.shown.key, Choice.MINE) for one in found.conflicts}
    grid = live_grid(desk.council, desk.period)
    questions = judged(grid, edits_of([one.shown for one in found.differences], choices=choices))
    return tuple((grid.by_id[one.line_id].name, one.column, one.finding.words) for one in questions)


def _confirmation(
    desk: Desk,
    found: Comparison,
    *,
    file_name: str,
    sent: Mapping[str, str] | None,
    asks_reason: bool,
    is_checked: bool,
) -> ConfirmWorkbookForm:
    """The form of a preview: begun anew, or holding what was chosen, perhaps with the choices that are wanting marked."""
    proposal = seal_proposal(
        Proposal(
            user_id=desk.grant.user.pk,
            period_id=desk.period.pk,
            file_name=file_name,
            cells=tuple(one.shown for one in found.differences),
        )
    )
    if sent is None or not is_checked:
        initial = {**(sent or {}), "proposal": proposal}
        return ConfirmWorkbookForm(conflicts=found.conflicts, asks_reason=asks_reason, initial=initial)
    data = {**sent, "proposal": proposal, "key": secrets.token_urlsafe(24)}
    return ConfirmWorkbookForm(data, conflicts=found.conflicts, asks_reason=asks_reason)


@require_POST
def page(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Another page of the differences, with what was chosen so far; nothing is saved."""
    desk = desk_for(request, council, period, needs=ENTER, writes=ENTER)
    proposal = proposal_in(request, desk)
    if proposal is None:
        return not_shown(request, desk)
    asked = request.POST.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 6 else 1
    choices = choices_in(request.POST, proposal.cells)
    return again(request, desk, proposal, choices, is_checked=False, page=number, status=HTTPStatus.OK)


@require_POST
def problems_csv(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Every problem of the workbook that was just looked at, to be put right beside it."""
    desk = desk_for(request, council, period, needs=ENTER, writes=ENTER)
    try:
        problems = unseal_problems(request.POST.get("problems", ""), user_id=desk.grant.user.pk)
    except BrokenSealError:
        return not_shown(request, desk)
    content = table_csv(workbook_problems_table(problems, file_name="the workbook"))
    headers = {"Content-Disposition": 'attachment; filename="workbook-problems.csv"'}
    return HttpResponse(content, content_type=CSV_TYPE, headers=headers)


def not_shown(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Back to the upload, for a form that is not what was shown to this person."""
    words = "Nothing was saved: what was sent is not what this page showed you. Upload the workbook again."
    messages.error(request, words)
    return redirect(desk.address("workbook"))


def reason_in(request: HttpRequest) -> str:
    """Why odd figures are right, as typed."""
    return request.POST.get("reason", "").strip()[:REASON_LIMIT]


def proposal_in(request: HttpRequest, desk: Desk) -> Proposal | None:
    """What was shown to this person for this period; `None` if what was sent is anything else."""
    try:
        proposal = unseal_proposal(request.POST.get("proposal", ""))
    except BrokenSealError:
        return None
    is_theirs = (proposal.user_id, proposal.period_id) == (desk.grant.user.pk, desk.period.pk)
    return proposal if is_theirs else None


def again(
    request: HttpRequest,
    desk: Desk,
    proposal: Proposal,
    choices: Mapping[str, str],
    *,
    refusal: str = "",
    is_checked: bool = True,
    page: int = 1,
    status: int,
) -> HttpResponse:
    """The preview as things stand now; a choice is kept where the figures that it was made between are the same."""
    found = compare([shown.cell for shown in proposal.cells], grant=desk.grant, period=desk.period)
    was = {shown.key: shown.theirs for shown in proposal.cells}
    kept = {
        one.shown.key: choices[one.shown.key]
        for one in found.conflicts
        if one.shown.key in choices and was[one.shown.key] == one.theirs
    }
    sent = {**kept, "reason": reason_in(request)}
    return preview(
        request,
        desk,
        found,
        file_name=proposal.file_name,
        sent=sent,
        is_checked=is_checked,
        page=page,
        refusal=refusal,
        status=status,
    )
