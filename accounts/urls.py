"""Addresses of signing in and out."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("sign-in/", views.SignInView.as_view(), name="sign_in"),
    path("sign-out/", views.SignOutView.as_view(), name="sign_out"),
    path("sign-in/typed/discard/", views.forget_typed, name="forget_typed"),
    path("password/", views.PasswordView.as_view(), name="password"),
    path("password/changed/", views.PasswordChangedView.as_view(), name="password_changed"),
]
