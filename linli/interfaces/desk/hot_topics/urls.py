"""Addresses of hot topics."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.hot_topics import views

urlpatterns = [
    path("hot-topics/", views.topics, name="hot_topics"),
    path("hot-topics/<slug:first>/", views.topic, name="hot_topic"),
]
