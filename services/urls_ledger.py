"""Addresses of the ledger, under one period's `ledger/`."""

from django.urls import path

from services.views import ledger, ledger_reading

urlpatterns = [
    path("", ledger.ledger, name="ledger"),
    path("codes/", ledger.codes, name="ledger_codes"),
    path("codes/codes.csv", ledger.codes_csv, name="ledger_codes_csv"),
    path("<int:batch_id>/", ledger.file, name="ledger_file"),
    path("<int:batch_id>/progress/", ledger.progress, name="ledger_progress"),
    path("<int:batch_id>/confirm/", ledger.confirm, name="ledger_confirm"),
    path("<int:batch_id>/map/", ledger.map_codes, name="ledger_map"),
    path("<int:batch_id>/read/", ledger_reading.read_again, name="ledger_read"),
    path("<int:batch_id>/again/", ledger.again, name="ledger_again"),
    path("<int:batch_id>/abandon/", ledger.abandon, name="ledger_abandon"),
    path("<int:batch_id>/problems.csv", ledger.problems_csv, name="ledger_problems"),
]
