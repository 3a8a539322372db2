"""Addresses of reports, below a council's: as members read them, and the desk of those who write them."""

from django.urls import URLPattern, URLResolver, include, path

from scrutiny import views_desk_papers, views_desk_papers_sections, views_papers

_desk_paper: list[URLPattern | URLResolver] = [
    path("", views_desk_papers.paper, name="desk_paper"),
    path("preview/", views_desk_papers.preview, name="desk_paper_preview"),
    path("header/", views_desk_papers.header, name="desk_paper_header"),
    path("options/", views_desk_papers.options, name="desk_paper_options"),
    path("choice/", views_desk_papers.choice, name="desk_paper_choice"),
    path("final/", views_desk_papers.finalise, name="desk_paper_final"),
    path("report.pdf", views_desk_papers.pdf, name="desk_paper_file"),
    path("sections/new/", views_desk_papers_sections.new_section, name="desk_section_new"),
    path("sections/<int:section_id>/", views_desk_papers_sections.section, name="desk_section"),
    path("sections/<int:section_id>/move/", views_desk_papers_sections.move, name="desk_section_move"),
    path("sections/<int:section_id>/remove/", views_desk_papers_sections.remove, name="desk_section_remove"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("<slug:slug>/papers/<int:paper_id>/", views_papers.paper, name="paper"),
    path("<slug:slug>/papers/<int:paper_id>/report.pdf", views_papers.paper_pdf, name="paper_file"),
    path("<slug:slug>/desk/papers/", views_desk_papers.papers_list, name="desk_papers"),
    path("<slug:slug>/desk/papers/new/", views_desk_papers.new, name="desk_paper_new"),
    path("<slug:slug>/desk/papers/<int:paper_id>/", include(_desk_paper)),
]
