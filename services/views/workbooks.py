"""A period's lines as a workbook: download, upload, look at every difference, confirm."""

import secrets
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from accounting.periods import Period
from presentation.exports import XLSX_TYPE
from services.forms.grid import KEY_LIMIT, REASON_LIMIT
from services.forms.workbooks import ConfirmWorkbookForm, WorkbookForm, choices_in
from services.imports.problems import UnreadableFileError, listed
from services.operations.forecasts import ForecastEdit
from services.operations.refusals import InvalidEntryError, NotAllowedError, Refused
from services.operations.workbooks import (
    Choice,
    Comparison,
    changed_by_others,
    compare,
    edits_of,
    refuse_foreign,
)
from services.position.grid_live import live_grid
from services.position.workbook import workbook_lines
from services.roles import Permission
from services.tables.workbooks import differences_table, workbook_problems_table
from services.views.answers import done
from services.views.desk import Desk, desk_for, frame
from services.views.grid_saving import QuestionedError, judged, save
from services.workbooks.layout import LABELS
from services.workbooks.reading import UploadedWorkbook, read_workbook
from services.workbooks.sealing import BrokenSealError, Proposal, seal_proposal, unseal_proposal
from services.workbooks.writing import download_of, write_workbook

ENTER = Permission.ENTER_FORECASTS
PROBLEMS_SHOWN = 200


def _desk(request: HttpRequest, council: str, period: Period) -> Desk:
    return desk_for(request, council, period, needs=ENTER, writes=ENTER)


@require_http_methods(["GET", "HEAD", "POST"])
def workbook(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Where the workbook is downloaded and sent back; sent, the page that shows every difference."""
    desk = _desk(request, council, period)
    if request.method != "POST":
        return _page(request, desk)
    if desk.period.is_locked:
        return _page(request, desk, status=HTTPStatus.CONFLICT)
    form = WorkbookForm(request.POST, request.FILES)
    if form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            uploaded = read_workbook(sent.read(), file_name=sent.name)
            refuse_foreign(uploaded.download, grant=desk.grant, period=desk.period)
        except (UnreadableFileError, Refused) as refusal:
            form.add_error("file", str(refusal))
        else:
            found = compare(uploaded.cells, grant=desk.grant, period=desk.period)
            theirs = changed_by_others(
                uploaded.download, uploaded.cells, grant=desk.grant, period=desk.period
            )
            if theirs:
                uploaded.remarks.append(
                    "Figures that you left as they were have been changed by others since the download, and stay as others saved them: "
                    f"{listed(theirs)}."
                )
            return _preview(request, desk, found, file_name=uploaded.file_name, uploaded=uploaded)
    return _page(request, desk, form=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _page(
    request: HttpRequest, desk: Desk, *, form: WorkbookForm | None = None, status: int = HTTPStatus.OK
) -> HttpResponse:
    lines = workbook_lines(desk.council, desk.period, directorate_ids=desk.grant.directorates(ENTER))
    context = {
        **frame(desk, here="workbook"),
        "form": form or WorkbookForm(),
        "is_locked": desk.period.is_locked,
        "line_count": len(lines.lines),
        "submitted": lines.submitted,
    }
    return render(request, "services/workbook.html", context, status=status)


@require_safe
def download(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """The lines that this person may enter, as a workbook; refused for a period that takes no more figures."""
    desk = _desk(request, council, period)
    lines = workbook_lines(desk.council, desk.period, directorate_ids=desk.grant.directorates(ENTER)).lines
    if desk.period.is_locked or not lines:
        return _page(request, desk, status=HTTPStatus.CONFLICT)
    taken = download_of(
        lines,
        council=(desk.council.pk, desk.council.name),
        period=(desk.period.pk, desk.period.period.label),
        by=str(desk.grant.user),
        at=timezone.now(),
    )
    name = slugify(f"{desk.council.slug} {desk.period.period.slug.replace('/', '-')} figures to enter")
    return HttpResponse(
        write_workbook(lines, download=taken),
        content_type=XLSX_TYPE,
        headers={
            "Content-Disposition": f'attachment; filename="{name}.xlsx"',
            "Cache-Control": "private, no-store",
        },
    )


def _preview(
    request: HttpRequest,
    desk: Desk,
    found: Comparison,
    *,
    file_name: str,
    uploaded: UploadedWorkbook | None = None,
    sent: Mapping[str, str] | None = None,
    refusal: str = "",
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """Every difference, what stands in the way, and the form that confirms what is shown here and nothing else.

    `sent` are choices made before, where what they were made between is still the same.
    """
    problems = [*(uploaded.problems if uploaded else ()), *found.problems]
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
        "differences": differences_table(found, file_name=file_name),
        "odd": [f"{line}, {LABELS[column].lower()}: {words}" for line, column, words in odd],
        "confirm": _confirmation(desk, found, file_name=file_name, sent=sent, asks_reason=bool(odd)),
    }
    if problems:
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
) -> ConfirmWorkbookForm:
    """The form of a preview: begun anew, or holding what was chosen with the choices that are wanting marked."""
    proposal = seal_proposal(
        Proposal(
            user_id=desk.grant.user.pk,
            period_id=desk.period.pk,
            file_name=file_name,
            cells=tuple(one.shown for one in found.differences),
        )
    )
    if sent is None:
        initial = {"proposal": proposal}
        return ConfirmWorkbookForm(conflicts=found.conflicts, asks_reason=asks_reason, initial=initial)
    data = {**sent, "proposal": proposal, "key": secrets.token_urlsafe(24)}
    return ConfirmWorkbookForm(data, conflicts=found.conflicts, asks_reason=asks_reason)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Save everything that was confirmed, or nothing. A form sent twice has one effect; a figure saved meanwhile is shown first."""
    desk = _desk(request, council, period)
    if request.method != "POST":
        return redirect(desk.address("workbook"))
    proposal = _proposal(request, desk)
    if proposal is None:
        messages.error(
            request,
            "Nothing was saved: what was sent is not what this page showed you. Upload the workbook again.",
        )
        return redirect(desk.address("workbook"))
    choices = choices_in(request.POST, proposal.cells)
    if any(shown.is_conflict and shown.key not in choices for shown in proposal.cells):
        return _again(request, desk, proposal, choices, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    edits = edits_of(proposal.cells, choices=choices)
    try:
        changed = _save(desk, edits, request) if edits else 0
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except QuestionedError:
        return _again(request, desk, proposal, choices, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except InvalidEntryError as refusal:
        return _again(
            request, desk, proposal, choices, refusal=str(refusal), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    except Refused as refusal:
        return _again(request, desk, proposal, choices, refusal=str(refusal), status=HTTPStatus.CONFLICT)
    return done(request, _outcome(changed, proposal.file_name), desk.address("position"))


def _save(desk: Desk, edits: Sequence[ForecastEdit], request: HttpRequest) -> int:
    """How many lines were changed; all of them, or a refusal and none. The grid's own way of saving, with its sense checks."""
    saved = save(
        by=desk.grant.user,
        council=desk.council.slug,
        period=desk.period.period,
        edits=lambda grid: edits,
        key=request.POST.get("key", "")[:KEY_LIMIT],
        reason=_reason(request),
    )
    return len(saved.changed)


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "").strip()[:REASON_LIMIT]


def _proposal(request: HttpRequest, desk: Desk) -> Proposal | None:
    """What was shown to this person for this period; `None` if what was sent is anything else."""
    try:
        proposal = unseal_proposal(request.POST.get("proposal", ""))
    except BrokenSealError:
        return None
    is_theirs = (proposal.user_id, proposal.period_id) == (desk.grant.user.pk, desk.period.pk)
    return proposal if is_theirs else None


def _again(
    request: HttpRequest,
    desk: Desk,
    proposal: Proposal,
    choices: Mapping[str, str],
    *,
    refusal: str = "",
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
    sent = {**kept, "reason": _reason(request)}
    return _preview(
        request, desk, found, file_name=proposal.file_name, sent=sent, refusal=refusal, status=status
    )


def _outcome(changed: int, file_name: str) -> str:
    if not changed:
        return f"{file_name}: nothing was changed. Every figure that is held stands."
    return f"Saved from {file_name}: {changed} line{'' if changed == 1 else 's'} changed."
