"""Addresses of shipped sentences."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.phrases import views

urlpatterns = [path("phrases/", views.phrases, name="phrases")]
