"""Address of the walk-in desks."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.walkin import views

urlpatterns = [path("walkin/", views.listing, name="walkin")]
