"""Addresses of the companies' figures."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.companies import views

urlpatterns = [
    path("companies/", views.companies, name="companies"),
]
