"""Addresses of everybody's sentences."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.phrases import views

urlpatterns = [
    path("", views.listing, name="phrases"),
    path("adopt/", views.adopt, name="phrases_adopt"),
    path("new/", views.one, name="phrase_new"),
    path("<uuid:uuid>/", views.one, name="phrase"),
    path("<uuid:uuid>/arrange/", views.arrange, name="phrase_arrange"),
]
