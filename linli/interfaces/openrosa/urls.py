"""Addresses of the face `openrosa`; the names ``formList`` and ``submission`` are the standard's."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.interfaces.openrosa import views

app_name = "openrosa"
urlpatterns: list[URLPattern | URLResolver] = [
    path("formList", views.form_list, name="form_list"),
    path("forms/<uuid:uuid>/form.xml", views.form, name="form"),
    path("forms/<uuid:uuid>/manifest.xml", views.manifest, name="manifest"),
    path("forms/<uuid:uuid>/targets.csv", views.targets, name="targets"),
    path("forms/<uuid:uuid>/media/<str:name>", views.media, name="media"),
    path("submission", views.submission, name="submission"),
]
