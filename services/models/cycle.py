"""The month's cycle: when its steps are due, who was reminded, who asked to reopen a period, and the roll into a new year."""

from django.conf import settings
from django.db import models

from accounting.deadlines import DeadlineRule as Rule
from accounting.deadlines import Step, Timetable
from services.models.council import Council
from services.models.periods import MonitoringPeriod

_STEPS = [(step.value, step.label) for step in Step]


class DeadlineRule(models.Model):
    """One row of a council's timetable: how many working days after a period's last day a step is due."""

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="deadline_rules")
    timetable = models.CharField(
        max_length=8, choices=[(timetable.value, timetable.label) for timetable in Timetable]
    )
    step = models.CharField(max_length=12, choices=_STEPS)
    working_days = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["council", "timetable", "step"], name="deadline_rule_of_a_step_unique"
            ),
            models.CheckConstraint(
                condition=models.Q(working_days__gte=1), name="deadline_rule_after_the_period"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_timetable_display()}, {self.get_step_display()}: working day {self.working_days}"

    @property
    def rule(self) -> Rule:
        """The rule, for the arithmetic."""
        return Rule(timetable=Timetable(self.timetable), step=Step(self.step), working_days=self.working_days)


class ReminderSent(models.Model):
    """One e-mail that reminded one person of one step on one day. The address is the person's, and is not kept here."""

    mutability = "append-only"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="reminders")
    step = models.CharField(max_length=12, choices=_STEPS)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    day = models.DateField(help_text="The London day on which it was sent.")
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "step", "user", "day"], name="reminder_once_for_a_step_and_day"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_step_display()}, {self.period}, {self.day.isoformat()}"


class ReopenRequest(models.Model):
    """One person asks that a closed period be opened again, and says why; another agrees or declines."""

    class State(models.TextChoices):
        ASKED = "asked", "Asked"
        AGREED = "agreed", "Agreed"
        DECLINED = "declined", "Declined"

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="+")
    period = models.ForeignKey(MonitoringPeriod, on_delete=models.PROTECT, related_name="reopen_requests")
    reason = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period"], condition=models.Q(state="asked"), name="reopen_request_waits_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="asked", decided_by__isnull=True, decided_at__isnull=True)
                | (~models.Q(state="asked") & models.Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="reopen_request_decided_by_and_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="agreed", decided_by=models.F("asked_by")),
                name="reopen_request_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"Reopening of {self.period}"


class YearRoll(models.Model):
    """A year's outturn has become the opening position of the next. Once for each year."""

    mutability = "append-only"

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="year_rolls")
    year = models.PositiveSmallIntegerField(
        help_text="The year that closed, by its first calendar year: 2025 for 2025/26."
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    outcome = models.JSONField(default=dict, help_text="What opened at how much, money as decimal strings.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["council", "year"], name="year_rolled_once")]

    def __str__(self) -> str:
        return f"{self.council}, {self.year} rolled forward"
