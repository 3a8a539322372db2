"""The address of the component gallery, which the project includes outside production."""

from django.urls import path

from presentation import views

app_name = "presentation"
urlpatterns = [path("", views.components, name="components")]
