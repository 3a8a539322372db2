"""The forms by which members ask, and officers answer."""

from typing import Any

from django import forms
from django.utils import timezone

from services.forms.fields import KeyField, WordsField
from services.forms.words import PublishedWordsForm


def lines_of(text: str) -> list[str]:
    """Each line that says something, without a bullet of its own."""
    return [line.strip().lstrip("•▪§*- ").strip() for line in text.splitlines() if line.strip("•▪§*- \t")]


class AskForm(PublishedWordsForm):
    """A member's question about one published figure."""

    published_words = ("words", "parts")

    figure = forms.ChoiceField(label="Which figure")
    words = WordsField(label="Your question", rows=3, limit=2_000)
    parts = WordsField(
        label="Further questions on the same figure",
        rows=3,
        limit=2_000,
        required=False,
        help_text="Each on its own line. May be left blank.",
    )
    topic = forms.CharField(
        label="Topic", max_length=200, required=False, help_text="A word or two by which to find it again."
    )
    committee = forms.ChoiceField(label="For which committee", required=False)
    key = KeyField()

    def __init__(
        self, *args: Any, figures: list[tuple[str, str]], committees: list[tuple[str, str]], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["figure"].choices = figures  # type: ignore[attr-defined]
        self.fields["committee"].choices = [("", "No one committee"), *committees]  # type: ignore[attr-defined]


class AnswerForm(PublishedWordsForm):
    """An officer's answer, in the post that answers."""

    published_words = ("points",)

    by_role = forms.CharField(label="Answered by", max_length=200, help_text="A post, never a name.")
    points = WordsField(
        label="The answer",
        rows=6,
        required=False,
        help_text="Each point on its own line; they are printed as a list.",
    )
    will_write = forms.BooleanField(label="More information will be given in writing", required=False)
    given_on = forms.DateField(
        label="Given on",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=lambda: timezone.localdate(),
    )
    key = KeyField()


class ResponseForm(PublishedWordsForm):
    """Officers' response to a committee's action."""

    published_words = ("response", "evidence")

    response = WordsField(label="The response", rows=5)
    evidence = WordsField(
        label="Evidence",
        rows=2,
        required=False,
        help_text="Which paper, table or decision shows it. May be left blank.",
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput())
    key = KeyField()


class ProgressForm(PublishedWordsForm):
    """How far an action has got."""

    published_words = ("words",)

    words = WordsField(label="How far it has got", rows=3)
    expected_version = forms.IntegerField(widget=forms.HiddenInput())
    key = KeyField()
