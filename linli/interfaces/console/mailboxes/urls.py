"""Addresses of mailboxes."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.interfaces.console.mailboxes import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("mailboxes/", views.listing, name="mailboxes"),
    path("mailboxes/new/", views.new, name="mailbox_new"),
    path("mailboxes/<uuid:uuid>/", views.page, name="mailbox"),
    path("mailboxes/<uuid:uuid>/edit/", views.edit, name="mailbox_edit"),
    path("mailboxes/<uuid:uuid>/try/", views.attempt, name="mailbox_try"),
    path("mailboxes/<uuid:uuid>/look/", views.look, name="mailbox_look"),
]
