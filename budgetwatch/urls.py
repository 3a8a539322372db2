"""Every address, assembled from the apps. More particular addresses come first: a council's slug matches almost anything."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from budgetwatch import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.home, name="home"),
    path("health/", views.health, name="health"),
    path("", include("accounts.urls")),
    path("", include("savings.urls_imports")),
    path("", include("savings.urls")),
    path("", include("services.urls")),
    path("", include("scrutiny.urls_publish")),
    path("", include("scrutiny.urls")),
]
if not settings.PRODUCTION:
    urlpatterns.insert(0, path("components/", include("presentation.urls")))

handler403 = "budgetwatch.views.not_allowed"
handler404 = "budgetwatch.views.not_found"
handler500 = "budgetwatch.views.server_error"
