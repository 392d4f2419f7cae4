"""Addresses of taking problems in."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.intake import guidance, views

urlpatterns = [
    path("new/", views.new, name="new"),
    path("new/look/", views.look, name="new_look"),
    path("new/places/", views.find_places, name="new_places"),
    path("new/done/<slug:number>/", views.done, name="new_done"),
    path("new/slip/<slug:number>/", views.slip, name="slip"),
    path("new/code/<slug:number>/", views.code_again, name="code_again"),
    path("guidance/", guidance.guidance, name="guidance"),
]
