"""The forms in which reports are written: the header block, a section at a time, the options, and which of them was chosen."""

from typing import Any

from django import forms

from scrutiny.committees.forms.meetings import ROLE
from scrutiny.committees.papers.lines import (
    OptionGiven,
    OptionLineError,
    ParagraphGiven,
    numbered,
    options_in,
    paragraphs_in,
)
from scrutiny.models import Meeting, Paper, PaperSection, Publication, ReportOption
from services.forms.compared import ComparedForm
from services.forms.fields import KeyField, WordsField
from services.forms.words import PublishedWordsForm

TEXT_LIMIT = 40_000
_NO_FIGURES = "No figures"


class BeginForm(PublishedWordsForm):
    """What kind of report, and of what."""

    published_words = ("title",)

    template = forms.ChoiceField(label="Kind of report", choices=Paper.Template.choices)
    title = forms.CharField(label="Title", max_length=300)
    publication = forms.ModelChoiceField(
        Publication.objects.none(),
        label="Figures it quotes",
        required=False,
        empty_label=_NO_FIGURES,
        help_text="A budget monitoring report begins with this publication’s sentences and tables.",
    )
    key = KeyField()

    def __init__(self, *args: Any, publications: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["publication"].queryset = publications  # type: ignore[attr-defined]


class HeaderForm(PublishedWordsForm, ComparedForm):
    """The header block."""

    published_words = ("title", "abstract", "background_papers")

    title = forms.CharField(label="Title", max_length=300)
    authority = forms.CharField(label="Authority", max_length=200, required=False)
    body = forms.CharField(label="Committee", max_length=200, required=False, help_text="As it is printed.")
    day = forms.DateField(
        label="Date of the meeting",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    report_of = forms.CharField(label="Report of", max_length=200, required=False, help_text=ROLE)
    portfolio = forms.CharField(label="Portfolio", max_length=200, required=False)
    wards = forms.CharField(label="Wards", max_length=200, required=False)
    key_decision = forms.CharField(
        label="Key decision",
        max_length=120,
        required=False,
        help_text="For example “No”, or the forward plan’s reference.",
    )
    access = forms.CharField(
        label="Classification",
        max_length=120,
        required=False,
        help_text="As it is printed, for example “Open to the public”.",
    )
    stamp = forms.CharField(
        label="Stamp", max_length=40, required=False, help_text="For example FOR DECISION."
    )
    abstract = WordsField(
        label="What the report is, in a sentence or two", required=False, help_text="May quote figures."
    )
    contact_role = forms.CharField(label="Contact", max_length=200, required=False, help_text=ROLE)
    background_papers = WordsField(
        label="Background papers", required=False, help_text="One on each line; “None” where there are none."
    )
    publication = forms.ModelChoiceField(
        Publication.objects.none(), label="Figures it quotes", required=False, empty_label=_NO_FIGURES
    )
    key = KeyField()
    expected_version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, publications: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._made_with["publications"] = publications
        self.fields["publication"].queryset = publications  # type: ignore[attr-defined]


class SectionForm(PublishedWordsForm, ComparedForm):
    """One section, its paragraphs a line each."""

    published_words = ("heading", "text")

    kind = forms.ChoiceField(label="Kind", choices=PaperSection.Kind.choices)
    number = forms.CharField(label="Number", max_length=12, required=False)
    heading = forms.CharField(label="Heading", max_length=300)
    text = WordsField(
        label="Paragraphs", rows=18, limit=TEXT_LIMIT, required=False, help_text="Each on its own line."
    )
    numbering = forms.BooleanField(label="Number its paragraphs from the section’s number", required=False)
    key = KeyField()
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["numbering"].show_hidden_initial = False  # a wish, nothing that is kept

    def given(self, cleaned: dict[str, Any]) -> dict[str, Any]:
        """What the operation takes."""
        paragraphs: list[ParagraphGiven] = paragraphs_in(cleaned["text"])
        if cleaned["numbering"] and cleaned["number"]:
            paragraphs = numbered(paragraphs, section=cleaned["number"])
        fields = {name: cleaned[name] for name in ("kind", "number", "heading")}
        return {**fields, "paragraphs": paragraphs}


class OptionsForm(PublishedWordsForm, ComparedForm):
    """The options that the report puts to its committee."""

    published_words = ("options",)

    options = WordsField(
        label="Options",
        rows=10,
        limit=TEXT_LIMIT,
        required=False,
        help_text=(
            "Each on its own line after its number, as in “6.2 Adopt all of it”. "
            "A sub-option stands below with a hyphen: “- 1 Grant an extension”."
        ),
    )
    key = KeyField()
    expected_version = forms.IntegerField(widget=forms.HiddenInput())

    def clean_options(self) -> str:
        """Refuse a line that is no option."""
        text: str = self.cleaned_data["options"]
        try:
            options_in(text)
        except OptionLineError as error:
            raise forms.ValidationError(str(error)) from error
        return text

    def given(self, cleaned: dict[str, Any]) -> list[OptionGiven]:
        """What the operation takes."""
        return options_in(cleaned["options"])


class ChoiceForm(PublishedWordsForm):
    """Which of its options a meeting chose."""

    published_words = ("words",)

    meeting = forms.ModelChoiceField(Meeting.objects.none(), label="Meeting", empty_label=None)
    chosen = forms.ModelMultipleChoiceField(
        ReportOption.objects.none(), label="Chosen", widget=forms.CheckboxSelectMultiple()
    )
    words = WordsField(label="What was said of it", required=False, help_text="As minuted.")
    key = KeyField()
    expected_version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, meetings: Any, options: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["meeting"].queryset = meetings  # type: ignore[attr-defined]
        self.fields["chosen"].queryset = options  # type: ignore[attr-defined]
