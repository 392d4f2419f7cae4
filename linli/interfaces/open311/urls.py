"""Addresses of the face `open311`; all names are the standard's."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from linli.interfaces.open311 import views

app_name = "open311"
urlpatterns: list[URLPattern | URLResolver] = [
    path("discovery.<slug:fmt>", views.discovery, name="discovery"),
    path("v2/", views.nothing, name="endpoint"),
    path("v2/discovery.<slug:fmt>", views.discovery, name="discovery_v2"),
    path("v2/services.<slug:fmt>", views.services, name="services"),
    path("v2/services/<str:code>.<slug:fmt>", views.definition, name="definition"),
    path("v2/requests.<slug:fmt>", views.requests, name="requests"),
    path("v2/requests/<str:number_>.<slug:fmt>", views.request_one, name="request"),
    path("v2/tokens/<str:token>.<slug:fmt>", views.token, name="token"),
    path("v2/<path:rest>", views.nothing, name="nothing"),
]
