"""Every operation of the working side with an example of it and who may do it, for the tests that must hold for all of them."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from pkgutil import iter_modules
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

import services.operations as package
from accounting.deadlines import DEFAULT_DEADLINES, Step
from accounting.funds import Fund
from accounting.materiality import Materiality
from accounting.periods import FinancialYear, Period
from accounting.rag import DEFAULT_RULES
from accounting.reserves import ReserveKind
from services.imports.ledger_codes import CodeEntry
from services.models import LedgerBatch
from services.operations import (
    budgets,
    councils,
    deadlines,
    deputies,
    dsg,
    forecasts,
    handing_over,
    ledger,
    ledger_codes,
    ledger_work,
    periods,
    reasons,
    reminders,
    reopening,
    reserves,
    risks,
    rule_tables,
    sources,
    year_end,
)
from services.position.reminders import Reminder
from services.roles import Role
from tests.services.factories import (
    explain,
    make_approved,
    make_council,
    make_directorate,
    make_division,
    make_forecast,
    make_funding_change,
    make_line,
    make_member_of,
    make_one_off_funding,
    make_period,
    make_published,
    make_reserve,
    make_use,
    make_user,
    make_virement,
    pounds,
    the_head,
    the_officer,
)

ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})
STRUCTURE = frozenset({Role.FINANCE_OFFICER, Role.HEAD_OF_FINANCE, Role.ADMINISTRATOR})
FINANCE = frozenset({Role.FINANCE_OFFICER, Role.HEAD_OF_FINANCE})
HEADS = frozenset({Role.HEAD_OF_FINANCE})
RULES = frozenset({Role.HEAD_OF_FINANCE, Role.ADMINISTRATOR})
FORECASTERS = FINANCE | {Role.BUDGET_HOLDER}


@dataclass(frozen=True)
class Example:
    """An operation, what it is given, and the roles that may do it at the whole council."""

    operation: Callable[..., Any]
    roles: frozenset[Role]
    given: Callable[[SimpleNamespace], dict[str, Any]]
    at_every_council: bool = False

    @property
    def name(self) -> str:
        """As a test is named."""
        return self.operation.__name__

    def run(self, world: SimpleNamespace, by: Any) -> Any:
        """Do it."""
        return self.operation(by=by, **self.given(world))


def world() -> SimpleNamespace:
    """A council in the middle of a month: two lines, forecasts, a reserve, an open period, and a second person for everything."""
    council = make_council()
    made = SimpleNamespace(
        council=council,
        directorate=make_directorate(council),
        division=make_division(council),
        line=make_line(council, "Corporate parenting", budget="1000"),
        other=make_line(council, "Early help", budget="500"),
        period=make_period(council),
        reserve=make_reserve(council, opening="900"),
        second_reserve=make_reserve(council, "Second reserve", opening="100"),
        stranger=make_user("stranger"),
        officer=the_officer(council),
        head=the_head(council),
    )
    make_forecast(made.line, made.period, "1001")
    make_forecast(made.other, made.period, "500")
    return made


def _submitted(w: SimpleNamespace) -> Any:
    return periods.submit_directorate(by=w.officer, period=w.period, directorate=w.directorate)


def _legs(w: SimpleNamespace) -> list[tuple[Any, Any]]:
    return [(w.line, pounds("10")), (w.other, pounds("-10"))]


def _approved_virement(w: SimpleNamespace) -> Any:
    virement = make_virement(w.period, (w.line, "10"), (w.other, "-10"), posted=False)
    return budgets.approve_virement(by=w.head, virement=virement)


def _risk(w: SimpleNamespace) -> Any:
    return risks.record_risk(by=w.officer, period=w.period, kind="risk", title="Two more placements")


def _asked(w: SimpleNamespace) -> Any:
    head = make_member_of(w.council, Role.HEAD_OF_FINANCE, username="another-head")
    return reopening.ask_to_reopen(by=head, period=make_approved(w.period), reason="A wrong accrual")


def _reopened(w: SimpleNamespace) -> Any:
    """A period that was published, reopened, and approved again without a change."""
    make_published(w.period)
    period = periods.reopen_period(by=w.head, asked_by=w.officer, period=w.period, reason="A doubt")
    return make_approved(period)


def _closed_year(w: SimpleNamespace) -> FinancialYear:
    make_published(make_period(w.council, "2023-24/p13", carry_forward=True))
    return FinancialYear(2023)


def _reminder(w: SimpleNamespace) -> Reminder:
    return Reminder(
        period=w.period,
        step=Step.FORECASTS,
        words="1 working day late",
        due=date(2023, 11, 7),
        user_id=w.head.pk,
        post="Head of finance",
        address="head@example.gov.uk",
        directorates=("Children and Families",),
    )


def _explained_a_month_ago(w: SimpleNamespace) -> Any:
    explain(w.line, w.period)
    return make_period(w.council, "2023-24/p8", carry_forward=True)


def _named(w: SimpleNamespace) -> dict[str, Any]:
    """A deputy for the finance officer, for a year from today."""
    today = timezone.localdate()
    return {
        "council": w.council,
        "assignment": w.officer.roles.get(),
        "deputy": w.stranger,
        "starts_on": today,
        "ends_on": today + timedelta(days=365),
        "reason": "On leave",
    }


def _another(w: SimpleNamespace) -> Any:
    """A budget holder of the directorate, who leaves or has a deputy."""
    return make_member_of(w.council, Role.BUDGET_HOLDER, directorate=w.directorate, username="leaver")


EXAMPLES = (
    Example(deputies.name_deputy, HEADS, _named),
    Example(
        deputies.end_delegation,
        HEADS,
        lambda w: {
            "delegation": deputies.name_deputy(by=w.officer, **_named(w)),
            "reason": "Back",
        },
    ),
    Example(
        handing_over.hand_over,
        HEADS | ADMINISTRATORS,
        lambda w: {"council": w.council, "leaver": _another(w), "colleague": w.stranger, "reason": "Left"},
    ),
    Example(
        councils.create_council,
        ADMINISTRATORS | STRUCTURE,
        lambda w: {"slug": "south-borough", "name": "South Borough"},
        at_every_council=True,
    ),
    Example(councils.add_directorate, STRUCTURE, lambda w: {"council": w.council, "name": "Education"}),
    Example(councils.add_division, STRUCTURE, lambda w: {"directorate": w.directorate, "name": "Inclusion"}),
    Example(councils.add_service_line, STRUCTURE, lambda w: {"division": w.division, "name": "Transport"}),
    Example(councils.set_rag_rules, RULES, lambda w: {"council": w.council, "rules": DEFAULT_RULES[:1]}),
    Example(
        councils.set_virement_rules,
        RULES,
        lambda w: {"council": w.council, "rules": councils.DEFAULT_VIREMENT_RULES},
    ),
    Example(
        councils.assign_role,
        ADMINISTRATORS,
        lambda w: {"user": w.stranger, "role": Role.CLERK, "council": w.council},
    ),
    Example(
        councils.remove_role,
        ADMINISTRATORS,
        lambda w: {
            "assignment": make_member_of(w.council, Role.CLERK, username="leaver").roles.get(),
            "reason": "Left",
        },
    ),
    Example(
        councils.restructure_line,
        STRUCTURE,
        lambda w: {"line": w.line, "successor": w.other, "from_period": w.period, "reason": "Merged"},
    ),
    Example(
        periods.open_period,
        FINANCE,
        lambda w: {"council": w.council, "period": Period.parse("2023-24/p8"), "carry_forward": True},
    ),
    Example(
        periods.submit_directorate,
        FORECASTERS,
        lambda w: {"period": w.period, "directorate": w.directorate},
    ),
    Example(
        periods.return_directorate,
        FINANCE,
        lambda w: (
            _submitted(w) and {"period": w.period, "directorate": w.directorate, "note": "Check agency"}
        ),
    ),
    Example(periods.submit_period, FINANCE, lambda w: {"period": w.period}),
    Example(
        periods.approve_period,
        HEADS,
        lambda w: {"period": periods.submit_period(by=w.officer, period=w.period)},
    ),
    Example(
        periods.reopen_period,
        HEADS,
        lambda w: {
            "period": make_approved(w.period),
            "asked_by": w.officer,
            "reason": "A wrong accrual",
        },
    ),
    Example(
        reopening.ask_to_reopen,
        FINANCE,
        lambda w: {"period": make_approved(w.period), "reason": "A wrong accrual"},
    ),
    Example(reopening.agree_to_reopen, FINANCE, lambda w: {"request": _asked(w)}),
    Example(
        reopening.close_unchanged,
        HEADS,
        lambda w: {"period": _reopened(w), "proposed_by": w.officer, "reason": "Reopened by mistake"},
    ),
    Example(reopening.decline_to_reopen, FINANCE, lambda w: {"request": _asked(w)}),
    Example(deadlines.set_deadlines, RULES, lambda w: {"council": w.council, "rules": DEFAULT_DEADLINES}),
    Example(
        rule_tables.set_explanation_rule,
        RULES,
        lambda w: {"council": w.council, "rule": Materiality(amount=pounds("50000"), percent=None)},
    ),
    Example(year_end.roll_year, HEADS, lambda w: {"council": w.council, "year": _closed_year(w)}),
    Example(
        reminders.send_reminder,
        FINANCE,
        lambda w: {"reminder": _reminder(w), "day": date(2023, 11, 8)},
    ),
    Example(
        reasons.confirm_last_reasons,
        FORECASTERS,
        lambda w: {"line": w.line, "period": _explained_a_month_ago(w)},
    ),
    Example(
        periods.record_publication,
        FINANCE,
        lambda w: {
            "period": make_approved(w.period),
            "approved_by": make_member_of(w.council, Role.HEAD_OF_FINANCE, username="deputy"),
            "variances": [
                periods.LineVariance(
                    w.line.pk, w.division.pk, w.directorate.pk, Fund.GENERAL_FUND, pounds("1")
                )
            ],
        },
    ),
    Example(
        budgets.set_original_budgets,
        FINANCE,
        lambda w: {"council": w.council, "year": FinancialYear(2024), "amounts": {w.line: pounds("1100")}},
    ),
    Example(
        budgets.set_reported_budgets,
        FINANCE,
        lambda w: {
            "period": w.period,
            "budgets": [budgets.ReturnedBudget(line=w.line, revised=pounds("1050"))],
        },
    ),
    Example(
        budgets.request_virement,
        FINANCE,
        lambda w: {"council": w.council, "effective": w.period, "reason": "Posts moved", "legs": _legs(w)},
    ),
    Example(
        budgets.approve_virement,
        HEADS,
        lambda w: {"virement": make_virement(w.period, (w.line, "10"), (w.other, "-10"), posted=False)},
    ),
    Example(
        budgets.reject_virement,
        HEADS,
        lambda w: {
            "virement": make_virement(w.period, (w.line, "10"), (w.other, "-10"), posted=False),
            "note": "No case made",
        },
    ),
    Example(budgets.post_virement, FINANCE, lambda w: {"virement": _approved_virement(w)}),
    Example(
        budgets.request_funding_change,
        FINANCE,
        lambda w: {
            "line": w.line,
            "effective": w.period,
            "type": "grant",
            "amount": pounds("25"),
            "reason": "New grant",
        },
    ),
    Example(
        budgets.approve_funding_change,
        HEADS,
        lambda w: {"change": make_funding_change(w.line, w.period, "25", approved=False)},
    ),
    Example(
        budgets.reject_funding_change,
        HEADS,
        lambda w: {
            "change": make_funding_change(w.line, w.period, "25", approved=False),
            "note": "Not agreed",
        },
    ),
    Example(
        forecasts.save_forecasts,
        FORECASTERS,
        lambda w: {
            "period": w.period,
            "edits": [
                forecasts.ForecastEdit(line_id=w.line.pk, expected_version=1, forecast_outturn=pounds("1002"))
            ],
            "retry_key": "a key",
        },
    ),
    Example(
        forecasts.set_reasons,
        FORECASTERS,
        lambda w: {
            "line": w.line,
            "period": w.period,
            "reasons": [forecasts.ReasonEntry(driver="demand", amount=pounds("1"), words="More children")],
        },
    ),
    Example(
        reserves.add_reserve,
        FINANCE,
        lambda w: {"council": w.council, "name": "Winter", "kind": ReserveKind.GENERAL, "purpose": "Winter"},
    ),
    Example(
        reserves.set_reserve_opening,
        FINANCE,
        lambda w: {"reserve": w.reserve, "year": FinancialYear(2024), "amount": pounds("40")},
    ),
    Example(
        reserves.transfer_between_reserves,
        HEADS,
        lambda w: {
            "period": w.period,
            "from_reserve": w.reserve,
            "to_reserve": w.second_reserve,
            "amount": pounds("5"),
            "decision_reference": "Cabinet",
        },
    ),
    Example(
        reserves.plan_use,
        FINANCE,
        lambda w: {
            "period": w.period,
            "line": w.line,
            "kind": "drawdown",
            "amount": pounds("5"),
            "reserve": w.reserve,
        },
    ),
    Example(
        reserves.request_use, FINANCE, lambda w: {"use": make_use(w.line, w.period, "5", state="planned")}
    ),
    Example(
        reserves.approve_use,
        HEADS,
        lambda w: {
            "use": make_use(w.line, w.period, "5", state="requested"),
            "decision_reference": "Cabinet",
        },
    ),
    Example(reserves.apply_use, FINANCE, lambda w: {"use": make_use(w.line, w.period, "5")}),
    Example(
        reserves.refuse_use,
        HEADS,
        lambda w: {"use": make_use(w.line, w.period, "5", state="requested"), "reason": "No need"},
    ),
    Example(
        reserves.change_use,
        FINANCE,
        lambda w: {
            "use": make_use(w.line, w.period, "5", state="planned"),
            "expected_version": 1,
            "amount": pounds("6"),
        },
    ),
    Example(
        reserves.add_one_off_funding,
        FINANCE,
        lambda w: {"period": w.period, "line": w.line, "source": "grant", "amount": pounds("7")},
    ),
    Example(
        reserves.approve_one_off_funding,
        HEADS,
        lambda w: {"funding": make_one_off_funding(w.line, w.period, "7", approved=False)},
    ),
    Example(
        reserves.apply_one_off_funding,
        FINANCE,
        lambda w: {"funding": make_one_off_funding(w.line, w.period, "7")},
    ),
    Example(
        reserves.refuse_one_off_funding,
        HEADS,
        lambda w: {"funding": make_one_off_funding(w.line, w.period, "7", approved=False), "reason": "Gone"},
    ),
    Example(
        reserves.change_one_off_funding,
        FINANCE,
        lambda w: {
            "funding": make_one_off_funding(w.line, w.period, "7", approved=False),
            "expected_version": 1,
            "amount": pounds("8"),
        },
    ),
    Example(
        dsg.set_dsg_account,
        FINANCE,
        lambda w: {"period": w.period, "fund": Fund.DSG, "name": "Whole DSG", "opening": pounds("10")},
    ),
    Example(
        ledger_codes.set_ledger_codes,
        FINANCE,
        lambda w: {"council": w.council, "entries": [CodeEntry(cost_centre="1", line_id=w.line.pk)]},
    ),
    Example(
        ledger.stage_ledger,
        FINANCE,
        lambda w: {"council": w.council, "period": w.period, "file": _ledger()},
    ),
    Example(ledger.check_again, FINANCE, lambda w: {"batch": _ledger_batch(w, state="checked")}),
    Example(
        ledger.confirm_ledger,
        FINANCE,
        lambda w: {"batch": _ledger_batch(w, state="checked"), "confirmed": frozenset()},
    ),
    Example(ledger.abandon_ledger, FINANCE, lambda w: {"batch": _ledger_batch(w)}),
    Example(
        ledger_work.import_ledger,
        FINANCE,
        lambda w: {"council": w.council, "period": w.period, "file": _ledger(), "confirmed": _mapped(w)},
    ),
    Example(
        risks.record_risk,
        FINANCE,
        lambda w: {"period": w.period, "kind": "risk", "title": "A tribunal", "amount": pounds("9")},
    ),
    Example(
        risks.change_risk,
        FINANCE,
        lambda w: {"risk": _risk(w), "expected_version": 1, "amount": pounds("10")},
    ),
    Example(
        risks.withdraw_risk,
        FINANCE,
        lambda w: {"risk": _risk(w), "expected_version": 1, "reason": "It passed"},
    ),
    Example(
        sources.note_sources,
        FINANCE,
        lambda w: {
            "period": w.period,
            "notes": [sources.SourceEntry(line=w.line, figure="forecast_outturn", basis="printed")],
        },
    ),
)


def _ledger() -> ledger_work.LedgerFile:
    """A ledger of one code."""
    return ledger_work.LedgerFile(
        name="ledger.csv", content=b"Cost centre,Subjective code,Actual to date\n1,1,12.50\n"
    )


def _ledger_batch(w: SimpleNamespace, state: str = "staged") -> LedgerBatch:
    """A ledger that the head of finance sent, as far as `state`."""
    batch = ledger.stage_ledger(by=the_head(w.council), council=w.council, period=w.period, file=_ledger())
    batch.state, batch.is_clean, batch.outcome = state, True, {"confirmations": []}
    batch.save()
    return batch


def _mapped(w: SimpleNamespace) -> frozenset[str]:
    """The ledger's code mapped; nothing to confirm."""
    entry = CodeEntry(cost_centre="1", line_id=w.line.pk)
    ledger_codes.set_ledger_codes(by=the_head(w.council), council=w.council, entries=[entry])
    return frozenset()


def operations() -> Iterator[Callable[..., Any]]:
    """Every public function of the operations package that acts for somebody; imports have tests of their own."""
    for module_info in iter_modules(package.__path__):
        if "import" in module_info.name:
            continue
        module = import_module(f"{package.__name__}.{module_info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            is_its_own = function.__module__ == module.__name__ and not name.startswith("_")
            if is_its_own and "by" in inspect.signature(function).parameters:
                yield function
