"""Addresses of consultations."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.consultations import views

urlpatterns = [
    path("consultations/", views.consultations, name="consultations"),
    path("consultations/new/", views.convene, name="convene"),
    path("consultations/<uuid:uuid>/", views.consultation, name="consultation"),
    path("consultations/<uuid:uuid>/print/", views.sheet, name="consultation_print"),
]
