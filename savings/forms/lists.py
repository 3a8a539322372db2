"""The rows of the lists that belong to a proposal, a projection or the strategy."""

from typing import Any

from django import forms

from accounting.phasing import PhaseKind, SpanMeaning
from savings.forms.fields import PartsField, YearField, line_of_text
from savings.forms.rows import Row
from savings.models import ProposalNote, RecoveryAction, SavingsSource, StrategyFigure
from services.forms.fields import PoundsField, WordsField

CHANGE = "A change to base: a saving is negative, growth positive."


def choice(label: str, choices: Any, *, empty: str) -> forms.ChoiceField:
    """A choice that a blank row leaves open."""
    return forms.ChoiceField(label=label, required=False, choices=[("", empty), *choices])


class ComponentRow(Row):
    """A part of how a proposal saves."""

    published_words = ("title",)
    says = ("title", "amount", "posts")
    needs = ("title",)

    title = line_of_text("Part", limit=300)
    amount = PoundsField(label="Amount, £", help_text="Without a sign. Blank: not yet broken down.")
    posts = PartsField(label="Posts", help_text="Blank if not stated.")


class NoteRow(Row):
    """What is said about one aspect, and by whom."""

    published_words = ("words", "said_by")
    says = ("aspect", "words")
    needs = ("aspect", "words")

    aspect = choice("About", ProposalNote.Aspect.choices, empty="Choose what it is about")
    words = WordsField(label="What is said", required=False, rows=3)
    said_by = line_of_text("Said by", help_text="A role; blank for the council’s own words.")


class InvestmentRow(Row):
    """One year of an invest-to-save proposal."""

    published_words = ("evidence", "funded_from")
    says = (
        "year",
        "planned_investment",
        "planned_benefit",
        "actual_investment",
        "actual_benefit",
        "evidence",
    )
    needs = ("year", "planned_investment", "planned_benefit")

    year = YearField(label="Year")
    planned_investment = PoundsField(label="Planned investment, £", help_text="Without a sign; nil is 0.")
    planned_benefit = PoundsField(label="Planned benefit, £", help_text="Without a sign; nil is 0.")
    actual_investment = PoundsField(label="Actual investment, £", help_text="Blank until it is known.")
    actual_benefit = PoundsField(label="Actual benefit, £", help_text="Blank until it is known.")
    funded_from = line_of_text("Funded from")
    evidence = WordsField(label="Evidence", required=False, rows=2)


class SourceRow(Row):
    """Where one figure comes from."""

    published_words = ("words",)
    says = ("figure", "basis", "citation", "words")
    needs = ("figure", "basis")

    figure = line_of_text("Figure", limit=60, help_text="Such as total, target or 2026/27.")
    basis = choice("Source", SavingsSource.Basis.choices, empty="Choose")
    citation = line_of_text("Citation", limit=300)
    words = WordsField(label="Note", required=False, rows=2)


class PhaseRow(Row):
    """One year's change to base."""

    says = ("year", "amount")
    needs = ("year", "kind", "amount")

    year = YearField(label="Year")
    amount = PoundsField(label="Amount, £", help_text=CHANGE)
    kind = forms.ChoiceField(
        label="It is",
        required=False,
        initial=PhaseKind.RECURRENT.value,
        choices=[(kind.value, kind.label) for kind in PhaseKind],
    )


class SpanRow(Row):
    """An amount for several years together; the writer says whether it is each year's or all of them in total."""

    published_words = ("words",)
    says = ("first", "last", "amount", "words")
    needs = ("first", "last", "amount", "meaning")

    first = YearField(label="First year")
    last = YearField(label="Last year")
    amount = PoundsField(label="Amount, £", help_text=CHANGE)
    meaning = choice(
        "The amount is",
        [(one.value, one.label) for one in SpanMeaning if one is not SpanMeaning.NOT_STATED],
        empty="Choose: each year, or in total",
    )
    words = line_of_text("As the paper prints it", limit=300)


class ShareRow(Row):
    """One council's part of a shared saving in a year."""

    says = ("year", "partner", "amount")
    needs = ("year", "partner")

    year = YearField(label="Year")
    partner = line_of_text("Council or partner")
    is_ours = forms.BooleanField(label="This council’s own share", required=False)
    amount = PoundsField(label="Share, £", help_text=f"{CHANGE} Blank: not yet agreed.")


class StepRow(Row):
    """What moved a projection since the one before."""

    published_words = ("label",)
    says = ("label", "amount", "action")
    needs = ("label", "amount")

    label = line_of_text("What moved it")
    amount = PoundsField(label="Amount, £", help_text="A reduction is negative.")
    action = forms.ModelChoiceField(
        RecoveryAction.objects.none(), label="Recovery action", required=False, empty_label="None of them"
    )

    def __init__(self, *args: Any, actions: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._made_with["actions"] = actions
        field = self.fields["action"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = actions


class StrategyRow(Row):
    """One labelled figure of a year."""

    published_words = ("label",)
    says = ("year", "label", "amount")
    needs = ("year", "kind", "label", "amount")

    year = YearField(label="Year")
    kind = choice("It is", StrategyFigure.Kind.choices, empty="Choose")
    label = line_of_text("Label")
    amount = PoundsField(
        label="Amount, £", help_text="Base and funding as levels; growth as a change to base."
    )
