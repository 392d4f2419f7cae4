"""Addresses of the gallery."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.web.access import public
from linli.interfaces.web.gallery import views

urlpatterns = [
    path("", public(views.components), name="gallery"),
    path("workbench/", public(views.workbench), name="gallery-workbench"),
    path("workbench/<slug:number>/", public(views.workbench), name="gallery-case"),
    path("public/", public(views.public), name="gallery-public"),
    path("plain/", public(views.plain), name="gallery-plain"),
    path("print/", public(views.sheet), name="gallery-print"),
    path("map.json", public(views.ground), name="gallery-map"),
    path("newer.json", public(views.newer), name="gallery-newer"),
    path("say/", public(views.say), name="gallery-say"),
    path("refuse/", public(views.refuse), name="gallery-refuse"),
]
