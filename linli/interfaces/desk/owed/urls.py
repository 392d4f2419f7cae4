"""Address of what is owed."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.owed import views

urlpatterns = [path("owed/", views.owed, name="owed")]
