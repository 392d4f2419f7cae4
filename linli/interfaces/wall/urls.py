"""Addresses of the face `wall`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.interfaces.wall import projects, views

app_name = "wall"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.day, name="day"),
    path("now/", views.day, {"part": True}, name="now"),
    path("projects/", projects.wall, name="projects"),
    path("projects/now/", projects.wall, {"part": True}, name="projects_now"),
    path("screen/<str:token>/projects/", projects.screen, name="screen_projects"),
    path("screen/<str:token>/projects/now/", projects.screen, {"part": True}, name="screen_projects_now"),
    path("screen/<str:token>/", views.screen, name="screen"),
    path("screen/<str:token>/now/", views.screen, {"part": True}, name="screen_now"),
]
