"""Every operation on savings with an example of it and who may do it, for the tests that must hold for all of them."""

import inspect
from collections.abc import Callable, Iterator
from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from types import SimpleNamespace
from typing import Any

import savings.operations as package
from accounting.savings import Stage
from savings.models import SavingsUpdate
from savings.operations import (
    carrying_forward,
    investments,
    mitigations,
    phasing,
    progress,
    proposals,
    recovery,
    reviews,
    sources,
    strategies,
    updates,
)
from tests.savings.factories import make_proposal, one_off, propose, recurrent, year
from tests.services.catalogue import FINANCE, FORECASTERS, HEADS, Example, world
from tests.services.factories import make_period, pounds


def _saving(w: SimpleNamespace) -> Any:
    """A saving that counts in the budget."""
    return make_proposal(
        w.council, "Telecare", recurrent(2023, "-120"), stage=Stage.AGREED, service_line=w.line
    )


def _proposed(w: SimpleNamespace, **fields: Any) -> Any:
    return make_proposal(w.council, "Day care", service_line=w.line, **fields)


def _plan(w: SimpleNamespace) -> Any:
    return recovery.record_plan(
        by=w.officer, council=w.council, name="Recovery", year=year(2023), directorate=w.directorate
    )


def _action(w: SimpleNamespace) -> Any:
    return recovery.record_action(by=w.officer, plan=_plan(w), title="Freeze a post", target=pounds("50"))


def _control(w: SimpleNamespace) -> Any:
    return reviews.record_control(
        by=w.officer, council=w.council, covers="Placements", rule="Essential only", authorised_by="Director"
    )


def _review(w: SimpleNamespace) -> Any:
    return reviews.record_review(by=w.officer, council=w.council, reviewer="Peers", scope="Placements")


def _finding(w: SimpleNamespace) -> Any:
    return reviews.record_finding(by=w.officer, review=_review(w), finding="Too many forms")


def _case(w: SimpleNamespace) -> Any:
    return reviews.record_case(by=w.officer, council=w.council, title="Permanent posts")


def _update(w: SimpleNamespace) -> SavingsUpdate:
    saving = _saving(w)
    edit = updates.UpdateEdit(proposal_id=saving.pk, expected_version=0, forecast=pounds("120"), rag="green")
    updates.save_updates(by=w.head, period=w.period, edits=[edit])
    return SavingsUpdate.objects.get(proposal=saving, period=w.period)


def _projection(w: SimpleNamespace) -> Any:
    return recovery.record_projection(by=w.officer, plan=_plan(w), **_PROJECTED)


def _next_period(w: SimpleNamespace) -> Any:
    """The month after, in which nothing is said of savings yet."""
    _update(w)
    return make_period(w.council, "2023-24/p8")


_PROJECTED = {
    "scope": "Social care",
    "stage": "gross",
    "as_at": date(2023, 9, 30),
    "amount": pounds("5466000"),
}

__all__ = ["EXAMPLES", "operations", "world"]

EXAMPLES = (
    Example(
        proposals.record_proposal,
        FINANCE,
        lambda w: {"council": w.council, "title": "New Models of Care", "service_line": w.line},
    ),
    Example(
        proposals.change_proposal,
        FINANCE,
        lambda w: {"proposal": _proposed(w), "expected_version": 1, "posts": pounds("2.5")},
    ),
    Example(
        proposals.move_stage,
        HEADS,
        lambda w: {
            "proposal": _saving(w),
            "expected_version": 1,
            "to": Stage.WRITTEN_OFF,
            "decided_by": "Cabinet",
            "reason": "The income never came",
        },
    ),
    Example(
        proposals.set_components,
        FINANCE,
        lambda w: {
            "proposal": _saving(w),
            "expected_version": 1,
            "components": [proposals.ComponentFields(title="One contract", amount=pounds("100"))],
        },
    ),
    Example(
        proposals.set_notes,
        FINANCE,
        lambda w: {
            "proposal": _saving(w),
            "expected_version": 1,
            "notes": [proposals.NoteFields(aspect="users", words="3,000 people are served")],
        },
    ),
    Example(
        proposals.set_vacancy_factor,
        FINANCE,
        lambda w: {
            "proposal": _proposed(w, type="vacancy_factor"),
            "expected_version": 1,
            "terms": proposals.VacancyFields(percent=pounds("3.5")),
        },
    ),
    Example(
        phasing.propose_phasing,
        FINANCE,
        lambda w: {"proposal": _proposed(w), "phases": [recurrent(2024, "-300"), one_off(2025, "-400")]},
    ),
    Example(
        phasing.approve_phasing,
        HEADS,
        lambda w: {
            "version": propose(_proposed(w), recurrent(2024, "-300")),
            "decision_reference": "Minute 4",
        },
    ),
    Example(
        investments.set_investment,
        FINANCE,
        lambda w: {
            "proposal": _proposed(w),
            "expected_version": 1,
            "years": [investments.InvestmentFields(year=year(2024), planned_investment=pounds("90"))],
        },
    ),
    Example(
        strategies.set_strategy,
        FINANCE,
        lambda w: {
            "council": w.council,
            "title": "Strategy",
            "first_year": year(2023),
            "last_year": year(2027),
            "figures": [
                strategies.StrategyFields(year=year(2023), kind="base", label="Base", amount=pounds("9"))
            ],
        },
    ),
    Example(
        sources.note_sources,
        FINANCE,
        lambda w: {
            "council": w.council,
            "notes": [sources.SourceFields(proposal=_saving(w), figure="2023/24", basis="printed")],
        },
    ),
    Example(
        updates.save_updates,
        FORECASTERS,
        lambda w: {
            "period": w.period,
            "edits": [
                updates.UpdateEdit(
                    proposal_id=_saving(w).pk, expected_version=0, forecast=pounds("120"), rag="green"
                )
            ],
            "retry_key": "a key",
        },
    ),
    Example(
        mitigations.set_mitigations,
        FORECASTERS,
        lambda w: {
            "update": _update(w),
            "expected_version": 1,
            "mitigations": [mitigations.MitigationFields(kind="reserve", amount=pounds("20"))],
        },
    ),
    Example(carrying_forward.carry_forward_savings, FINANCE, lambda w: {"period": _next_period(w)}),
    Example(
        recovery.record_plan,
        FINANCE,
        lambda w: {
            "council": w.council,
            "name": "A second plan",
            "year": year(2023),
            "directorate": w.directorate,
        },
    ),
    Example(
        recovery.change_plan,
        FINANCE,
        lambda w: {"plan": _plan(w), "expected_version": 1, "words": "Agreed in January"},
    ),
    Example(recovery.record_action, FINANCE, lambda w: {"plan": _plan(w), "title": "Claim contributions"}),
    Example(
        recovery.change_action,
        FINANCE,
        lambda w: {"action": _action(w), "expected_version": 1, "target": pounds("60")},
    ),
    Example(recovery.record_projection, FINANCE, lambda w: {"plan": _plan(w), **_PROJECTED}),
    Example(
        recovery.withdraw_projection, FINANCE, lambda w: {"projection": _projection(w), "reason": "Mistyped"}
    ),
    Example(
        progress.save_progress,
        FORECASTERS,
        lambda w: {
            "period": w.period,
            "edits": [
                progress.ProgressEdit(action_id=_action(w).pk, expected_version=0, identified=pounds("20"))
            ],
            "retry_key": "a key",
        },
    ),
    Example(
        reviews.record_control,
        FINANCE,
        lambda w: {"council": w.council, "covers": "Travel", "rule": "None", "authorised_by": "Director"},
    ),
    Example(
        reviews.change_control,
        FINANCE,
        lambda w: {"control": _control(w), "expected_version": 1, "rule": "None at all"},
    ),
    Example(
        reviews.record_review,
        FINANCE,
        lambda w: {"council": w.council, "reviewer": "Inspectors", "scope": "Costs"},
    ),
    Example(
        reviews.change_review,
        FINANCE,
        lambda w: {"review": _review(w), "expected_version": 1, "is_complete": True},
    ),
    Example(
        reviews.record_finding, FINANCE, lambda w: {"review": _review(w), "finding": "No model of costs"}
    ),
    Example(
        reviews.change_finding,
        FINANCE,
        lambda w: {"finding": _finding(w), "expected_version": 1, "response": "Agreed"},
    ),
    Example(reviews.record_case, FINANCE, lambda w: {"council": w.council, "title": "Own provision"}),
    Example(
        reviews.change_case,
        FINANCE,
        lambda w: {"case": _case(w), "expected_version": 1, "cost_now": pounds("70")},
    ),
)


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
