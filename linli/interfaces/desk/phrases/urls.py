"""Addresses of sentences to insert."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.phrases import views

urlpatterns = [
    path("phrases/", views.phrases, name="phrases"),
    path("phrases/add/", views.add, name="phrase_add"),
    path("phrases/<uuid:uuid>/remove/", views.remove, name="phrase_remove"),
]
