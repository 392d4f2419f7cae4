"""Addresses of the kinds of meetings."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.meetings import views

urlpatterns = [
    path("meetings/", views.listing, name="meeting_kinds"),
    path("meetings/new/", views.edit, name="meeting_kind_new"),
    path("meetings/<slug:code>/", views.edit, name="meeting_kind"),
    path("meetings/<slug:code>/switch/", views.switch, name="meeting_kind_switch"),
    path("meetings/<slug:code>/delete/", views.delete, name="meeting_kind_delete"),
]
