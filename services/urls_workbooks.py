"""Addresses of the workbook of lines, under one period's `workbook/`."""

from django.urls import path

from services.views import workbook_preview, workbooks

urlpatterns = [
    path("", workbooks.workbook, name="workbook"),
    path("lines.xlsx", workbooks.download, name="workbook_download"),
    path("differences/", workbook_preview.page, name="workbook_page"),
    path("problems.csv", workbook_preview.problems_csv, name="workbook_problems"),
    path("confirm/", workbooks.confirm, name="workbook_confirm"),
]
