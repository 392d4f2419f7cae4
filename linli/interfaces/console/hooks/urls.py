"""Addresses of webhooks."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.interfaces.console.hooks import mapping, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("hooks/", views.listing, name="hooks"),
    path("hooks/new/", views.create, name="hook_new"),
    path("hooks/<uuid:uuid>/", views.page, name="hook"),
    path("hooks/<uuid:uuid>/change/", views.change, name="hook_change"),
    path("hooks/<uuid:uuid>/mapping/", mapping.page, name="hook_mapping"),
    path("hooks/<uuid:uuid>/act/", views.act, name="hook_act"),
    path("hooks/<uuid:uuid>/deliveries/<uuid:delivery>/", views.delivery, name="hook_delivery"),
]
