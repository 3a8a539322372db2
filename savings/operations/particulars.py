"""What a proposal is made of and what is said of it: parts, notes, the terms of a vacancy factor. Each is given as a whole list and kept so."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db import transaction

from accounting.money import total
from accounting.wording import format_percent
from accounts.models import User
from savings.models import Component, ProposalNote, SavingsProposal, VacancyFactor
from savings.operations.entries import checked_choice, checked_posts
from savings.operations.proposal_records import held_proposal, record, save_next_version
from savings.operations.refusals import ComponentsExceedError
from savings.position.phasing import current_plan
from services.operations.entries import checked_name, checked_words, required_money
from services.operations.refusals import InvalidEntryError

_MOST_PARTS: Final = 200
_HUNDRED_PERCENT: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentFields:
    """A part of how a proposal saves; `amount` without a sign, `None` is “not yet broken down”."""

    title: str
    amount: Decimal | None = None
    posts: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFields:
    """What is said about one aspect (`ProposalNote.Aspect`), and by which role; blank for the council's own words."""

    aspect: str
    words: str
    said_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VacancyFields:
    """The terms of a vacancy factor. `percent` of the pay budget, 3.5 for 3.5%, to the hundredth."""

    percent: Decimal
    pay_budget: Decimal | None = None
    exempt_posts: str = ""
    is_substitution_allowed: bool | None = None
    review_months: int | None = None
    next_review: date | None = None


@transaction.atomic
def set_components(
    *, by: User, proposal: SavingsProposal, expected_version: int, components: Sequence[ComponentFields]
) -> SavingsProposal:
    """Say of which parts a proposal is made, in order; an empty list says nothing of it.

    Raises `ComponentsExceedError` where the parts that have an amount come to more than the proposal is to save over all its years.
    """
    now = held_proposal(by=by, proposal=proposal, expected_version=expected_version)
    _not_too_many("components", components)
    checked = [
        ComponentFields(
            title=checked_name("title", one.title, limit=300),
            amount=None if one.amount is None else required_money("amount", one.amount, positive=True),
            posts=checked_posts("posts", one.posts),
        )
        for one in components
    ]
    parts = [one.amount for one in checked if one.amount is not None]
    plan = current_plan(now)
    if plan is not None and plan.before_reversals is not None and total(parts) > abs(plan.before_reversals):
        raise ComponentsExceedError(total(parts), abs(plan.before_reversals))
    before = [_said(one, ComponentFields) for one in now.components.all()]
    if before == [asdict(one) for one in checked]:
        return now
    now.components.all().delete()
    Component.objects.bulk_create(
        Component(council_id=now.council_id, proposal=now, order=place, **asdict(one))
        for place, one in enumerate(checked)
    )
    return _keep(by, now, "set components", {"components": before}, [asdict(one) for one in checked])


@transaction.atomic
def set_notes(
    *, by: User, proposal: SavingsProposal, expected_version: int, notes: Sequence[NoteFields]
) -> SavingsProposal:
    """Keep what is said about a proposal, in order. Two people may say two things of the same aspect; both stand."""
    now = held_proposal(by=by, proposal=proposal, expected_version=expected_version)
    _not_too_many("notes", notes)
    checked = [
        NoteFields(
            aspect=checked_choice("aspect", one.aspect, ProposalNote.Aspect.values),
            words=checked_words("words", one.words, required=True),
            said_by=checked_name("said_by", one.said_by, required=False),
        )
        for one in notes
    ]
    before = [_said(one, NoteFields) for one in now.notes.all()]
    if before == [asdict(one) for one in checked]:
        return now
    now.notes.all().delete()
    ProposalNote.objects.bulk_create(
        ProposalNote(council_id=now.council_id, proposal=now, order=place, **asdict(one))
        for place, one in enumerate(checked)
    )
    return _keep(by, now, "set notes", {"notes": before}, [asdict(one) for one in checked])


@transaction.atomic
def set_vacancy_factor(
    *, by: User, proposal: SavingsProposal, expected_version: int, terms: VacancyFields
) -> VacancyFactor:
    """Keep the terms of a proposal of the type “vacancy factor”."""
    now = held_proposal(by=by, proposal=proposal, expected_version=expected_version)
    if now.type != SavingsProposal.Type.VACANCY_FACTOR:
        raise InvalidEntryError("type", "change the proposal's type to “Vacancy factor” first.")
    entered = _checked_terms(terms)
    held = VacancyFactor.objects.filter(proposal=now).first()
    before = {name: getattr(held, name) for name in entered} if held else {}
    if held is not None and before == entered:
        return held
    factor = held or VacancyFactor(proposal=now, council_id=now.council_id)
    for name, value in entered.items():
        setattr(factor, name, value)
    factor.save()
    save_next_version(now)
    record(
        by=by,
        proposal=now,
        action="set vacancy factor",
        before=before,
        after=entered | {"version": now.version},
    )
    return factor


def _checked_terms(terms: VacancyFields) -> dict[str, Any]:
    hundredths = terms.percent * 100
    if not terms.percent.is_finite() or hundredths != hundredths.to_integral_value():
        raise InvalidEntryError("percent", "must be a percentage to the hundredth, for example 3.5.")
    if not 0 < hundredths <= _HUNDRED_PERCENT:
        raise InvalidEntryError("percent", f"{format_percent(terms.percent)} is not between 0 and 100.")
    months = terms.review_months
    if months is not None and not 1 <= months <= 60:
        raise InvalidEntryError(
            "review_months", "is a number of months from 1 to 60; 3 for a quarterly review."
        )
    pay = terms.pay_budget
    return {
        "percent_hundredths": int(hundredths),
        "pay_budget": None if pay is None else required_money("pay_budget", pay, positive=True),
        "exempt_posts": checked_words("exempt_posts", terms.exempt_posts),
        "is_substitution_allowed": terms.is_substitution_allowed,
        "review_months": months,
        "next_review": terms.next_review,
    }


def _not_too_many(field: str, given: Sequence[object]) -> None:
    if len(given) > _MOST_PARTS:
        raise InvalidEntryError(field, f"there are {len(given)}; at most {_MOST_PARTS} can be kept.")


def _said(row: Component | ProposalNote, fields: type) -> dict[str, Any]:
    return {name: getattr(row, name) for name in fields.__dataclass_fields__}  # type: ignore[attr-defined]


def _keep(
    by: User, proposal: SavingsProposal, action: str, before: dict[str, Any], after: list[dict[str, Any]]
) -> SavingsProposal:
    """Save the next version and record what the list was and is."""
    (name,) = before
    save_next_version(proposal)
    record(
        by=by,
        proposal=proposal,
        action=action,
        before=before,
        after={name: after, "version": proposal.version},
    )
    return proposal
