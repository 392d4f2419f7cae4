"""Addresses of the register of thanks."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.praise import views

urlpatterns = [
    path("praise/", views.register, name="praise"),
    path("praise/new/", views.new, name="praise_new"),
    path("praise/<uuid:uuid>/", views.one, name="praise_one"),
    path("praise/<uuid:uuid>/picture/<int:size>/", views.picture, name="praise_picture"),
]
