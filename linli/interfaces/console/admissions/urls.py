"""Addresses of the list of what may be asked of a 居民区."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.admissions import views

urlpatterns = [
    path("admissions/", views.listing, name="admissions"),
    path("admissions/<uuid:uuid>/end/", views.end, name="admission_end"),
]
