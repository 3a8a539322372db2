"""Addresses of members' pages: a council, a period, a version, and the files of each."""

from django.urls import URLPattern, URLResolver, include, path

import services.converters  # noqa: F401 - registers how a period is written
from scrutiny import (
    urls_committees,
    urls_packs,
    urls_papers,
    urls_questions,
    views,
    views_questions,
    views_savings,
)

app_name = "scrutiny"

# The same pages and files stand under the period, for its latest version, and under each version.
_of_a_publication: list[URLPattern] = [
    path("", views.period, name="period"),
    path("compare/", views.compare, name="compare"),
    path("compare/comparison.<str:extension>", views.comparison_file, name="comparison_file"),
    path("tables/all.xlsx", views.workbook, name="workbook"),
    path("tables/<slug:name>.csv", views.table_csv_file, name="csv"),
    path("tables/<slug:name>.xlsx", views.table_xlsx_file, name="xlsx"),
    path("report.pdf", views.report, name="report"),
    path("savings/", views_savings.savings, name="savings"),
    path("savings/<slug:key>/", views_savings.proposal, name="proposal"),
    path("savings/<slug:key>/<slug:name>.<str:extension>", views_savings.proposal_file, name="proposal_file"),
    path("recovery/", views_savings.recovery, name="recovery"),
    path("strategy/", views_savings.strategy, name="strategy"),
    path("ask/", views_questions.ask, name="ask"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    *urls_packs.urlpatterns,
    *urls_questions.urlpatterns,
    *urls_papers.urlpatterns,
    path("<slug:slug>/", views.council, name="council"),
    path("<slug:slug>/", include(urls_committees.urlpatterns)),
    path("<slug:slug>/<period:period>/", include(_of_a_publication)),
    path("<slug:slug>/<period:period>/v<int:version>/", include((_of_a_publication, "version"))),
]
