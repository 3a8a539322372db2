"""The person who signs in. What they may do is said by role assignments in `services`."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower


class User(AbstractUser):
    """A person with a sign-in; shown to others by post, not by name."""

    mutability = "editable"

    post = models.CharField(
        max_length=120,
        blank=True,
        help_text="The post this person holds, for example Head of Finance. Shown beside what they do.",
    )

    acting_for: "tuple[User, ...]" = ()
    """In whose place this person acts as deputy in what is being done now. Not kept: whoever authorises a change says so, every time."""

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("username"),
                name="user_name_unique_in_any_case",
                violation_error_message="There is already a user of that name, in other capitals.",
            )
        ]

    def __str__(self) -> str:
        return self.post or self.username
