"""Address of the page of ledgers."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.more import views

urlpatterns = [path("more/", views.more, name="more")]
