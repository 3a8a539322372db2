"""Addresses of importing, under one period's `import/`."""

from django.urls import path

from services.views import imports

urlpatterns = [
    path("", imports.upload, name="import"),
    path("<int:batch_id>/", imports.preview, name="import_preview"),
    path("<int:batch_id>/read/", imports.read_again, name="import_read"),
    path("<int:batch_id>/apply/", imports.apply, name="import_apply"),
    path("<int:batch_id>/abandon/", imports.abandon, name="import_abandon"),
    path("<int:batch_id>/problems.csv", imports.problems_csv, name="import_problems"),
    path("<int:batch_id>/profile.toml", imports.profile_toml, name="import_profile"),
]
