"""Who stands in for whom: a deputy acts in the place of a person who holds a role, for as long as was said."""

from datetime import date

from django.conf import settings
from django.db import models

from services.models.council import Council, RoleAssignment


class DelegationQuerySet(models.QuerySet["Delegation"]):
    """Delegations, asked for as people speak of them."""

    def running(self, day: date) -> "DelegationQuerySet":
        """Those that hold on a London day, both ends included, and have not been ended before."""
        return self.filter(starts_on__lte=day, ends_on__gte=day, ended_at__isnull=True)


class Delegation(models.Model):
    """One person acts for another in one role at one council, from a London day to a London day, both included.

    It hangs on the role itself: when the holder no longer has the role, nobody acts for them in it, and the delegation is kept as what it was. A
    deputy holds no role by it, so there is nothing that they could pass on.
    """

    mutability = "editable"

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="delegations")
    assignment = models.ForeignKey(
        RoleAssignment, on_delete=models.SET_NULL, null=True, related_name="delegations"
    )
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    role_in_words = models.CharField(max_length=300, help_text="The role as it was held then, and where.")
    deputy = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.TextField()
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    named_at = models.DateTimeField()
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    why_ended = models.TextField(blank=True)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="delegation_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_by__isnull=True, ended_at__isnull=True)
                | models.Q(ended_by__isnull=False, ended_at__isnull=False),
                name="delegation_both_ended_by_and_ended_at_set",
            ),
        ]
        indexes = [models.Index(fields=["deputy", "ends_on"], name="delegation_to_a_deputy")]

    def __str__(self) -> str:
        return f"{self.deputy} for {self.holder}"
