"""Addresses of the gallery."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.web.gallery import views

urlpatterns = [
    path("", views.components, name="gallery"),
    path("workbench/", views.workbench, name="gallery-workbench"),
    path("workbench/<slug:number>/", views.workbench, name="gallery-case"),
    path("public/", views.public, name="gallery-public"),
    path("plain/", views.plain, name="gallery-plain"),
    path("print/", views.sheet, name="gallery-print"),
    path("map.json", views.ground, name="gallery-map"),
    path("newer.json", views.newer, name="gallery-newer"),
    path("say/", views.say, name="gallery-say"),
    path("refuse/", views.refuse, name="gallery-refuse"),
]
