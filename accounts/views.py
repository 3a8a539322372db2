"""Signing in and out, and changing one's password."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeDoneView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts import typed
from accounts.forms import ChangePasswordForm, SignInForm
from accounts.models import User


class SignInView(LoginView):
    """The door. A person already inside is sent on; `next` is followed only within this site."""

    template_name = "accounts/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True
    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With what was typed before the sign-in ran out, so that a mistyped password does not lose it."""
        return super().get_context_data(**kwargs) | {"typed": self.request.POST.get(typed.KEPT_FIELD, "")}

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Let the person in; what they typed before waits for them, and for nobody else."""
        response = super().form_valid(form)
        person = form.get_user()
        found = typed.unsealed(self.request.POST.get(typed.KEPT_FIELD, ""))
        if found is not None and isinstance(person, User) and typed.is_of(found, person):
            typed.keep(self.request, found)
        elif found is not None:
            messages.warning(
                self.request,
                "What was typed here before belongs to another person’s sign-in, so it is not shown.",
            )
        return response


@require_POST
def forget_typed(request: HttpRequest) -> HttpResponse:
    """Discard what was typed before the sign-in ran out, and go back to the page as it is."""
    typed.forget(request)
    back = request.POST.get("next", "")
    is_here = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if is_here else "/")


@method_decorator(login_not_required, name="dispatch")
class SignOutView(LogoutView):
    """Ends the session, by POST only, and says so by showing the door again."""

    next_page = "accounts:sign_in"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """End the session and leave one message for the page that follows."""
        response = super().post(request, *args, **kwargs)
        response.delete_cookie(typed.WHO_COOKIE)
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
