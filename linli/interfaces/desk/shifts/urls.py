"""Addresses of the shift log."""

from __future__ import annotations

from django.urls import path

from linli.interfaces.desk.shifts import views

urlpatterns = [
    path("shift/", views.shift, name="shift"),
    path("shift/<int:note_id>/take/", views.take_over, name="take_over"),
]
