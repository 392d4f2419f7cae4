"""Addresses of the face `wall`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.interfaces.wall import views

app_name = "wall"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.day, name="day"),
    path("now/", views.day, {"part": True}, name="now"),
    path("screen/<str:token>/", views.screen, name="screen"),
    path("screen/<str:token>/now/", views.screen, {"part": True}, name="screen_now"),
]
