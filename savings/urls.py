"""Addresses of the officers' pages of savings, under a council's `working/`."""

from django.urls import URLPattern, URLResolver, include, path

import services.converters  # noqa: F401 - registers how a period is written
from savings.views import (
    month,
    month_one,
    particulars,
    phasing,
    progress,
    projections,
    proposal,
    recovery,
    register,
    sizing,
    strategy,
)
from savings.views import recovery_records as records

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
    path("right-sizing/", sizing.sizing, name="sizing"),
    path("right-sizing/right-sizing.csv", sizing.sizing_csv, name="sizing_csv"),
    path("right-sizing/tables.xlsx", sizing.sizing_xlsx, name="sizing_xlsx"),
    path("<int:proposal_id>/", include(proposal_pages)),
]
recovery_pages: list[URLPattern | URLResolver] = [
    path("", recovery.recovery, name="recovery"),
    path("files/tables.xlsx", recovery.recovery_xlsx, name="recovery_xlsx"),
    path("files/<slug:around_table>.csv", recovery.recovery_csv, name="recovery_csv"),
    path("new/", records.new_plan, name="new_plan"),
    path("actions/<int:action_id>/", records.change_action, name="change_action"),
    path("controls/new/", records.new_control, name="new_control"),
    path("controls/<int:control_id>/", records.change_control, name="change_control"),
    path("reviews/new/", records.new_review, name="new_review"),
    path("reviews/<int:review_id>/", records.change_review, name="change_review"),
    path("reviews/<int:review_id>/findings/new/", records.new_finding, name="new_finding"),
    path("findings/<int:finding_id>/", records.change_finding, name="change_finding"),
    path("projections/<int:projection_id>/withdraw/", projections.withdraw, name="withdraw_projection"),
    path("<int:plan_id>/", recovery.plan, name="plan"),
    path("<int:plan_id>/edit/", records.change_plan, name="change_plan"),
    path("<int:plan_id>/actions/new/", records.new_action, name="new_action"),
    path("<int:plan_id>/projections/new/", projections.new_projection, name="new_projection"),
    path("<int:plan_id>/cases/new/", records.new_plan_case, name="new_plan_case"),
    path("<int:plan_id>/files/tables.xlsx", recovery.plan_xlsx, name="plan_xlsx"),
    path("<int:plan_id>/files/<slug:plan_table>.csv", recovery.plan_csv, name="plan_csv"),
]
strategy_pages = [
    path("", strategy.strategy, name="strategy"),
    path("figures/", strategy.figures, name="strategy_figures"),
    path("files/tables.xlsx", strategy.strategy_xlsx, name="strategy_xlsx"),
    path("files/<slug:strategy_table>.csv", strategy.strategy_csv, name="strategy_csv"),
]
urlpatterns = [
    path("<slug:council>/working/<period:period>/savings/", include(month_pages)),
    path("<slug:council>/working/<period:period>/recovery/", progress.progress, name="progress"),
    path("<slug:council>/working/savings/", include(register_pages)),
    path("<slug:council>/working/recovery/", include(recovery_pages)),
    path("<slug:council>/working/strategy/", include(strategy_pages)),
]
