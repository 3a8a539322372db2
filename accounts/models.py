"""The person who signs in. What they may do is said by role assignments in `services`."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person with a sign-in; shown to others by post, not by name."""

    post = models.CharField(
        max_length=120, blank=True, help_text="The post this person holds, for example Head of Finance. Shown beside what they do."
    )

    def __str__(self) -> str:
        return self.post or self.username
