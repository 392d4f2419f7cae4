"""Addresses of the suggestion of categories."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.console.judging import views

urlpatterns = [
    path("", views.listing, name="category_models"),
    path("stop/", views.stop, name="category_models_stop"),
    path("<uuid:uuid>/", views.one, name="category_model"),
    path("<uuid:uuid>/use/", views.use, name="category_model_use"),
]
