"""A period's lines as a workbook: download, upload, look at every difference, confirm."""

from collections.abc import Sequence
from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_safe

from accounting.periods import Period
from presentation.exports import XLSX_TYPE
from services.forms.grid import KEY_LIMIT
from services.forms.workbooks import WorkbookForm, choices_in
from services.imports.problems import UnreadableFileError, listed
from services.operations.forecasts import ForecastEdit
from services.operations.refusals import InvalidEntryError, NotAllowedError, Refused
from services.operations.workbooks import (
    changed_by_others,
    compare,
    edits_of,
    refuse_foreign,
)
from services.position.workbook import workbook_lines
from services.roles import Permission
from services.views.answers import done
from services.views.desk import Desk, desk_for, frame
from services.views.grid_saving import QuestionedError, save
from services.views.workbook_preview import again, not_shown, preview, proposal_in, reason_in
from services.workbooks.reading import read_workbook
from services.workbooks.writing import download_of, write_workbook

ENTER = Permission.ENTER_FORECASTS


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
            return preview(request, desk, found, file_name=uploaded.file_name, uploaded=uploaded)
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


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Save everything that was confirmed, or nothing. A form sent twice has one effect; a figure saved meanwhile is shown first."""
    desk = _desk(request, council, period)
    if request.method != "POST":
        return redirect(desk.address("workbook"))
    proposal = proposal_in(request, desk)
    if proposal is None:
        return not_shown(request, desk)
    choices = choices_in(request.POST, proposal.cells)
    if any(shown.is_conflict and shown.key not in choices for shown in proposal.cells):
        return again(request, desk, proposal, choices, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    edits = edits_of(proposal.cells, choices=choices)
    try:
        changed = _save(desk, edits, request) if edits else 0
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except QuestionedError:
        return again(request, desk, proposal, choices, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except InvalidEntryError as refusal:
        return again(
            request, desk, proposal, choices, refusal=str(refusal), status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    except Refused as refusal:
        return again(request, desk, proposal, choices, refusal=str(refusal), status=HTTPStatus.CONFLICT)
    return done(request, _outcome(changed, proposal.file_name), desk.address("position"))


def _save(desk: Desk, edits: Sequence[ForecastEdit], request: HttpRequest) -> int:
    """How many lines were changed; all of them, or a refusal and none. The grid's own way of saving, with its sense checks."""
    saved = save(
        by=desk.grant.user,
        council=desk.council.slug,
        period=desk.period.period,
        edits=lambda grid: edits,
        key=request.POST.get("key", "")[:KEY_LIMIT],
        reason=reason_in(request),
    )
    return len(saved.changed)


def _outcome(changed: int, file_name: str) -> str:
    if not changed:
        return f"{file_name}: nothing was changed. Every figure that is held stands."
    return f"Saved from {file_name}: {changed} line{'' if changed == 1 else 's'} changed."
