"""Address of the page of programmes."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.programmes import views

urlpatterns = [path("programmes/", views.programmes, name="programmes")]
