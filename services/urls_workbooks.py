"""Addresses of the workbook of lines, under one period's `workbook/`."""

from django.urls import path

from services.views import workbooks

urlpatterns = [
    path("", workbooks.workbook, name="workbook"),
    path("lines.xlsx", workbooks.download, name="workbook_download"),
    path("confirm/", workbooks.confirm, name="workbook_confirm"),
]
