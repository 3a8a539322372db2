"""A ledger file read another way: what its columns hold, said in the browser and perhaps kept as a profile."""

from http import HTTPStatus

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from accounting.periods import Period
from services.forms.ledger import LedgerReadingForm
from services.imports.profile import parse_profile
from services.models import LedgerBatch
from services.operations.import_records import save_profile
from services.operations.ledger import abandon_ledger, stage_ledger
from services.operations.ledger_work import LedgerFile
from services.operations.refusals import NotAllowedError, Refused
from services.views.answers import done
from services.views.desk import Desk
from services.views.ledger import file_page, ledger_batch, ledger_desk, reading_form


@require_POST
def read_again(request: HttpRequest, council: str, period: Period, batch_id: int) -> HttpResponse:
    """Have the worker read the same file as is said here; the file as it was read before is put aside."""
    desk = ledger_desk(request, council, period)
    batch = ledger_batch(desk, batch_id)
    form = reading_form(batch, request.POST)
    if form is None:
        return done(
            request, "Nothing was done: the file is no longer waiting.", desk.address("ledger_file", batch.pk)
        )
    if form.is_valid():
        try:
            again = _staged_again(desk, batch, form)
        except NotAllowedError as refusal:
            raise PermissionDenied(str(refusal)) from refusal
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = "The file is being read as you said."
            return done(request, words, desk.address("ledger_file", again.pk))
    return file_page(request, desk, batch, reading=form, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@transaction.atomic
def _staged_again(desk: Desk, batch: LedgerBatch, form: LedgerReadingForm) -> LedgerBatch:
    by = desk.grant.user
    if name := form.cleaned_data["save_as"]:
        save_profile(by=by, council=desk.council, name=name, toml=form.toml)
    file = LedgerFile(
        name=batch.file_name,
        content=bytes(batch.content),
        profile=parse_profile(form.toml),
        stated=batch.stated_actual,
    )
    again = stage_ledger(by=by, council=desk.council, period=desk.period, file=file)
    if again.pk != batch.pk:
        abandon_ledger(by=by, batch=batch)
    return again
