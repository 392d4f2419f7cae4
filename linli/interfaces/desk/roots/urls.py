"""Addresses of the root-cause pages."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.roots import views

urlpatterns = [path("roots/", views.roots, name="roots"), path("roots/new/", views.new, name="root_new")]
