"""Every address, assembled from the apps. More particular addresses come first: a council's slug matches almost anything."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from budgetwatch import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", views.health, name="health"),
    path("", include("accounts.urls")),
]
if not settings.PRODUCTION and find_spec("presentation.urls"):
    urlpatterns.append(path("components/", include("presentation.urls")))
urlpatterns += [
    path("", include(f"{app}.urls")) for app in ("services", "scrutiny") if find_spec(f"{app}.urls")
]
