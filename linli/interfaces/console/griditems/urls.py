"""Addresses of what must be in every grid."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.griditems import views

urlpatterns = [
    path("grid-items/", views.listing, name="grid_items"),
    path("grid-items/<uuid:uuid>/", views.change, name="grid_item"),
    path("grid/<int:area_id>/items/", views.set_one, name="grid_items_set"),
]
