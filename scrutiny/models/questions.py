"""Questions that members ask, pinned to a published figure where they are about one, and the answers by role."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from scrutiny.models.committees import AgendaItem, Committee
from scrutiny.models.publications import Publication


class Question(models.Model):
    """One question. The pin names a figure of one publication; what became of that figure since is read from later publications."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        ANSWERED = "answered", "Answered"
        TO_WRITE = "to_write", "An officer will write"
        WITHDRAWN = "withdrawn", "Withdrawn"

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="questions")
    committee = models.ForeignKey(
        Committee, on_delete=models.PROTECT, null=True, blank=True, related_name="questions"
    )
    item = models.ForeignKey(
        AgendaItem, on_delete=models.PROTECT, null=True, blank=True, related_name="questions"
    )
    number = models.CharField(max_length=12, blank=True, help_text="As minuted; text, never recounted.")
    words = models.TextField()
    topic = models.CharField(max_length=200, blank=True)
    asked_by = models.CharField(max_length=200, help_text="A role: the Chair, a member, a co-opted member.")
    asked_at = models.DateTimeField(
        null=True, blank=True, help_text="Blank for a question recorded from minutes."
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    publication = models.ForeignKey(
        Publication, on_delete=models.PROTECT, null=True, blank=True, related_name="questions"
    )
    scope = models.CharField(
        max_length=12, blank=True, help_text="line, division, directorate, council, saving or recovery."
    )
    key = models.CharField(max_length=60, blank=True, help_text="Which one, as publications name it.")
    fund = models.CharField(max_length=24, blank=True)
    figure = models.CharField(
        max_length=60, blank=True, help_text="Which figure of it, for example variance_after_reserves."
    )
    subject = models.CharField(
        max_length=300, blank=True, help_text="What it is about, in words, as published then."
    )
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="") | (Q(publication__isnull=False) & ~Q(figure="")),
                name="question_pin_is_whole",
            ),
            models.UniqueConstraint(
                fields=["item", "number"], condition=~Q(number=""), name="question_number_unique_in_item"
            ),
        ]
        indexes = [models.Index(fields=["council", "scope", "key"], name="question_about_a_figure")]

    def __str__(self) -> str:
        return f"{self.number} {self.words[:60]}".strip()


class QuestionPart(models.Model):
    """A sub-question: one sentence of several asked at once."""

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="parts")
    words = models.TextField()
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.words[:60]


class Answer(models.Model):
    """What one role answered: several bullets, or that they decline and will write."""

    mutability = "editable"

    council = models.ForeignKey("services.Council", on_delete=models.PROTECT, related_name="+")
    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answers")
    by_role = models.CharField(max_length=200)
    code = models.CharField(
        max_length=20, blank=True, help_text="As minutes abbreviate the role, for example HoF."
    )
    number = models.CharField(
        max_length=12, blank=True, help_text="Where minutes number the answer apart from the question."
    )
    points = models.JSONField(default=list, help_text="The bullets, in order, as text.")
    is_declined = models.BooleanField(default=False)
    will_write = models.BooleanField(default=False)
    given_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return f"{self.by_role}: {self.question}"
