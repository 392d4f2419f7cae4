"""Addresses of table files."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.exports import views

urlpatterns = [path("export.xlsx", views.export, name="export")]
