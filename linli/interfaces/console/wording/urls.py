"""Addresses of the message templates."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.wording import views

urlpatterns = [
    path("", views.listing, name="templates"),
    path("<str:code>/", views.page, name="template"),
    path("<str:code>/reset/", views.reset, name="template_reset"),
    path("<str:code>/test/", views.test, name="template_test"),
]
