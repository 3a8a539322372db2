"""Signing in and out, and changing one's password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeDoneView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator

from accounts.forms import ChangePasswordForm, SignInForm


class SignInView(LoginView):
    """The door. A person already inside is sent on; `next` is followed only within this site."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
    http_method_names = ["get", "head", "post"]


@method_decorator(login_not_required, name="dispatch")
class SignOutView(LogoutView):
    """Ends the session, by POST only, and says so by showing the door again."""

    next_page = "accounts:sign_in"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session and leave one message for the page that follows."""
        response = super().post(request, *args, **kwargs)
        messages.success(request, "You are signed out.")
        return response


class PasswordView(PasswordChangeView):
    """Changes one's own password; the person's other sessions end."""

    template_name = "accounts/password.html"
    form_class = ChangePasswordForm
    http_method_names = ["get", "head", "post"]
    success_url = reverse_lazy("accounts:password_changed")


class PasswordChangedView(PasswordChangeDoneView):
    """Says that the password is changed."""

    template_name = "accounts/password_changed.html"
