"""Address of the walk-in desks."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.walk_in import views

urlpatterns = [path("walk-in/", views.listing, name="walk_in")]
