"""Importing a ledger in the browser: upload, wait, look, map what is unknown, confirm."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounting.periods import Period
from presentation.exports import CSV_TYPE, table_csv
from presentation.tables import FigureTable
from services.forms.imports import ConfirmForm
from services.forms.ledger import CodesForm, LedgerForm, LedgerReadingForm, MapForm
from services.imports.ledger_codes import LineNames
from services.imports.profile import Field, Profile, parse_profile
from services.models import ImportProfile, LedgerBatch
from services.operations.ledger import abandon_ledger, check_again, confirm_ledger, is_lost, stage_ledger
from services.operations.ledger_codes import set_ledger_codes
from services.operations.ledger_outcome import finding_from, problem_from
from services.operations.ledger_work import LedgerFile
from services.operations.refusals import InvalidEntryError, NotAllowedError, Refused
from services.position.ledger import changed_lines, mapping_table, restated_lines
from services.roles import Permission
from services.tables.imports import problems_table
from services.tables.ledger import codes_table, lines_table, restated_table, totals_table
from services.views.answers import act, done
from services.views.desk import Desk, desk_for, frame

PROBLEMS_SHOWN = 100
CODES_A_PAGE = 200
State = LedgerBatch.State
AT_WORK = (State.STAGED, State.CHECKING, State.APPLYING)


def ledger_desk(request: HttpRequest, council: str, period: Period) -> Desk:
    """Let in whoever may import for the whole council: a ledger has every directorate's money."""
    needs = Permission.IMPORT_RETURNS
    desk = desk_for(request, council, period, needs=needs, writes=needs, is_whole_council=True)
    if not desk.grant.allows_everywhere(needs):
        raise PermissionDenied("A ledger has every directorate’s figures; your role is for one.")
    return desk


def ledger_batch(desk: Desk, batch_id: int) -> LedgerBatch:
    """A file of this council and this period, or `Http404`; its bytes are left where they are."""
    batches = LedgerBatch.objects.defer("content").select_related("staged_by", "applied_by")
    batch = batches.filter(council=desk.council, period=desk.period, pk=batch_id).first()
    if batch is None:
        raise Http404("There is no such record, or it is not for you.")
    batch.council, batch.period = desk.council, desk.period
    return batch


@require_http_methods(["GET", "HEAD", "POST"])
def ledger(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """Choose a file. What is no table at all is refused here; anything else is checked by the worker."""
    desk = ledger_desk(request, council, period)
    profiles = ImportProfile.objects.filter(council=desk.council).order_by("name")
    form = LedgerForm(request.POST or None, request.FILES or None, profiles=profiles)
    if request.method == "POST" and form.is_valid():
        batch = _staged(desk, form)
        if batch is not None:
            return redirect(desk.address("ledger_file", batch.pk))
    batches = LedgerBatch.objects.filter(period=desk.period).defer("content", "outcome", "problems")
    context = {
        **frame(desk, here="ledger"),
        "form": form,
        "batches": batches.select_related("staged_by", "applied_by").order_by("-staged_at")[:20],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, "services/ledger.html", context, status=status)


def _staged(desk: Desk, form: LedgerForm) -> LedgerBatch | None:
    """Keep the file, or say on the form why it cannot be."""
    sent, held = form.cleaned_data["file"], form.cleaned_data["profile"]
    file = LedgerFile(
        name=sent.name,
        content=sent.read(),
        profile=parse_profile(held.toml) if held else Profile(),
        stated=form.cleaned_data["stated"],
    )
    try:
        return stage_ledger(by=desk.grant.user, council=desk.council, period=desk.period, file=file)
    except NotAllowedError as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    except InvalidEntryError as refusal:
        form.add_error("file", str(refusal))
    except Refused as refusal:
        form.add_error(None, str(refusal))
    return None


@require_http_methods(["GET", "HEAD"])
def file(request: HttpRequest, council: str, period: Period, batch_id: int) -> HttpResponse:
    """Where a file has got to: waiting, checked with what it would do, applied, or why not."""
    desk = ledger_desk(request, council, period)
    return file_page(request, desk, ledger_batch(desk, batch_id))


def file_page(
    request: HttpRequest,
    desk: Desk,
    batch: LedgerBatch,
    *,
    confirm: ConfirmForm | None = None,
    mapping: MapForm | None = None,
    reading: LedgerReadingForm | None = None,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    """The file's page, with whichever of its forms was sent still holding what was chosen."""
    if batch.state in AT_WORK:
        context = {**frame(desk, here="ledger"), "batch": batch, "is_lost": is_lost(batch)}
        return render(request, "services/ledger_waiting.html", context, status=status)
    outcome = batch.outcome
    names = LineNames(desk.council) if outcome.get("unknown") else None
    problems = [problem_from(kept) for kept in batch.problems[:PROBLEMS_SHOWN]]
    restated = restated_lines(batch)
    context = {
        **frame(desk, here="ledger"),
        "batch": batch,
        "outcome": outcome,
        "problems": problems_table(problems, file_name=batch.file_name),
        "has_more_problems": len(batch.problems) > len(problems),
        "totals": totals_table(batch),
        "lines": lines_table(changed_lines(batch), is_applied=batch.state == State.APPLIED),
        "restated": restated_table(restated, earlier=outcome.get("earlier", "")) if restated else None,
        "confirm": confirm or _confirm_form(batch),
        "mapping": mapping or (MapForm(unknown=outcome["unknown"], names=names) if names else None),
        "line_choices": names.choices if names else (),
        "reading": reading or reading_form(batch),
    }
    return render(request, "services/ledger_file.html", context, status=status)


def reading_form(batch: LedgerBatch, given: Any = None) -> LedgerReadingForm | None:
    """What a person says of the file's columns; `None` where it is done with, or no row of it could be headings."""
    headings = batch.outcome.get("headings", [])
    if batch.state not in (State.CHECKED, State.FAILED) or not headings:
        return None
    profile = parse_profile(batch.profile_toml) if batch.profile_toml else Profile()
    read = [(heading, Field(name) if name else None) for heading, name in headings]
    return LedgerReadingForm(given, headings=read, profile=profile)


def _confirm_form(batch: LedgerBatch, given: Any = None) -> ConfirmForm:
    findings = [finding_from(kept) for kept in batch.outcome.get("confirmations", [])]
    return ConfirmForm(given, findings=findings)


@require_http_methods(["GET", "HEAD"])
def progress(request: HttpRequest, council: str, period: Period, batch_id: int) -> HttpResponse:
    """How far the worker is, for the page's script."""
    batch = ledger_batch(ledger_desk(request, council, period), batch_id)
    told = {"state": batch.state, "done": batch.rows_done, "all": batch.rows_all, "lost": is_lost(batch)}
    return JsonResponse(told, headers={"Cache-Control": "no-store"})


@require_POST
def confirm(request: HttpRequest, council: str, period: Period, batch_id: int) -> HttpResponse:
    """Confirm what the check found; the worker then applies the file."""
    desk = ledger_desk(request, council, period)
    batch = ledger_batch(desk, batch_id)
    form = _confirm_form(batch, request.POST)
    if batch.state == State.CHECKED and not form.is_valid():
        return file_page(request, desk, batch, confirm=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    confirmed = form.confirmed if form.is_valid() else frozenset()
    return act(
        request,
        lambda: confirm_ledger(by=desk.grant.user, batch=batch, confirmed=confirmed),
        words=f"{batch.file_name} is confirmed and is being applied.",
        address=desk.address("ledger_file", batch.pk),
    )


@require_POST
def map_codes(request: HttpRequest, council: str, period: Period, batch_id: int) -> HttpResponse:
    """Map codes that the file has and the table has not, and check the file again."""
    desk = ledger_desk(request, council, period)
    batch = ledger_batch(desk, batch_id)
    form = MapForm(request.POST, unknown=batch.outcome.get("unknown", []), names=LineNames(desk.council))
    if not form.is_valid():
        return file_page(request, desk, batch, mapping=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return act(
        request,
        lambda: _mapped(desk, batch, form),
        words="The codes are mapped, and the file is being checked again.",
        address=desk.address("ledger_file", batch.pk),
    )


def _mapped(desk: Desk, batch: LedgerBatch, form: MapForm) -> None:
    set_ledger_codes(by=desk.grant.user, council=desk.council, entries=form.entries)
    check_again(by=desk.grant.user, batch=batch)


@require_POST
def again(request: HttpRequest, council: str, period: Period, batch_id: int) -> HttpResponse:
    """Check a file anew, or go on with one whose worker was lost."""
    desk = ledger_desk(request, council, period)
    batch = ledger_batch(desk, batch_id)
    return act(
        request,
        lambda: check_again(by=desk.grant.user, batch=batch),
        words="The worker has been asked again.",
        address=desk.address("ledger_file", batch.pk),
    )


@require_POST
def abandon(request: HttpRequest, council: str, period: Period, batch_id: int) -> HttpResponse:
    """Put a file aside."""
    desk = ledger_desk(request, council, period)
    batch = ledger_batch(desk, batch_id)
    return act(
        request,
        lambda: abandon_ledger(by=desk.grant.user, batch=batch),
        words=f"{batch.file_name} is put aside. Nothing of it was written.",
        address=desk.address("ledger"),
    )


@require_http_methods(["GET", "HEAD"])
def problems_csv(request: HttpRequest, council: str, period: Period, batch_id: int) -> HttpResponse:
    """Every problem that was kept, to be put right elsewhere."""
    desk = ledger_desk(request, council, period)
    batch = ledger_batch(desk, batch_id)
    table = problems_table([problem_from(kept) for kept in batch.problems], file_name=batch.file_name)
    return _csv(table_csv(table), "ledger-problems.csv")


@require_http_methods(["GET", "HEAD", "POST"])
def codes(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """The mapping table; what is sent adds to it or changes it."""
    desk = ledger_desk(request, council, period)
    form = CodesForm(request.POST or None, names=LineNames(desk.council))
    if request.method == "POST" and form.is_valid():
        try:
            count = set_ledger_codes(by=desk.grant.user, council=desk.council, entries=form.entries)
        except NotAllowedError as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except Refused as refusal:
            form.add_error("rows", str(refusal))
        else:
            return done(request, f"{count} codes added or changed.", desk.address("ledger_codes"))
    wanted = request.GET.get("q", "")[:80].strip()
    table = codes_table(mapping_table(desk.council, wanted=wanted), council=desk.council.name)
    _paginate(table, request.GET.get("page", "1"))
    context = {**frame(desk, here="ledger"), "form": form, "table": table, "wanted": wanted}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK
    return render(request, "services/ledger_codes.html", context, status=status)


def _paginate(table: FigureTable, page: str) -> None:
    """The page that the address asks for; the first where it asks for none that there is."""
    try:
        table.paginate(page=page, per_page=CODES_A_PAGE)
    except (EmptyPage, PageNotAnInteger):
        table.paginate(page=1, per_page=CODES_A_PAGE)


@require_http_methods(["GET", "HEAD"])
def codes_csv(request: HttpRequest, council: str, period: Period) -> HttpResponse:
    """The whole mapping table, to be looked through or carried elsewhere."""
    desk = ledger_desk(request, council, period)
    return _csv(
        table_csv(codes_table(mapping_table(desk.council), council=desk.council.name)), "ledger-codes.csv"
    )


def _csv(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=CSV_TYPE, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
