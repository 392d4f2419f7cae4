"""Addresses of the inbox."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.inbox import views

urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read, name="read"),
    path("notifications/digest/", views.digest, name="digest"),
]
