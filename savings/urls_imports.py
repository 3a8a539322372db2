"""Addresses of importing schedules of savings, under a council's `working/savings/import/`."""

from django.urls import include, path

from savings.views import imports

app_name = "savings_imports"

pages = [
    path("", imports.upload, name="upload"),
    path("<int:batch_id>/", imports.preview, name="preview"),
    path("<int:batch_id>/read/", imports.read_again, name="read"),
    path("<int:batch_id>/apply/", imports.apply, name="apply"),
    path("<int:batch_id>/abandon/", imports.abandon, name="abandon"),
    path("<int:batch_id>/problems.csv", imports.problems_csv, name="problems"),
    path("<int:batch_id>/profile.toml", imports.profile_toml, name="profile"),
]
urlpatterns = [path("<slug:council>/working/savings/import/", include(pages))]
