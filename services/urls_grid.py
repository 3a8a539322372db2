"""Addresses of the forecast grid, under one period's `grid/`."""

from django.urls import path

from services.views import grid, grid_cells, grid_paste

urlpatterns = [
    path("", grid.grid, name="grid"),
    path("lines/<int:line_id>/", grid.row, name="grid_row"),
    path("row/", grid_cells.row, name="grid_line"),
    path("cell/", grid_cells.cell, name="grid_cell"),
    path("paste/", grid_paste.preview, name="grid_paste"),
    path("paste/apply/", grid_paste.apply, name="grid_paste_apply"),
]
