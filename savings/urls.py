"""Addresses of the officers' pages of savings, under a council's `working/`."""

from django.urls import URLPattern, URLResolver, include, path

import services.converters  # noqa: F401 - registers how a period is written
from savings.views import month, month_one, particulars, phasing, proposal, register

app_name = "savings"

month_pages = [
    path("", month.month, name="month"),
    path("files/tables.xlsx", month.month_xlsx, name="month_xlsx"),
    path("files/<slug:month_table>.csv", month.month_csv, name="month_csv"),
    path("<int:proposal_id>/", month_one.update, name="update"),
]
proposal_pages = [
    path("", proposal.proposal, name="proposal"),
    path("edit/", proposal.edit, name="edit"),
    path("stage/", proposal.stage, name="stage"),
    path("amounts/", phasing.propose, name="propose_phasing"),
    path("amounts/<int:number>/approve/", phasing.approve, name="approve_phasing"),
    path("parts/", particulars.components, name="components"),
    path("notes/", particulars.notes, name="notes"),
    path("investment/", particulars.investment, name="investment"),
    path("vacancy-factor/", particulars.vacancy, name="vacancy"),
    path("sources/", particulars.sources, name="sources"),
    path("cases/new/", proposal.new_case, name="new_case"),
    path("files/tables.xlsx", proposal.proposal_xlsx, name="proposal_xlsx"),
    path("files/<slug:proposal_table>.csv", proposal.proposal_csv, name="proposal_csv"),
]
register_pages: list[URLPattern | URLResolver] = [
    path("", register.register, name="register"),
    path("new/", register.new_proposal, name="new_proposal"),
    path("register.xlsx", register.register_xlsx, name="register_xlsx"),
    path("register-<slug:register_table>.csv", register.register_csv, name="register_csv"),
    path("cases/<int:case_id>/", proposal.case, name="case"),
    path("<int:proposal_id>/", include(proposal_pages)),
]
urlpatterns = [
    path("<slug:council>/working/<period:period>/savings/", include(month_pages)),
    path("<slug:council>/working/savings/", include(register_pages)),
]
