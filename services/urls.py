"""Addresses of the officers' pages, all under a council's `working/`."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

import services.converters  # noqa: F401 - registers how a period is written
from services.views import (
    as_at,
    beside,
    board,
    budgets,
    line,
    people,
    periods,
    position,
    reasons,
    reserves,
    structure,
    uses,
)

app_name = "services"

at_period: list[URLPattern | URLResolver] = [
    path("", position.position, name="position"),
    path("position.xlsx", position.position_xlsx, name="position_xlsx"),
    path("position-<slug:fund>.csv", position.position_csv, name="position_csv"),
    path("as-at/", as_at.as_at, name="as_at"),
    path("grid/", include("services.urls_grid")),
    path("lines/<int:line_id>/", line.line, name="line"),
    path("lines/<int:line_id>/reasons/", reasons.reasons, name="line_reasons"),
    path("lines/<int:line_id>/uses/", line.use, name="line_use"),
    path("lines/<int:line_id>/funding/", line.funding, name="line_funding"),
    path("lines/<int:line_id>/reasons/confirm/", reasons.confirm_reasons, name="confirm_reasons"),
    path("board/", board.board, name="board"),
    path("board/roll/", board.roll, name="roll_year"),
    path("workbook/", include("services.urls_workbooks")),
    path("submission/", periods.submission, name="submission"),
    path("submission/<int:directorate_id>/submit/", periods.submit, name="submit"),
    path("submission/<int:directorate_id>/return/", periods.send_back, name="send_back"),
    path("budgets/", budgets.budgets, name="budgets"),
    path("budgets/originals/", budgets.originals, name="originals"),
    path("budgets/virements/new/", budgets.new_virement, name="new_virement"),
    path(
        "budgets/virements/<int:virement_id>/<step:step>/",
        budgets.decide_virement,
        name="decide_virement",
    ),
    path("budgets/funding-changes/new/", budgets.new_funding_change, name="new_funding_change"),
    path(
        "budgets/funding-changes/<int:change_id>/<step:step>/",
        budgets.decide_funding_change,
        name="decide_funding_change",
    ),
    path("reserves/", reserves.reserves, name="reserves"),
    path("reserves/new/", reserves.new_reserve, name="new_reserve"),
    path("reserves/<int:reserve_id>/opening/", reserves.opening, name="opening"),
    path("reserves/transfer/", reserves.transfer, name="transfer"),
    path("reserves/uses/new/", uses.new_use, name="new_use"),
    path("reserves/uses/<int:use_id>/", uses.use, name="use"),
    path("reserves/uses/<int:use_id>/<step:step>/", uses.decide_use, name="decide_use"),
    path("reserves/funding/<int:funding_id>/", uses.funding, name="funding"),
    path("reserves/funding/<int:funding_id>/<step:step>/", uses.decide_funding, name="decide_funding"),
    path("dsg/", beside.dsg, name="dsg"),
    path("risks/", beside.risks, name="risks"),
    path("risks/<int:risk_id>/", beside.risk, name="risk"),
    path("risks/<int:risk_id>/withdraw/", beside.drop_risk, name="drop_risk"),
]
if find_spec("services.urls_imports"):
    at_period.append(path("import/", include("services.urls_imports")))
at_period.append(path("ledger/", include("services.urls_ledger")))

urlpatterns = [
    path("<slug:council>/working/", periods.home, name="home"),
    path("<slug:council>/working/rules/", include("services.urls_rules")),
    path("<slug:council>/working/structure/", structure.structure, name="structure"),
    path("<slug:council>/working/roles/", structure.roles, name="roles"),
    path("<slug:council>/working/roles/<int:assignment_id>/remove/", structure.take_role, name="take_role"),
    path("<slug:council>/working/deputies/", people.deputies, name="deputies"),
    path("<slug:council>/working/deputies/<int:delegation_id>/end/", people.end_deputy, name="end_deputy"),
    path("<slug:council>/working/leavers/", people.leavers, name="leavers"),
    path("<slug:council>/working/leavers/<int:user_id>/", people.leaver, name="leaver"),
    path("<slug:council>/working/audit/", structure.audit, name="audit"),
    path("<slug:council>/working/<period:period>/", include(at_period)),
]
