"""Every write to users."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import User


class UserExistsError(Exception):
    """A user of that name is there already."""

    def __init__(self, username: str) -> None:
        super().__init__(f"There is already a user named {username!r}. Choose another user name.")


class WeakPasswordError(Exception):
    """The password is too easily guessed."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))


class WrongAddressError(Exception):
    """The text is no e-mail address."""

    def __init__(self, email: str) -> None:
        super().__init__(f"{email!r} is not an e-mail address. Write it like name@example.gov.uk.")


@transaction.atomic
def create_user(*, username: str, post: str, password: str, email: str = "") -> User:
    """Create a person with a sign-in; what they may do is given by role assignments. Reminders go to `email`, if there is one.

    Raises `UserExistsError`, `WeakPasswordError` or `WrongAddressError`; the user name is held in lower case, so that
    `Clerk` and `clerk` cannot be two people.
    """
    username = User.normalize_username(username.strip()).lower()
    if User.objects.filter(username=username).exists():
        raise UserExistsError(username)
    user = User(username=username, post=post, email=_checked_address(email))
    _set_password(user=user, password=password)
    user.full_clean()
    user.save()
    return user


@transaction.atomic
def set_password(*, user: User, password: str) -> None:
    """Give a person a new password; their sessions end. Raises `WeakPasswordError`."""
    _set_password(user=user, password=password)
    user.save(update_fields=["password"])


@transaction.atomic
def set_email(*, user: User, email: str) -> None:
    """Give a person the address that reminders go to; blank for none. Raises `WrongAddressError`."""
    user.email = _checked_address(email)
    user.save(update_fields=["email"])


def _checked_address(email: str) -> str:
    email = email.strip()
    if email:
        try:
            validate_email(email)
        except ValidationError as error:
            raise WrongAddressError(email) from error
    return email


@transaction.atomic
def disable_user(*, user: User) -> None:
    """Shut a person out from their next request on. What they did stays theirs."""
    user.is_active = False
    user.save(update_fields=["is_active"])


def _set_password(*, user: User, password: str) -> None:
    """Check a password against the rules, then set it on the unsaved user."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise WeakPasswordError(list(error.messages)) from error
    user.set_password(password)


COMMAND_LINE = "command-line"


@transaction.atomic
def command_line_user() -> User:
    """The user that commands act as: it may do everything and can never sign in."""
    user = User.objects.filter(username=COMMAND_LINE).first()
    if user is None:
        user = User(username=COMMAND_LINE, post="Command line", is_superuser=True, is_active=False)
        user.set_unusable_password()
        user.save()
    return user
