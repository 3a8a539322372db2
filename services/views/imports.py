"""Importing a return in the browser: upload, preview, confirm."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounting.periods import Period
from presentation.exports import CSV_TYPE, table_csv
from services import access
from services.forms.imports import ConfirmForm, ReadingForm, UploadForm
from services.imports.profile import Profile, parse_profile
from services.models import ImportBatch, ImportProfile
from services.operations.import_assessment import Assessment
from services.operations.imports import (
    NO_PROFILE,
    File,
    ImportRefusedError,
    abandon_import,
    apply_import,
    assess_batch,
    save_profile,
    stage_import,
)
from services.operations.refusals import AlreadyDoneError, NotAllowedError, Refused
from services.roles import Permission
from services.tables.imports import (
    LinesTable,
    changes_table,
    control_totals_table,
    gaps_table,
    lines_table,
    problems_table,
)
from services.views.answers import act, done
from services.views.desk import Desk, desk_for, frame

IMPORT = Permission.IMPORT_RETURNS
LINES_A_PAGE = 100
PROBLEMS_SHOWN = 100


def _desk(request: HttpRequest, council: str, period: Period) -> Desk:
    return desk_for(request, council, period, needs=IMPORT, writes=IMPORT)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Choose a file. What is no table at all is refused here; anything else goes on to its preview."""
    desk = _desk(request, council, period)
    profiles = ImportProfile.objects.filter(council=desk.council).order_by("name")
    form = UploadForm(request.POST or None, request.FILES or None, profiles=profiles)
    if request.method == "POST" and form.is_valid():
        held = form.cleaned_data["profile"]
        sent = form.cleaned_data["file"]
        batch = _staged(
            desk,
            form,
            File(
                name=sent.name, content=sent.read(), profile=parse_profile(held.toml) if held else NO_PROFILE
            ),
        )
        if batch is not None:
            return redirect(desk.address("import_preview", batch.pk))
    batches = (
        ImportBatch.objects.filter(period=desk.period)
        .defer("content")
        .select_related("staged_by", "applied_by")
    )
    context = {**frame(desk, here="import"), "form": form, "batches": batches.order_by("-staged_at")[:20]}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, "services/import.html", context, status=status)


def _staged(desk: Desk, form: UploadForm, file: File) -> ImportBatch | None:
    """Keep the file for its preview, or say on the form why it cannot be read."""
    try:
        return stage_import(by=desk.grant.user, council=desk.council, period=desk.period, file=file)
    except ImportRefusedError as refusal:
        for problem in refusal.assessment.problems:
            form.add_error("file", str(problem))
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    return None


@require_http_methods(["GET", "HEAD"])
def preview(request: HttpRequest, council: str, period: Period, batch_id: int) -> HttpResponse:
    """Everything in a staged file, and what it would do; or, once applied, what it did."""
    desk = _desk(request, council, period)
    batch = _batch(desk, batch_id)
    if batch.state != ImportBatch.State.STAGED:
        return render(request, "services/import_done.html", {**frame(desk, here="import"), "batch": batch})
    found = assess_batch(by=desk.grant.user, batch=batch)
    return _preview_page(request, desk, batch, found)


def _batch(desk: Desk, batch_id: int) -> ImportBatch:
    """A file of this council and this period, or `Http404`."""
    batch = access.record_for(desk.grant, ImportBatch, batch_id)
    if batch.period_id != desk.period.pk:
        raise Http404("There is no such record, or it is not for you.")
    batch.council, batch.period = desk.council, desk.period
    return batch


def _preview_page(
    request: HttpRequest,
    desk: Desk,
    batch: ImportBatch,
    found: Assessment,
    *,
    confirm: ConfirmForm | None = None,
    reading: ReadingForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    lines = lines_table(found, unit=desk.council.unit)
    _paginate(lines, request)
    shown = found.problems[:PROBLEMS_SHOWN]
    context: dict[str, Any] = {
        **frame(desk, here="import"),
        "batch": batch,
        "found": found,
        "unit": found.reading.unit,
        "problems": problems_table(shown, file_name=found.reading.file_name),
        "problem_count": len(found.problems),
        "has_more_problems": len(found.problems) > len(shown),
        "totals": control_totals_table(found),
        "gaps": gaps_table(found),
        "changes": changes_table(found),
        "lines": lines,
        "confirm": confirm or ConfirmForm(findings=found.confirmations),
        "reading": reading or ReadingForm(headings=found.reading.headings, profile=_profile(batch)),
        "is_new_profile": not batch.profile_toml,
    }
    return render(request, "services/import_preview.html", context, status=status)


def _paginate(lines: LinesTable, request: HttpRequest) -> None:
    """The page that the address asks for; the first where it asks for none that there is."""
    try:
        lines.paginate(page=request.GET.get("page", 1), per_page=LINES_A_PAGE)
    except (EmptyPage, PageNotAnInteger):
        lines.paginate(page=1, per_page=LINES_A_PAGE)


def _profile(batch: ImportBatch) -> Profile:
    return parse_profile(batch.profile_toml) if batch.profile_toml else NO_PROFILE


@require_POST
def read_again(request: HttpRequest, council: str, period: Period, batch_id: int) -> HttpResponse:
    """Read the same file another way; the way may be kept as a profile."""
    desk = _desk(request, council, period)
    batch = _batch(desk, batch_id)
    found = assess_batch(by=desk.grant.user, batch=batch)
    form = ReadingForm(request.POST, headings=found.reading.headings, profile=_profile(batch))
    if not form.is_valid():
        return _preview_page(
            request, desk, batch, found, reading=form, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    try:
        if name := form.cleaned_data["save_as"]:
            save_profile(by=desk.grant.user, council=desk.council, name=name, toml=form.toml)
        file = File(name=batch.file_name, content=bytes(batch.content), profile=parse_profile(form.toml))
        again = stage_import(by=desk.grant.user, council=desk.council, period=desk.period, file=file)
        if again.pk != batch.pk and batch.state == ImportBatch.State.STAGED:
            abandon_import(by=desk.grant.user, batch=batch)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _preview_page(
            request, desk, batch, found, reading=form, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    return done(request, "The file is read as you said.", desk.address("import_preview", again.pk))


@require_POST
def apply(request: HttpRequest, council: str, period: Period, batch_id: int) -> HttpResponse:
    """Write everything in a staged file, or nothing."""
    desk = _desk(request, council, period)
    batch = _batch(desk, batch_id)
    address = desk.address("import_preview", batch.pk)
    found = assess_batch(by=desk.grant.user, batch=batch)
    form = ConfirmForm(request.POST, findings=found.confirmations)
    is_confirmed = form.is_valid()
    try:
        if not is_confirmed:
            return _preview_page(
                request, desk, batch, found, confirm=form, status=HTTPStatus.UNPROCESSABLE_ENTITY
            )
        found = apply_import(by=desk.grant.user, batch=batch, confirmed=form.confirmed)
    except ImportRefusedError as refusal:
        return _preview_page(
            request, desk, batch, refusal.assessment, confirm=form, status=HTTPStatus.UNPROCESSABLE_ENTITY
        )
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except AlreadyDoneError as refusal:
        return done(request, str(refusal), address)
    return done(
        request, f"Imported: {found.rows_created} lines made, {found.rows_changed} lines changed.", address
    )


@require_POST
def abandon(request: HttpRequest, council: str, period: Period, batch_id: int) -> HttpResponse:
    """Put a staged file aside."""
    desk = _desk(request, council, period)
    batch = _batch(desk, batch_id)
    return act(
        request,
        lambda: abandon_import(by=desk.grant.user, batch=batch),
        words=f"{batch.file_name} is put aside. Nothing of it was written.",
        address=desk.address("import"),
    )


@require_http_methods(["GET", "HEAD"])
def problems_csv(request: HttpRequest, council: str, period: Period, batch_id: int) -> HttpResponse:
    """Every problem of a staged file, to be put right elsewhere."""
    desk = _desk(request, council, period)
    found = assess_batch(by=desk.grant.user, batch=_batch(desk, batch_id))
    content = table_csv(problems_table(found.problems, file_name=found.reading.file_name))
    return HttpResponse(
        content, content_type=CSV_TYPE, headers={"Content-Disposition": 'attachment; filename="problems.csv"'}
    )


@require_http_methods(["GET", "HEAD"])
def profile_toml(request: HttpRequest, council: str, period: Period, batch_id: int) -> HttpResponse:
    """The profile a file was read by, for the command line."""
    desk = _desk(request, council, period)
    text = _batch(desk, batch_id).profile_toml
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="profile.toml"'},
    )
