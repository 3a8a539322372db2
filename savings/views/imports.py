"""Importing a schedule of savings or growth in the browser: upload, preview, confirm."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from presentation.exports import CSV_TYPE, table_csv
from savings.forms.imports import ScheduleReadingForm, ScheduleUploadForm
from savings.imports.profile import ScheduleProfile, parse_schedule_profile
from savings.imports.tables import (
    control_totals_table,
    gaps_table,
    problems_table,
    schedule_changes_table,
    schedule_lines_table,
)
from savings.models import ScheduleImport
from savings.models import ScheduleProfile as HeldProfile
from savings.operations.import_assessment import ScheduleAssessment
from savings.operations.imports import (
    NO_PROFILE,
    ScheduleFile,
    ScheduleRefusedError,
    abandon_schedule,
    apply_schedule,
    assess_schedule,
    save_schedule_profile,
    stage_schedule,
)
from services import access
from services.access import Grant
from services.forms.imports import ConfirmForm
from services.imports.profile import ProfileError
from services.models import Council
from services.operations.refusals import AlreadyDoneError, NotAllowedError, Refused
from services.roles import Permission
from services.views.answers import act, done
from services.views.desk import council_frame, newest_period

IMPORT = Permission.IMPORT_RETURNS
PROBLEMS_SHOWN = 100
FILES_SHOWN = 20


@dataclass(frozen=True, slots=True)
class _Desk:
    """One person at one council's schedules."""

    grant: Grant

    @property
    def council(self) -> Council:
        """The council."""
        return self.grant.council

    @property
    def user(self) -> User:
        """The person."""
        return self.grant.user

    def address(self, name: str, *arguments: object) -> str:
        """The address of a page of importing schedules."""
        return reverse(f"savings_imports:{name}", args=[self.council.slug, *arguments])

    def frame(self) -> dict[str, Any]:
        """What every page shows around itself."""
        return council_frame(self.grant, here="savings_import", period=newest_period(self.grant))


def _desk(request: HttpRequest, council: str) -> _Desk:
    """Let in whoever may import for the whole council; 404 for a stranger, 403 for one who may see working figures and not this."""
    grant = access.council_for(request.user, council, needs=Permission.VIEW_WORKING)
    access.require(grant, IMPORT)
    if not grant.allows_everywhere(IMPORT):
        raise PermissionDenied("A schedule is the whole council’s; your role is for one directorate.")
    return _Desk(grant)


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, council: str) -> HttpResponse:
    """Choose a file. What is no table at all is refused here; anything else goes on to its preview."""
    desk = _desk(request, council)
    profiles = HeldProfile.objects.filter(council=desk.council)
    form = ScheduleUploadForm(request.POST or None, request.FILES or None, profiles=profiles)
    if request.method == "POST" and form.is_valid():
        held, sent = form.cleaned_data["profile"], form.cleaned_data["file"]
        profile = parse_schedule_profile(held.toml) if held else NO_PROFILE
        batch = _staged(desk, form, ScheduleFile(name=sent.name, content=sent.read(), profile=profile))
        if batch is not None:
            return redirect(desk.address("preview", batch.pk))
    batches = (
        ScheduleImport.objects.filter(council=desk.council)
        .defer("content")
        .select_related("staged_by", "applied_by")
        .order_by("-staged_at")
    )
    context = {**desk.frame(), "form": form, "batches": batches[:FILES_SHOWN]}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, "savings/import.html", context, status=status)


def _staged(desk: _Desk, form: ScheduleUploadForm, file: ScheduleFile) -> ScheduleImport | None:
    """Keep the file for its preview, or say on the form why it cannot be read."""
    try:
        return stage_schedule(by=desk.user, council=desk.council, file=file)
    except ScheduleRefusedError as refusal:
        for problem in refusal.assessment.problems:
            form.add_error("file", str(problem))
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    return None


@require_http_methods(["GET", "HEAD"])
def preview(request: HttpRequest, council: str, batch_id: int) -> HttpResponse:
    """Everything in a staged file, and what it would do; or, once applied, what it did."""
    desk = _desk(request, council)
    batch = _batch(desk, batch_id)
    if batch.state != ScheduleImport.State.STAGED:
        return render(request, "savings/import_done.html", {**desk.frame(), "batch": batch})
    return _preview_page(request, desk, batch, assess_schedule(by=desk.user, batch=batch))


def _batch(desk: _Desk, batch_id: int) -> ScheduleImport:
    """A schedule of this council, or `Http404`."""
    batch = access.record_for(desk.grant, ScheduleImport, batch_id)
    batch.council = desk.council
    return batch


def _preview_page(
    request: HttpRequest,
    desk: _Desk,
    batch: ScheduleImport,
    found: ScheduleAssessment,
    *,
    confirm: ConfirmForm | None = None,
    reading: ScheduleReadingForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    shown = found.problems[:PROBLEMS_SHOWN]
    context: dict[str, Any] = {
        **desk.frame(),
        "batch": batch,
        "found": found,
        "unit": found.reading.unit,
        "problems": problems_table(shown, file_name=found.reading.file_name),
        "problem_count": len(found.problems),
        "has_more_problems": len(found.problems) > len(shown),
        "totals": control_totals_table(found.reading),
        "gaps": gaps_table(found.reading),
        "changes": schedule_changes_table(found.matches),
        "lines": schedule_lines_table(found.reading, found.matches),
        "confirm": confirm or ConfirmForm(findings=found.confirmations),
        "reading": reading
        or ScheduleReadingForm(headings=found.reading.headings, profile=found.reading.profile),
        "is_new_profile": not batch.profile_toml,
    }
    return render(request, "savings/import_preview.html", context, status=status)


@require_POST
def read_again(request: HttpRequest, council: str, batch_id: int) -> HttpResponse:
    """Read the same file another way; the way may be kept as a profile."""
    desk = _desk(request, council)
    batch = _batch(desk, batch_id)
    found = assess_schedule(by=desk.user, batch=batch)
    form = ScheduleReadingForm(request.POST, headings=found.reading.headings, profile=found.reading.profile)
    again = _staged_again(desk, batch, form) if form.is_valid() else None
    if again is None:
        unprocessable = HTTPStatus.UNPROCESSABLE_ENTITY
        return _preview_page(request, desk, batch, found, reading=form, status=unprocessable)
    return done(request, "The file is read as you said.", desk.address("preview", again.pk))


def _staged_again(desk: _Desk, batch: ScheduleImport, form: ScheduleReadingForm) -> ScheduleImport | None:
    """The same file read as the form says, the former reading put aside; or `None`, with the reason on the form."""
    try:
        profile: ScheduleProfile = parse_schedule_profile(form.toml)
        if name := form.cleaned_data["save_as"]:
            save_schedule_profile(by=desk.user, council=desk.council, name=name, toml=form.toml)
        file = ScheduleFile(name=batch.file_name, content=bytes(batch.content), profile=profile)
        again = stage_schedule(by=desk.user, council=desk.council, file=file)
        if again.pk != batch.pk and batch.state == ScheduleImport.State.STAGED:
            abandon_schedule(by=desk.user, batch=batch)
    except (Refused, ProfileError) as refusal:
        form.add_error(None, str(refusal))
        return None
    return again


@require_POST
def apply(request: HttpRequest, council: str, batch_id: int) -> HttpResponse:
    """Write everything in a staged file, or nothing."""
    desk = _desk(request, council)
    batch = _batch(desk, batch_id)
    address = desk.address("preview", batch.pk)
    found = assess_schedule(by=desk.user, batch=batch)
    form = ConfirmForm(request.POST, findings=found.confirmations)
    unprocessable = HTTPStatus.UNPROCESSABLE_ENTITY
    if not form.is_valid():
        return _preview_page(request, desk, batch, found, confirm=form, status=unprocessable)
    try:
        found = apply_schedule(by=desk.user, batch=batch, confirmed=form.confirmed)
    except ScheduleRefusedError as refusal:
        return _preview_page(request, desk, batch, refusal.assessment, confirm=form, status=unprocessable)
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except AlreadyDoneError as refusal:
        return done(request, str(refusal), address)
    words = f"Imported: {found.rows_new} proposals recorded, {found.rows_changed} with new amounts proposed."
    return done(request, words, address)


@require_POST
def abandon(request: HttpRequest, council: str, batch_id: int) -> HttpResponse:
    """Put a staged file aside."""
    desk = _desk(request, council)
    batch = _batch(desk, batch_id)
    return act(
        request,
        lambda: abandon_schedule(by=desk.user, batch=batch),
        words=f"{batch.file_name} is put aside. Nothing of it was written.",
        address=desk.address("upload"),
    )


@require_http_methods(["GET", "HEAD"])
def problems_csv(request: HttpRequest, council: str, batch_id: int) -> HttpResponse:
    """Every problem of a staged file, to be put right elsewhere."""
    desk = _desk(request, council)
    found = assess_schedule(by=desk.user, batch=_batch(desk, batch_id))
    content = table_csv(problems_table(found.problems, file_name=found.reading.file_name))
    return HttpResponse(
        content, content_type=CSV_TYPE, headers={"Content-Disposition": 'attachment; filename="problems.csv"'}
    )


@require_http_methods(["GET", "HEAD"])
def profile_toml(request: HttpRequest, council: str, batch_id: int) -> HttpResponse:
    """The profile a file was read by, for the command line."""
    desk = _desk(request, council)
    text = _batch(desk, batch_id).profile_toml
    return HttpResponse(
        text,
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="profile.toml"'},
    )
