"""The forms of committees, meetings and agendas. Roles are asked for, never names."""

from typing import Any

from django import forms

from scrutiny.committees.grounds import ground_of
from scrutiny.committees.operations.committees import SeatGiven
from scrutiny.models import AgendaItem, Committee, Meeting, Paper, Publication, Seat, WorkItem
from services.forms.compared import ComparedForm
from services.forms.fields import KeyField, WordsField
from services.forms.words import PublishedWordsForm

ROLE = "A role or body, never a person’s name."
SPARE_SEATS = 3
MOST_SEATS = 100
_NOT_EMPTY = "Say it in a few words."


def _day(label: str, hint: str, *, required: bool) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "Give the day.", "invalid": "Give a day such as 16/01/2027."},
    )


class CommitteeForm(PublishedWordsForm, ComparedForm):
    """A committee, or a group that one of them sets up."""

    published_words = ("remit", "procedure")

    name = forms.CharField(label="Name", max_length=200)
    kind = forms.ChoiceField(label="Kind", choices=Committee.Kind.choices)
    short_name = forms.CharField(
        label="Short name", max_length=40, required=False, help_text="As minutes abbreviate it."
    )
    parent = forms.ModelChoiceField(
        Committee.objects.none(),
        label="Set up by",
        required=False,
        empty_label="Nobody: it stands by itself",
        help_text="For a task group or mini-group.",
    )
    remit = WordsField(label="Remit", required=False)
    procedure = WordsField(label="Terms of reference or procedure", required=False, rows=4)
    clerk_team = forms.CharField(label="Clerk", max_length=200, required=False, help_text=ROLE)
    clear_days = forms.IntegerField(
        label="Clear days",
        min_value=0,
        max_value=30,
        initial=5,
        help_text="Working days between publication of the papers and the meeting, neither counted. The law asks for 5.",
    )
    ended_on = _day(
        "Ended on", "For a group that has reported. No meeting is arranged after it.", required=False
    )
    key = KeyField()
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, committees: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._made_with["committees"] = committees
        _choose_from(self, "parent", committees)


class SeatsForm(forms.Form):
    """Who sits on a committee, a row for each role, with rows to spare. A row without a role is left out."""

    key = KeyField()
    expected_version = forms.IntegerField(widget=forms.HiddenInput())
    rows = forms.IntegerField(min_value=0, max_value=MOST_SEATS, widget=forms.HiddenInput())

    def __init__(self, data: Any = None, *, seats: tuple[Seat, ...], **options: Any) -> None:
        super().__init__(data, **options)
        self.row_count = _rows_sent(data) if data else min(len(seats) + SPARE_SEATS, MOST_SEATS)
        self.initial.setdefault("rows", self.row_count)
        for number in range(1, self.row_count + 1):
            seat = seats[number - 1] if number <= len(seats) else None
            self.fields[f"kind_{number}"] = forms.ChoiceField(
                label="Seat", choices=Seat.Kind.choices, initial=seat.kind if seat else Seat.Kind.MEMBER
            )
            self.fields[f"role_{number}"] = forms.CharField(
                label="Role", max_length=200, required=False, initial=seat.role if seat else ""
            )
            self.fields[f"code_{number}"] = forms.CharField(
                label="Short form", max_length=20, required=False, initial=seat.code if seat else ""
            )
            self.fields[f"number_{number}"] = forms.IntegerField(
                label="How many", min_value=1, max_value=200, initial=seat.number if seat else 1
            )

    @property
    def seat_rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Each row's number and its fields, for the page."""
        names = ("kind", "role", "code", "number")
        return [
            (number, [self[f"{name}_{number}"] for name in names]) for number in range(1, self.row_count + 1)
        ]

    def given(self, cleaned: dict[str, Any]) -> list[SeatGiven]:
        """The rows that name a role."""
        return [
            SeatGiven(
                kind=cleaned[f"kind_{number}"],
                role=cleaned[f"role_{number}"],
                code=cleaned[f"code_{number}"],
                number=cleaned[f"number_{number}"],
            )
            for number in range(1, self.row_count + 1)
            if cleaned[f"role_{number}"]
        ]


def _rows_sent(data: Any) -> int:
    text = data.get("rows", "")
    return min(int(text), MOST_SEATS) if text.isascii() and text.isdigit() and len(text) < 4 else 0


class WorkForm(PublishedWordsForm, ComparedForm):
    """An entry of the work programme."""

    published_words = ("title", "words")

    title = forms.CharField(label="What to look at", max_length=300)
    words = WordsField(label="Why, and what is asked", required=False)
    state = forms.ChoiceField(label="State", choices=WorkItem.State.choices)
    suggested_by = forms.CharField(label="Suggested by", max_length=200, required=False, help_text=ROLE)
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label="Planned for", required=False, empty_label="No meeting yet"
    )
    key = KeyField()
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, meetings: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._made_with["meetings"] = meetings
        _choose_from(self, "meeting", meetings)


class MeetingForm(PublishedWordsForm, ComparedForm):
    """When and where a committee meets."""

    published_words = ("title", "note")

    day = _day(
        "Day", "Leave it out only for a meeting recorded from a paper that gives no date.", required=False
    )
    starts_at = forms.TimeField(
        label="Starts at",
        required=False,
        help_text="For example 19:00.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    place = forms.CharField(label="Place", max_length=200, required=False)
    title = forms.CharField(
        label="Title", max_length=200, required=False, help_text="Where it is no ordinary meeting."
    )
    note = WordsField(
        label="Note for readers", required=False, help_text="For example where the record comes from."
    )
    key = KeyField()
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput())


class ItemForm(PublishedWordsForm, ComparedForm):
    """One item of an agenda. Its title is public even when the item is exempt."""

    published_words = ("title", "words")

    number = forms.CharField(label="Number", max_length=12, help_text="As it is to be printed.")
    title = forms.CharField(
        label="Title", max_length=300, help_text="Always public, also where the item is exempt."
    )
    start_time = forms.CharField(
        label="Start time", max_length=12, required=False, help_text="As printed, for example 20.05."
    )
    purpose = forms.ChoiceField(
        label="Purpose", choices=AgendaItem.Purpose.choices, initial=AgendaItem.Purpose.DISCUSSION
    )
    words = WordsField(
        label="What it is for", required=False, help_text="Kept from the public where the item is exempt."
    )
    lead_role = forms.CharField(label="Led by", max_length=200, required=False, help_text=ROLE)
    publication = forms.ModelChoiceField(
        Publication.objects.none(), label="Figures it is about", required=False, empty_label="No figures"
    )
    paper = forms.ModelChoiceField(
        Paper.objects.none(), label="Report", required=False, empty_label="No report"
    )
    late_reason = WordsField(
        label="Taken late because",
        required=False,
        rows=2,
        help_text="The chair’s reason: the special circumstances of an item that comes after the papers were due.",
    )
    late_agreed_by = forms.CharField(
        label="Late item agreed by", max_length=200, required=False, help_text=ROLE
    )
    key = KeyField()
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, publications: Any, papers: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._made_with |= {"publications": publications, "papers": papers}
        _choose_from(self, "publication", publications)
        _choose_from(self, "paper", papers)


class ClassifyForm(PublishedWordsForm, ComparedForm):
    """Whether an item is open to the public, or exempt and why."""

    published_words = ("reason",)

    classification = forms.ChoiceField(label="Classification", choices=AgendaItem.Classification.choices)
    paragraph = forms.TypedChoiceField(
        label="Paragraph of Schedule 12A",
        choices=[("", "None: it is open"), *((number, ground_of(number)) for number in range(1, 8))],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.Select(attrs={"class": "long"}),
    )
    reason = WordsField(
        label="Why the public interest in keeping it exempt is greater",
        required=False,
        help_text="Printed for the public. It must not tell what is kept from them.",
    )
    key = KeyField()
    expected_version = forms.IntegerField(required=False, widget=forms.HiddenInput())


class PublishForm(PublishedWordsForm):
    """Publishing an agenda: where it is late, the chair's reason for all items that have none of their own."""

    published_words = ("late_reason",)

    late_reason = WordsField(label="The chair’s reason for taking the items late", required=False, rows=3)
    late_agreed_by = forms.CharField(label="Agreed by", max_length=200, required=False, help_text=ROLE)
    key = KeyField()
    expected_version = forms.IntegerField(widget=forms.HiddenInput())


class CancelForm(PublishedWordsForm):
    """Cancelling a meeting: readers of a published agenda see why."""

    published_words = ("reason",)

    reason = WordsField(label="Reason", rows=3, limit=1_000, error_messages={"required": _NOT_EMPTY})
    key = KeyField()
    expected_version = forms.IntegerField(widget=forms.HiddenInput())


class WithdrawForm(forms.Form):
    """Taking an item off an agenda that nobody has seen yet; the audit trail keeps why."""

    reason = WordsField(label="Reason", rows=3, error_messages={"required": _NOT_EMPTY})
    key = KeyField()
    expected_version = forms.IntegerField(widget=forms.HiddenInput())


def _choose_from(form: forms.Form, name: str, rows: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)
    field.queryset = rows
