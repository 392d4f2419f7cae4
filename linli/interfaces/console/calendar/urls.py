"""Addresses of the working calendar."""

from __future__ import annotations

from django.urls import URLPattern, path

from linli.interfaces.console.calendar import views

urlpatterns: list[URLPattern] = [
    path("", views.year, name="calendar"),
    path("days/", views.set_days, name="calendar_days"),
    path("restore/", views.restore, name="calendar_restore"),
    path("notice/", views.notice, name="calendar_notice"),
]
