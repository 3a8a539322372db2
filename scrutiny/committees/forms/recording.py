"""The forms by which a clerk records what was said and agreed at a meeting."""

from typing import Any

from django import forms

from scrutiny.models import CommitteeAction, Recommendation
from services.forms.compared import ComparedForm
from services.forms.fields import KeyField, WordsField
from services.forms.words import PublishedWordsForm

AS_MINUTED = "As the minutes number it; text, never recounted. May be left blank."


def _line(label: str, *, limit: int = 200, required: bool = False, **options: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=limit, required=required, **options)


def _day(label: str, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class _Recorded(PublishedWordsForm, ComparedForm):
    """What is recorded will be published, and may be changed by somebody else meanwhile."""

    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput())
    key = KeyField()


class _AtItem(_Recorded):
    """What belongs to an item of the agenda."""

    item = forms.ChoiceField(label="Item")
    field_order = ("item",)

    def __init__(self, *args: Any, items: list[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self._made_with["items"] = items  # the form that is sent again after a conflict offers the same
        self.fields["item"].choices = items  # type: ignore[attr-defined]


class ParagraphForm(_AtItem):
    """A paragraph or heading of the minutes."""

    published_words = ("words",)

    number = _line("Number", limit=12, help_text=AS_MINUTED)
    heading = _line("Heading")
    words = WordsField(label="Words", rows=6, required=False, limit=20_000)


class QuestionForm(_AtItem):
    """A question with its sub-questions."""

    published_words = ("words", "parts")

    number = _line("Number", limit=12, help_text=AS_MINUTED)
    asked_by = _line("Asked by", required=True, help_text="A role, never a name: the Chair, a member.")
    words = WordsField(label="The question", rows=4)
    parts = WordsField(label="Sub-questions", rows=4, required=False, help_text="Each on its own line.")
    topic = _line("Topic")


class RecordedAnswerForm(_Recorded):
    """One role's answer."""

    published_words = ("points",)

    by_role = _line("Answered by", required=True, help_text="A role, never a name.")
    code = _line("Abbreviation", limit=20, help_text="As the minutes abbreviate the role, for example HoF.")
    number = _line(
        "Number", limit=12, help_text="Where the minutes number the answer apart from the question."
    )
    points = WordsField(label="The answer", rows=6, required=False, help_text="Each point on its own line.")
    is_declined = forms.BooleanField(label="Declined to answer there", required=False)
    will_write = forms.BooleanField(label="Undertook to give more information", required=False)
    given_on = _day("Given on")


class ActionForm(_Recorded):
    """An action that the committee agreed."""

    published_words = ("words",)

    reference = _line("Reference", limit=20, help_text="As minuted, for example (a) or 5.3.")
    words = WordsField(label="What is to be done", rows=4)
    owners = WordsField(label="Owners", rows=3, help_text="The roles that own it, each on its own line.")
    type = forms.ChoiceField(label="Kind", choices=CommitteeAction.Type.choices)
    forum = _line("To be reported to", help_text="A body. May be left blank.")
    due_on = _day("Due on")
    is_due_next_meeting = forms.BooleanField(label="Due at the next meeting", required=False)
    due_words = _line("Due, as minuted", limit=120, help_text="Where the minutes give no date.")


class RecordedResponseForm(_Recorded):
    """A response to an action that came at a meeting or in a letter."""

    published_words = ("response", "evidence")

    response = WordsField(label="The response", rows=5)
    evidence = WordsField(label="Evidence", rows=2, required=False)


class LookedAtForm(_Recorded):
    """What the committee said of an action at this meeting."""

    published_words = ("words",)

    words = WordsField(label="What the committee said", rows=3, required=False)


class RecommendationForm(_Recorded):
    """One outcome that the committee agreed."""

    published_words = ("words",)

    number = _line("Number", limit=12, required=True, help_text="As minuted.")
    kind = forms.ChoiceField(label="Kind", choices=Recommendation.Kind.choices)
    words = WordsField(label="What was agreed", rows=4)
    addressee = _line("To whom", help_text="A body or role. Blank where nobody is asked for anything.")
    timescale = _line("By when, as minuted")


class ReceiptForm(_Recorded):
    """When the executive received a recommendation."""

    sent_on = _day("Sent on")
    received_on = _day("Received on", required=True)


class ExecutiveResponseForm(_Recorded):
    """The executive's response to a recommendation."""

    published_words = ("words",)

    response = forms.ChoiceField(
        label="Response",
        choices=[
            choice
            for choice in Recommendation.Response.choices
            if choice[0] in ("accepted", "part", "rejected")
        ],
    )
    words = WordsField(
        label="Reasons",
        rows=4,
        required=False,
        help_text="Needed where it is accepted in part or not at all.",
    )
    responded_on = _day("Given on", required=True)


class ImplementationForm(_Recorded):
    """How far a recommendation has been carried out."""

    published_words = ("words",)

    implementation = forms.ChoiceField(label="How far", choices=Recommendation.Implementation.choices)
    words = WordsField(label="What has been done", rows=4)
