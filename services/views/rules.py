"""A council's rules: what they are, who set them when, and changing one after seeing what it would do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from presentation.components import Conflict
from services import access
from services.access import Grant
from services.forms.deadlines import DeadlinesForm, deadlines_initial
from services.forms.rules import ExplanationForm, RagForm, rag_initial
from services.forms.scheme import (
    SCHEME_FORMS,
    SchemeForm,
    SchemeFormSet,
    approvals,
    scheme_initial,
    scheme_words,
)
from services.models import MonitoringPeriod
from services.operations.deadlines import DEADLINES, mark_of_deadlines, set_deadlines
from services.operations.refusals import StaleVersionError
from services.operations.rule_tables import (
    EXPLANATIONS,
    RAG,
    VIREMENTS,
    mark_of_explanation,
    mark_of_rag,
    mark_of_scheme,
    set_explanation_rule,
    set_rag_rules,
    set_virement_rules,
)
from services.position.deadlines import deadline_rules, deadlines_in_words
from services.position.rule_effects import (
    Effect,
    changed_of,
    deadline_effects,
    explanation_effects,
    rag_effects,
    scheme_effects,
    told,
)
from services.position.scheme import scheme_of
from services.position.structure import rag_rules, rag_rules_in_words
from services.position.trail import versions_of
from services.roles import Permission
from services.tables.rules import effects_table
from services.views.answers import carried_out, done, status_of
from services.views.conflicts import Place, compared_page
from services.views.desk import council_frame, newest_period

RULES = Permission.KEEP_RULES
SEES = frozenset({Permission.VIEW_WORKING, Permission.KEEP_STRUCTURE, RULES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One of the rule tables on its way to being changed."""

    title: str
    lead: str
    anchor: str
    form: Any
    rows: SchemeFormSet | None = None
    effects: Callable[[], Sequence[Effect]]
    put: Callable[[], object]
    stale: Callable[[], tuple[tuple[Conflict, ...], object]]
    """The comparison, and the form to be sent again."""


@require_safe
def rules(request: HttpRequest, council: str) -> HttpResponse:
    """Every rule table in words, each with its versions."""
    grant = access.council_for_any(request.user, council, needs=SEES)
    context = {
        **council_frame(grant, here="rules", period=newest_period(grant)),
        "rag_rules": rag_rules_in_words(grant.council),
        "explanation": grant.council.materiality.words,
        "scheme": scheme_words(scheme_of(grant.council)),
        "deadlines": deadlines_in_words(deadline_rules(grant.council)),
        "versions": {
            name: versions_of(grant.council, action)
            for name, action in (
                ("rag", RAG),
                ("explanations", EXPLANATIONS),
                ("virements", VIREMENTS),
                ("deadlines", DEADLINES),
            )
        },
        "may_change": grant.allows_everywhere(RULES),
    }
    return render(request, "services/rules.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def rag(request: HttpRequest, council: str) -> HttpResponse:
    """Change how variances are rated."""
    grant = _arrive(request, council)
    held = rag_rules(grant.council)
    initial = rag_initial(held) | {"seen": mark_of_rag(grant.council)}
    form = RagForm(request.POST or None, initial=initial)

    def stale() -> tuple[tuple[Conflict, ...], object]:
        now = rag_initial(rag_rules(grant.council))
        return form.comparison(now), form.again(held=now, version=mark_of_rag(grant.council))

    table = Table(
        title="Change the RAG rules",
        lead="They rate the variance after reserves against the revised budget. Red is asked first, then Amber; what neither takes is Green.",
        anchor="rag",
        form=form,
        effects=lambda: rag_effects(grant.council, _period_of(grant), now=held, then=form.rules),
        put=lambda: set_rag_rules(
            by=grant.user, council=grant.council, rules=form.rules, expected=form.cleaned_data["seen"]
        ),
        stale=stale,
    )
    return _change(request, grant, table)


@require_http_methods(["GET", "HEAD", "POST"])
def explanations(request: HttpRequest, council: str) -> HttpResponse:
    """Change which variances must be explained."""
    grant = _arrive(request, council)
    held = grant.council.materiality
    initial = {"amount": held.amount, "percent": held.percent}
    form = ExplanationForm(
        request.POST or None, initial=initial | {"seen": mark_of_explanation(grant.council)}
    )

    def stale() -> tuple[tuple[Conflict, ...], object]:
        grant.council.refresh_from_db()
        now = grant.council.materiality
        values, mark = {"amount": now.amount, "percent": now.percent}, mark_of_explanation(grant.council)
        return form.comparison(values), form.again(held=values, version=mark)

    table = Table(
        title="Change what must be explained",
        lead="A line whose variance reaches either limit cannot be submitted without drivers and words.",
        anchor="explanations",
        form=form,
        effects=lambda: explanation_effects(grant.council, _period_of(grant), now=held, then=form.rule),
        put=lambda: set_explanation_rule(
            by=grant.user, council=grant.council, rule=form.rule, expected=form.cleaned_data["seen"]
        ),
        stale=stale,
    )
    return _change(request, grant, table)


@require_http_methods(["GET", "HEAD", "POST"])
def virements(request: HttpRequest, council: str) -> HttpResponse:
    """Change who approves which virement, and which members are asked to approve."""
    grant = _arrive(request, council)
    held = scheme_of(grant.council)
    form = SchemeForm(request.POST or None, initial={"seen": mark_of_scheme(grant.council)})
    rows = SCHEME_FORMS(request.POST or None, initial=scheme_initial(held), prefix="rows")

    def stale() -> tuple[tuple[Conflict, ...], object]:
        three = (rows.rules, scheme_of(grant.council), rows.rules_started_from)
        every = zip_longest(*(scheme_words(rules) for rules in three), fillvalue="no row")
        found = tuple(
            Conflict(f"Row {number}", mine, theirs, base, mine == theirs)
            for number, (mine, theirs, base) in enumerate(every, start=1)
        )
        return found, SchemeForm(initial={"seen": mark_of_scheme(grant.council)})

    table = Table(
        title="Change the scheme of virement",
        lead=(
            "Rows are asked from the widest boundary and the largest amount down, and the first that a virement meets decides. "
            "A row for a boundary is for wider ones too."
        ),
        anchor="virements",
        form=form,
        rows=rows,
        effects=lambda: scheme_effects(grant.council, _period_of(grant), now=held, then=rows.rules),
        put=lambda: set_virement_rules(
            by=grant.user,
            council=grant.council,
            rules=approvals(rows.rules),
            expected=form.cleaned_data["seen"],
        ),
        stale=stale,
    )
    return _change(request, grant, table)


@require_http_methods(["GET", "HEAD", "POST"])
def deadlines(request: HttpRequest, council: str) -> HttpResponse:
    """Change by which working day each step of a month is due."""
    grant = _arrive(request, council)
    held = deadline_rules(grant.council)
    initial = deadlines_initial(held) | {"seen": mark_of_deadlines(grant.council)}
    form = DeadlinesForm(request.POST or None, initial=initial)

    def stale() -> tuple[tuple[Conflict, ...], object]:
        now = deadlines_initial(deadline_rules(grant.council))
        return form.comparison(now), form.again(held=now, version=mark_of_deadlines(grant.council))

    table = Table(
        title="Change the deadlines",
        lead="Working days are counted from the day after the period ends; weekends and the bank holidays of England are none.",
        anchor="deadlines",
        form=form,
        effects=lambda: deadline_effects(newest_period(grant), now=held, then=form.rules),
        put=lambda: set_deadlines(
            by=grant.user, council=grant.council, rules=form.rules, expected=form.cleaned_data["seen"]
        ),
        stale=stale,
    )
    return _change(request, grant, table)


def _arrive(request: HttpRequest, council: str) -> Grant:
    """The council, for a person who may change its rules; 403 for one who may only read them."""
    grant = access.council_for_any(request.user, council, needs=SEES)
    if not grant.allows_everywhere(RULES):
        raise PermissionDenied(f"Your role does not let you {RULES.value}.")
    return grant


def _period_of(grant: Grant) -> MonitoringPeriod | None:
    """The newest period, for its figures as examples; none for a person who may not see working figures."""
    return newest_period(grant) if grant.allows_everywhere(Permission.VIEW_WORKING) else None


def _change(request: HttpRequest, grant: Grant, table: Table) -> HttpResponse:
    """Show the form; then what it would do; then, confirmed, save it."""
    sent: tuple[forms.Form | forms.BaseFormSet[Any], ...] = (
        table.form,
        *([table.rows] if table.rows else []),
    )
    back = f"{reverse('services:rules', args=[grant.council.slug])}#{table.anchor}"
    is_good = request.method == "POST" and all(one.is_valid() for one in sent)
    try:
        if is_good and "confirm" in request.POST and carried_out(request, table.form, lambda _: table.put()):
            words = "The rules are changed, and hold from now on. What has been published stays as it was."
            return done(request, words, back)
    except StaleVersionError as refusal:
        return _conflict(request, grant, table, refusal, back)
    effects = told(table.effects()) if is_good and table.form.is_valid() else None
    context = {
        **council_frame(grant, here="rules", period=newest_period(grant)),
        "table_of_rules": table,
        "form": table.form,
        "rows": table.rows,
        "effects": None if effects is None else effects_table(effects, council=grant.council),
        "changed": changed_of(effects or ()),
        "back": back,
    }
    return render(request, "services/rule_change.html", context, status=status_of(*sent))


def _conflict(
    request: HttpRequest, grant: Grant, table: Table, refusal: StaleVersionError, back: str
) -> HttpResponse:
    """Somebody changed the rules meanwhile."""
    conflicts, again = table.stale()
    context = {
        **council_frame(grant, here="rules", period=newest_period(grant)),
        "frame_template": "services/council_base.html",
        "rows": table.rows,
    }
    place = Place(what=table.title, address=request.path, back=back, button="See what mine would change now")
    return compared_page(
        request,
        context,
        place=place,
        refusal=refusal,
        conflicts=conflicts,
        form=again,
        template="services/rules_conflict.html",
    )
