"""The moment at which somebody wants to see the figures: London time, stated without doubt."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

LONDON = ZoneInfo("Europe/London")
FIGURE_CHOICES = (
    ("forecast_outturn", "Forecast outturn"),
    ("best_case", "Best case"),
    ("worst_case", "Worst case"),
    ("actual_to_date", "Actual to date"),
    ("commitments", "Commitments"),
)
HOUR_CHOICES = (("first", "the first, in summer time (BST)"), ("second", "the second, in winter time (GMT)"))


class AsAtForm(forms.Form):
    """A day and a time of day in London, and the figure to be compared.

    In the hour that comes twice when the clocks go back, `which` says which of the two is meant; elsewhere it changes nothing.
    """

    date = forms.DateField(label="Date", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(
        label="Time in London", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    figure = forms.ChoiceField(label="Figure", choices=FIGURE_CHOICES)
    which = forms.ChoiceField(
        label="That time came twice, because the clocks went back", choices=HOUR_CHOICES
    )

    is_twice = False
    """Whether the time that was given came twice that day: only then is `which` to be asked."""

    def clean(self) -> dict[str, Any]:
        """Refuse a time that was never on a London clock, and one that is still to come."""
        given = super().clean() or {}
        if not self.errors:
            wall = datetime.combine(given["date"], given["time"])
            given["moment"] = moment_of(wall, is_second=given["which"] == "second")
            first, second = (wall.replace(tzinfo=LONDON, fold=fold) for fold in (0, 1))
            self.is_twice = first.utcoffset() != second.utcoffset()
        return given


def asked_of(query: Any) -> dict[str, str]:
    """What the form is given for an address: its own fields, or `moment` in one (`2026-10-14T09:00`, or with an offset); by itself, now."""
    asked = {"figure": "forecast_outturn", "which": "first"} | {name: str(query[name]) for name in query}
    if "date" in asked or "time" in asked:
        return asked
    text = asked.pop("moment", "")
    try:
        moment = datetime.fromisoformat(text) if text else timezone.localtime(timezone=LONDON)
        if moment.tzinfo is not None:
            moment = moment.astimezone(LONDON)
            asked["which"] = "second" if moment.fold else "first"
    except (ValueError, OverflowError):
        return asked | {"date": text, "time": ""}
    return asked | {"date": f"{moment:%Y-%m-%d}", "time": f"{moment:%H:%M}"}


def moment_of(wall: datetime, *, is_second: bool = False) -> datetime:
    """The end of that minute of London's clocks. Raises `ValidationError` for one that never was, or is still to come."""
    moment = wall.replace(tzinfo=LONDON, fold=int(is_second))
    try:
        there = moment.astimezone(UTC)
        if there.astimezone(LONDON).replace(tzinfo=None) != wall:
            raise ValidationError(
                f"The clocks went forward: there was no {wall:%H:%M} in London on {wall:%-d %B %Y}. Enter a time an hour later."
            )
    except OverflowError as error:
        raise ValidationError("Enter a date on which there were figures.") from error
    if there > timezone.now():
        raise ValidationError("That moment is still to come. Enter one that is past.")
    return there + timedelta(seconds=59, microseconds=999_999)


def moment_words(moment: datetime) -> str:
    """“14 October 2026, 09:00 BST”: with the name of the time, so that the hour that comes twice is said without doubt."""
    return f"{moment.astimezone(LONDON):%-d %B %Y, %H:%M %Z}"
