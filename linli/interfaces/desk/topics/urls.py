"""Addresses of hot topics."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.topics import views

urlpatterns = [
    path("topics/", views.topics, name="topics"),
    path("topics/export.xlsx", views.export, name="topics_export"),
    path("topics/<slug:first>/", views.topic, name="topic"),
]
