"""The forms of signing in and of changing a password."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm


class SignInForm(AuthenticationForm):
    """User name and password. Its one refusal reads the same whether the user is unknown, wrong or disabled."""

    error_messages = {
        "invalid_login": "The user name or the password is not right. Passwords distinguish capital letters.",
        "inactive": "The user name or the password is not right. Passwords distinguish capital letters.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "User name"
        self.fields["username"].widget.attrs.pop("autofocus")  # a reader is told the heading first
        self.fields["username"].error_messages["required"] = "Enter your user name."
        self.fields["password"].error_messages["required"] = "Enter your password."

    def clean_username(self) -> str:
        """Take the user name in any capitals, as it is held in lower case."""
        return str(self.cleaned_data["username"]).lower()


class ChangePasswordForm(PasswordChangeForm):
    """The present password, and a new one twice."""

    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "The present password is not right.",
        "password_mismatch": "The two new passwords are not the same.",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = "Present password"
        self.fields["old_password"].widget.attrs.pop("autofocus")
        self.fields["new_password1"].label = "New password"
        self.fields[
            "new_password1"
        ].help_text = "At least 12 characters, not a common password, and not like your user name. Three or four words make a good one."
        self.fields["new_password2"].label = "New password again"
        self.fields["new_password2"].help_text = ""
